//! What an expression comes out as for values that somebody makes up.

use serde_json::{Map, Value as Json};
use snackbase_domain::collection::{FieldDraft, FieldType};
use snackbase_domain::record::{Value, check_value};
use snackbase_rules as rules;
use snackbase_rules::Type;

use super::Rules;
use crate::catalog::draft_schema;
use crate::records::{computed_json, evaluated};

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The type that its values have: boolean, number, text, datetime, json or null.
    pub ty: &'static str,
    pub value: Json,
}

/// A record that is not stored.
struct MadeUp<'a> {
    drafts: &'a [FieldDraft],
    values: &'a Map<String, Json>,
}

impl rules::Row for MadeUp<'_> {
    fn get(&self, field: &str) -> rules::Value {
        let Some(sent) = self.values.get(field) else {
            return rules::Value::Null;
        };
        let draft = self.drafts.iter().find(|draft| draft.name == field);
        let ty = match draft.map(|draft| draft.ty.to_ascii_lowercase()).as_deref() {
            Some("number") => FieldType::Number,
            Some("boolean") => FieldType::Boolean,
            Some("datetime") => FieldType::Datetime,
            Some("date") => FieldType::Date,
            Some("json" | "file") => FieldType::Json,
            None if matches!(field, "created_at" | "updated_at") => FieldType::Datetime,
            _ => FieldType::Text,
        };
        evaluated(&check_value(&ty, sent).unwrap_or(Value::Null))
    }
}

impl Rules {
    /// Evaluates the expression of a computed field on made-up values; fields without one are null.
    /// The text of why it cannot be.
    pub fn sample(
        &self,
        expression: &str,
        drafts: &[FieldDraft],
        values: &Map<String, Json>,
    ) -> Result<Sample, String> {
        let schema = draft_schema(drafts);
        let expr = rules::parse(expression).map_err(|error| error.to_string())?;
        rules::check(&expr, &schema, rules::Scope::Computed).map_err(|error| error.to_string())?;
        let typed = rules::elaborate(&expr, &schema, rules::Scope::Computed);
        let typed = typed.map_err(|error| error.to_string())?;
        let now = self.clock.now().timestamp_micros();
        let value = computed_json(&rules::eval(&typed, &MadeUp { drafts, values }, now));
        let ty = match typed.ty {
            Type::Null => "null",
            Type::Bool => "boolean",
            Type::Number => "number",
            Type::Text => "text",
            Type::Instant => "datetime",
            Type::Json => "json",
        };
        Ok(Sample { ty, value })
    }
}
