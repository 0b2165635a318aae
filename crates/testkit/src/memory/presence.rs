//! Who is in which channel.

use async_trait::async_trait;
use snackbase_application::ports::{Presence, PresenceRepository, StoreError};
use snackbase_domain::AccountId;

use super::Memory;
use super::state::cut;

impl Memory {
    fn presences(&self, limit: u64, among: impl Fn(&Presence) -> bool) -> Vec<Presence> {
        let mut found: Vec<_> = self.state().present.values().filter(|one| among(one)).cloned().collect();
        found.sort_by(|a, b| (a.joined_at, &a.id).cmp(&(b.joined_at, &b.id)));
        cut(found, 0, limit)
    }
}

#[async_trait]
impl PresenceRepository for Memory {
    async fn join(&self, presence: &Presence) -> Result<bool, StoreError> {
        let mut state = self.state();
        let new = !state.present.contains_key(&presence.id);
        state.present.entry(presence.id.clone()).or_insert_with(|| presence.clone());
        Ok(new)
    }

    async fn describe(&self, id: &str, meta: &str) -> Result<bool, StoreError> {
        let mut state = self.state();
        let known = state.present.get_mut(id);
        Ok(known.map(|presence| presence.meta = meta.to_owned()).is_some())
    }

    async fn leave(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.state().present.remove(id).is_some())
    }

    async fn present(
        &self,
        account: AccountId,
        channel: &str,
        limit: u64,
    ) -> Result<Vec<Presence>, StoreError> {
        Ok(self.presences(limit, |one| one.account_id == account && one.channel == channel))
    }

    async fn renew(&self, node: &str, until: i64) -> Result<u64, StoreError> {
        let mut state = self.state();
        let own = state.present.values_mut().filter(|one| one.node == node);
        Ok(own.map(|one| one.until = until).count() as u64)
    }

    async fn stranded(&self, now: i64, limit: u64) -> Result<Vec<Presence>, StoreError> {
        Ok(self.presences(limit, |one| one.until < now))
    }
}
