//! Which lists of fields make a schema, and which may follow another.

use std::collections::HashSet;

use super::{Computed, Field, FieldDraft, FieldName, FieldType, MaskType, OnDelete, Reference, ReturnType};
use crate::limits::MAX_FIELDS;
use crate::record;

/// So many fields can be searchable: the words of a record must fit into one index entry.
const MAX_SEARCHABLE_FIELDS: usize = 8;

/// Most computed fields of a collection.
pub const MAX_COMPUTED_FIELDS: usize = 10;

/// What is wrong with a schema, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// e.g. `schema[0].name`.
    pub path: String,
    pub text: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// What is wrong with the expression of a computed field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionFault {
    /// The expression itself.
    Expression(String),
    /// It can never have a value of the return type.
    ReturnType(String),
}

/// Checks an expression of a return type against the fields beside it.
pub type ExpressionCheck<'a> = &'a dyn Fn(&str, ReturnType, &[FieldDraft]) -> Result<(), ExpressionFault>;

/// What the check of a schema needs to know of the world around it.
pub struct SchemaContext<'a> {
    /// Whether a collection of this name exists, or is the one being made.
    pub collection_exists: &'a dyn Fn(&str) -> bool,
    /// Checks the expressions of computed fields.
    pub check_expression: ExpressionCheck<'a>,
}

/// Turns drafts into fields, or tells all that is wrong, in field order.
pub fn validate_fields(
    drafts: &[FieldDraft],
    context: &SchemaContext<'_>,
) -> Result<Vec<Field>, Vec<Problem>> {
    let mut check = Check { drafts, context, seen: HashSet::new(), problems: Vec::new() };
    let computed = drafts.iter().filter(|d| d.ty.eq_ignore_ascii_case("computed")).count();
    if computed > MAX_COMPUTED_FIELDS {
        check.problems.push(Problem {
            path: "schema".into(),
            text: format!(
                "Collection cannot have more than {MAX_COMPUTED_FIELDS} computed fields (found {computed})"
            ),
        });
    }
    let fields: Vec<_> = drafts.iter().enumerate().filter_map(|(i, d)| check.field(i, d)).collect();
    let searchable = fields.iter().filter(|field| field.is_searchable()).count();
    if searchable > MAX_SEARCHABLE_FIELDS {
        check.problems.push(Problem {
            path: "schema".into(),
            text: format!(
                "Collection cannot have more than {MAX_SEARCHABLE_FIELDS} searchable fields (found {searchable})"
            ),
        });
    }
    if check.problems.is_empty() { Ok(fields) } else { Err(check.problems) }
}

/// What is wrong with so many fields. `before`: how many a collection has already, which it may keep.
pub fn too_many_fields(drafts: &[FieldDraft], before: usize) -> Option<Problem> {
    let found = drafts.len();
    (found > MAX_FIELDS.max(before)).then(|| Problem {
        path: "schema".into(),
        text: format!("Collection cannot have more than {MAX_FIELDS} fields (found {found})"),
    })
}

struct Check<'a> {
    drafts: &'a [FieldDraft],
    context: &'a SchemaContext<'a>,
    seen: HashSet<String>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, index: usize, key: &str, text: impl Into<String>) {
        self.problems.push(Problem { path: format!("schema[{index}].{key}"), text: text.into() });
    }

    fn field(&mut self, i: usize, draft: &FieldDraft) -> Option<Field> {
        let before = self.problems.len();
        let name = self.name(i, &draft.name);
        let ty = self.ty(i, draft);
        let mask_type = draft.mask_type.as_deref().and_then(|m| m.parse::<MaskType>().ok());
        if let Some(ty) = ty.as_ref().filter(|ty| !matches!(ty, FieldType::Computed(_)))
            && !draft.default.is_null()
            && let Err(fault) = record::check_value(ty, &draft.default)
        {
            self.problem(i, "default", fault.message);
        }
        if self.problems.len() > before {
            return None;
        }
        Some(Field {
            name: name?,
            ty: ty?,
            required: draft.required,
            default: draft.default.clone(),
            unique: draft.unique,
            options: draft.options.clone(),
            pii: draft.pii,
            mask_type,
        })
    }

    fn name(&mut self, i: usize, text: &str) -> Option<FieldName> {
        let name = FieldName::parse(text);
        if name.is_none() {
            self.problem(
                i,
                "name",
                "Field name must start with a letter and contain only alphanumeric characters and underscores",
            );
        } else if FieldName::is_reserved(text) {
            self.problem(i, "name", format!("Field name '{text}' is reserved and cannot be used"));
        }
        if !self.seen.insert(text.to_ascii_lowercase()) {
            self.problem(i, "name", format!("Duplicate field name '{text}'"));
        }
        name
    }

    fn ty(&mut self, i: usize, draft: &FieldDraft) -> Option<FieldType> {
        Some(match draft.ty.to_ascii_lowercase().as_str() {
            "text" => FieldType::Text,
            "number" => FieldType::Number,
            "boolean" => FieldType::Boolean,
            "datetime" => FieldType::Datetime,
            "email" => FieldType::Email,
            "url" => FieldType::Url,
            "json" => FieldType::Json,
            "file" => FieldType::File,
            "date" => FieldType::Date,
            "reference" => FieldType::Reference(self.reference(i, draft)?),
            "computed" => FieldType::Computed(self.computed(i, draft)?),
            _ => {
                let names = FieldType::NAMES.join(", ");
                self.problem(i, "type", format!("Invalid field type '{}'. Valid types: {names}", draft.ty));
                return None;
            }
        })
    }

    fn reference(&mut self, i: usize, draft: &FieldDraft) -> Option<Reference> {
        let before = self.problems.len();
        let target = draft.collection.as_deref().filter(|c| !c.is_empty());
        if target.is_none() {
            self.problem(i, "collection", "Reference field requires 'collection' (target collection name)");
        }
        let on_delete = self.on_delete(i, draft);
        if let Some(target) = target
            && self.problems.len() == before
            && !(self.context.collection_exists)(target)
        {
            self.problem(i, "collection", format!("Target collection '{target}' does not exist"));
        }
        Some(Reference { collection: target?.to_owned(), on_delete: on_delete? })
    }

    fn on_delete(&mut self, i: usize, draft: &FieldDraft) -> Option<OnDelete> {
        let text = match draft.on_delete.as_deref().filter(|word| !word.is_empty()) {
            None => "Reference field requires 'on_delete' (cascade/set_null/restrict)".to_owned(),
            Some(word) => match word.parse::<OnDelete>() {
                Ok(OnDelete::SetNull) if draft.required => "'set_null' requires an optional field".to_owned(),
                Ok(on_delete) => return Some(on_delete),
                Err(()) => {
                    format!("Invalid on_delete action '{word}'. Valid actions: cascade, set_null, restrict")
                }
            },
        };
        self.problem(i, "on_delete", text);
        None
    }

    fn computed(&mut self, i: usize, draft: &FieldDraft) -> Option<Computed> {
        let before = self.problems.len();
        if draft.required {
            self.problem(i, "required", "Computed fields cannot have 'required' — they are always derived");
        }
        if !draft.default.is_null() {
            self.problem(i, "default", "Computed fields cannot have a 'default' value");
        }
        if draft.unique {
            self.problem(i, "unique", "Computed fields cannot have 'unique' constraint");
        }
        let Some(expression) = draft.expression.as_deref().filter(|e| !e.trim().is_empty()) else {
            self.problem(i, "expression", "Computed field requires an 'expression'");
            return None;
        };
        let return_type = match draft.return_type.as_deref().filter(|t| !t.is_empty()) {
            None => {
                self.problem(
                    i,
                    "return_type",
                    "Computed field requires 'return_type'. Valid values: boolean, datetime, number, text",
                );
                return None;
            }
            Some(text) => match text.parse::<ReturnType>() {
                Ok(ty) => ty,
                Err(()) => {
                    self.problem(
                        i,
                        "return_type",
                        format!(
                            "Invalid return_type '{text}'. Valid values: boolean, datetime, number, text"
                        ),
                    );
                    return None;
                }
            },
        };
        if self.problems.len() > before {
            return None;
        }
        match (self.context.check_expression)(expression, return_type, self.drafts) {
            Ok(()) => {}
            Err(ExpressionFault::Expression(text)) => {
                self.problem(i, "expression", format!("Invalid expression syntax: {text}"));
                return None;
            }
            Err(ExpressionFault::ReturnType(text)) => {
                self.problem(i, "return_type", text);
                return None;
            }
        }
        Some(Computed { expression: expression.to_owned(), return_type })
    }
}

/// What forbids `new` to follow `old`: data would be lost or change its meaning.
pub fn change_problems(old: &[Field], new: &[FieldDraft]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut problem = |field: &Field, text: String| {
        problems.push(Problem { path: field.name.to_string(), text });
    };
    for field in old {
        let Some(draft) = new.iter().find(|d| d.name == field.name.as_str()) else {
            problem(field, "Field deletion is not allowed for data safety".into());
            continue;
        };
        let ty = draft.ty.to_ascii_lowercase();
        if ty != field.ty.name() {
            let old = field.ty.name();
            problem(field, format!("Type change from '{old}' to '{ty}' is not allowed for data safety"));
        } else if let Some(reference) = field.reference()
            && draft.collection.as_deref().is_some_and(|c| c != reference.collection)
        {
            problem(field, "Reference target change is not allowed for data safety".into());
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn drafts(value: Value) -> Vec<FieldDraft> {
        serde_json::from_value(value).unwrap()
    }

    fn problems(value: Value) -> Vec<String> {
        let context = SchemaContext {
            collection_exists: &|name| name == "city",
            check_expression: &|text, ty, _| match text {
                "bad" => Err(ExpressionFault::Expression("no".into())),
                _ if ty == ReturnType::Datetime => Err(ExpressionFault::ReturnType("never".into())),
                _ => Ok(()),
            },
        };
        match validate_fields(&drafts(value), &context) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn all_problems_come_at_once_in_field_order() {
        assert_eq!(
            problems(json!([
                {"name": "1", "type": "text"},
                {"name": "a", "type": "zzz"},
                {"name": "A", "type": "text"},
                {"name": "id", "type": "text"},
                {"name": "r", "type": "reference"},
                {"name": "q", "type": "reference", "collection": "city", "on_delete": "boom"},
                {"name": "n", "type": "number", "default": "abc"},
            ])),
            [
                "schema[0].name: Field name must start with a letter and contain only alphanumeric characters and underscores",
                "schema[1].type: Invalid field type 'zzz'. Valid types: text, number, boolean, datetime, email, url, json, reference, file, date, computed",
                "schema[2].name: Duplicate field name 'A'",
                "schema[3].name: Field name 'id' is reserved and cannot be used",
                "schema[4].collection: Reference field requires 'collection' (target collection name)",
                "schema[4].on_delete: Reference field requires 'on_delete' (cascade/set_null/restrict)",
                "schema[5].on_delete: Invalid on_delete action 'boom'. Valid actions: cascade, set_null, restrict",
                "schema[6].default: Expected number value, got str",
            ]
        );
    }

    #[test]
    fn computed_fields_have_rules_of_their_own() {
        assert_eq!(
            problems(json!([
                {"name": "a", "type": "computed", "required": true, "unique": true, "default": 1, "expression": " "},
                {"name": "b", "type": "computed", "expression": "x", "return_type": "blob"},
                {"name": "c", "type": "computed", "expression": "bad", "return_type": "text"},
                {"name": "d", "type": "computed", "expression": "x", "return_type": "datetime"},
            ])),
            [
                "schema[0].required: Computed fields cannot have 'required' — they are always derived",
                "schema[0].default: Computed fields cannot have a 'default' value",
                "schema[0].unique: Computed fields cannot have 'unique' constraint",
                "schema[0].expression: Computed field requires an 'expression'",
                "schema[1].return_type: Invalid return_type 'blob'. Valid values: boolean, datetime, number, text",
                "schema[2].expression: Invalid expression syntax: no",
                "schema[3].return_type: never",
            ]
        );
    }

    #[test]
    fn fields_are_bounded_but_none_has_to_go() {
        let drafts = |count| drafts(json!(vec![json!({"name": "a", "type": "text"}); count]));
        assert_eq!(too_many_fields(&drafts(200), 0), None);
        assert_eq!(
            too_many_fields(&drafts(201), 200).unwrap().to_string(),
            "schema: Collection cannot have more than 200 fields (found 201)"
        );
        assert_eq!(too_many_fields(&drafts(300), 300), None);
        assert!(too_many_fields(&drafts(301), 300).is_some());
    }

    #[test]
    fn set_null_needs_an_optional_field() {
        assert_eq!(
            problems(
                json!([{"name": "r", "type": "reference", "collection": "city", "on_delete": "SET_NULL", "required": true}])
            ),
            ["schema[0].on_delete: 'set_null' requires an optional field"]
        );
    }

    #[test]
    fn fields_may_not_go_nor_change_their_type() {
        let context = SchemaContext { collection_exists: &|_| true, check_expression: &|_, _, _| Ok(()) };
        let old = validate_fields(
            &drafts(json!([
                {"name": "a", "type": "text"}, {"name": "b", "type": "text"},
                {"name": "r", "type": "reference", "collection": "city", "on_delete": "cascade"}
            ])),
            &context,
        )
        .unwrap();
        let new = drafts(json!([
            {"name": "b", "type": "number"},
            {"name": "r", "type": "reference", "collection": "town", "on_delete": "restrict"}
        ]));
        let texts: Vec<_> = change_problems(&old, &new).iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "a: Field deletion is not allowed for data safety",
                "b: Type change from 'text' to 'number' is not allowed for data safety",
                "r: Reference target change is not allowed for data safety"
            ]
        );
    }
}
