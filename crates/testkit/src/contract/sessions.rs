//! The promises of `SessionRepository`.

use std::sync::Arc;

use snackbase_application::ports::Storage;
use snackbase_domain::SessionId;
use snackbase_domain::session::RefreshToken;
use snackbase_domain::user::User;
use tokio::task::JoinSet;

use super::{commit, seed};
use crate::builders::{moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (_, _, anna, ben) = seed(&storage).await;
    commit(&storage, async |store| {
        for (id, session, user) in [("a1", 1, &anna), ("a2", 1, &anna), ("b", 2, &anna), ("c", 3, &ben)] {
            store.sessions().insert(&token(id, session, user)).await?;
        }
        Ok(())
    })
    .await;
    assert_eq!(found(&storage, "a1").await, token("a1", 1, &anna));
    assert_eq!(storage.read().sessions().find("zz").await.unwrap(), None);
    one_of_many_rotates(&storage).await;
    ending_keeps_what_ended_before(&storage).await;
    expired_tokens_go(&storage, &ben).await;
}

fn token(id: &str, session: u128, user: &User) -> RefreshToken {
    RefreshToken {
        id: id.to_owned(),
        session_id: SessionId::new(uuid(session)),
        user_id: user.id,
        account_id: user.account_id,
        digest: format!("digest of {id}"),
        created_at: moment(0),
        expires_at: moment(100),
        revoked_at: None,
        rotated: false,
    }
}

async fn found(storage: &Arc<dyn Storage>, id: &str) -> RefreshToken {
    storage.read().sessions().find(id).await.unwrap().unwrap()
}

async fn one_of_many_rotates(storage: &Arc<dyn Storage>) {
    let mut tries = JoinSet::new();
    for n in 0..8 {
        let storage = Arc::clone(storage);
        tries.spawn(async move {
            let work = storage.begin().await.unwrap();
            let won = work.repositories().sessions().rotate("a1", moment(n)).await.unwrap();
            work.commit().await.unwrap();
            won.then_some(moment(n))
        });
    }
    let winners: Vec<_> = tries.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let rotated = found(storage, "a1").await;
    assert!(rotated.rotated);
    assert_eq!(rotated.revoked_at, winners.first().copied());
    assert!(!commit(storage, async |store| store.sessions().rotate("zz", moment(0)).await).await);
}

async fn ending_keeps_what_ended_before(storage: &Arc<dyn Storage>) {
    let before = found(storage, "a1").await;
    let session = before.session_id;
    commit(storage, async |store| store.sessions().revoke_session(session, moment(50)).await).await;
    assert_eq!(found(storage, "a1").await, before);
    let second = found(storage, "a2").await;
    assert_eq!((second.revoked_at, second.rotated), (Some(moment(50)), false));
    assert!(!commit(storage, async |store| store.sessions().rotate("a2", moment(51)).await).await);
    assert_eq!(found(storage, "b").await.revoked_at, None, "another sign-in");
    let user = second.user_id;
    commit(storage, async |store| store.sessions().revoke_user(user, moment(60)).await).await;
    assert_eq!(found(storage, "a2").await, second);
    assert_eq!(found(storage, "b").await.revoked_at, Some(moment(60)));
    assert_eq!(found(storage, "c").await.revoked_at, None, "another user");
}

async fn expired_tokens_go(storage: &Arc<dyn Storage>, ben: &User) {
    let late = RefreshToken { expires_at: moment(101), ..token("late", 4, ben) };
    commit(storage, async |store| store.sessions().insert(&late).await).await;
    let remove = async |at| commit(storage, async |store| store.sessions().remove_expired(at).await).await;
    assert_eq!(remove(moment(100)).await, 0, "not before their last moment");
    assert_eq!(remove(moment(101)).await, 4);
    assert_eq!(storage.read().sessions().find("c").await.unwrap(), None);
    assert_eq!(found(storage, "late").await, late);
}
