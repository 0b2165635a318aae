//! Tells who is calling, from a token and the state of things now.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::{AccountId, SessionId, UserId};

use super::Auth;
use crate::ports::{Repositories, StoreError};
use crate::{AppError, AuthMethod, Identity, Origin, Principal};

/// How long an identity is believed without a look at the store. On this node
/// changes count at once; another node's after this time at the latest.
const BELIEVED: Duration = Duration::from_secs(1);
const MOST_IDENTITIES: u64 = 100_000;

/// A user as of a moment ago.
#[derive(Clone, Debug)]
struct Known {
    identity: Arc<Identity>,
    is_active: bool,
    password_changed_at: DateTime<Utc>,
    /// Which of the user's sign-ins go on, as far as somebody asked. A user who is
    /// forgotten takes these along.
    sessions: Arc<Mutex<HashMap<SessionId, bool>>>,
}

impl Known {
    /// Whether a sign-in of the user goes on.
    async fn is_live(
        &self,
        store: &dyn Repositories,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let sessions = || self.sessions.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(live) = sessions().get(&session) {
            return Ok(*live);
        }
        let live = store.sessions().is_live(session, now).await?;
        sessions().insert(session, live);
        Ok(live)
    }
}

/// Recently seen users.
#[derive(Debug)]
pub struct Identities {
    known: Cache<UserId, Option<Known>>,
    /// API keys by digest.
    keys: Cache<String, Option<ApiKey>>,
    /// How often something was forgotten: what was read before that is not kept after it.
    forgotten: Mutex<u64>,
}

impl Default for Identities {
    fn default() -> Self {
        Self {
            known: Cache::builder().max_capacity(MOST_IDENTITIES).time_to_live(BELIEVED).build(),
            keys: Cache::builder().max_capacity(MOST_IDENTITIES).time_to_live(BELIEVED).build(),
            forgotten: Mutex::default(),
        }
    }
}

impl Identities {
    /// Forgets a user who has changed.
    pub fn forget(&self, user: UserId) {
        *self.forgotten() += 1;
        self.known.invalidate(&user);
    }

    /// Forgets an API key that has changed.
    pub fn forget_key(&self, digest: &str) {
        *self.forgotten() += 1;
        self.keys.invalidate(digest);
    }

    fn forgotten(&self) -> MutexGuard<'_, u64> {
        self.forgotten.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Keeps what was read since `forgotten` had that count, unless something was forgotten meanwhile: it
    /// may be what was read.
    fn keep<K, V>(&self, cache: &Cache<K, V>, read_since: u64, key: K, value: V)
    where
        K: Hash + Eq + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
    {
        let forgotten = self.forgotten();
        if *forgotten == read_since {
            cache.insert(key, value);
        }
    }

    /// The API key of a digest.
    pub(super) async fn find_key(
        &self,
        store: &dyn Repositories,
        digest: &str,
    ) -> Result<Option<ApiKey>, StoreError> {
        if let Some(key) = self.keys.get(digest) {
            return Ok(key);
        }
        let since = *self.forgotten();
        let key = store.api_keys().find_by_digest(digest).await?;
        self.keep(&self.keys, since, digest.to_owned(), key.clone());
        Ok(key)
    }

    /// Whether an API key was seen to be there a moment ago.
    pub(super) fn knows_key(&self, digest: &str) -> bool {
        self.keys.get(digest).flatten().is_some()
    }

    /// Forgets everybody: something that concerns many has changed.
    pub fn forget_all(&self) {
        *self.forgotten() += 1;
        self.known.invalidate_all();
        self.keys.invalidate_all();
    }

    async fn find(&self, store: &dyn Repositories, id: UserId) -> Result<Option<Known>, StoreError> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known);
        }
        let since = *self.forgotten();
        let known = load(store, id).await?;
        self.keep(&self.known, since, id, known.clone());
        Ok(known)
    }
}

async fn load(store: &dyn Repositories, id: UserId) -> Result<Option<Known>, StoreError> {
    let Some(user) = store.users().find(id).await? else {
        return Ok(None);
    };
    let account = store.accounts().find(user.account_id).await?;
    let role = store.roles().find(user.role_id).await?;
    let (Some(account), Some(role)) = (account, role) else {
        return Ok(None);
    };
    let identity = Identity {
        user_id: user.id,
        user_key: user.id.to_string(),
        account_id: account.id,
        account_key: account.id.to_string(),
        account_name: account.name,
        email: user.email.as_str().to_owned(),
        role: role.name,
        groups: store.groups().names_of_user(user.id).await?,
    };
    Ok(Some(Known {
        identity: Arc::new(identity),
        is_active: user.is_active,
        password_changed_at: user.password_changed_at,
        sessions: Arc::default(),
    }))
}

/// A user as rules see him, as of now.
pub(crate) async fn identity(
    store: &dyn Repositories,
    id: UserId,
) -> Result<Option<Arc<Identity>>, StoreError> {
    Ok(load(store, id).await?.map(|known| known.identity))
}

impl Auth {
    /// The user that an access token belongs to, as he is now.
    pub async fn authenticate(&self, token: &str, origin: Arc<Origin>) -> Result<Principal, AppError> {
        let now = self.clock.now();
        let claims = self
            .tokens
            .read_access(token, now)
            .map_err(|fault| AppError::unauthenticated(fault.to_string()))?;
        let known = self.known(claims.user_id, claims.account_id).await?;
        let outdated = claims.issued_at.timestamp() < known.password_changed_at.timestamp();
        if outdated || !known.is_live(self.storage.read(), claims.session_id, now).await? {
            return Err(AppError::unauthenticated("Token has been revoked"));
        }
        Ok(Principal {
            identity: known.identity,
            session: Some(claims.session_id),
            method: AuthMethod::AccessToken,
            origin,
        })
    }

    /// When an access token runs out, if the lifetime of tokens has not changed since it was made.
    pub(crate) fn expires_at(&self, token: &str) -> Option<DateTime<Utc>> {
        let claims = self.tokens.read_access(token, self.clock.now()).ok()?;
        Some(claims.issued_at + chrono::Duration::seconds(self.tokens.access_lifetime()))
    }

    /// A user as he is now.
    pub(super) async fn identity_of(
        &self,
        user: UserId,
        account: AccountId,
    ) -> Result<Arc<Identity>, AppError> {
        Ok(self.known(user, account).await?.identity)
    }

    /// A user of an account who may act.
    async fn known(&self, user: UserId, account: AccountId) -> Result<Known, AppError> {
        let known = self.identities.find(self.storage.read(), user).await?;
        let Some(known) = known.filter(|known| known.identity.account_id == account) else {
            return Err(AppError::unauthenticated("User does not belong to the specifying account"));
        };
        if !known.is_active {
            return Err(AppError::unauthenticated("User account is inactive"));
        }
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_it_was_forgotten_is_not_kept() {
        let identities = Identities::default();
        let user = UserId::new(uuid::Uuid::from_u128(1));
        let keep = |since| {
            identities.keep(&identities.known, since, user, None);
            identities.keep(&identities.keys, since, "digest".to_owned(), None);
            [identities.known.contains_key(&user), identities.keys.contains_key("digest")]
        };
        let all: [fn(&Identities, UserId); 3] = [
            |identities, user| identities.forget(user),
            |identities, _| identities.forget_key("digest"),
            |identities, _| identities.forget_all(),
        ];
        for forget in all {
            let since = *identities.forgotten();
            forget(&identities, user);
            assert_eq!(keep(since), [false, false]);
        }
        let since = *identities.forgotten();
        assert_eq!(keep(since), [true, true]);
    }
}
