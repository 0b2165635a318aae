//! The audit log: every change that somebody asked for, column by column. It is
//! written down in the transaction of the change, and gets its place in the chain of
//! the log a moment later.

mod chain;
pub(crate) mod rows;
mod trail;

use std::sync::Arc;

use snackbase_domain::AccountId;
use snackbase_domain::collection::MaskType;
use snackbase_domain::role::ADMIN;

use crate::catalog::Catalog;
use crate::ports::{AuditEntry, AuditFilter, AuditQuery, AuditSealer, AuditSort, Storage};
use crate::{AppError, Identity};

pub use chain::{MOST_PROBLEMS, Problem, ProblemKind, Verdict};
pub(crate) use trail::{Auditing, Trail};

/// The most entries of an export.
pub const MOST_EXPORTED: u64 = 10_000;

/// The use cases about the audit log.
pub struct Audit {
    storage: Arc<dyn Storage>,
    sealer: Arc<dyn AuditSealer>,
    catalog: Arc<Catalog>,
}

/// A page of the log as a caller may see it.
#[derive(Clone, Debug)]
pub struct AuditPage {
    pub items: Vec<AuditEntry>,
    pub total: u64,
}

impl Audit {
    /// Wires the use cases.
    pub fn new(storage: Arc<dyn Storage>, sealer: Arc<dyn AuditSealer>, catalog: Arc<Catalog>) -> Self {
        Self { storage, sealer, catalog }
    }

    /// Refuses those who may see no part of the log.
    pub fn admit(&self, caller: &Identity) -> Result<(), AppError> {
        reach(caller).map(drop)
    }

    /// Gives all changes their places in the chain. Readers of the log do so before
    /// they read; who serves calls it whenever changes wait.
    pub async fn settle(&self) -> Result<(), AppError> {
        chain::settle(&*self.storage, &*self.sealer).await
    }

    /// Settles before reading. What cannot be linked is for a verification to tell.
    async fn settle_if_possible(&self) {
        if let Err(error) = self.settle().await {
            tracing::error!(%error, "changes wait for their places in the audit log");
        }
    }

    /// A page of entries. Account admins see those of their account, with personal
    /// data masked.
    pub async fn list(&self, caller: &Identity, mut query: AuditQuery) -> Result<AuditPage, AppError> {
        narrow(caller, &mut query.filter)?;
        self.settle_if_possible().await;
        let log = self.storage.read().audit();
        let items = log.page(&query).await?;
        let items = items.into_iter().map(|entry| self.shown(caller, entry)).collect();
        Ok(AuditPage { items, total: log.count(&query.filter).await? })
    }

    /// One entry; those of other accounts are not there for account admins.
    pub async fn get(&self, caller: &Identity, id: i64) -> Result<AuditEntry, AppError> {
        let account = reach(caller)?;
        self.settle_if_possible().await;
        let entry = self.storage.read().audit().find(id).await?;
        let entry = entry.filter(|entry| account.is_none_or(|account| account == entry.change.account_id));
        let entry = entry.ok_or_else(|| AppError::not_found(format!("Audit log entry {id} not found")))?;
        Ok(self.shown(caller, entry))
    }

    /// The newest entries that match, at most [`MOST_EXPORTED`].
    pub async fn export(
        &self,
        caller: &Identity,
        mut filter: AuditFilter,
    ) -> Result<Vec<AuditEntry>, AppError> {
        narrow(caller, &mut filter)?;
        self.settle_if_possible().await;
        let query = AuditQuery {
            filter,
            skip: 0,
            limit: MOST_EXPORTED,
            sort: AuditSort::OccurredAt,
            descending: true,
        };
        let entries = self.storage.read().audit().page(&query).await?;
        Ok(entries.into_iter().map(|entry| self.shown(caller, entry)).collect())
    }

    /// Walks the whole log and tells where it does not hold.
    pub async fn verify(&self) -> Result<Verdict, AppError> {
        chain::verify(&*self.storage, &*self.sealer).await
    }

    /// The entry with personal data masked for those who may not see it.
    fn shown(&self, caller: &Identity, mut entry: AuditEntry) -> AuditEntry {
        if !caller.sees_personal_data()
            && let Some(kind) = self.mask_of(&entry)
        {
            for value in [&mut entry.cell.old_value, &mut entry.cell.new_value] {
                *value = value.take().map(|value| snackbase_domain::record::mask(kind, &value));
            }
        }
        entry
    }

    /// How the column's values are masked: as the collection says that has the field now, else by the
    /// column's name.
    fn mask_of(&self, entry: &AuditEntry) -> Option<MaskType> {
        let column = entry.cell.column_name.as_str();
        let collections = self.catalog.all();
        let compiled = collections
            .iter()
            .find(|compiled| compiled.collection.table().as_str() == entry.change.table_name);
        let of_field = compiled.and_then(|compiled| {
            let fields = compiled.collection.fields.iter().zip(&compiled.masks);
            fields.filter(|(field, _)| field.name.as_str() == column).find_map(|(_, mask)| *mask)
        });
        of_field.or_else(|| snackbase_domain::audit::personal(column))
    }

    /// Whether the log has this entry with this checksum.
    pub async fn holds(&self, id: i64, checksum: &str) -> Result<bool, AppError> {
        let entry = self.storage.read().audit().find(id).await?;
        Ok(entry.is_some_and(|entry| entry.cell.checksum == checksum))
    }
}

/// The account whose entries the caller may see; `None`: all.
fn reach(caller: &Identity) -> Result<Option<AccountId>, AppError> {
    if caller.is_superadmin() {
        Ok(None)
    } else if caller.role == ADMIN {
        Ok(Some(caller.account_id))
    } else {
        Err(AppError::denied("Admin access required"))
    }
}

fn narrow(caller: &Identity, filter: &mut AuditFilter) -> Result<(), AppError> {
    if let Some(account) = reach(caller)? {
        filter.account_id = Some(account.to_string());
    }
    Ok(())
}
