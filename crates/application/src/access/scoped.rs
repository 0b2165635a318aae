//! What of a collection is within reach of a caller.

use std::sync::Arc;

use snackbase_domain::AccountId;
use snackbase_domain::collection::{FieldList, MaskType, Operation};
use snackbase_rules as rules;
use snackbase_rules::Typed;

use super::{Access, decide, masks, readable};
use crate::Caller;
use crate::catalog::{Catalog, Compiled};
use crate::macros::MacroCalls;

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

    /// All fields, as they are.
    pub(crate) fn whole(compiled: &Compiled) -> Self {
        let fields = compiled.collection.fields.len();
        Self { account_name: AccountName::Absent, fields: vec![true; fields], masks: vec![None; fields] }
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

/// Whose records a caller reaches; `account` is the one named by an anonymous
/// caller.
pub fn tenant(caller: &Caller, anonymous_account: Option<AccountId>) -> Tenant {
    match (caller, anonymous_account) {
        (Caller::User(_), _) if caller.is_superadmin() => Tenant::All,
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
