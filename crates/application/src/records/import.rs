//! Use case: import records.
//!
//! Each is judged as in a create. Where all must go well they are one unit of work;
//! else each block is one, and each record a part of it that can be undone alone. Memory
//! holds a block at a time, whatever the length of the file.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::Value as Json;
use snackbase_domain::collection::{ACCOUNT_NAME, Operation, SYSTEM_FIELDS};
use snackbase_domain::{AccountId, FieldFault};
use tokio::sync::mpsc;

use super::batch::at;
use super::import_source::{ImportSource, Item, Reader};
use super::{Body, Records};
use crate::access::{self, Tenant};
use crate::catalog::Compiled;
use crate::ports::{Repositories, UnitOfWork};
use crate::{AppError, Caller, Refusal, Says, tx};

/// Most records of a body that is one JSON object.
pub const MOST_IN_BODY: usize = 10_000;
/// Records of a block.
const BLOCK: usize = 200;
/// How many faulty records a reply tells of; the others are only counted.
const MOST_FAULTS: usize = 10_000;

/// What an import does.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportRequest {
    /// Leaves out records that are refused, instead of refusing all.
    pub skip_faulty: bool,
    /// Only tells what would happen: everything is undone.
    pub dry_run: bool,
}

/// A record that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportFault {
    /// Its place among those that were sent, from 0.
    pub index: usize,
    pub details: Vec<FieldFault>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReply {
    pub imported: usize,
    pub skipped: usize,
    /// The first of those skipped.
    pub errors: Vec<ImportFault>,
    /// Nothing was stored.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// How far an import is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportProgress {
    /// So many records were stored and left out so far.
    Done { imported: usize, skipped: usize },
    /// A record was left out.
    Skipped(ImportFault),
}

/// References that were looked up before: by target collection, the ids that exist.
pub(super) type KnownReferences = HashMap<String, HashSet<String>>;

impl Records {
    /// Refuses those who could not import anything, before they send it.
    pub fn admit_import(&self, caller: &Caller, collection: &str) -> Result<(), AppError> {
        let compiled = self.collection(collection)?;
        let nothing = Body::new();
        let now = self.now();
        access::decide(&self.catalog, &compiled, Operation::Create, caller, Some(&nothing), now).map(drop)
    }

    /// Imports records. `progress` is told of every block; where nobody listens any more
    /// the import stops.
    pub async fn import(
        &self,
        caller: &Caller,
        collection: &str,
        source: ImportSource,
        request: ImportRequest,
        progress: Option<mpsc::Sender<ImportProgress>>,
    ) -> Result<ImportReply, AppError> {
        let account = self.anonymous_account(caller).await?;
        self.admit_import(caller, collection)?;
        let compiled = self.collection(collection)?;
        if let ImportSource::Records(records) = &source
            && records.len() > MOST_IN_BODY
        {
            let message = format!("Import size {} exceeds maximum of {MOST_IN_BODY}", records.len());
            return Err(AppError::titled(crate::Kind::Invalid, "batch_too_large", message));
        }
        let into = match access::tenant(caller, account) {
            Tenant::Account(account) => account,
            Tenant::All => AccountId::SYSTEM,
        };
        let mut import = Import {
            records: self,
            caller,
            account,
            into,
            collection,
            compiled: &compiled,
            request,
            progress,
            read: 0,
            reply: ImportReply { dry_run: request.dry_run, ..ImportReply::default() },
        };
        let mut reader = Reader::new(source, &compiled.collection)?;
        let whole = !request.skip_faulty || request.dry_run;
        let mut work: Option<Box<dyn UnitOfWork>> = None;
        loop {
            let block = tokio::task::spawn_blocking(move || (reader.block(BLOCK), reader)).await;
            let (block, rest) = block.map_err(|e| AppError::Internal(e.to_string()))?;
            reader = rest;
            let unit = match work.take() {
                Some(unit) => unit,
                None => self.storage.begin_as(caller.actor()).await?,
            };
            let outcome = match block {
                Ok(block) => import.block(&*unit, block).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(true) if whole => work = Some(unit),
                Ok(true) => tx::finish(unit, Ok(())).await?,
                Ok(false) if request.dry_run => {
                    unit.rollback().await?;
                    return Ok(import.reply);
                }
                Ok(false) => {
                    tx::finish(unit, Ok(())).await?;
                    return Ok(import.reply);
                }
                Err(error) => return tx::finish(unit, Err(error)).await,
            }
            import.tell_progress().await?;
        }
    }
}

/// An import under way.
struct Import<'a> {
    records: &'a Records,
    caller: &'a Caller,
    account: Option<AccountId>,
    /// The account that gets the records.
    into: AccountId,
    collection: &'a str,
    compiled: &'a Compiled,
    request: ImportRequest,
    progress: Option<mpsc::Sender<ImportProgress>>,
    read: usize,
    reply: ImportReply,
}

impl Import<'_> {
    /// Imports a block; answers whether there may be another.
    async fn block(&mut self, work: &dyn UnitOfWork, block: Vec<Item>) -> Result<bool, AppError> {
        if block.is_empty() {
            return Ok(false);
        }
        let block: Vec<Item> = block.into_iter().map(|item| item.map(without_system_keys)).collect();
        let known = self.known_references(work.repositories(), &block).await?;
        // Only these can be refused by the database itself, after which PostgreSQL goes on
        // from the beginning of the part at the most.
        let collection = &self.compiled.collection;
        let fragile = collection.indexes.iter().any(|index| index.unique)
            || collection.fields.iter().any(|field| field.unique || field.reference().is_some());
        for item in block {
            let index = self.read;
            self.read += 1;
            let body = match item {
                Ok(body) => body,
                Err(fault) => {
                    self.refused(index, AppError::faults(vec![fault])).await?;
                    continue;
                }
            };
            let parted = fragile && self.request.skip_faulty;
            if parted {
                work.begin_part().await?;
            }
            let store = work.repositories();
            let made = self.records.insert_in(
                store,
                self.caller,
                self.account,
                self.collection,
                &body,
                Some(&known),
            );
            match made.await {
                Ok(_) => {
                    self.reply.imported += 1;
                    if parted {
                        work.keep_part().await?;
                    }
                }
                Err(error) => {
                    if parted {
                        work.undo_part().await?;
                    }
                    self.refused(index, error).await?;
                }
            }
        }
        work.flush().await?;
        Ok(true)
    }

    /// Takes note of a record that was refused, or ends the import.
    async fn refused(&mut self, index: usize, error: AppError) -> Result<(), AppError> {
        let refusal = match error {
            AppError::Refused(refusal) if self.request.skip_faulty => refusal,
            error => return Err(at(index, None, error)),
        };
        let fault = ImportFault { index, details: details(refusal) };
        self.reply.skipped += 1;
        if let Some(progress) = &self.progress {
            let told = progress.send(ImportProgress::Skipped(fault.clone())).await;
            told.map_err(|_| nobody_listens())?;
        }
        if self.reply.errors.len() < MOST_FAULTS {
            self.reply.errors.push(fault);
        }
        Ok(())
    }

    async fn tell_progress(&self) -> Result<(), AppError> {
        let Some(progress) = &self.progress else {
            return Ok(());
        };
        let (imported, skipped) = (self.reply.imported, self.reply.skipped);
        progress.send(ImportProgress::Done { imported, skipped }).await.map_err(|_| nobody_listens())
    }

    /// Looks up all references of a block, one query for each target collection.
    async fn known_references(
        &self,
        store: &dyn Repositories,
        block: &[Item],
    ) -> Result<KnownReferences, AppError> {
        let mut wanted: HashMap<&str, HashSet<&str>> = HashMap::new();
        for field in &self.compiled.collection.fields {
            let Some(reference) = field.reference() else { continue };
            let ids = block.iter().flatten().filter_map(|body| body.get(field.name.as_str()));
            wanted.entry(&reference.collection).or_default().extend(ids.filter_map(Json::as_str));
        }
        let mut known = KnownReferences::new();
        for (collection, ids) in wanted {
            let target = self.records.catalog.target(collection)?;
            let scoped = access::scope_of_existence(&target, Tenant::Account(self.into), self.records.now());
            let ids: Vec<String> =
                ids.into_iter().filter(|id| !id.contains('\0')).map(str::to_owned).collect();
            let found = store.records().existing(&scoped, &ids).await?;
            known.insert(collection.to_owned(), found.into_iter().collect());
        }
        Ok(known)
    }
}

/// What an export adds to the fields is given anew.
fn without_system_keys(mut body: Body) -> Body {
    body.retain(|key, _| !SYSTEM_FIELDS.contains(&key.as_str()) && key != ACCOUNT_NAME);
    body
}

fn nobody_listens() -> AppError {
    AppError::Internal("nobody waits for the import any more".to_owned())
}

/// A refusal of one record as faults.
fn details(refusal: Refusal) -> Vec<FieldFault> {
    match refusal.says {
        Says::Faults(faults)
        | Says::FaultsInDetail(faults)
        | Says::NotUnique(faults)
        | Says::BatchFaults { faults, .. } => faults,
        Says::FieldAccess(access) => {
            let fault =
                |field: &String| FieldFault::new(field, access.message.clone(), "field_access_denied");
            access.unauthorized.iter().map(fault).collect()
        }
        Says::Detail(text) => vec![FieldFault::new("", text.into_owned(), "refused")],
        Says::Titled { message, .. } => vec![FieldFault::new("", message.into_owned(), "refused")],
        other => vec![FieldFault::new("", format!("{other:?}"), "refused")],
    }
}
