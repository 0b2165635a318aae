//! Use case: make a user.

use serde_json::Value;
use snackbase_domain::email::Email;
use snackbase_domain::role::RoleId;
use snackbase_domain::user::{PASSWORD_PROVIDER, User};
use snackbase_domain::{AccountId, UserId, password};

use super::{UserDetail, Users, detail, write_refusal};
use crate::ports::Repositories;
use crate::{AppError, Kind, Principal, Refusal, Says, tx};

/// A user to be made.
#[derive(Clone)]
pub struct NewUser {
    pub email: Email,
    /// Needed unless another provider vouches for the user.
    pub password: Option<String>,
    /// As it came.
    pub account_id: String,
    pub role_id: RoleId,
    pub is_active: bool,
    pub auth_provider: String,
    pub auth_provider_name: Option<String>,
    pub external_id: Option<String>,
    pub external_email: Option<String>,
    pub profile_data: Option<Value>,
    pub email_verified: bool,
}

impl Users {
    /// Makes a user, not verified yet unless the request says so.
    pub async fn create(&self, by: &Principal, new: NewUser) -> Result<UserDetail, AppError> {
        let hash = self.hash_of(&new).await?;
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.create_in(work.repositories(), new, hash).await;
        tx::finish(work, outcome).await
    }

    /// The hash to store: of the password or, where another provider vouches, of
    /// something nobody knows.
    async fn hash_of(&self, new: &NewUser) -> Result<String, AppError> {
        if new.auth_provider != PASSWORD_PROVIDER {
            let random = format!("{}{}", self.ids.new_id(), self.ids.new_id());
            return self.hasher.hash(&random).await;
        }
        let Some(password) = &new.password else {
            return Err(AppError::detail(
                Kind::Invalid,
                "Password is required for password-based authentication",
            ));
        };
        check_password(password)?;
        self.hasher.hash(password).await
    }

    pub(crate) async fn create_in(
        &self,
        store: &dyn Repositories,
        new: NewUser,
        password_hash: String,
    ) -> Result<UserDetail, AppError> {
        let account = match new.account_id.parse::<AccountId>() {
            Ok(id) => store.accounts().find(id).await?,
            Err(_) => None,
        };
        let account = account.ok_or_else(|| AppError::not_found("Account not found"))?;
        if store.roles().find(new.role_id).await?.is_none() {
            return Err(AppError::not_found("Role not found"));
        }
        let now = self.clock.now();
        let user = User {
            id: UserId::new(self.ids.new_id()),
            account_id: account.id,
            email: new.email,
            password_hash,
            role_id: new.role_id,
            is_active: new.is_active,
            auth_provider: new.auth_provider,
            auth_provider_name: new.auth_provider_name,
            external_id: new.external_id,
            external_email: new.external_email,
            profile_data: new.profile_data,
            email_verified: new.email_verified,
            email_verified_at: new.email_verified.then_some(now),
            password_changed_at: now,
            created_at: now,
            updated_at: now,
            last_login: None,
        };
        store.users().insert(&user).await.map_err(write_refusal)?;
        detail(store, user).await
    }
}

/// Refuses a password that breaks a rule, in the form of user management.
pub(crate) fn check_password(password: &str) -> Result<(), AppError> {
    let faults = password::faults(password);
    if faults.is_empty() {
        return Ok(());
    }
    Err(AppError::Refused(Refusal { kind: Kind::Invalid, says: Says::FaultsInDetail(faults) }))
}
