//! Trying rules out before they are saved. Superadmins only; nothing is stored.

mod evaluation;
mod on_record;
mod sample;
mod sql;

pub use on_record::{ClauseOutcome, DecidedBy, RecordTrial, RecordVerdict, RuleVerdict, TrialCaller};
pub use sample::Sample;
pub use snackbase_rules::Join;
pub use sql::RuleSql;

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use snackbase_domain::collection::{FieldType, Operation};
use snackbase_domain::record::{Value, check_value};
use snackbase_rules as rules;
use snackbase_rules::{Expr, FieldDef, FieldKind, Literal, Scope, Typed};

use crate::catalog::{Catalog, Compiled};
use crate::collections::check_rule;
use crate::macros::{Answers, MacroCalls};
use crate::ports::{Clock, IdGenerator, MacroCaller, Storage};
use crate::records::evaluated;
use crate::{AppError, AuthMethod, Identity, Principal, access};

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
}

/// The use cases about rules that are tried out.
pub struct Rules {
    storage: Arc<dyn Storage>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl Rules {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
    ) -> Self {
        Self { storage, catalog, clock, ids }
    }

    /// Checks a rule for an operation against the names of a collection's fields,
    /// whose types are not known; the text of what is wrong.
    pub fn validate(&self, rule: &str, operation: Operation, fields: &[String]) -> Result<(), String> {
        validate(&self.catalog, rule, operation, fields)
    }

    /// Evaluates a rule; the text of why it cannot be.
    pub async fn test(&self, rule: &str, trial: &RuleTrial) -> Result<bool, String> {
        if rule.is_empty() {
            return Ok(true);
        }
        let now = self.clock.now().timestamp_micros();
        let (typed, macros) = prepare(&self.catalog, rule, trial, now)?;
        let answers = match macros {
            None => Answers::default(),
            Some(macros) => {
                let answers = macros.ask(self.storage.read(), &typed, trial, now).await;
                answers.map_err(|error| error.to_string())?
            }
        };
        Ok(rules::eval_condition(&typed, &answers.beside(trial), now) == Some(true))
    }

    fn collection(&self, name: &str) -> Result<Arc<Compiled>, AppError> {
        let found = self.catalog.get(name);
        found.ok_or_else(|| AppError::not_found(format!("Collection '{name}' not found")))
    }

    /// A user as if he asked for something.
    fn principal(&self, identity: Arc<Identity>) -> Principal {
        Principal { identity, session: None, method: AuthMethod::AccessToken, origin: Arc::default() }
    }
}

fn validate(catalog: &Catalog, rule: &str, operation: Operation, fields: &[String]) -> Result<(), String> {
    let known = fields.iter().map(|name| FieldDef::new(name.as_str(), FieldKind::Text));
    let prefix = format!("Invalid {}: ", operation.rule_key());
    // Nothing tells which are searchable.
    let schema = rules::Schema::new(known).with_searchable(fields).with_macros(catalog.macros());
    check_rule(&schema, operation, rule)
        .map_err(|text| text.strip_prefix(&prefix).map_or(text.clone(), str::to_owned))
}

/// A rule that is not empty, bound to whom it is tried with.
fn prepare(
    catalog: &Catalog,
    rule: &str,
    trial: &RuleTrial,
    now: i64,
) -> Result<(Typed, Option<Arc<MacroCalls>>), String> {
    let schema =
        rules::Schema::new(trial.record.iter().map(|(name, value)| FieldDef::new(name, kind(value))))
            .with_searchable(trial.record.keys())
            .with_macros(catalog.macros());
    let scope = Scope::Rule(rules::Operation::Create);
    let expr = rules::parse(rule).map_err(|e| e.to_string())?;
    rules::check(&expr, &schema, scope).map_err(|e| e.to_string())?;
    let context = TrialContext { trial, catalog, now };
    let bound: Expr = rules::bind(&expr, &context).map_err(|e| e.to_string())?;
    let caller = MacroCaller {
        id: trial.user_id.clone(),
        email: trial.email.clone(),
        role: trial.role.clone(),
        account_id: trial.account_id.clone(),
    };
    let typed = rules::elaborate_condition(&bound, &schema, scope).map_err(|e| e.to_string())?;
    let macros = MacroCalls::of([&typed], catalog, caller)?;
    Ok((typed, macros))
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

/// What a rule may ask about while it is tried.
struct TrialContext<'a> {
    trial: &'a RuleTrial,
    catalog: &'a Catalog,
    now: i64,
}

impl rules::Context for TrialContext<'_> {
    fn auth_id(&self) -> Option<&str> {
        self.trial.user_id.as_deref()
    }

    fn auth_email(&self) -> Option<&str> {
        self.trial.email.as_deref()
    }

    fn auth_role(&self) -> Option<&str> {
        self.trial.role.as_deref()
    }

    fn auth_account_id(&self) -> Option<&str> {
        self.trial.account_id.as_deref()
    }

    fn groups(&self) -> &[String] {
        &self.trial.groups
    }

    fn now_micros(&self) -> i64 {
        self.now
    }

    fn data(&self, field: &str) -> Literal {
        access::literal(self.trial.data.get(field))
    }

    fn has_permission(&self, operation: rules::Operation, collection: &str) -> bool {
        access::is_open(self.catalog, operation, collection)
    }

    fn has_stored_macro(&self, name: &str) -> bool {
        self.catalog.stored_macro(name).is_some()
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
            ("t = \"a\" && @request.auth.role = \"admin\"", true),
            ("t = \"b\"", false),
            ("n > 2 && @owns_record()", true),
            ("created_at < \"2026-01-02\"", true),
            ("@request.data.t = \"a\"", false),
        ] {
            let (typed, macros) = prepare(&Catalog::default(), rule, &trial, 0).unwrap();
            assert!(macros.is_none());
            assert_eq!(rules::eval_condition(&typed, &trial, 0) == Some(true), allowed, "{rule}");
        }
        for rule in ["zzz = 1", "t = ", "@unknown()"] {
            assert!(prepare(&Catalog::default(), rule, &trial, 0).is_err(), "{rule}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_without_the_name_of_the_rule() {
        let fields = ["t".to_owned()];
        assert_eq!(validate(&Catalog::default(), "t = \"a\"", Operation::List, &fields), Ok(()));
        let refused = validate(&Catalog::default(), "zz = 1", Operation::List, &fields).unwrap_err();
        assert!(refused.starts_with("Field 'zz' does not exist"), "{refused}");
    }
}
