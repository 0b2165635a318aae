//! Use cases: change a user, set a password, deactivate.

use serde_json::Value;
use snackbase_domain::UserId;
use snackbase_domain::email::Email;
use snackbase_domain::one_time_token::Purpose;
use snackbase_domain::role::RoleId;
use snackbase_domain::user::User;

use super::create::check_password;
use super::{UserDetail, Users, detail, email_taken, find, write_refusal};
use crate::ports::Repositories;
use crate::{AppError, Principal, tx};

/// What to change of a user; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub email: Option<Email>,
    pub role_id: Option<RoleId>,
    pub is_active: Option<bool>,
    pub auth_provider: Option<String>,
    pub auth_provider_name: Option<String>,
    pub external_id: Option<String>,
    pub external_email: Option<String>,
    pub profile_data: Option<Value>,
    pub email_verified: Option<bool>,
}

impl Users {
    /// Changes a user other than oneself.
    pub async fn update(&self, by: &Principal, id: &str, change: UserChange) -> Result<UserDetail, AppError> {
        if id.parse() == Ok(by.user_id) {
            return Err(AppError::denied("Cannot modify your own account through this endpoint"));
        }
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.update_in(work.repositories(), id, change).await;
        let detail = tx::finish(work, outcome).await?;
        self.identities.forget(detail.user.id);
        Ok(detail)
    }

    async fn update_in(
        &self,
        store: &dyn Repositories,
        id: &str,
        change: UserChange,
    ) -> Result<UserDetail, AppError> {
        let mut user = find(store, id).await?;
        self.refuse_in_demo(&user)?;
        let now = self.clock.now();
        if let Some(email) = change.email
            && email != user.email
        {
            let holder = store.users().find_by_email(user.account_id, &email.key()).await?;
            if holder.is_some_and(|holder| holder.id != user.id) {
                return Err(email_taken());
            }
            user.email = email;
            user.email_verified = false;
            user.email_verified_at = None;
            store.one_time_tokens().remove_of_user(user.id, None).await?;
        }
        if let Some(role) = change.role_id {
            if store.roles().find(role).await?.is_none() {
                return Err(AppError::not_found("Role not found"));
            }
            user.role_id = role;
        }
        if let Some(verified) = change.email_verified
            && verified != user.email_verified
        {
            user.email_verified = verified;
            user.email_verified_at = verified.then_some(now);
        }
        if change.is_active == Some(false) && user.is_active {
            store.sessions().revoke_user(user.id, now).await?;
            store.one_time_tokens().remove_of_user(user.id, None).await?;
        }
        user.is_active = change.is_active.unwrap_or(user.is_active);
        user.auth_provider = change.auth_provider.unwrap_or(user.auth_provider);
        user.auth_provider_name = change.auth_provider_name.or(user.auth_provider_name);
        user.external_id = change.external_id.or(user.external_id);
        user.external_email = change.external_email.or(user.external_email);
        user.profile_data = change.profile_data.or(user.profile_data);
        user.updated_at = now;
        store.users().update(&user).await.map_err(write_refusal)?;
        detail(store, user).await
    }

    /// Sets a password and ends all sign-ins of the user.
    pub async fn set_password(&self, by: &Principal, id: &str, password: &str) -> Result<(), AppError> {
        if let Ok(user) = find(self.storage.read(), id).await {
            self.refuse_in_demo(&user)?;
        }
        check_password(password)?;
        let hash = self.hasher.hash(password).await?;
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let user = find(store, id).await?;
            self.set_password_in(store, user, hash).await
        }
        .await;
        let id = tx::finish(work, outcome).await?;
        self.identities.forget(id);
        Ok(())
    }

    /// Stores another password, ends all sign-ins and forgets open requests for
    /// another one, within a unit of work. Who called must forget the user's
    /// identity after the commit.
    pub(crate) async fn set_password_in(
        &self,
        store: &dyn Repositories,
        mut user: User,
        hash: String,
    ) -> Result<UserId, AppError> {
        let now = self.clock.now();
        (user.password_hash, user.password_changed_at, user.updated_at) = (hash, now, now);
        store.users().update(&user).await?;
        store.sessions().revoke_user(user.id, now).await?;
        store.one_time_tokens().remove_of_user(user.id, Some(Purpose::PasswordReset)).await?;
        Ok(user.id)
    }

    /// Deactivates a user other than oneself.
    pub async fn deactivate(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        if id.parse() == Ok(by.user_id) {
            return Err(AppError::denied("Cannot deactivate your own account"));
        }
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let mut user = find(store, id).await?;
            self.refuse_in_demo(&user)?;
            let now = self.clock.now();
            (user.is_active, user.updated_at) = (false, now);
            store.users().update(&user).await?;
            store.sessions().revoke_user(user.id, now).await?;
            store.one_time_tokens().remove_of_user(user.id, None).await?;
            Ok(user.id)
        }
        .await;
        let id = tx::finish(work, outcome).await?;
        self.identities.forget(id);
        Ok(())
    }
}
