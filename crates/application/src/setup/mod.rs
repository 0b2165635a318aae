//! First run: seeds what the product cannot do without, and makes the first
//! superadmin.

use std::sync::Arc;

use snackbase_domain::AccountId;
use snackbase_domain::account::{Account, AccountCode};
use snackbase_domain::email::Email;
use snackbase_domain::password;
use snackbase_domain::role::{ADMIN, USER};
use snackbase_domain::user::PASSWORD_PROVIDER;

use crate::auth::{Auth, LoginRequest, SignedIn};
use crate::ports::{Clock, Storage};
use crate::users::{NewUser, UserDetail, Users};
use crate::{AppError, Origin, tx};

/// The use cases of a first run.
pub struct Setup {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    users: Arc<Users>,
    auth: Arc<Auth>,
}

impl Setup {
    /// Wires the use cases.
    pub fn new(storage: Arc<dyn Storage>, clock: Arc<dyn Clock>, users: Arc<Users>, auth: Arc<Auth>) -> Self {
        Self { storage, clock, users, auth }
    }

    /// Makes the system account and the default roles where they are missing.
    pub async fn seed(&self) -> Result<(), AppError> {
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            store.collections().lock_schema().await?;
            if store.accounts().find(AccountId::SYSTEM).await?.is_none() {
                let now = self.clock.now();
                let system = Account {
                    id: AccountId::SYSTEM,
                    code: AccountCode::SYSTEM,
                    slug: "system".to_owned(),
                    name: "System Account".to_owned(),
                    created_at: now,
                    updated_at: now,
                };
                store.accounts().insert(&system).await?;
            }
            let defaults =
                [(ADMIN, "Administrator with full access"), (USER, "Regular user with limited access")];
            for (name, description) in defaults {
                if store.roles().find_by_name(name).await?.is_none() {
                    store.roles().insert(name, Some(description)).await?;
                }
            }
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await
    }

    /// Whether nobody can administer the installation yet.
    pub async fn is_needed(&self) -> Result<bool, AppError> {
        Ok(!self.storage.read().users().superadmin_exists().await?)
    }

    /// Makes a superadmin, verified, with role `admin`. Faults of the password
    /// come as `FieldFault`s.
    pub async fn create_superadmin(&self, email: Email, password: &str) -> Result<UserDetail, AppError> {
        self.make(email, password, false).await
    }

    /// Makes the first superadmin and signs him in. Of several at once, one wins.
    pub async fn first_run(
        &self,
        email: Email,
        password: &str,
        origin: Arc<Origin>,
    ) -> Result<SignedIn, AppError> {
        self.make(email.clone(), password, true).await?;
        let account = Some(AccountCode::SYSTEM.to_string());
        self.auth.login(&LoginRequest { account, email, password: password.to_owned(), origin }).await
    }

    async fn make(&self, email: Email, password: &str, only_first: bool) -> Result<UserDetail, AppError> {
        let faults = password::faults(password);
        if !faults.is_empty() {
            return Err(AppError::faults(faults));
        }
        let hash = self.users.hasher.hash(password).await?;
        let work = self.storage.begin().await?;
        let outcome = async {
            let store = work.repositories();
            store.collections().lock_schema().await?;
            if only_first && store.users().superadmin_exists().await? {
                return Err(AppError::conflict("The installation has a superadmin already"));
            }
            let role = store.roles().find_by_name(ADMIN).await?;
            let role = role.ok_or_else(|| AppError::inconsistent("no role 'admin'"))?;
            let new = NewUser {
                email,
                password: None,
                account_id: AccountId::SYSTEM.to_string(),
                role_id: role.id,
                is_active: true,
                auth_provider: PASSWORD_PROVIDER.to_owned(),
                auth_provider_name: None,
                external_id: None,
                external_email: None,
                profile_data: None,
                email_verified: true,
            };
            self.users.create_in(store, new, hash).await
        }
        .await;
        tx::finish(work, outcome).await
    }
}
