//! The promises of `RoleRepository`.

use std::sync::Arc;

use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::role::{Role, RoleId};

use super::{commit, is_conflict, refusal, seed};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let roles = || storage.read().roles();
    assert_eq!(roles().all().await.unwrap(), []);
    seed(&storage).await;
    let made = commit(&storage, async |store| store.roles().insert("editor", Some("Edits")).await).await;
    assert_eq!((made.name.as_str(), made.description.as_deref()), ("editor", Some("Edits")));
    let ids: Vec<_> = roles().all().await.unwrap().iter().map(|role| role.id.0).collect();
    assert_eq!(ids, [1, 2, 3], "by id, the first ones as seeded");

    assert_eq!(roles().find(made.id).await.unwrap(), Some(made.clone()));
    assert_eq!(roles().find(RoleId(77)).await.unwrap(), None);
    assert_eq!(roles().find_by_name("editor").await.unwrap(), Some(made.clone()));
    assert_eq!(roles().find_by_name("EDITOR").await.unwrap(), None, "case matters");

    let error = refusal(&storage, async |store| store.roles().insert("editor", None).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let taken = Role { name: "admin".to_owned(), ..made.clone() };
    let error = refusal(&storage, async |store| store.roles().update(&taken).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let renamed = Role { name: "author".to_owned(), description: None, ..made };
    commit(&storage, async |store| store.roles().update(&renamed).await).await;
    assert_eq!(roles().find(renamed.id).await.unwrap(), Some(renamed.clone()));

    assert_eq!(roles().user_count(RoleId(2)).await.unwrap(), 2);
    assert_eq!(roles().user_count(renamed.id).await.unwrap(), 0);
    let error = refusal(&storage, async |store| store.roles().delete(RoleId(2)).await).await;
    assert_eq!(error, StoreError::ForeignKey, "users have it");
    assert!(commit(&storage, async |store| store.roles().delete(renamed.id).await).await);
    assert!(!commit(&storage, async |store| store.roles().delete(renamed.id).await).await);
}
