//! The installation at a glance, for superadmins.

use std::sync::Arc;

use chrono::{Days, NaiveDate, TimeDelta};
use snackbase_domain::collection::Operation;

use crate::AppError;
use crate::catalog::{Catalog, Compiled, Rule};
use crate::ports::{
    AuditEntry, AuditQuery, AuditSort, Clock, DayCounts, Statistics, Storage, StorageUsage, UserQuery,
    UserSort,
};
use crate::users::{UserDetail, details};

/// What counts as new.
const NEW: TimeDelta = TimeDelta::days(7);
/// How many of the newest users are shown.
const MOST_REGISTRATIONS: u64 = 10;
/// How many of the newest entries of the audit log are shown.
const MOST_CHANGES: u64 = 20;

/// The installation at a glance.
#[derive(Clone, Debug)]
pub struct Overview {
    pub counts: Statistics,
    pub collections: u64,
    /// Collections that everybody in an account may list or view.
    pub public_collections: u64,
    pub records: u64,
    /// The newest users, newest first.
    pub recent_registrations: Vec<UserDetail>,
    /// The newest entries of the audit log, newest first.
    pub recent_changes: Vec<AuditEntry>,
    /// Bytes of stored files.
    pub storage_bytes: u64,
}

/// The use case of the overview.
pub struct Dashboard {
    storage: Arc<dyn Storage>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    usage: Arc<dyn StorageUsage>,
}

impl Dashboard {
    /// Wires the use case.
    pub fn new(
        storage: Arc<dyn Storage>,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
        usage: Arc<dyn StorageUsage>,
    ) -> Self {
        Self { storage, catalog, clock, usage }
    }

    /// What was made and changed on each of the last `days` days in UTC, today included, oldest first.
    pub async fn series(&self, days: u32) -> Result<Vec<DayCounts>, AppError> {
        let today = self.clock.now().date_naive();
        let first = today.checked_sub_days(Days::new(u64::from(days.saturating_sub(1)))).unwrap_or(today);
        let known = self.storage.read().statistics().daily(first).await?;
        let of = |day: NaiveDate| {
            let found = known.iter().find(|counts| counts.day == day).copied();
            found.unwrap_or(DayCounts { day, ..DayCounts::default() })
        };
        Ok(first.iter_days().take_while(|day| *day <= today).map(of).collect())
    }

    /// Counts everything.
    pub async fn overview(&self) -> Result<Overview, AppError> {
        let (store, now) = (self.storage.read(), self.clock.now());
        let collections = self.catalog.all();
        let is_public = |compiled: &Compiled| {
            [Operation::List, Operation::View].into_iter().any(|op| *compiled.rule(op) == Rule::Public)
        };
        let newest = UserQuery {
            limit: MOST_REGISTRATIONS,
            sort: UserSort::CreatedAt,
            descending: true,
            ..UserQuery::default()
        };
        let latest = AuditQuery {
            limit: MOST_CHANGES,
            sort: AuditSort::Id,
            descending: true,
            ..AuditQuery::default()
        };
        let newest = store.users().page(&newest).await?.items;
        let described: Vec<_> = collections.iter().map(|compiled| &compiled.collection).collect();
        Ok(Overview {
            counts: store.statistics().count(now, now - NEW).await?,
            collections: collections.len() as u64,
            public_collections: collections.iter().filter(|compiled| is_public(compiled)).count() as u64,
            records: store.tables().count_all(&described).await?,
            recent_registrations: details(store, newest).await?,
            recent_changes: store.audit().page(&latest).await?,
            storage_bytes: self.usage.bytes().await?,
        })
    }
}
