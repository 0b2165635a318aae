//! Tells who is calling, from an API key.

use std::sync::Arc;

use chrono::Duration;
use snackbase_domain::api_key::ApiKey;

use super::{Auth, Target};
use crate::{AppError, AuthMethod, Kind, Origin, Principal, Refusal, tx};

/// What signed keys begin with.
pub const SIGNED_PREFIX: &str = "sb_ak.";
/// What random keys begin with.
pub const RANDOM_PREFIX: &str = "sb_sk_";

/// How exactly the last use of a key is noted.
const NOTED_EVERY: Duration = Duration::minutes(1);

impl Auth {
    /// The superadmin that an API key belongs to, as he is now. Too many keys that
    /// do not hold from one address close the door to those not seen a moment ago.
    pub async fn authenticate_key(&self, key: &str, origin: Arc<Origin>) -> Result<Principal, AppError> {
        let guesses = [Target::api_keys_from(origin.address)];
        if !self.identities.knows_key(&self.key_signer.digest(key)) {
            self.throttle.check(&guesses).await?;
        }
        let outcome = self.try_key(key, origin).await;
        if let Err(AppError::Refused(Refusal { kind: Kind::Unauthenticated, .. })) = &outcome {
            self.throttle.failed(&guesses).await?;
        }
        outcome
    }

    /// The digest that stands for an API key where the key itself must not.
    pub fn key_digest(&self, key: &str) -> String {
        self.key_signer.digest(key)
    }

    async fn try_key(&self, key: &str, origin: Arc<Origin>) -> Result<Principal, AppError> {
        let refused = |text: &'static str| AppError::unauthenticated(text);
        let now = self.clock.now();
        let digest = self.key_signer.digest(key);
        let known = if key.starts_with(RANDOM_PREFIX) {
            let known = self.known_key(&digest).await?.filter(|known| known.is_active);
            let known = known.ok_or_else(|| refused("Invalid API key"))?;
            if known.expires_at.is_some_and(|at| at <= now) {
                return Err(refused("API key has expired"));
            }
            known
        } else {
            let claims = self.key_signer.read(key, now);
            let claims = claims.map_err(|fault| AppError::unauthenticated(fault.to_string()))?;
            let known = self.known_key(&digest).await?;
            known
                .filter(|known| known.is_active && known.id == claims.id)
                .ok_or_else(|| refused("Token has been revoked"))?
        };
        let identity = self.identity_of(known.user_id, known.account_id).await?;
        if !identity.is_superadmin() {
            return Err(AppError::denied("API keys are restricted to superadmin users"));
        }
        if known.last_used_at.is_none_or(|at| now - at >= NOTED_EVERY) {
            let work = self.storage.begin().await?;
            let noted = work.repositories().api_keys().touch(known.id, now).await;
            tx::finish(work, noted.map_err(AppError::from)).await?;
            self.identities.forget_key(&digest);
        }
        Ok(Principal { identity, session: None, method: AuthMethod::ApiKey, origin })
    }

    async fn known_key(&self, digest: &str) -> Result<Option<ApiKey>, AppError> {
        Ok(self.identities.find_key(self.storage.read(), digest).await?)
    }
}
