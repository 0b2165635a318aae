//! Use case: change a record.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::Value as Json;
use snackbase_domain::collection::{MaskType, Operation};
use snackbase_domain::record::{DraftMode, Record, Value, mask, validate};
use snackbase_domain::{AccountId, RecordId};

use super::create::{write_refusal, written_scope};
use super::render::value_text;
use super::version::changed_meanwhile;
use super::{Body, Precondition, Records, author, record_not_found, render};
use crate::access::{self, Scoped};
use crate::catalog::Compiled;
use crate::ports::Repositories;
use crate::{AppError, Caller, Kind, tx};

/// How absent keys of a body are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Replace,
    Patch,
}

impl Records {
    /// Replaces a record (PUT): required fields must be sent and defaults are
    /// applied, but optional fields that are absent keep their value.
    pub async fn replace(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        body: &Body,
    ) -> Result<Bytes, AppError> {
        self.replace_if(caller, collection, id, body, &Precondition::None).await
    }

    /// Replaces a record if it is of a version that the caller means.
    pub async fn replace_if(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        body: &Body,
        precondition: &Precondition,
    ) -> Result<Bytes, AppError> {
        self.change(caller, collection, id, body, Mode::Replace, precondition).await
    }

    /// Changes the fields that are sent (PATCH).
    pub async fn patch(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        body: &Body,
    ) -> Result<Bytes, AppError> {
        self.patch_if(caller, collection, id, body, &Precondition::None).await
    }

    /// Changes the fields that are sent if the record is of a version that the caller means.
    pub async fn patch_if(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        body: &Body,
        precondition: &Precondition,
    ) -> Result<Bytes, AppError> {
        self.change(caller, collection, id, body, Mode::Patch, precondition).await
    }

    pub(super) async fn attempt_change(
        &self,
        caller: &Caller,
        collection: &str,
        id: &RecordId,
        body: &Body,
        mode: Mode,
        precondition: &Precondition,
    ) -> Result<Bytes, AppError> {
        self.collection(collection)?;
        let account = self.anonymous_account(caller).await?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let store = work.repositories();
        let outcome = self.change_in(store, caller, account, collection, id, body, mode, precondition).await;
        tx::finish(work, outcome).await
    }

    /// Changes the fields that are sent, within a unit of work.
    pub(super) async fn patch_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        anonymous_account: Option<AccountId>,
        collection: &str,
        id: &RecordId,
        body: &Body,
    ) -> Result<Bytes, AppError> {
        let any = Precondition::None;
        self.change_in(store, caller, anonymous_account, collection, id, body, Mode::Patch, &any).await
    }

    #[expect(clippy::too_many_arguments, reason = "who, where, what and how of one change")]
    async fn change_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        anonymous_account: Option<AccountId>,
        collection: &str,
        id: &RecordId,
        body: &Body,
        mode: Mode,
        precondition: &Precondition,
    ) -> Result<Bytes, AppError> {
        let now = self.now();
        let compiled = self.collection(collection)?;
        let tenant = access::tenant(caller, anonymous_account);
        let everything = access::scope_of_existence(&compiled, tenant, now);
        let account = store.records().account_of(&everything, id).await?.ok_or_else(record_not_found)?;
        let access = access::decide(&self.catalog, &compiled, Operation::Update, caller, Some(body), now)?;
        let check = access::decide_update_check(&self.catalog, &compiled, caller, body, now)?;
        access::check_writable(&compiled, Operation::Update, caller, body)?;
        let mode = match mode {
            Mode::Replace => DraftMode::Replace,
            Mode::Patch => DraftMode::Patch,
        };
        let scoped = written_scope(&compiled, Operation::Update, caller, account, access, now);
        let body = unmasked(store, &scoped, id, body).await?;
        let (draft, mut faults) = validate(&compiled.collection, &body, mode);
        let files =
            self.unreadable_files(store, caller, &compiled, &draft, account, Some((&scoped, id)), now);
        faults.extend(files.await?);
        faults.extend(self.unknown_references(store, &draft.references, account, now).await?);
        if !faults.is_empty() {
            return Err(AppError::faults(faults));
        }
        let meant = meant(&scoped, precondition);
        let updated = store.records().update(&meant, id, &draft.values, now, author(caller)).await;
        let updated = updated.map_err(|e| write_refusal(&compiled, e, foreign_key_violation()))?;
        let Some(record) = updated else {
            return Err(unwritten(store, &scoped, id, precondition).await);
        };
        // What does not satisfy it is undone with the unit of work.
        self.check_rule(store, &compiled, &check, &record, now).await?;
        let mut out = Vec::new();
        render::record(&mut out, &compiled, &record, None, scoped.projection(), &Default::default(), now);
        Ok(out.into())
    }
}

/// The body with masked values that are sent back as they were shown replaced by what is
/// stored, so that reading, changing and writing destroys nothing. Of a record that the rule
/// keeps from the caller nothing is looked at: his answer must not depend on it.
async fn unmasked<'a>(
    store: &dyn Repositories,
    scoped: &Scoped,
    id: &RecordId,
    body: &'a Body,
) -> Result<Cow<'a, Body>, AppError> {
    let fields = scoped.compiled().collection.fields.iter().zip(&scoped.projection().masks);
    let mut masked = fields.filter(|(field, mask)| mask.is_some() && !field.is_computed());
    if !masked.any(|(field, _)| body.contains_key(field.name.as_str())) {
        return Ok(Cow::Borrowed(body));
    }
    let record = store.records().take(scoped, id).await?;
    Ok(record.map_or(Cow::Borrowed(body), |record| {
        restored(scoped.compiled(), &scoped.projection().masks, &record, body)
    }))
}

/// The body with what equals the mask of a stored value replaced by that value. `masks` says how
/// each field is shown.
pub(crate) fn restored<'a>(
    compiled: &Compiled,
    masks: &[Option<MaskType>],
    record: &Record,
    body: &'a Body,
) -> Cow<'a, Body> {
    let mut restored = Cow::Borrowed(body);
    let fields = compiled.collection.fields.iter().zip(masks).filter(|(field, _)| !field.is_computed());
    for ((field, kind), value) in fields.zip(&record.values) {
        let (Some(kind), Some(text)) = (*kind, value_text(value)) else {
            continue;
        };
        let name = field.name.as_str();
        if body.get(name).and_then(Json::as_str) == Some(mask(kind, &text).as_str()) {
            restored.to_mut().insert(name.to_owned(), value_json(value));
        }
    }
    restored
}

/// The scope of a write, narrowed to the versions that it is meant for.
pub(super) fn meant<'s>(scoped: &'s Scoped, precondition: &Precondition) -> Cow<'s, Scoped> {
    match precondition {
        Precondition::None => Cow::Borrowed(scoped),
        Precondition::LastChangedAt(versions) => Cow::Owned(scoped.clone().last_changed_at(versions)),
    }
}

/// Why a write met no record: it is out of reach, or of another version.
pub(super) async fn unwritten(
    store: &dyn Repositories,
    scoped: &Scoped,
    id: &RecordId,
    precondition: &Precondition,
) -> AppError {
    if *precondition == Precondition::None {
        return record_not_found();
    }
    match store.records().account_of(scoped, id).await {
        Ok(Some(_)) => changed_meanwhile(),
        Ok(None) => record_not_found(),
        Err(error) => error.into(),
    }
}

/// A stored value as it would be sent.
fn value_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::from(*b),
        Value::Number(n) => Json::from(*n),
        Value::Text(text) | Value::Time { text, .. } => Json::from(text.as_str()),
        Value::Json(tree) => tree.clone(),
    }
}

fn foreign_key_violation() -> AppError {
    AppError::titled(Kind::Invalid, "Validation error", "Foreign key constraint violation")
}
