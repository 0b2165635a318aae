//! Counts over all accounts.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use snackbase_application::ports::{DayCounts, Statistics, StatisticsRepository, StoreError, Workload};

use super::Memory;

#[async_trait]
impl StatisticsRepository for Memory {
    async fn count(&self, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<Statistics, StoreError> {
        let state = self.state();
        let users = || state.users.values().filter(|user| state.accounts.contains_key(&user.account_id));
        let sessions = state.tokens.values().filter(|token| {
            token.revoked_at.is_none()
                && token.expires_at > now
                && state.accounts.contains_key(&token.account_id)
        });
        Ok(Statistics {
            accounts: state.accounts.len() as u64,
            new_accounts: state.accounts.values().filter(|a| a.created_at >= since).count() as u64,
            users: users().count() as u64,
            new_users: users().filter(|user| user.created_at >= since).count() as u64,
            active_sessions: sessions.count() as u64,
        })
    }

    async fn daily(&self, from: NaiveDate) -> Result<Vec<DayCounts>, StoreError> {
        let state = self.state();
        let mut days: BTreeMap<NaiveDate, DayCounts> = BTreeMap::new();
        let mut on = |at: DateTime<Utc>, add: fn(&mut DayCounts)| {
            let day = at.date_naive();
            if day >= from {
                add(days.entry(day).or_insert(DayCounts { day, ..DayCounts::default() }));
            }
        };
        state.accounts.values().for_each(|account| on(account.created_at, |day| day.accounts += 1));
        state.users.values().for_each(|user| on(user.created_at, |day| day.users += 1));
        Ok(days.into_values().collect())
    }

    async fn workload(&self, _since: DateTime<Utc>) -> Result<Workload, StoreError> {
        let state = self.state();
        Ok(Workload {
            database: "memory",
            files: state.files.len() as u64,
            file_bytes: state.files.values().map(|file| file.size).sum(),
            ..Workload::default()
        })
    }
}
