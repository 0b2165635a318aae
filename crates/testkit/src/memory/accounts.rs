//! The accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{AccountPage, AccountQuery, AccountRepository, AccountSort, StoreError};
use snackbase_domain::AccountId;
use snackbase_domain::account::{Account, AccountCode};

use super::Memory;
use super::state::{conflict, cut, matches, sort_by};

#[async_trait]
impl AccountRepository for Memory {
    async fn find(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.state().accounts.get(&id).cloned())
    }

    async fn find_by_code(&self, code: AccountCode) -> Result<Option<Account>, StoreError> {
        Ok(self.state().accounts.values().find(|account| account.code == code).cloned())
    }

    async fn find_by_slug(&self, slug: &str) -> Result<Option<Account>, StoreError> {
        Ok(self.state().accounts.values().find(|account| account.slug == slug).cloned())
    }

    /// Units of work take turns anyway.
    async fn lock_codes(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn highest_code(&self) -> Result<Option<AccountCode>, StoreError> {
        let state = self.state();
        let codes = state.accounts.values().chain(state.hidden.values()).map(|account| account.code);
        Ok(codes.filter(|code| !code.to_string().starts_with("SY")).max())
    }

    async fn page(&self, query: &AccountQuery) -> Result<AccountPage, StoreError> {
        let state = self.state();
        let texts = |a: &Account| [a.name.clone(), a.slug.clone(), a.code.to_string(), a.id.to_string()];
        let mut found: Vec<_> = state
            .accounts
            .values()
            .filter(|a| matches(query.search.as_deref(), &texts(a)))
            .cloned()
            .collect();
        let order = |a: &Account, b: &Account| match query.sort {
            AccountSort::Id => a.id.cmp(&b.id),
            AccountSort::Slug => a.slug.cmp(&b.slug),
            AccountSort::Name => a.name.cmp(&b.name),
            AccountSort::CreatedAt => a.created_at.cmp(&b.created_at),
            AccountSort::Code => a.code.cmp(&b.code),
        };
        sort_by(&mut found, query.descending, order, |account| account.id);
        let total = found.len() as u64;
        let users = |id| state.users.values().filter(|user| user.account_id == id).count() as u64;
        let items = cut(found, query.skip, query.limit);
        Ok(AccountPage { items: items.into_iter().map(|a| (a.clone(), users(a.id))).collect(), total })
    }

    async fn user_count(&self, id: AccountId) -> Result<u64, StoreError> {
        Ok(self.state().users.values().filter(|user| user.account_id == id).count() as u64)
    }

    async fn insert(&self, account: &Account) -> Result<(), StoreError> {
        let mut state = self.state();
        for known in state.accounts.values().chain(state.hidden.values()) {
            if known.id == account.id || known.code == account.code || known.slug == account.slug {
                return conflict("accounts");
            }
        }
        state.accounts.insert(account.id, account.clone());
        Ok(())
    }

    async fn update(&self, account: &Account) -> Result<(), StoreError> {
        if let Some(known) = self.state().accounts.get_mut(&account.id) {
            known.name.clone_from(&account.name);
            known.updated_at = account.updated_at;
        }
        Ok(())
    }

    async fn hide(&self, id: AccountId, _at: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(account) = state.accounts.remove(&id) else {
            return Ok(false);
        };
        state.hidden.insert(id, Account { slug: id.to_string(), ..account });
        Ok(true)
    }

    async fn hidden(&self) -> Result<Vec<AccountId>, StoreError> {
        Ok(self.state().hidden.keys().copied().collect())
    }

    async fn delete_some(&self, id: AccountId, limit: u64) -> Result<u64, StoreError> {
        let mut state = self.state();
        state.discard_files_of(id);
        let tokens = state.tokens.values().filter(|token| token.account_id == id);
        let tokens: Vec<_> = cut(tokens.map(|token| token.id.clone()).collect(), 0, limit);
        state.tokens.retain(|key, _| !tokens.contains(key));
        let mut deleted = tokens.len() as u64;
        let users = state.users.values().filter(|user| user.account_id == id);
        let users: Vec<_> = cut(users.map(|user| user.id).collect(), 0, limit - deleted);
        state.forget_users(|user| users.contains(&user.id));
        deleted += users.len() as u64;
        let groups = state.groups.values().filter(|group| group.account_id == id);
        let groups: Vec<_> = cut(groups.map(|group| group.id).collect(), 0, limit - deleted);
        state.groups.retain(|key, _| !groups.contains(key));
        state.members.retain(|(group, _)| !groups.contains(group));
        deleted += groups.len() as u64;
        let told = state.log.iter().filter(|entry| entry.account_id == Some(id));
        let told: Vec<_> = cut(told.map(|entry| entry.position).collect(), 0, limit - deleted);
        state.log.retain(|entry| !told.contains(&entry.position));
        Ok(deleted + told.len() as u64)
    }

    async fn delete(&self, id: AccountId) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.delete_rows_of(id)?;
        state.discard_files_of(id);
        if state.accounts.remove(&id).or(state.hidden.remove(&id)).is_none() {
            return Ok(false);
        }
        state.log.retain(|entry| entry.account_id != Some(id));
        state.groups.retain(|_, group| group.account_id != id);
        state.email_templates.retain(|_, template| template.account_id != id);
        state.email_logs.retain(|_, log| log.account_id != id);
        state.mail_outbox.retain(|_, mail| mail.account_id != id);
        state.jobs.retain(|_, job| job.account_id != Some(id));
        state.endpoints.retain(|_, endpoint| endpoint.account_id != id);
        state.endpoint_executions.retain(|execution| execution.account_id != id);
        state.hooks.retain(|_, hook| hook.account_id != id);
        state.webhooks.retain(|_, webhook| webhook.account_id != id);
        state.deliveries.retain(|_, delivery| delivery.account_id != id);
        state.configurations.retain(|_, configuration| configuration.account_id != id);
        state.invitations.retain(|_, invitation| invitation.account_id != id);
        state.idempotency_keys.retain(|_, (request, _)| request.account_id != id);
        let groups = state.groups.clone();
        state.members.retain(|(group, _)| groups.contains_key(group));
        state.forget_users(|user| user.account_id == id);
        Ok(true)
    }
}
