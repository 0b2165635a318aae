//! Signing in, staying signed in, the first run and the names of accounts.

#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use snackbase_application::auth::{Auth, AuthPolicy, Identities, LoginRequest, Throttle};
use snackbase_application::ports::{MockTokens, RefreshClaims, Storage};
use snackbase_application::{AppError, Caller, Kind};
use snackbase_domain::email::Email;
use snackbase_domain::user::User;
use snackbase_testkit::builders::{superadmin_principal, user};
use snackbase_testkit::{FakeKeySigner, SeededIds};

use support::{World, kind, login, refusal};

#[tokio::test]
async fn refusals_of_a_sign_in_are_all_alike() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let inactive = User { is_active: false, ..user(&world.first, 2) };
    world.add(&inactive).await;
    let good = login(&world.first, &known);
    let attempts = [
        LoginRequest { password: "wrong".to_owned(), ..good.clone() },
        LoginRequest { email: Email::new("nobody@example.org"), ..good.clone() },
        LoginRequest { account: Some("nowhere".to_owned()), ..good.clone() },
        LoginRequest { account: Some(world.second.slug.clone()), ..good.clone() },
        login(&world.first, &inactive),
    ];
    let mut refusals = Vec::new();
    for (n, attempt) in attempts.iter().enumerate() {
        refusals.push(refusal(world.auth.login(attempt).await));
        assert_eq!(world.hasher.checks(), n as u64 + 1, "each takes the time of a check");
    }
    assert_eq!(refusals[0].kind, Kind::SignInFailed);
    assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "{refusals:?}");
    let signed_in = world.auth.login(&good).await.unwrap();
    assert_eq!((signed_in.user.id, signed_in.role.as_str()), (known.id, "user"));
    let by_code = LoginRequest { account: Some("aa0001".to_owned()), ..good };
    assert!(world.auth.login(&by_code).await.is_ok());
}

#[tokio::test]
async fn weak_hashes_are_renewed_at_a_sign_in() {
    let world = World::new().await;
    let weak = User { password_hash: "weak:secret".to_owned(), ..user(&world.first, 1) };
    world.add(&weak).await;
    world.auth.login(&login(&world.first, &weak)).await.unwrap();
    let stored = world.storage.read().users().find(weak.id).await.unwrap().unwrap();
    assert_eq!(stored.password_hash, "plain:secret");
    assert!(stored.last_login.is_some());
}

#[tokio::test]
async fn of_two_that_refresh_at_once_one_wins() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let pair = world.auth.login(&login(&world.first, &known)).await.unwrap().tokens;
    let try_once = || {
        let (auth, token) = (Arc::clone(&world.auth), pair.refresh_token.clone());
        tokio::spawn(async move { auth.refresh(&token).await })
    };
    let (one, two) = (try_once(), try_once());
    let (one, two) = (one.await.unwrap(), two.await.unwrap());
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(kind(lost), Kind::SignInFailed);
    // Within ten seconds it is taken for a second tab: the winner goes on.
    world.clock.pass(10);
    assert!(world.auth.refresh(&pair.refresh_token).await.is_err());
    assert!(world.auth.refresh(&won.unwrap().refresh_token).await.is_ok());
}

#[tokio::test]
async fn a_stolen_token_ends_the_whole_sign_in() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let signed_in = async || world.auth.login(&login(&world.first, &known)).await.unwrap().tokens;
    let (first, other) = (signed_in().await, signed_in().await);
    let second = world.auth.refresh(&first.refresh_token).await.unwrap();
    world.clock.pass(11);
    assert_eq!(kind(world.auth.refresh(&first.refresh_token).await), Kind::SignInFailed);
    assert_eq!(
        kind(world.auth.refresh(&second.refresh_token).await),
        Kind::SignInFailed,
        "the family is gone"
    );
    assert!(world.auth.refresh(&other.refresh_token).await.is_ok(), "another sign-in goes on");
    assert_eq!(kind(world.auth.refresh("nonsense").await), Kind::SignInFailed);
}

#[tokio::test]
async fn signing_out_ends_what_descends_from_the_sign_in() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let pair = world.auth.login(&login(&world.first, &known)).await.unwrap().tokens;
    let caller = world.auth.authenticate(&pair.token, Arc::default()).await.unwrap();
    assert_eq!(caller.user_id, known.id);
    world.auth.logout(&Caller::User(caller), None).await.unwrap();
    assert_eq!(kind(world.auth.refresh(&pair.refresh_token).await), Kind::SignInFailed);
    world.clock.pass(3600);
    assert_eq!(
        kind(world.auth.authenticate(&pair.token, Arc::default()).await),
        Kind::Unauthenticated,
        "expired"
    );
    world.clock.pass(7 * 24 * 3600);
    assert_eq!(world.auth.remove_expired().await.unwrap(), 1);
}

#[tokio::test]
async fn an_installation_is_set_up_once() {
    let world = World::new().await;
    let email = |name: &str| Email::new(format!("{name}@example.org"));
    assert!(world.setup.is_needed().await.unwrap());
    assert_eq!(kind(world.setup.first_run(email("a"), "short", Arc::default()).await), Kind::Invalid);
    assert!(world.setup.is_needed().await.unwrap());
    let password = "Str0ng!Passw0rd";
    let (one, two) = tokio::join!(
        world.setup.first_run(email("a"), password, Arc::default()),
        world.setup.first_run(email("b"), password, Arc::default())
    );
    assert_eq!([&one, &two].iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let lost = if one.is_ok() { two } else { one };
    assert_eq!(kind(lost), Kind::Conflict);
    assert!(!world.setup.is_needed().await.unwrap());
    world.setup.seed().await.unwrap();
    assert_eq!(world.storage.read().roles().all().await.unwrap().len(), 2, "seeding again adds nothing");
}

#[tokio::test]
async fn accounts_get_free_slugs_and_the_next_code() {
    let world = World::new().await;
    let admin = superadmin_principal();
    let mut made = Vec::new();
    for name in ["Müller & Söhne", "m ller s hne", "Müller & Söhne", "X"] {
        let account = world.accounts.create(&admin, name, None).await.unwrap().account;
        made.push((account.slug, account.code.to_string()));
    }
    let expected = [
        ("m-ller-s-hne", "AA0003"),
        ("m-ller-s-hne-1", "AA0004"),
        ("m-ller-s-hne-2", "AA0005"),
        ("account-x", "AA0006"),
    ];
    assert_eq!(made, expected.map(|(slug, code)| (slug.to_owned(), code.to_owned())));
    let nameless = world.accounts.create(&admin, "漢字", None).await.unwrap().account;
    assert!(nameless.slug.starts_with("account-") && nameless.slug.len() == 14, "{}", nameless.slug);
    let taken = world.accounts.create(&admin, "Y", Some("account-x")).await;
    assert_eq!(kind(taken), Kind::Unprocessable);
    let (one, two) =
        tokio::join!(world.accounts.create(&admin, "p", None), world.accounts.create(&admin, "q", None));
    assert_ne!(one.unwrap().account.code, two.unwrap().account.code);
}

#[tokio::test]
async fn a_sign_in_whose_tokens_cannot_be_signed_leaves_no_trace() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let mut tokens = MockTokens::new();
    tokens.expect_refresh_lifetime().return_const(3600);
    tokens.expect_sign_access().returning(|_| Ok("access".to_owned()));
    let refuse = |_: &RefreshClaims| Err(AppError::Internal("no key".to_owned()));
    tokens.expect_sign_refresh().times(1).returning(refuse);
    let auth = Auth::new(
        world.storage.clone(),
        world.clock.clone(),
        Arc::new(SeededIds::new(7)),
        world.hasher.clone(),
        Arc::new(tokens),
        Arc::new(FakeKeySigner::default()),
        Arc::new(Identities::default()),
        Throttle::new(None, world.clock.clone()),
        AuthPolicy::default(),
    );
    let outcome = auth.login(&login(&world.first, &known)).await;
    assert!(matches!(outcome, Err(AppError::Internal(_))));
    let stored = world.storage.read().users().find(known.id).await.unwrap().unwrap();
    assert_eq!(stored.last_login, None, "the sign-in is undone as a whole");
}
