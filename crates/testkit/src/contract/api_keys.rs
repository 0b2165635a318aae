//! The promises of `ApiKeyRepository`.

use std::sync::Arc;

use snackbase_application::ports::Storage;
use snackbase_domain::ApiKeyId;
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::user::User;

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (_, _, anna, ben) = seed(&storage).await;
    let (old, new) = (key(1, &anna), key(2, &anna));
    let forever = ApiKey { expires_at: None, ..key(3, &ben) };
    commit(&storage, async |store| {
        for key in [&old, &new, &forever] {
            store.api_keys().insert(key).await?;
        }
        Ok(())
    })
    .await;
    let keys = || storage.read().api_keys();
    assert_eq!(keys().find(old.id).await.unwrap().as_ref(), Some(&old));
    assert_eq!(keys().find(key(77, &ben).id).await.unwrap(), None);
    assert_eq!(keys().find_by_digest("digest 3").await.unwrap(), Some(forever.clone()));
    assert_eq!(keys().find_by_digest("digest 77").await.unwrap(), None);
    assert_eq!(keys().of_user(anna.id).await.unwrap(), [new.clone(), old.clone()], "newest first");

    let same_digest = ApiKey { digest: old.digest.clone(), ..key(9, &ben) };
    let error = refusal(&storage, async |store| store.api_keys().insert(&same_digest).await).await;
    assert!(is_conflict(&error), "{error:?}");

    commit(&storage, async |store| {
        store.api_keys().touch(old.id, moment(70)).await?;
        store.api_keys().revoke(new.id, moment(80)).await
    })
    .await;
    let touched = ApiKey { last_used_at: Some(moment(70)), ..old };
    let revoked = ApiKey { is_active: false, updated_at: moment(80), ..new };
    assert_eq!(keys().of_user(anna.id).await.unwrap(), [revoked, touched], "revoked ones too");
    assert_eq!(keys().of_user(ben.id).await.unwrap(), [forever], "untouched");
}

fn key(n: u16, user: &User) -> ApiKey {
    ApiKey {
        id: ApiKeyId::new(uuid(n.into())),
        name: format!("key {n}"),
        user_id: user.id,
        account_id: user.account_id,
        digest: format!("digest {n}"),
        expires_at: Some(moment(1000)),
        last_used_at: None,
        is_active: true,
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
    }
}
