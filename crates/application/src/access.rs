//! Who may do what: the only place where callers meet rules.
//!
//! Everything that reads or changes records takes a [`Scoped`], and only this
//! module makes one.

mod fields;
mod files;

pub use fields::{check_writable, masks, readable, visible_schema};
pub(crate) use files::{owns_file, rules_over_files, shows_file};

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use snackbase_domain::AccountId;
use snackbase_domain::collection::{FieldList, MaskType, Operation, RuleSet};
use snackbase_rules as rules;
use snackbase_rules::{Expr, Literal, Typed};

use crate::catalog::{Catalog, Compiled, Rule};
use crate::macros::MacroCalls;
use crate::ports::Repositories;
use crate::{AppError, Caller, Identity, Kind, Refusal, Says};

/// The accounts whose records are within reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenant {
    /// Those of every account: superadmins.
    All,
    /// Those of one.
    Account(AccountId),
}

/// What `account_name` of a record in a reply holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountName {
    /// The key is absent.
    Absent,
    /// Null.
    Null,
    /// The name of the one account within reach.
    Is(String),
    /// The name of each record's account.
    OfEach,
}

/// Which keys a reply has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    pub account_name: AccountName,
    /// For each field of the collection, whether it is there.
    pub fields: Vec<bool>,
    /// For each field of the collection, how it is masked.
    pub masks: Vec<Option<MaskType>>,
}

impl Projection {
    /// The fields that an operation lets a caller read, narrowed by what the
    /// request asks for.
    fn new(
        compiled: &Compiled,
        list: &FieldList,
        wanted: Option<&FieldList>,
        account_name: AccountName,
        masks: Vec<Option<MaskType>>,
    ) -> Self {
        let fields = compiled
            .collection
            .fields
            .iter()
            .map(|field| {
                let name = field.name.as_str();
                list.contains(name) && wanted.is_none_or(|wanted| wanted.contains(name))
            })
            .collect();
        Self { account_name, fields, masks }
    }
}

/// A collection as far as a caller reaches: records of the tenant that satisfy
/// the predicate, with the fields of the projection.
#[derive(Clone, Debug)]
pub struct Scoped {
    compiled: Arc<Compiled>,
    tenant: Tenant,
    predicate: Option<Typed>,
    macros: Option<Arc<MacroCalls>>,
    projection: Projection,
    now: i64,
    /// The moments of which a record's last change must be one.
    versions: Option<Vec<i64>>,
}

impl Scoped {
    /// The same, but only records that were last changed at one of these moments, in
    /// microseconds since the Unix epoch.
    pub fn last_changed_at(self, versions: &[i64]) -> Self {
        Self { versions: Some(versions.to_vec()), ..self }
    }

    /// The moments of which a record's last change must be one, if that matters.
    pub fn versions(&self) -> Option<&[i64]> {
        self.versions.as_deref()
    }

    /// The collection.
    pub fn compiled(&self) -> &Arc<Compiled> {
        &self.compiled
    }

    /// The accounts within reach.
    pub fn tenant(&self) -> Tenant {
        self.tenant
    }

    /// What a record must satisfy; `None` when nothing.
    pub fn predicate(&self) -> Option<&Typed> {
        self.predicate.as_ref()
    }

    /// The stored macros that the predicate calls.
    pub fn macros(&self) -> Option<&MacroCalls> {
        self.macros.as_deref()
    }

    /// The keys of a reply.
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// The moment that `now()` means, in microseconds since the Unix epoch.
    pub fn now(&self) -> i64 {
        self.now
    }
}

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
        Rule::Locked if !caller.is_superadmin() && !compiled.collection.rules.defined => {
            Err(no_rules(operation, compiled.name()))
        }
        Rule::Locked if !caller.is_superadmin() => Err(AppError::denied(format!(
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
    if caller.is_superadmin() {
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

/// Whose records a caller reaches; `account` is the one named by an anonymous
/// caller.
pub fn tenant(caller: &Caller, anonymous_account: Option<AccountId>) -> Tenant {
    match (caller, anonymous_account) {
        (Caller::User(identity), _) if identity.is_superadmin() => Tenant::All,
        (Caller::User(identity), _) => Tenant::Account(identity.account_id),
        (Caller::Anonymous { .. }, Some(account)) => Tenant::Account(account),
        // Nobody's records: a rule over the system account's data stays closed
        // to callers who name no account.
        (Caller::Anonymous { .. }, None) => Tenant::Account(AccountId::SYSTEM),
    }
}

/// What a request asks of a list or view beyond the rule.
#[derive(Clone, Debug, Default)]
pub struct Narrowing {
    /// A condition of the caller's own, over what he can see.
    pub filter: Option<Typed>,
    /// Words to be found, in fields that the caller may see.
    pub search: Option<Typed>,
    /// The stored macros that rules of other collections call, where the request looks
    /// through references.
    pub macros: Option<Arc<MacroCalls>>,
    /// The fields wanted.
    pub fields: Option<FieldList>,
}

/// Makes the scope of an operation out of what was decided.
pub fn scope(
    compiled: &Arc<Compiled>,
    operation: Operation,
    caller: &Caller,
    tenant: Tenant,
    access: Access,
    narrowing: Narrowing,
    now: i64,
) -> Scoped {
    let (rule, called) = match access {
        Access::All => (None, None),
        Access::When(bound) => (Some(bound.condition), bound.macros),
    };
    let predicate = match (rule, narrowing.filter) {
        (Some(rule), Some(filter)) => Some(both(rule, filter)),
        (rule, filter) => rule.or(filter),
    };
    let predicate = match (predicate, narrowing.search) {
        (Some(predicate), Some(search)) => Some(both(predicate, search)),
        (predicate, search) => predicate.or(search),
    };
    let account_name = match (operation, caller, tenant) {
        (Operation::List, ..) if narrowing.fields.is_some() => AccountName::Null,
        (Operation::List, Caller::User(identity), Tenant::Account(_)) => {
            AccountName::Is(identity.account_name.clone())
        }
        (Operation::List, ..) => AccountName::OfEach,
        _ => AccountName::Null,
    };
    let list = readable(compiled, operation, caller);
    let projection =
        Projection::new(compiled, list, narrowing.fields.as_ref(), account_name, masks(compiled, caller));
    let macros = match (called, narrowing.macros) {
        (Some(called), Some(more)) => Some(called.joined(&more)),
        (called, more) => called.or(more),
    };
    Scoped { compiled: Arc::clone(compiled), tenant, predicate, macros, projection, now, versions: None }
}

/// The scope of the records that references of `fields` may show: those that
/// the caller may view, without a key for the account's name. `None` when the
/// caller may view none at all.
pub fn scope_of_target(
    catalog: &Catalog,
    target: &Arc<Compiled>,
    caller: &Caller,
    tenant: Tenant,
    now: i64,
) -> Option<Scoped> {
    let access = decide(catalog, target, Operation::View, caller, None, now).ok()?;
    let mut scoped = scope(target, Operation::View, caller, tenant, access, Narrowing::default(), now);
    scoped.projection.account_name = AccountName::Absent;
    Some(scoped)
}

/// The scope in which it is looked up whether records exist: the targets of
/// references that are written, expanded, or that a rule looks through. Nothing
/// else is shown of them.
pub fn scope_of_existence(target: &Arc<Compiled>, tenant: Tenant, now: i64) -> Scoped {
    Scoped {
        compiled: Arc::clone(target),
        tenant,
        predicate: None,
        macros: None,
        projection: Projection { account_name: AccountName::Absent, fields: Vec::new(), masks: Vec::new() },
        now,
        versions: None,
    }
}

/// The scope of the records that refer to one that is deleted: they follow it by what the schema
/// says, whoever may see them.
pub(crate) fn scope_of_referrers(compiled: &Arc<Compiled>, now: i64) -> Scoped {
    scope_of_existence(compiled, Tenant::All, now)
}

/// The scope of whole records of all accounts, past all rules: for what moves or converts a
/// collection as a whole, which only superadmins may.
pub fn scope_of_transfer(compiled: &Arc<Compiled>) -> Scoped {
    scope_of_existence(compiled, Tenant::All, 0)
}

/// The scope of the changes that a receiver hears of: of what he may list or view, and `filter`
/// wants, without a key for the account's name.
pub(crate) fn scope_of_receiver(
    compiled: &Arc<Compiled>,
    operation: Operation,
    caller: &Caller,
    access: Access,
    filter: Option<Typed>,
    macros: Option<Arc<MacroCalls>>,
    now: i64,
) -> Scoped {
    let narrowing = Narrowing { filter, macros, ..Narrowing::default() };
    let mut scoped = scope(compiled, operation, caller, tenant(caller, None), access, narrowing, now);
    scoped.projection.account_name = AccountName::Absent;
    scoped
}

/// The conjunction of two conditions.
fn both(a: Typed, b: Typed) -> Typed {
    Typed { ty: rules::Type::Bool, node: rules::Node::And(vec![a, b]) }
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
    if matches!(scoped.tenant, Tenant::Account(own) if own != account) {
        return Ok(false);
    }
    match &scoped.predicate {
        None => Ok(true),
        Some(condition) => holds(store, condition, scoped.macros(), row, scoped.now).await,
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
