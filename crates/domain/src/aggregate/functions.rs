//! The parameters `functions` and `group_by`.

use snackbase_rules::{FieldKind, Schema, Scope};

use super::{Aggregate, Function};
use crate::collection::SYSTEM_FIELDS;
use crate::limits::{MAX_AGGREGATES, MAX_GROUP_FIELDS, exceeded};

/// Reads `count(), sum(price)`. Fields that `schema` hides do not exist.
///
/// # Errors
/// What is wrong with the first function that is wrong.
pub fn parse_functions(text: &str, schema: &Schema) -> Result<Vec<Aggregate>, String> {
    let mut aggregates: Vec<Aggregate> = Vec::new();
    for part in parts(text) {
        let aggregate = parse(part, schema)?;
        let alias = aggregate.alias();
        if aggregates.iter().any(|other| other.alias() == alias) {
            return Err(not_unique(&alias));
        }
        aggregates.push(aggregate);
    }
    match aggregates.len() {
        0 => Err("At least one aggregation function is required".to_owned()),
        count if count > MAX_AGGREGATES => Err(exceeded(MAX_AGGREGATES, "aggregation functions", count)),
        _ => Ok(aggregates),
    }
}

/// The parts between commas that are not blank.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn not_unique(alias: &str) -> String {
    format!(
        "Duplicate aggregation alias '{alias}'. Each aggregation function must produce a unique result key"
    )
}

fn not_found(field: &str) -> String {
    format!("Field '{field}' not found in collection schema")
}

/// The name and the argument of `name( argument )`.
fn call(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('(')?;
    let (name, argument) = (name.trim_end(), rest.strip_suffix(')')?.trim());
    let is_word = |word: &str| word.chars().all(|c| c.is_alphanumeric() || c == '_');
    (!name.is_empty() && is_word(name) && is_word(argument)).then_some((name, argument))
}

fn parse(text: &str, schema: &Schema) -> Result<Aggregate, String> {
    let Some((name, field)) = call(text) else {
        return Err(format!(
            "Invalid aggregation function syntax: '{text}'. Expected format: fn() or fn(field_name)"
        ));
    };
    let Some(function) = Function::parse(name) else {
        let supported = Function::NAMES;
        return Err(format!("Unknown aggregation function '{name}'. Supported functions: {supported}"));
    };
    let name = function.name();
    if field.is_empty() {
        return match function {
            Function::Count => Ok(Aggregate { function, field: None }),
            _ => Err(format!("Function '{name}' requires a field argument, e.g. {name}(field_name)")),
        };
    }
    let known = schema.field(field, Scope::Filter).ok_or_else(|| not_found(field))?;
    if function != Function::Count && SYSTEM_FIELDS.contains(&field) {
        return Err(not_found(field));
    }
    let kind = known.kind;
    match function {
        Function::Sum | Function::Avg if kind != FieldKind::Number => Err(format!(
            "Function '{name}' requires a number field, but field '{field}' has type '{}'",
            kind.name()
        )),
        Function::Min | Function::Max if !is_ordered(kind) => Err(format!(
            "Function '{name}' is not supported for field type '{}'. Supported types: date, datetime, email, \
             number, text, url",
            kind.name()
        )),
        _ => Ok(Aggregate { function, field: Some(field.to_owned()) }),
    }
}

fn is_ordered(kind: FieldKind) -> bool {
    match kind {
        FieldKind::Text
        | FieldKind::Number
        | FieldKind::Datetime
        | FieldKind::Date
        | FieldKind::Email
        | FieldKind::Url => true,
        FieldKind::Boolean
        | FieldKind::Json
        | FieldKind::Reference
        | FieldKind::File
        | FieldKind::Computed(_) => false,
    }
}

/// Reads `city, paid`: names of fields, each once, that are no results' keys as well.
///
/// # Errors
/// What is wrong with the first field that is wrong.
pub fn parse_group_by(text: &str, aggregates: &[Aggregate], schema: &Schema) -> Result<Vec<String>, String> {
    let mut fields: Vec<String> = Vec::new();
    for name in parts(text) {
        // What a reference leads to is another collection's.
        let own = Some(name).filter(|name| !name.contains('.'));
        let field = own.and_then(|name| schema.field(name, Scope::Filter)).ok_or_else(|| not_found(name))?;
        if matches!(field.kind, FieldKind::Computed(_)) {
            return Err(format!("Computed field '{name}' cannot be used in group_by"));
        }
        if aggregates.iter().any(|aggregate| aggregate.alias() == name) {
            return Err(not_unique(name));
        }
        if !fields.iter().any(|known| known == name) {
            fields.push(name.to_owned());
        }
    }
    match fields.len() {
        count if count > MAX_GROUP_FIELDS => Err(exceeded(MAX_GROUP_FIELDS, "fields of group_by", count)),
        _ => Ok(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snackbase_rules::{FieldDef, ReturnType};

    fn schema() -> Schema {
        let field = |(name, kind)| FieldDef::new(name, kind);
        let fields = [
            ("n", FieldKind::Number),
            ("title", FieldKind::Text),
            ("count", FieldKind::Number),
            ("ok", FieldKind::Boolean),
            ("owner", FieldKind::Reference),
            ("twice", FieldKind::Computed(ReturnType::Number)),
            ("secret", FieldKind::Number),
        ];
        Schema::new(fields.map(field)).with_hidden(["secret"])
    }

    fn keys(text: &str) -> Result<Vec<String>, String> {
        let aggregates = parse_functions(text, &schema())?;
        Ok(aggregates.iter().map(Aggregate::alias).collect())
    }

    #[test]
    fn functions_are_read_in_any_case_and_with_blanks() {
        assert_eq!(keys(" COUNT() ,, Sum( n ) ,max(title)").unwrap(), ["count", "sum_n", "max_title"]);
        let all = "count(id),count(twice),count(ok),avg(n),min(n)";
        assert_eq!(keys(all).unwrap(), ["count_id", "count_twice", "count_ok", "avg_n", "min_n"]);
    }

    #[test]
    fn what_is_wrong_with_functions_is_told() {
        for (text, message) in [
            (" , ", "At least one aggregation function is required"),
            ("sum", "Invalid aggregation function syntax: 'sum'. Expected format: fn() or fn(field_name)"),
            (
                "count(*)",
                "Invalid aggregation function syntax: 'count(*)'. Expected format: fn() or fn(field_name)",
            ),
            (
                "median(n)",
                "Unknown aggregation function 'median'. Supported functions: avg, count, max, min, sum",
            ),
            ("AVG()", "Function 'avg' requires a field argument, e.g. avg(field_name)"),
            ("count(zzz)", "Field 'zzz' not found in collection schema"),
            ("count(secret)", "Field 'secret' not found in collection schema"),
            ("min(created_at)", "Field 'created_at' not found in collection schema"),
            ("sum(title)", "Function 'sum' requires a number field, but field 'title' has type 'text'"),
            ("sum(twice)", "Function 'sum' requires a number field, but field 'twice' has type 'computed'"),
            (
                "max(owner)",
                "Function 'max' is not supported for field type 'reference'. Supported types: date, datetime, \
                 email, number, text, url",
            ),
            (
                "count(), COUNT( )",
                "Duplicate aggregation alias 'count'. Each aggregation function must produce a unique result key",
            ),
        ] {
            assert_eq!(keys(text).unwrap_err(), message, "{text}");
        }
        let many: Vec<_> = ["count", "min", "max", "sum", "avg"].iter().map(|f| format!("{f}(n)")).collect();
        assert!(keys(&many.join(",")).is_ok());
        let fields = (0..=MAX_AGGREGATES).map(|n| FieldDef::new(format!("f{n}"), FieldKind::Text));
        let all: Vec<_> = (0..=MAX_AGGREGATES).map(|n| format!("count(f{n})")).collect();
        let refused = parse_functions(&all.join(","), &Schema::new(fields)).unwrap_err();
        assert_eq!(refused, "At most 20 aggregation functions are allowed, got 21");
    }

    #[test]
    fn groups_are_fields_with_a_column_each_once() {
        let count = [Aggregate { function: Function::Count, field: None }];
        let group = |text| parse_group_by(text, &count, &schema());
        assert_eq!(group(" title ,,ok,title,created_by").unwrap(), ["title", "ok", "created_by"]);
        assert_eq!(group("").unwrap(), Vec::<String>::new());
        for (text, message) in [
            ("zzz", "Field 'zzz' not found in collection schema"),
            ("secret", "Field 'secret' not found in collection schema"),
            ("twice", "Computed field 'twice' cannot be used in group_by"),
            (
                "count",
                "Duplicate aggregation alias 'count'. Each aggregation function must produce a unique result key",
            ),
        ] {
            assert_eq!(group(text).unwrap_err(), message);
        }
        let fields: Vec<_> = (0..=MAX_GROUP_FIELDS).map(|n| format!("f{n}")).collect();
        let schema = Schema::new(fields.iter().map(|name| FieldDef::new(name, FieldKind::Text)));
        let refused = parse_group_by(&fields.join(","), &count, &schema).unwrap_err();
        assert_eq!(refused, "At most 10 fields of group_by are allowed, got 11");
    }
}
