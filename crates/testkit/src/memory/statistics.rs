//! Counts over all accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{Statistics, StatisticsRepository, StoreError};

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
}
