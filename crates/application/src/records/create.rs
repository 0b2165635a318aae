//! Use case: create a record.

use bytes::Bytes;
use serde_json::Value as Json;
use snackbase_domain::collection::{Operation, SYSTEM_FIELDS};
use snackbase_domain::record::{Draft, DraftMode, Record, ReferenceToCheck, unknown_reference, validate};
use snackbase_domain::{AccountId, FieldFault};

use super::import::KnownReferences;
use super::{Body, Records, author, render};
use crate::access::{self, Narrowing, Scoped, Tenant};
use crate::catalog::Compiled;
use crate::ports::{Repositories, StoreError};
use crate::{AppError, Caller, Kind, Refusal, Says, tx};

impl Records {
    /// Creates a record; answers it as JSON text.
    pub(super) async fn attempt_create(
        &self,
        caller: &Caller,
        collection: &str,
        body: &Body,
    ) -> Result<Bytes, AppError> {
        let account = self.anonymous_account(caller).await?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = self.create_in(work.repositories(), caller, account, collection, body).await;
        tx::finish(work, outcome).await
    }

    /// Creates a record within a unit of work.
    pub(super) async fn create_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        anonymous_account: Option<AccountId>,
        collection: &str,
        body: &Body,
    ) -> Result<Bytes, AppError> {
        let made = self.insert_in(store, caller, anonymous_account, collection, body, None).await?;
        Ok(made.text())
    }

    /// The same without the reply. Targets of references that were looked up before are
    /// not looked up again.
    pub(super) async fn insert_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        anonymous_account: Option<AccountId>,
        collection: &str,
        body: &Body,
        known: Option<&KnownReferences>,
    ) -> Result<Made, AppError> {
        let now = self.now();
        let compiled = self.collection(collection)?;
        let access = access::decide(&self.catalog, &compiled, Operation::Create, caller, Some(body), now)?;
        access::check_writable(&compiled, Operation::Create, caller, body)?;
        let (named, body) = own_account(caller, body);
        let account = match (named, access::tenant(caller, anonymous_account)) {
            (Some(account), _) => account.ok_or_else(foreign_key_violation)?,
            (None, Tenant::Account(account)) => account,
            (None, Tenant::All) => AccountId::SYSTEM,
        };
        let (draft, mut faults) = validate(&compiled.collection, &body, DraftMode::Create);
        let files = self.unreadable_files(store, caller, &compiled, &draft, account, None, now);
        faults.extend(files.await?);
        faults.extend(match known {
            Some(known) => unknown_among(known, &draft.references),
            None => self.unknown_references(store, &draft.references, account, now).await?,
        });
        if !faults.is_empty() {
            return Err(AppError::faults(faults));
        }
        let record = self.record(caller, account, draft, now);
        self.check_rule(store, &compiled, &access, &record, now).await?;
        let scoped = written_scope(&compiled, Operation::Create, caller, account, access::Access::All, now);
        let inserted = store.records().insert(&scoped, &record).await;
        inserted.map_err(|e| write_refusal(&compiled, e, foreign_key_violation()))?;
        Ok(Made { record, scoped })
    }

    fn record(&self, caller: &Caller, account: AccountId, draft: Draft, now: i64) -> Record {
        let author = author(caller).to_owned();
        Record {
            id: self.ids.new_id().into(),
            account_id: account,
            created_at: now,
            created_by: author.clone(),
            updated_at: now,
            updated_by: author,
            values: draft
                .values
                .into_iter()
                .map(|value| value.unwrap_or(snackbase_domain::record::Value::Null))
                .collect(),
        }
    }

    /// The faults of references whose target is not in the account.
    pub(super) async fn unknown_references(
        &self,
        store: &dyn Repositories,
        references: &[ReferenceToCheck],
        account: AccountId,
        now: i64,
    ) -> Result<Vec<FieldFault>, AppError> {
        let mut faults = Vec::new();
        for reference in references {
            let target = self.catalog.target(&reference.collection)?;
            let scoped = access::scope_of_existence(&target, Tenant::Account(account), now);
            let found = store.records().existing(&scoped, std::slice::from_ref(&reference.id)).await?;
            if found.is_empty() {
                faults.push(unknown_reference(&reference.field, &reference.id, &reference.collection));
            }
        }
        Ok(faults)
    }
}

/// A record that was made.
pub(super) struct Made {
    pub record: Record,
    scoped: Scoped,
}

impl Made {
    /// The reply about it, as JSON text.
    pub fn text(&self) -> Bytes {
        let (scoped, mut out) = (&self.scoped, Vec::new());
        let (compiled, projection) = (scoped.compiled(), scoped.projection());
        render::record(&mut out, compiled, &self.record, None, projection, &Default::default(), scoped.now());
        out.into()
    }
}

fn unknown_among(known: &KnownReferences, references: &[ReferenceToCheck]) -> Vec<FieldFault> {
    let is_known = |reference: &ReferenceToCheck| {
        known.get(&reference.collection).is_some_and(|ids| ids.contains(&reference.id))
    };
    let unknown = references.iter().filter(|reference| !is_known(reference));
    unknown.map(|r| unknown_reference(&r.field, &r.id, &r.collection)).collect()
}

/// The scope of a write in an account, and of what its reply shows.
pub(super) fn written_scope(
    compiled: &std::sync::Arc<Compiled>,
    operation: Operation,
    caller: &Caller,
    account: AccountId,
    access: access::Access,
    now: i64,
) -> Scoped {
    let tenant = Tenant::Account(account);
    access::scope(compiled, operation, caller, tenant, access, Narrowing::default(), now)
}

/// Takes `account_id` out of a superadmin's body. The outer option tells
/// whether it was there, the inner whether it can be an account's.
fn own_account<'a>(
    caller: &Caller,
    body: &'a Body,
) -> (Option<Option<AccountId>>, std::borrow::Cow<'a, Body>) {
    use std::borrow::Cow;
    match body.get("account_id") {
        Some(named) if caller.is_superadmin() => {
            let mut rest = body.clone();
            rest.shift_remove("account_id");
            let account = match named {
                Json::Null => None,
                Json::String(id) => Some(id.parse().ok()),
                _ => Some(None),
            };
            (account, Cow::Owned(rest))
        }
        _ => (None, Cow::Borrowed(body)),
    }
}

/// The account or record that a write refers to is not there.
pub(super) fn foreign_key_violation() -> AppError {
    AppError::titled(
        Kind::Invalid,
        "Validation error",
        "Foreign key constraint violation - referenced record may not exist",
    )
}

/// Turns a failed write into what the caller can understand.
pub(super) fn write_refusal(compiled: &Compiled, error: StoreError, foreign_key: AppError) -> AppError {
    match error {
        StoreError::Conflict { constraint } => {
            let faults = not_unique(compiled, &constraint);
            AppError::Refused(Refusal { kind: Kind::Invalid, says: Says::NotUnique(faults) })
        }
        StoreError::ForeignKey => foreign_key,
        other => other.into(),
    }
}

/// A fault for each of the fields whose values are taken, as the store names them.
fn not_unique(compiled: &Compiled, constraint: &str) -> Vec<FieldFault> {
    let collection = &compiled.collection;
    let is_known = |name: &&str| collection.field(name).is_some() || SYSTEM_FIELDS.contains(name);
    let mut fields: Vec<_> = constraint.split(',').filter(is_known).collect();
    if fields.is_empty() {
        fields.push("id");
    }
    let message = match &fields[..] {
        [field] => format!("Value for field '{field}' must be unique"),
        several => format!("Values for fields '{}' must be unique together", several.join("', '")),
    };
    fields.into_iter().map(|field| FieldFault::new(field, message.clone(), "unique_violation")).collect()
}
