//! Signing in, staying signed in, and telling who is calling.

mod authenticate_key;
mod cleanup;
mod guesses;
mod identify;
mod login;
mod logout;
mod refresh;
mod sessions;
mod throttle;

pub use authenticate_key::{RANDOM_PREFIX, SIGNED_PREFIX};
pub use identify::Identities;
pub(crate) use identify::identity;
pub use login::{LoginRequest, SignedIn};
pub use refresh::TokenPair;
pub use throttle::{Target, Throttle};

use std::sync::Arc;

use chrono::{DateTime, Utc};
use snackbase_domain::session::{MAX_AGENT, RefreshToken, SignIn};
use snackbase_domain::user::User;
use snackbase_domain::{FieldFault, SessionId};

use crate::ports::{
    AccessClaims, ApiKeySigner, Clock, IdGenerator, PasswordHasher, RefreshClaims, Repositories, Storage,
    Tokens,
};
use crate::{AppError, Origin};

/// What the operator decides about signing in.
#[derive(Clone, Debug, Default)]
pub struct AuthPolicy {
    /// The account of those who name none: where there is only one.
    pub default_account: Option<String>,
}

/// The use cases about signing in.
pub struct Auth {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdGenerator>,
    pub(crate) hasher: Arc<dyn PasswordHasher>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) key_signer: Arc<dyn ApiKeySigner>,
    pub(crate) identities: Arc<Identities>,
    throttle: Throttle,
    policy: AuthPolicy,
}

impl Auth {
    /// Wires the use cases.
    #[expect(clippy::too_many_arguments, reason = "one for each port")]
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        hasher: Arc<dyn PasswordHasher>,
        tokens: Arc<dyn Tokens>,
        key_signer: Arc<dyn ApiKeySigner>,
        identities: Arc<Identities>,
        throttle: Throttle,
        policy: AuthPolicy,
    ) -> Self {
        Self { storage, clock, ids, hasher, tokens, key_signer, identities, throttle, policy }
    }

    /// Signs an access token and a refresh token for a user and stores the
    /// latter, within a unit of work.
    pub(crate) async fn issue_in(
        &self,
        store: &dyn Repositories,
        user: &User,
        sign_in: SignIn,
        now: DateTime<Utc>,
    ) -> Result<TokenPair, AppError> {
        let role = store.roles().find(user.role_id).await?;
        let role = role.ok_or_else(|| AppError::inconsistent(format!("no role {:?}", user.role_id)))?;
        let access = AccessClaims {
            user_id: user.id,
            account_id: user.account_id,
            session_id: sign_in.id,
            email: user.email.as_str().to_owned(),
            role: role.name,
            issued_at: now,
        };
        let refresh = RefreshClaims {
            id: self.ids.new_id().to_string(),
            user_id: user.id,
            account_id: user.account_id,
            session_id: sign_in.id,
            issued_at: now,
            expires_at: now + chrono::Duration::seconds(self.tokens.refresh_lifetime()),
        };
        let token = self.tokens.sign_access(&access)?;
        let refresh_token = self.tokens.sign_refresh(&refresh)?;
        let stored = RefreshToken {
            id: refresh.id,
            sign_in,
            user_id: user.id,
            account_id: user.account_id,
            digest: self.tokens.digest(&refresh_token),
            created_at: now,
            expires_at: refresh.expires_at,
            revoked_at: None,
            rotated: false,
        };
        store.sessions().insert(&stored).await?;
        Ok(TokenPair { token, refresh_token, expires_in: self.tokens.access_lifetime() })
    }

    /// What slows down guessing.
    pub fn throttle(&self) -> &Throttle {
        &self.throttle
    }

    /// The account that somebody means who is not signed in: the one named, or the
    /// only one there is.
    pub(crate) fn account_meant<'a>(&'a self, named: Option<&'a String>) -> Result<&'a String, AppError> {
        named.or(self.policy.default_account.as_ref()).ok_or_else(|| {
            let message = "Account is required in multi-tenant mode";
            AppError::faults(vec![FieldFault::new("account", message, "required")])
        })
    }

    /// A new sign-in, from there.
    pub(crate) fn new_sign_in(&self, origin: &Origin, now: DateTime<Utc>) -> SignIn {
        let agent = origin.user_agent.as_ref();
        SignIn {
            id: SessionId::new(self.ids.new_id()),
            at: now,
            ip_address: origin.address.map(|address| address.to_string()),
            user_agent: agent.map(|agent| agent.chars().take(MAX_AGENT).collect()),
        }
    }
}
