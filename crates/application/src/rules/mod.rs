//! Trying rules out before they are saved. Superadmins only; nothing is stored.

use serde_json::{Map, Value as Json};
use snackbase_domain::collection::{FieldType, Operation};
use snackbase_domain::record::{Value, check_value};
use snackbase_rules as rules;
use snackbase_rules::{Expr, FieldDef, FieldKind, Literal, Scope};

use crate::collections::check_rule;
use crate::records::evaluated;

/// Whom and what a rule is tested with.
#[derive(Clone, Debug, Default)]
pub struct RuleTrial {
    pub user_id: Option<String>,
    pub email: Option<String>,
    pub role: Option<String>,
    pub account_id: Option<String>,
    pub groups: Vec<String>,
    /// The body of the request.
    pub data: Map<String, Json>,
    /// The record.
    pub record: Map<String, Json>,
    /// Microseconds since the Unix epoch.
    pub now: i64,
}

/// Checks a rule for an operation against the names of a collection's fields,
/// whose types are not known; the text of what is wrong.
pub fn validate(rule: &str, operation: Operation, fields: &[String]) -> Result<(), String> {
    let fields = fields.iter().map(|name| FieldDef::new(name.as_str(), FieldKind::Text));
    let prefix = format!("Invalid {}: ", operation.rule_key());
    check_rule(&rules::Schema::new(fields), operation, rule)
        .map_err(|text| text.strip_prefix(&prefix).map_or(text.clone(), str::to_owned))
}

/// Evaluates a rule; the text of why it cannot be.
pub fn test(rule: &str, trial: &RuleTrial) -> Result<bool, String> {
    if rule.is_empty() {
        return Ok(true);
    }
    let schema =
        rules::Schema::new(trial.record.iter().map(|(name, value)| FieldDef::new(name, kind(value))));
    let scope = Scope::Rule(rules::Operation::Create);
    let expr = rules::parse(rule).map_err(|e| e.to_string())?;
    rules::check(&expr, &schema, scope).map_err(|e| e.to_string())?;
    let bound: Expr = rules::bind(&expr, trial).map_err(|e| e.to_string())?;
    let typed = rules::elaborate_condition(&bound, &schema, scope).map_err(|e| e.to_string())?;
    Ok(rules::eval_condition(&typed, trial, trial.now) == Some(true))
}

/// The type that a value of a record suggests.
fn kind(value: &Json) -> FieldKind {
    match value {
        Json::Bool(_) => FieldKind::Boolean,
        Json::Number(_) => FieldKind::Number,
        Json::Array(_) | Json::Object(_) => FieldKind::Json,
        Json::String(_) | Json::Null => FieldKind::Text,
    }
}

impl rules::Context for RuleTrial {
    fn auth_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    fn auth_email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    fn auth_role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    fn auth_account_id(&self) -> Option<&str> {
        self.account_id.as_deref()
    }

    fn groups(&self) -> &[String] {
        &self.groups
    }

    fn now_micros(&self) -> i64 {
        self.now
    }

    fn data(&self, field: &str) -> Literal {
        crate::access::literal(self.data.get(field))
    }

    fn has_permission(&self, _operation: rules::Operation, _collection: &str) -> bool {
        false
    }

    fn has_stored_macro(&self, _name: &str) -> bool {
        false
    }
}

impl rules::Row for RuleTrial {
    fn get(&self, field: &str) -> rules::Value {
        let Some(sent) = self.record.get(field) else {
            return rules::Value::Null;
        };
        let time = matches!(field, "created_at" | "updated_at");
        let ty = match kind(sent) {
            _ if time => FieldType::Datetime,
            FieldKind::Boolean => FieldType::Boolean,
            FieldKind::Number => FieldType::Number,
            FieldKind::Json => FieldType::Json,
            _ => FieldType::Text,
        };
        evaluated(&check_value(&ty, sent).unwrap_or(Value::Null))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn trial(record: Json) -> RuleTrial {
        let record = record.as_object().cloned().unwrap_or_default();
        RuleTrial { user_id: Some("u".into()), role: Some("admin".into()), record, ..RuleTrial::default() }
    }

    #[test]
    fn rules_are_judged_by_caller_and_record() {
        let trial = trial(json!({"t": "a", "n": 3, "created_by": "u", "created_at": "2026-01-01T00:00:00Z"}));
        for (rule, allowed) in [
            ("", true),
            ("t = \"a\" && @request.auth.role = \"admin\"", true),
            ("t = \"b\"", false),
            ("n > 2 && @owns_record()", true),
            ("created_at < \"2026-01-02\"", true),
            ("@request.data.t = \"a\"", false),
        ] {
            assert_eq!(test(rule, &trial), Ok(allowed), "{rule}");
        }
        assert!(test("zzz = 1", &trial).is_err());
        assert!(test("t = ", &trial).is_err());
    }

    #[test]
    fn what_is_wrong_is_told_without_the_name_of_the_rule() {
        let fields = ["t".to_owned()];
        assert_eq!(validate("t = \"a\"", Operation::List, &fields), Ok(()));
        let refused = validate("zz = 1", Operation::List, &fields).unwrap_err();
        assert!(refused.starts_with("Field 'zz' does not exist"), "{refused}");
    }
}
