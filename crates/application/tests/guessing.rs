//! Guessing passwords gets slow, also for those who guess everything at once.

#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use async_trait::async_trait;
use snackbase_application::auth::{Auth, AuthPolicy, Identities, LoginRequest, Throttle};
use snackbase_application::ports::{PasswordHasher, Verification};
use snackbase_application::{AppError, Kind};
use snackbase_testkit::{FakeKeySigner, FakeTokens, MemoryFailures, PlainHasher, SeededIds};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use support::{World, kind, login};

/// Checks passwords one by one, and none before it may begin.
struct GatedHasher {
    inner: PlainHasher,
    gate: Semaphore,
}

#[async_trait]
impl PasswordHasher for GatedHasher {
    async fn hash(&self, password: &str) -> Result<String, AppError> {
        self.inner.hash(password).await
    }

    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verification, AppError> {
        let _turn = self.gate.acquire().await.unwrap();
        self.inner.verify(password, hash).await
    }
}

fn throttled(world: &World, hasher: Arc<dyn PasswordHasher>) -> Arc<Auth> {
    Arc::new(Auth::new(
        world.storage.clone(),
        world.clock.clone(),
        Arc::new(SeededIds::new(2)),
        hasher,
        Arc::new(FakeTokens::default()),
        Arc::new(FakeKeySigner::default()),
        Arc::new(Identities::default()),
        Throttle::new(Some(Arc::new(MemoryFailures::default())), world.clock.clone()),
        AuthPolicy::default(),
    ))
}

#[tokio::test]
async fn guesses_sent_at_once_find_no_more_than_guesses_one_by_one() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let hasher = Arc::new(GatedHasher { inner: PlainHasher::default(), gate: Semaphore::new(0) });
    let auth = throttled(&world, hasher.clone());
    let good = login(&world.first, &known);
    let mut guesses = JoinSet::new();
    for n in 0..40 {
        let password = if n == 39 { good.password.clone() } else { format!("guess {n}") };
        let (auth, guess) = (auth.clone(), LoginRequest { password, ..good.clone() });
        guesses.spawn(async move { auth.login(&guess).await.map(|_| ()) });
    }
    // All of them are on their way before the first password is checked.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    hasher.gate.add_permits(1);
    for outcome in guesses.join_all().await {
        assert!(matches!(kind(outcome), Kind::SignInFailed | Kind::TooManyRequests));
    }
    world.clock.pass(15 * 60);
    auth.login(&good).await.unwrap();
}

#[tokio::test]
async fn signing_in_often_at_once_is_no_guessing() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let auth = throttled(&world, world.hasher.clone());
    let good = login(&world.first, &known);
    let mut sign_ins = JoinSet::new();
    for _ in 0..40 {
        let (auth, good) = (auth.clone(), good.clone());
        sign_ins.spawn(async move { auth.login(&good).await.map(|_| ()) });
    }
    for outcome in sign_ins.join_all().await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn code_and_slug_of_an_account_are_one_door() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let auth = throttled(&world, world.hasher.clone());
    let good = login(&world.first, &known);
    let names = [world.first.slug.clone(), world.first.code.to_string(), world.first.slug.to_uppercase()];
    for n in 0..19 {
        let account = Some(names[n % names.len()].clone());
        let guess = LoginRequest { account, password: "guess".to_owned(), ..good.clone() };
        assert_eq!(kind(auth.login(&guess).await), Kind::SignInFailed, "guess {n}");
    }
    let last = LoginRequest { password: "guess".to_owned(), ..good.clone() };
    assert_eq!(kind(auth.login(&last).await), Kind::TooManyRequests);
    for name in names {
        let named = LoginRequest { account: Some(name), ..good.clone() };
        assert_eq!(kind(auth.login(&named).await), Kind::TooManyRequests);
    }
}
