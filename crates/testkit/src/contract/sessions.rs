//! The promises of `SessionRepository`.

use std::sync::Arc;

use snackbase_application::ports::Storage;
use snackbase_domain::SessionId;
use snackbase_domain::session::{RefreshToken, SignIn};
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
    live_ones_are_told(&storage, &anna, &ben).await;
    one_of_many_rotates(&storage).await;
    ending_keeps_what_ended_before(&storage).await;
    expired_tokens_go(&storage, &ben).await;
}

fn token(id: &str, session: u128, user: &User) -> RefreshToken {
    RefreshToken {
        id: id.to_owned(),
        sign_in: SignIn {
            id: SessionId::new(uuid(session)),
            at: moment(-5),
            ip_address: Some("192.0.2.1".to_owned()),
            user_agent: None,
        },
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

async fn live_ones_are_told(storage: &Arc<dyn Storage>, anna: &User, ben: &User) {
    let store = storage.read().sessions();
    let session = |n| SessionId::new(uuid(n));
    assert!(store.is_live(session(1), moment(99)).await.unwrap());
    assert!(!store.is_live(session(1), moment(100)).await.unwrap(), "expired");
    assert!(!store.is_live(session(77), moment(0)).await.unwrap(), "unknown");
    let newer = RefreshToken { created_at: moment(1), ..token("newer", 5, anna) };
    let other = token("other", 6, anna);
    commit(storage, async |store| {
        store.sessions().insert(&newer).await?;
        store.sessions().insert(&other).await
    })
    .await;
    let ids = async |at| -> Vec<String> {
        let live = store.live_of_user(anna.id, at).await.unwrap();
        live.into_iter().map(|token| token.id).collect()
    };
    assert_eq!(ids(moment(99)).await, ["newer", "other", "b", "a2", "a1"]);
    assert!(ids(moment(100)).await.is_empty());
    let end = async |user: &User, n| {
        let user = user.id;
        commit(storage, async |store| store.sessions().revoke_session(user, session(n), moment(2)).await)
            .await;
    };
    end(ben, 6).await;
    assert!(store.is_live(session(6), moment(3)).await.unwrap(), "another user's");
    end(anna, 6).await;
    assert!(!store.is_live(session(6), moment(3)).await.unwrap(), "ended");
    assert_eq!(ids(moment(3)).await, ["newer", "b", "a2", "a1"]);
    commit(storage, async |store| {
        store.sessions().insert(&token("kept", 7, anna)).await?;
        store.sessions().revoke_session(anna.id, session(5), moment(2)).await
    })
    .await;
    let work = storage.begin().await.unwrap();
    let within = work.repositories().sessions();
    within.revoke_others(anna.id, session(7), moment(4)).await.unwrap();
    assert!(within.is_live(session(7), moment(4)).await.unwrap());
    assert!(!within.is_live(session(2), moment(4)).await.unwrap());
    assert!(within.is_live(session(3), moment(4)).await.unwrap(), "another user");
    work.rollback().await.unwrap();
    end(anna, 7).await;
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
    let (user, session) = (before.user_id, before.sign_in.id);
    commit(storage, async |store| store.sessions().revoke_session(user, session, moment(50)).await).await;
    assert_eq!(found(storage, "a1").await, before);
    let second = found(storage, "a2").await;
    assert_eq!((second.revoked_at, second.rotated), (Some(moment(50)), false));
    assert!(!commit(storage, async |store| store.sessions().rotate("a2", moment(51)).await).await);
    assert_eq!(found(storage, "b").await.revoked_at, None, "another sign-in");
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
    assert_eq!(remove(moment(101)).await, 7);
    assert_eq!(storage.read().sessions().find("c").await.unwrap(), None);
    assert_eq!(found(storage, "late").await, late);
}
