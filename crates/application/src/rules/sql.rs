//! Use case: show the conditions that rules ask of the rows.

use std::sync::Arc;

use snackbase_domain::collection::{Operation, RuleSet};
use snackbase_rules as rules;

use super::Rules;
use super::evaluation::bound;
use crate::access::{self, Access, Narrowing, RuleContext};
use crate::{AppError, Caller, Identity, Origin};

/// A rule as the database is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleSql {
    /// Nobody but superadmins is let through.
    Locked,
    /// Values are placeholders; empty where nothing is asked.
    Condition(String),
    /// It cannot be evaluated (any more), so it denies.
    Unreadable,
}

impl Rules {
    /// The conditions that requests of somebody ask of the rows, by operation, and last that about
    /// rows as updates leave them; each with the name of its rule without `_rule`.
    pub async fn sql(&self, name: &str, by: &Identity) -> Result<[(&'static str, RuleSql); 6], AppError> {
        let compiled = self.collection(name)?;
        let now = self.clock.now().timestamp_micros();
        let context = RuleContext { identity: by, data: None, now, catalog: &self.catalog };
        let condition = |text: &str| {
            if text.is_empty() {
                return RuleSql::Condition(String::new());
            }
            let expr = rules::parse(text).map_err(|error| error.to_string());
            let Ok(bound) = expr.and_then(|expr| bound(&expr, &context, &compiled)) else {
                return RuleSql::Unreadable;
            };
            let caller = Caller::Anonymous { account: None, origin: Arc::new(Origin::default()) };
            let tenant = access::Tenant::Account(by.account_id);
            let access = Access::When(bound);
            let scoped =
                access::scope(&compiled, Operation::View, &caller, tenant, access, Narrowing::default(), now);
            RuleSql::Condition(self.storage.read().records().condition(&scoped))
        };
        let own = &compiled.collection.rules;
        let of = |operation: Operation| {
            (operation.as_str(), own.rule(operation).map_or(RuleSql::Locked, condition))
        };
        let [list, view, create, update, delete] = Operation::ALL.map(of);
        let check = condition(own.update_check_rule.as_deref().unwrap_or_default());
        let word = RuleSet::UPDATE_CHECK.trim_end_matches("_rule");
        Ok([list, view, create, update, delete, (word, check)])
    }
}
