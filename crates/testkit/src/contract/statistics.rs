//! The promises of `StatisticsRepository` and `RevisionRepository`.

use std::sync::Arc;

use snackbase_application::ports::{Statistics, Storage};
use snackbase_domain::SessionId;
use snackbase_domain::session::{RefreshToken, SignIn};
use snackbase_domain::user::User;

use super::{commit, seed};
use crate::builders::{moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    counts_are_of_now(&storage).await;
    revisions_are_in_order(&storage).await;
}

fn token(user: &User, n: u128) -> RefreshToken {
    RefreshToken {
        id: uuid(n).to_string(),
        sign_in: SignIn { id: SessionId::new(uuid(n)), at: moment(0), ip_address: None, user_agent: None },
        user_id: user.id,
        account_id: user.account_id,
        digest: format!("digest {n}"),
        created_at: moment(0),
        expires_at: moment(100),
        revoked_at: None,
        rotated: false,
    }
}

async fn counts_are_of_now(storage: &Arc<dyn Storage>) {
    let none = storage.read().statistics().count(moment(0), moment(0)).await.unwrap();
    assert_eq!(none, Statistics::default());
    // Account and user n are made n seconds after the beginning.
    let (_, second, anna, ben) = seed(storage).await;
    commit(storage, async |store| {
        store.sessions().insert(&token(&anna, 1)).await?;
        store.sessions().insert(&token(&ben, 2)).await?;
        store.sessions().insert(&RefreshToken { expires_at: moment(50), ..token(&ben, 3) }).await?;
        store.sessions().insert(&RefreshToken { revoked_at: Some(moment(1)), ..token(&ben, 4) }).await
    })
    .await;
    let counts = storage.read().statistics().count(moment(50), moment(2)).await.unwrap();
    let expected = Statistics { accounts: 2, new_accounts: 1, users: 2, new_users: 1, active_sessions: 2 };
    assert_eq!(counts, expected);
    commit(storage, async |store| store.accounts().hide(second.id, moment(50)).await).await;
    let counts = storage.read().statistics().count(moment(50), moment(2)).await.unwrap();
    let expected = Statistics { accounts: 1, new_accounts: 0, users: 1, new_users: 0, active_sessions: 1 };
    assert_eq!(counts, expected, "hidden accounts do not count");
}

async fn revisions_are_in_order(storage: &Arc<dyn Storage>) {
    let all = async || storage.read().revisions().all().await.unwrap();
    let core = all().await;
    assert!(core.iter().all(|revision| !revision.dynamic && revision.applied_at.is_some()));
    // Later than any test runs.
    let later = moment(1_000_000_000);
    commit(storage, async |store| store.revisions().insert("bbb", "update posts", later).await).await;
    let sooner = moment(999_999_999);
    commit(storage, async |store| store.revisions().insert("aaa", "create posts", sooner).await).await;
    let more = all().await;
    assert_eq!(more[..core.len()], core);
    let shown =
        |n: usize| (more[n].id.as_str(), more[n].description.as_str(), more[n].applied_at, more[n].dynamic);
    assert_eq!(shown(core.len()), ("aaa", "create posts", Some(sooner), true));
    assert_eq!(shown(core.len() + 1), ("bbb", "update posts", Some(later), true));
    assert_eq!(more.len(), core.len() + 2);
}
