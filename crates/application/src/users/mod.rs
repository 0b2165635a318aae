//! Users, managed by superadmins.

mod change;
mod create;

pub use change::UserChange;
pub use create::NewUser;
pub(crate) use create::check_password;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use snackbase_domain::account::Account;
use snackbase_domain::role::RoleId;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, UserId};

use crate::auth::Identities;
use crate::ports::{Clock, IdGenerator, PasswordHasher, Repositories, Storage, StoreError, UserQuery};
use crate::{AppError, Principal, tx};

/// A user with the names of what he belongs to.
#[derive(Clone, Debug)]
pub struct UserDetail {
    pub user: User,
    pub account_code: String,
    pub account_name: String,
    pub role_name: String,
}

/// The use cases about users.
pub struct Users {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdGenerator>,
    pub(crate) hasher: Arc<dyn PasswordHasher>,
    pub(crate) identities: Arc<Identities>,
    demo: bool,
}

impl Users {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        hasher: Arc<dyn PasswordHasher>,
        identities: Arc<Identities>,
    ) -> Self {
        Self { storage, clock, ids, hasher, identities, demo: false }
    }

    /// The same for a demonstration, if it is one: users of the system account stay
    /// as they are.
    pub fn in_demo(self, demo: bool) -> Self {
        Self { demo, ..self }
    }

    /// Refuses to change a superadmin in a demonstration.
    pub(crate) fn refuse_in_demo(&self, user: &User) -> Result<(), AppError> {
        if self.demo && user.account_id.is_system() {
            return Err(AppError::denied("Demo mode: superadmin credentials cannot be modified"));
        }
        Ok(())
    }

    /// A page of users, and how many match.
    pub async fn list(&self, query: &UserQuery) -> Result<(Vec<UserDetail>, u64), AppError> {
        let store = self.storage.read();
        let page = store.users().page(query).await?;
        Ok((details(store, page.items).await?, page.total))
    }

    /// One user; `id` is what the path names.
    pub async fn get(&self, id: &str) -> Result<UserDetail, AppError> {
        let store = self.storage.read();
        let user = find(store, id).await?;
        detail(store, user).await
    }

    /// The role of that name, for clients that name roles.
    pub async fn role_named(&self, name: &str) -> Result<RoleId, AppError> {
        let role = self.storage.read().roles().find_by_name(name).await?;
        role.map(|role| role.id).ok_or_else(|| AppError::not_found("Role not found"))
    }

    /// Marks the e-mail address as verified; false when it was already.
    pub async fn verify(&self, by: &Principal, id: &str) -> Result<bool, AppError> {
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let mut user = find(store, id).await?;
            if user.email_verified {
                return Ok(false);
            }
            let now = self.clock.now();
            user.email_verified = true;
            user.email_verified_at = Some(now);
            user.updated_at = now;
            store.users().update(&user).await?;
            Ok(true)
        }
        .await;
        tx::finish(work, outcome).await
    }
}

/// The user of an id as it came.
pub(crate) async fn find(store: &dyn Repositories, id: &str) -> Result<User, AppError> {
    let user = match id.parse::<UserId>() {
        Ok(id) => store.users().find(id).await?,
        Err(_) => None,
    };
    user.ok_or_else(|| AppError::not_found("User not found"))
}

async fn detail(store: &dyn Repositories, user: User) -> Result<UserDetail, AppError> {
    details(store, vec![user]).await?.pop().ok_or_else(|| AppError::inconsistent("a user got lost"))
}

pub(crate) async fn details(store: &dyn Repositories, users: Vec<User>) -> Result<Vec<UserDetail>, AppError> {
    let roles: HashMap<_, _> = store.roles().all().await?.into_iter().map(|r| (r.id, r.name)).collect();
    let mut accounts: HashMap<AccountId, Account> = HashMap::new();
    let mut details = Vec::with_capacity(users.len());
    for user in users {
        let account =
            match accounts.entry(user.account_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let account = store.accounts().find(user.account_id).await?;
                    place.insert(account.ok_or_else(|| {
                        StoreError::Inconsistent(format!("user {} has no account", user.id))
                    })?)
                }
            };
        details.push(UserDetail {
            account_code: account.code.to_string(),
            account_name: account.name.clone(),
            role_name: roles.get(&user.role_id).cloned().unwrap_or_default(),
            user,
        });
    }
    Ok(details)
}

/// What a conflict or a missing row at a write means.
pub(crate) fn write_refusal(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { .. } => email_taken(),
        StoreError::ForeignKey => AppError::not_found("Role not found"),
        other => other.into(),
    }
}

pub(crate) fn email_taken() -> AppError {
    AppError::conflict("A user with this email already exists in the account")
}
