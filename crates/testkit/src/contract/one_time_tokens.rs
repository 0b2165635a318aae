//! The promises of `OneTimeTokenRepository`.

use std::sync::Arc;

use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::email::Email;
use snackbase_domain::one_time_token::{OneTimeToken, Purpose};
use snackbase_domain::user::User;
use snackbase_domain::{MailId, UserId};
use tokio::task::JoinSet;

use super::{commit, refusal, seed};
use crate::builders::{moment, uuid};

use Purpose::{PasswordReset, Verification};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (_, _, anna, ben) = seed(&storage).await;
    let first = token(&anna, Verification, "first");
    assert!(put(&storage, &first, None).await);
    assert_eq!(found(&storage, Verification, "first").await, Some(first.clone()));
    assert_eq!(found(&storage, PasswordReset, "first").await, None, "a token is good for one purpose");
    assert_eq!(found(&storage, Verification, "zz").await, None);
    let gone = OneTimeToken { user_id: UserId::new(uuid(404)), ..token(&anna, Verification, "gone") };
    let refused = refusal(&storage, async |store| store.one_time_tokens().replace(&gone, None).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
    a_new_one_takes_the_formers_place(&storage, &anna, &ben).await;
    a_recent_one_is_kept(&storage, &anna).await;
    one_of_many_replaces_and_one_takes(&storage, &ben).await;
    the_old_and_the_unwanted_go(&storage, &anna, &ben).await;
}

fn token(user: &User, purpose: Purpose, digest: &str) -> OneTimeToken {
    let token = OneTimeToken::new(user.id, user.email.clone(), purpose, digest.to_owned(), moment(0));
    OneTimeToken { expires_at: moment(3600), mail_id: Some(MailId::new(uuid(77))), ..token }
}

async fn put(
    storage: &Arc<dyn Storage>,
    token: &OneTimeToken,
    unless_after: Option<chrono::DateTime<chrono::Utc>>,
) -> bool {
    let work = storage.begin().await.unwrap();
    let replaced = work.repositories().one_time_tokens().replace(token, unless_after).await.unwrap();
    work.commit().await.unwrap();
    replaced
}

async fn take(storage: &Arc<dyn Storage>, purpose: Purpose, digest: &str) -> bool {
    let work = storage.begin().await.unwrap();
    let taken = work.repositories().one_time_tokens().take(purpose, digest).await.unwrap();
    work.commit().await.unwrap();
    taken
}

async fn found(storage: &Arc<dyn Storage>, purpose: Purpose, digest: &str) -> Option<OneTimeToken> {
    storage.read().one_time_tokens().find(purpose, digest).await.unwrap()
}

async fn a_new_one_takes_the_formers_place(storage: &Arc<dyn Storage>, anna: &User, ben: &User) {
    let elsewhere = Email::new("elsewhere@example.org");
    for other in [
        token(anna, PasswordReset, "reset"),
        token(ben, Verification, "bens"),
        OneTimeToken { email: elsewhere, ..token(anna, Verification, "elsewhere") },
    ] {
        assert!(put(storage, &other, None).await);
        assert!(found(storage, Verification, "first").await.is_some(), "{other:?} is another one");
    }
    let shouted = Email::new(anna.email.as_str().to_uppercase());
    let second = OneTimeToken { email: shouted, ..token(anna, Verification, "second") };
    assert!(put(storage, &second, None).await);
    assert_eq!(found(storage, Verification, "first").await, None);
    assert_eq!(found(storage, Verification, "second").await, Some(second.clone()));
    let of = async |user: &User, purpose| {
        storage.read().one_time_tokens().of_user(user.id, &anna.email, purpose).await.unwrap()
    };
    assert_eq!(of(anna, Verification).await, Some(second));
    assert_eq!(of(anna, PasswordReset).await.unwrap().digest, "reset");
    assert_eq!(of(ben, Verification).await, None, "that is Anna's address");
    assert!(found(storage, PasswordReset, "reset").await.is_some());
}

async fn a_recent_one_is_kept(storage: &Arc<dyn Storage>, anna: &User) {
    let later = OneTimeToken { created_at: moment(10), ..token(anna, PasswordReset, "later") };
    assert!(!put(storage, &later, Some(moment(-1))).await);
    assert_eq!(found(storage, PasswordReset, "later").await, None);
    assert!(found(storage, PasswordReset, "reset").await.is_some());
    assert!(put(storage, &later, Some(moment(0))).await, "the former was not made after that");
    assert_eq!(found(storage, PasswordReset, "reset").await, None);
}

async fn one_of_many_replaces_and_one_takes(storage: &Arc<dyn Storage>, ben: &User) {
    let mut tries = JoinSet::new();
    for n in 0..8 {
        let (storage, token) = (Arc::clone(storage), token(ben, PasswordReset, &format!("try {n}")));
        tries.spawn(async move { put(&storage, &token, Some(moment(-60))).await.then_some(token.digest) });
    }
    let winners: Vec<_> = tries.join_all().await.into_iter().flatten().collect();
    let [winner] = &winners[..] else { panic!("{winners:?}") };
    let mut tries = JoinSet::new();
    for _ in 0..8 {
        let (storage, digest) = (Arc::clone(storage), winner.clone());
        tries.spawn(async move { take(&storage, PasswordReset, &digest).await });
    }
    assert_eq!(tries.join_all().await.into_iter().filter(|won| *won).count(), 1);
    assert_eq!(found(storage, PasswordReset, winner).await, None);
    assert!(!take(storage, PasswordReset, "bens").await, "that is good for something else");
}

async fn the_old_and_the_unwanted_go(storage: &Arc<dyn Storage>, anna: &User, ben: &User) {
    let remove = async |user: &User, purpose| {
        commit(storage, async |store| store.one_time_tokens().remove_of_user(user.id, purpose).await).await;
    };
    remove(anna, Some(PasswordReset)).await;
    assert_eq!(found(storage, PasswordReset, "later").await, None);
    assert!(found(storage, Verification, "second").await.is_some());
    remove(anna, None).await;
    assert_eq!(found(storage, Verification, "second").await, None);
    assert_eq!(found(storage, Verification, "elsewhere").await, None);
    let late = OneTimeToken { expires_at: moment(7201), ..token(ben, PasswordReset, "late") };
    assert!(put(storage, &late, None).await);
    let expired =
        async |at| commit(storage, async |store| store.one_time_tokens().remove_expired(at).await).await;
    assert_eq!(expired(moment(3600)).await, 0, "not before their last moment");
    assert_eq!(expired(moment(3601)).await, 1);
    assert_eq!(found(storage, Verification, "bens").await, None);
    assert_eq!(found(storage, PasswordReset, "late").await, Some(late));
}
