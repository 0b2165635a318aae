//! What each port promises, as tests. A suite wants a store with the system
//! tables and nothing in them, for itself alone; it panics where a promise is
//! broken.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod cascades;
pub mod collections;
pub mod configurations;
pub mod endpoints;
pub mod file_store;
pub mod files;
pub mod groups;
pub mod hooks;
pub mod idempotency;
pub mod indexes;
pub mod invitations;
pub mod jobs;
pub mod limits;
pub mod macros;
pub mod mail;
pub mod one_time_tokens;
pub mod presence;
pub mod realtime;
pub mod records;
pub mod roles;
pub mod search;
pub mod sessions;
pub mod statistics;
pub mod tables;
pub mod units_of_work;
pub mod users;
pub mod webhooks;

use std::fmt::Debug;
use std::sync::Arc;

use snackbase_application::ports::{Repositories, Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::user::User;

use crate::builders;

/// Makes a change and commits it.
async fn commit<T>(
    storage: &Arc<dyn Storage>,
    change: impl AsyncFnOnce(&dyn Repositories) -> Result<T, StoreError>,
) -> T {
    let work = storage.begin().await.unwrap();
    let outcome = change(work.repositories()).await.unwrap();
    work.commit().await.unwrap();
    outcome
}

/// Tries a change that has to fail; answers how.
async fn refusal<T: Debug>(
    storage: &Arc<dyn Storage>,
    change: impl AsyncFnOnce(&dyn Repositories) -> Result<T, StoreError>,
) -> StoreError {
    let work = storage.begin().await.unwrap();
    let error = change(work.repositories()).await.unwrap_err();
    work.rollback().await.unwrap();
    error
}

fn is_conflict(error: &StoreError) -> bool {
    matches!(error, StoreError::Conflict { .. })
}

/// Makes the roles `admin` and `user`, two accounts and a user in each.
async fn seed(storage: &Arc<dyn Storage>) -> (Account, Account, User, User) {
    let (first, second) = (builders::account(1), builders::account(2));
    let (anna, ben) = (builders::user(&first, 1), builders::user(&second, 2));
    commit(storage, async |store| {
        store.roles().insert("admin", None).await?;
        store.roles().insert("user", None).await?;
        store.accounts().insert(&first).await?;
        store.accounts().insert(&second).await?;
        store.users().insert(&anna).await?;
        store.users().insert(&ben).await
    })
    .await;
    (first, second, anna, ben)
}
