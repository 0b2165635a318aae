//! API keys: made by superadmins for their programs.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use snackbase_domain::ApiKeyId;
use snackbase_domain::api_key::ApiKey;

use crate::auth::Identities;
use crate::ports::{ApiKeyClaims, ApiKeySigner, Clock, IdGenerator, Storage};
use crate::{AppError, Identity, Kind, Principal, tx};

/// Bounds of keys.
#[derive(Clone, Copy, Debug)]
pub struct ApiKeyLimits {
    /// Most active keys of a user.
    pub max_per_user: usize,
    /// Life of a key that asks for none, in days; unlimited without.
    pub default_days: Option<u32>,
}

/// The form of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApiKeyFormat {
    /// `sb_ak.…`: carries what it stands for, and a signature.
    #[default]
    Signed,
    /// `sb_sk_…`: random characters.
    Random,
}

/// The use cases about API keys.
pub struct ApiKeys {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    signer: Arc<dyn ApiKeySigner>,
    identities: Arc<Identities>,
    limits: ApiKeyLimits,
}

impl ApiKeys {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        signer: Arc<dyn ApiKeySigner>,
        identities: Arc<Identities>,
        limits: ApiKeyLimits,
    ) -> Self {
        Self { storage, clock, ids, signer, identities, limits }
    }

    /// Makes a key of the caller's; answers it and the only sight of its text.
    pub async fn create(
        &self,
        caller: &Principal,
        name: &str,
        expires_at: Option<DateTime<Utc>>,
        format: ApiKeyFormat,
    ) -> Result<(ApiKey, String), AppError> {
        let now = self.clock.now();
        let default = self.limits.default_days.map(|days| now + Duration::days(days.into()));
        let claims = ApiKeyClaims {
            id: ApiKeyId::new(self.ids.new_id()),
            user_id: caller.user_id,
            account_id: caller.account_id,
            email: caller.email.clone(),
            role: caller.role.clone(),
            issued_at: now,
            expires_at: expires_at.or(default),
        };
        let text = match format {
            ApiKeyFormat::Signed => self.signer.sign(&claims)?,
            ApiKeyFormat::Random => self.signer.random(),
        };
        let key = ApiKey {
            id: claims.id,
            name: name.to_owned(),
            user_id: caller.user_id,
            account_id: caller.account_id,
            digest: self.signer.digest(&text),
            expires_at: claims.expires_at,
            last_used_at: None,
            is_active: true,
            created_at: now,
            updated_at: now,
        };
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let keys = work.repositories().api_keys();
            let most = self.limits.max_per_user;
            let active = keys.of_user(caller.user_id).await?.iter().filter(|key| key.is_active).count();
            if active >= most {
                let message = format!("Maximum number of API keys reached ({most})");
                return Err(AppError::detail(Kind::Invalid, message));
            }
            keys.insert(&key).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await?;
        Ok((key, text))
    }

    /// The caller's keys, revoked ones too, newest first.
    pub async fn list(&self, caller: &Identity) -> Result<Vec<ApiKey>, AppError> {
        Ok(self.storage.read().api_keys().of_user(caller.user_id).await?)
    }

    /// One of the caller's keys.
    pub async fn get(&self, caller: &Identity, id: &str) -> Result<ApiKey, AppError> {
        let key = match id.parse() {
            Ok(id) => self.storage.read().api_keys().find(id).await?,
            Err(_) => None,
        };
        key.filter(|key| key.user_id == caller.user_id)
            .ok_or_else(|| AppError::not_found("API key not found"))
    }

    /// Revokes one of the caller's keys; it ends with the next request.
    pub async fn revoke(&self, caller: &Principal, id: &str) -> Result<(), AppError> {
        let key = self.get(caller, id).await?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = work.repositories().api_keys().revoke(key.id, self.clock.now()).await;
        tx::finish(work, outcome.map_err(AppError::from)).await?;
        self.identities.forget_key(&key.digest);
        Ok(())
    }
}
