//! Indexes over several fields, which collections are given for the lists that are asked of them,
//! or to keep combinations of values unique.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Collection, Field, FieldName, FieldType, IndexName, MAX_NAME, Problem};
use crate::limits::{MAX_INDEX_FIELDS, MAX_INDEXED_TEXT, MAX_INDEXES, exceeded};
use crate::record::{Value, ValueFault};

/// System fields that an index may contain. The account comes first in each, by itself.
pub const INDEXED_SYSTEM_FIELDS: [&str; 3] = ["created_at", "updated_at", "created_by"];

/// An index of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Unique within the collection, without regard to case.
    pub name: IndexName,
    /// What rows are ordered by within an account, the first one first.
    pub columns: Vec<IndexColumn>,
    /// Whether no two rows of an account may have all of these values in common. Null is no value.
    pub unique: bool,
}

/// A field in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexColumn {
    /// A stored field or one of [`INDEXED_SYSTEM_FIELDS`].
    pub field: FieldName,
    pub descending: bool,
}

/// An index as a client describes it: of the right shape, not yet checked. It is also the form in
/// which indexes are stored and shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexDraft {
    /// Derived from the fields where it is absent.
    #[serde(default)]
    pub name: Option<String>,
    /// Names of fields, with `-` in front of those in descending order.
    pub fields: Vec<String>,
    #[serde(default)]
    pub unique: bool,
}

impl From<&Index> for IndexDraft {
    fn from(index: &Index) -> Self {
        let text = |column: &IndexColumn| match column.descending {
            true => format!("-{}", column.field),
            false => column.field.to_string(),
        };
        Self {
            name: Some(index.name.to_string()),
            fields: index.columns.iter().map(text).collect(),
            unique: index.unique,
        }
    }
}

impl Index {
    /// Whether a field is among its columns.
    pub fn contains(&self, field: &FieldName) -> bool {
        self.columns.iter().any(|column| column.field == *field)
    }

    /// The names of its fields, in order.
    pub fn fields(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.field.as_str()).collect()
    }

    /// Bytes that each text in the index may have: the databases bound the entry as a whole.
    /// `fields` are those of the collection.
    pub fn text_limit(&self, fields: &[Field]) -> usize {
        let is_text = |column: &&IndexColumn| {
            fields.iter().any(|field| field.name == column.field && field.holds_text())
        };
        MAX_INDEXED_TEXT / self.columns.iter().filter(is_text).count().max(1)
    }
}

impl Collection {
    /// Refuses a text that the collection's indexes cannot hold.
    pub fn check_indexed(&self, field: &Field, value: &Value) -> Result<(), ValueFault> {
        match value.as_text() {
            Some(text) => fits(text, field, &self.indexes, &self.fields),
            None => Ok(()),
        }
    }
}

/// Refuses a text of a field that is longer than what the indexes with it can hold.
fn fits(text: &str, field: &Field, indexes: &[Index], fields: &[Field]) -> Result<(), ValueFault> {
    let indexes = indexes.iter().filter(|index| index.contains(&field.name));
    match indexes.map(|index| index.text_limit(fields)).min() {
        Some(limit) if text.len() > limit => Err(ValueFault {
            message: format!("At most {limit} bytes are allowed in a field of an index, got {}", text.len()),
            code: "too_long",
        }),
        _ => Ok(()),
    }
}

/// Turns drafts into indexes over these fields, or tells all that is wrong, in order.
pub fn validate_indexes(drafts: &[IndexDraft], fields: &[Field]) -> Result<Vec<Index>, Vec<Problem>> {
    let mut problems = Vec::new();
    if drafts.len() > MAX_INDEXES {
        let text = exceeded(MAX_INDEXES, "indexes", drafts.len());
        return Err(vec![Problem { path: "indexes".to_owned(), text }]);
    }
    let given = drafts.iter().filter_map(|draft| draft.name.as_deref().filter(|name| !name.is_empty()));
    let given: HashSet<_> = given.map(str::to_ascii_lowercase).collect();
    let mut check = Check { fields, given, names: HashSet::new(), columns: Vec::new() };
    let mut indexes = Vec::new();
    for (position, draft) in drafts.iter().enumerate() {
        match check.index(draft) {
            Ok(index) => indexes.push(index),
            Err(found) => problems.extend(
                found
                    .into_iter()
                    .map(|(key, text)| Problem { path: format!("indexes[{position}].{key}"), text }),
            ),
        }
    }
    for (position, field) in fields.iter().enumerate() {
        if let Some(text) = field.default.as_str().filter(|_| field.holds_text())
            && let Err(fault) = fits(text, field, &indexes, fields)
        {
            problems.push(Problem { path: format!("schema[{position}].default"), text: fault.message });
        }
    }
    if problems.is_empty() { Ok(indexes) } else { Err(problems) }
}

/// What is wrong with an index, by the key that is.
type Found = Vec<(&'static str, String)>;

struct Check<'a> {
    fields: &'a [Field],
    /// The names that drafts give, in lower case: those that are derived keep clear of them.
    given: HashSet<String>,
    /// The names so far, in lower case.
    names: HashSet<String>,
    columns: Vec<Vec<IndexColumn>>,
}

impl Check<'_> {
    fn index(&mut self, draft: &IndexDraft) -> Result<Index, Found> {
        let mut found = Vec::new();
        let columns = self.columns(draft, &mut found);
        let name = match draft.name.as_deref().filter(|name| !name.is_empty()) {
            None => self.derived(&columns),
            Some(text) => {
                let name = IndexName::parse(text).filter(|_| text.len() <= MAX_NAME);
                if name.is_none() {
                    found.push((
                        "name",
                        format!(
                            "An index name must start with a letter and contain only alphanumeric characters and \
                             underscores, {MAX_NAME} at most"
                        ),
                    ));
                } else if !self.names.insert(text.to_ascii_lowercase()) {
                    found.push(("name", format!("Duplicate index name '{text}'")));
                }
                name
            }
        };
        if !columns.is_empty() && found.is_empty() {
            if self.columns.contains(&columns) {
                found.push(("fields", "Another index has the same fields".to_owned()));
            }
            self.columns.push(columns.clone());
        }
        match name {
            Some(name) if found.is_empty() => Ok(Index { name, columns, unique: draft.unique }),
            _ => Err(found),
        }
    }

    fn columns(&self, draft: &IndexDraft, found: &mut Found) -> Vec<IndexColumn> {
        let mut problem = |text: String| found.push(("fields", text));
        if draft.fields.is_empty() {
            problem("An index needs a field".to_owned());
        }
        if draft.fields.len() > MAX_INDEX_FIELDS {
            problem(exceeded(MAX_INDEX_FIELDS, "fields of an index", draft.fields.len()));
            return Vec::new();
        }
        let mut columns: Vec<IndexColumn> = Vec::new();
        for text in &draft.fields {
            let (name, descending) = match text.strip_prefix('-') {
                Some(name) => (name, true),
                None => (text.as_str(), false),
            };
            match self.field(name) {
                Err(text) => problem(text),
                Ok(field) if columns.iter().any(|column| column.field == field) => {
                    problem(format!("Field '{name}' is named twice"));
                }
                Ok(field) => columns.push(IndexColumn { field, descending }),
            }
        }
        columns
    }

    fn field(&self, name: &str) -> Result<FieldName, String> {
        let own = self.fields.iter().find(|field| field.name.as_str() == name);
        let known = own.is_some() || INDEXED_SYSTEM_FIELDS.contains(&name);
        match (own.map(|field| &field.ty), FieldName::parse(name).filter(|_| known)) {
            (Some(FieldType::Computed(_)), _) => {
                Err(format!("Field '{name}' is computed: it has no values to be indexed"))
            }
            (Some(ty @ (FieldType::Json | FieldType::File)), _) => {
                Err(format!("Field '{name}' is of type {}, which has no order", ty.name()))
            }
            (_, Some(name)) => Ok(name),
            (_, None) if FieldName::is_reserved(name) => {
                let allowed = INDEXED_SYSTEM_FIELDS.join(", ");
                Err(format!("System field '{name}' cannot be indexed. Allowed are: {allowed}"))
            }
            (_, None) => Err(format!("There is no field '{name}'")),
        }
    }

    /// `idx_` and the names of the fields, with a number where that is taken.
    fn derived(&mut self, columns: &[IndexColumn]) -> Option<IndexName> {
        let fields: Vec<_> = columns.iter().map(|column| column.field.as_str()).collect();
        let base = format!("idx_{}", fields.join("_"));
        (1..).find_map(|number: usize| {
            let suffix = if number == 1 { String::new() } else { format!("_{number}") };
            let name = format!("{}{suffix}", &base[..base.len().min(MAX_NAME - suffix.len())]);
            let key = name.to_ascii_lowercase();
            let free = !self.given.contains(&key) && self.names.insert(key);
            free.then(|| IndexName::parse(&name)).flatten()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FieldDraft, SchemaContext, validate_fields};
    use super::*;
    use serde_json::{Value as Json, json};

    fn fields() -> Vec<Field> {
        let drafts: Vec<FieldDraft> = serde_json::from_value(json!([
            {"name": "a", "type": "text"}, {"name": "b", "type": "number"}, {"name": "url", "type": "url"},
            {"name": "tree", "type": "json"}, {"name": "photo", "type": "file"},
            {"name": "sum", "type": "computed", "expression": "b", "return_type": "number"},
        ]))
        .unwrap();
        let context = SchemaContext { collection_exists: &|_| true, check_expression: &|_, _, _| Ok(()) };
        validate_fields(&drafts, &context).unwrap()
    }

    fn validated(drafts: Json) -> Result<Vec<Index>, Vec<String>> {
        let drafts: Vec<IndexDraft> = serde_json::from_value(drafts).unwrap();
        validate_indexes(&drafts, &fields()).map_err(|all| all.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn names_are_given_or_derived_and_never_twice() {
        let made = validated(json!([
            {"fields": ["a", "-b"]}, {"fields": ["-a", "b"], "unique": true},
            {"name": "idx_created_at", "fields": ["b"]}, {"fields": ["created_at"]},
        ]));
        let shown: Vec<_> = made.unwrap().iter().map(IndexDraft::from).collect();
        assert_eq!(
            serde_json::to_value(shown).unwrap(),
            json!([
                {"name": "idx_a_b", "fields": ["a", "-b"], "unique": false},
                {"name": "idx_a_b_2", "fields": ["-a", "b"], "unique": true},
                {"name": "idx_created_at", "fields": ["b"], "unique": false},
                {"name": "idx_created_at_2", "fields": ["created_at"], "unique": false},
            ])
        );
    }

    #[test]
    fn all_problems_come_at_once_in_order() {
        assert_eq!(
            validated(json!([
                {"name": "no way", "fields": ["a"]}, {"name": "twin", "fields": ["b"]},
                {"name": "TWIN", "fields": ["b", "a"]}, {"fields": ["b"]},
                {"fields": ["zzz", "tree", "-photo", "sum", "id", "a", "-a"]}, {"fields": []},
                {"fields": ["a", "a", "a", "a", "a", "a", "a", "a", "a"]},
            ]))
            .unwrap_err(),
            [
                "indexes[0].name: An index name must start with a letter and contain only alphanumeric characters and underscores, 64 at most",
                "indexes[2].name: Duplicate index name 'TWIN'",
                "indexes[3].fields: Another index has the same fields",
                "indexes[4].fields: There is no field 'zzz'",
                "indexes[4].fields: Field 'tree' is of type json, which has no order",
                "indexes[4].fields: Field 'photo' is of type file, which has no order",
                "indexes[4].fields: Field 'sum' is computed: it has no values to be indexed",
                "indexes[4].fields: System field 'id' cannot be indexed. Allowed are: created_at, updated_at, created_by",
                "indexes[4].fields: Field 'a' is named twice",
                "indexes[5].fields: An index needs a field",
                "indexes[6].fields: At most 8 fields of an index are allowed, got 9",
            ]
        );
        let many: Vec<_> = (0..17).map(|_| json!({"fields": ["a"]})).collect();
        assert_eq!(validated(json!(many)).unwrap_err(), ["indexes: At most 16 indexes are allowed, got 17"]);
    }

    /// PostgreSQL refuses rows whose index entry is longer than a third of a page.
    #[test]
    fn texts_share_what_an_index_can_hold() {
        let limits: Vec<_> =
            validated(json!([{"fields": ["a", "b"]}, {"fields": ["a", "url"]}, {"fields": ["b"]}]))
                .unwrap()
                .iter()
                .map(|index| index.text_limit(&fields()))
                .collect();
        assert_eq!(limits, [2000, 1000, 2000]);
    }
}
