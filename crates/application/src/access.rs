//! Who may do what: the only place where callers meet rules.
//!
//! Everything that reads or changes records takes a [`Scoped`], and only this
//! module makes one: by what rules decide, `scoped` says what of a collection is within reach.

mod fields;
mod files;
mod scoped;

pub use fields::{check_writable, masks, readable, visible_schema};
pub(crate) use files::{owns_file, rules_over_files, shows_file};
pub use scoped::{
    AccountName, Narrowing, Projection, Scoped, Tenant, scope, scope_of_existence, scope_of_target,
    scope_of_transfer, tenant,
};
pub(crate) use scoped::{scope_of_receiver, scope_of_referrers};

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use snackbase_domain::AccountId;
use snackbase_domain::collection::{Operation, RuleSet};
use snackbase_rules as rules;
use snackbase_rules::{Expr, Literal, Typed};

use crate::catalog::{Catalog, Compiled, Rule};
use crate::macros::MacroCalls;
use crate::ports::Repositories;
use crate::{AppError, Caller, Identity, Kind, Refusal, Says};

/// How a rule decides, once the caller is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    /// About every record within the tenant.
    All,
    /// About records for which this holds.
    When(Bound),
}

impl Access {
    /// Whether there is no record that the rule could hold for.
    pub fn is_never(&self) -> bool {
        let Self::When(bound) = self else { return false };
        matches!(bound.condition.node, rules::Node::Bool(false) | rules::Node::Null)
    }
}

/// A rule that is bound to its caller, with the stored macros that it calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    pub condition: Typed,
    pub macros: Option<Arc<MacroCalls>>,
}

impl From<Typed> for Bound {
    /// A rule that calls no stored macro.
    fn from(condition: Typed) -> Self {
        Self { condition, macros: None }
    }
}

/// What rules may ask about.
pub struct RuleContext<'a> {
    pub identity: &'a Identity,
    /// The body of the request, in create and update rules.
    pub data: Option<&'a Map<String, Json>>,
    /// Microseconds since the Unix epoch.
    pub now: i64,
    pub catalog: &'a Catalog,
}

impl rules::Context for RuleContext<'_> {
    fn auth_id(&self) -> Option<&str> {
        Some(&self.identity.user_key)
    }

    fn auth_email(&self) -> Option<&str> {
        Some(&self.identity.email)
    }

    fn auth_role(&self) -> Option<&str> {
        Some(&self.identity.role)
    }

    fn auth_account_id(&self) -> Option<&str> {
        Some(&self.identity.account_key)
    }

    fn groups(&self) -> &[String] {
        &self.identity.groups
    }

    fn now_micros(&self) -> i64 {
        self.now
    }

    fn data(&self, field: &str) -> Literal {
        literal(self.data.and_then(|data| data.get(field)))
    }

    fn has_stored_macro(&self, name: &str) -> bool {
        self.catalog.stored_macro(name).is_some()
    }

    fn has_permission(&self, operation: rules::Operation, collection: &str) -> bool {
        self.identity.is_superadmin() || is_open(self.catalog, operation, collection)
    }
}

/// Whether the rule of a collection for an operation is not locked.
pub(crate) fn is_open(catalog: &Catalog, operation: rules::Operation, collection: &str) -> bool {
    let operation = match operation {
        rules::Operation::List => Operation::List,
        rules::Operation::View => Operation::View,
        rules::Operation::Create => Operation::Create,
        rules::Operation::Update => Operation::Update,
        rules::Operation::Delete => Operation::Delete,
    };
    let compiled = catalog.get(collection);
    compiled.is_some_and(|c| !matches!(c.rule(operation), Rule::Locked | Rule::Broken))
}

/// A value of a request's body as rules see it; what was not sent is null.
pub(crate) fn literal(sent: Option<&Json>) -> Literal {
    match sent {
        None | Some(Json::Null) => Literal::Null,
        Some(Json::Bool(b)) => Literal::Bool(*b),
        Some(Json::Number(n)) => n.as_f64().map_or(Literal::Null, Literal::Number),
        Some(Json::String(text)) => Literal::Text(text.clone()),
        Some(Json::Array(_) | Json::Object(_)) => Literal::Json,
    }
}

/// A rule that cannot be evaluated (any more) denies.
pub fn unreadable_rule() -> Refusal {
    Refusal { kind: Kind::Denied, says: Says::Detail("Access denied: rule cannot be evaluated".into()) }
}

/// There is no rule row, or no such collection for this caller.
pub fn no_rules(operation: Operation, collection: &str) -> AppError {
    AppError::denied(format!(
        "Permission denied for {} on {collection} (no rules defined)",
        operation.as_str()
    ))
}

/// Applies the rule of an operation to a caller. `data` is the body, for
/// create and update.
pub fn decide(
    catalog: &Catalog,
    compiled: &Compiled,
    operation: Operation,
    caller: &Caller,
    data: Option<&Map<String, Json>>,
    now: i64,
) -> Result<Access, AppError> {
    let (rule, key) = (compiled.rule(operation), operation.rule_key());
    match rule {
        Rule::Locked if !caller.is_above_rules() && !compiled.collection.rules.defined => {
            Err(no_rules(operation, compiled.name()))
        }
        Rule::Locked if !caller.is_above_rules() => Err(AppError::denied(format!(
            "Access denied: {} is locked for this collection",
            operation.as_str()
        ))),
        _ => apply(catalog, compiled, (rule, key), caller, data, now),
    }
}

/// Applies the rule about records as an update leaves them. `data` is the body.
pub fn decide_update_check(
    catalog: &Catalog,
    compiled: &Compiled,
    caller: &Caller,
    data: &Map<String, Json>,
    now: i64,
) -> Result<Access, AppError> {
    let rule = (compiled.update_check(), RuleSet::UPDATE_CHECK);
    apply(catalog, compiled, rule, caller, Some(data), now)
}

/// Applies a rule, called `key`, to a caller.
fn apply(
    catalog: &Catalog,
    compiled: &Compiled,
    (rule, key): (&Rule, &str),
    caller: &Caller,
    data: Option<&Map<String, Json>>,
    now: i64,
) -> Result<Access, AppError> {
    if caller.is_above_rules() {
        return Ok(Access::All);
    }
    let unreadable = || AppError::Refused(unreadable_rule());
    let rule = match rule {
        Rule::Public => return Ok(Access::All),
        Rule::When(rule) => rule,
        Rule::Locked | Rule::Broken => return Err(unreadable()),
    };
    let Caller::User(identity) = caller else {
        return Err(AppError::unauthenticated("Authentication required to access this resource"));
    };
    let context = RuleContext { identity, data, now, catalog };
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(collection = compiled.name(), rule = key, %error, "rule cannot be evaluated");
        unreadable()
    };
    match rules::bind(rule, &context).map_err(|error| failed(&error))? {
        Expr::Literal(Literal::Bool(true)) => Ok(Access::All),
        expr => {
            let schema = compiled.schema.clone().with_targets(catalog.targets());
            let scope = rules::Scope::Rule(rules::Operation::List);
            let condition =
                rules::elaborate_condition(&expr, &schema, scope).map_err(|error| failed(&error))?;
            let macros =
                MacroCalls::of([&condition], catalog, &**identity).map_err(|error| failed(&error))?;
            Ok(Access::When(Bound { condition, macros }))
        }
    }
}

/// Whether a record to be written satisfies the rule. `row` has what the rule looks
/// at through references; stored macros are asked within the unit of work.
pub async fn permits(
    store: &dyn Repositories,
    access: &Access,
    row: &(dyn rules::Row + Sync),
    now: i64,
) -> Result<bool, AppError> {
    match access {
        Access::All => Ok(true),
        Access::When(Bound { condition, macros }) => {
            holds(store, condition, macros.as_deref(), row, now).await
        }
    }
}

/// Whether a record of an account is within a scope, in memory: what the store asks of its rows.
/// `row` has what the predicate looks at through references.
pub(crate) async fn reaches(
    store: &dyn Repositories,
    scoped: &Scoped,
    account: AccountId,
    row: &(dyn rules::Row + Sync),
) -> Result<bool, AppError> {
    if matches!(scoped.tenant(), Tenant::Account(own) if own != account) {
        return Ok(false);
    }
    match scoped.predicate() {
        None => Ok(true),
        Some(condition) => holds(store, condition, scoped.macros(), row, scoped.now()).await,
    }
}

async fn holds(
    store: &dyn Repositories,
    condition: &Typed,
    macros: Option<&MacroCalls>,
    row: &(dyn rules::Row + Sync),
    now: i64,
) -> Result<bool, AppError> {
    let truth = match macros {
        None => rules::eval_condition(condition, row, now),
        Some(macros) => {
            let answers = macros.ask(store, condition, row, now).await?;
            rules::eval_condition(condition, &answers.beside(row), now)
        }
    };
    Ok(truth == Some(true))
}
