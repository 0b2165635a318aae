//! Which settings of providers hold for an account, and what becomes of secrets
//! that cannot be read.

#![allow(clippy::unwrap_used, reason = "a test fails where something unexpected comes")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value as Json, json};
use snackbase_application::AppError;
use snackbase_application::configuration::{Configurations, NewConfiguration, Resealed};
use snackbase_application::ports::{ConfigurationQuery, MockConnectionTester, SecretBox, Storage};
use snackbase_application::secrets::Secrets;
use snackbase_domain::account::Account;
use snackbase_domain::configuration::{Configuration, EMAIL_PROVIDERS, MASK};
use snackbase_domain::email::Email;
use snackbase_domain::invitation::Invitation;
use snackbase_domain::{AccountId, InvitationId};
use snackbase_testkit::builders::{moment, superadmin_principal, uuid};
use snackbase_testkit::{FixedClock, PlainSecretBox, SeededIds};

use support::World;

fn service(world: &World, secrets: PlainSecretBox) -> Configurations {
    // Each service makes ids of its own.
    static SEED: AtomicU64 = AtomicU64::new(7);
    Configurations::new(
        world.storage.clone(),
        Arc::new(FixedClock::stepping(1_000_000)),
        Arc::new(SeededIds::new(SEED.fetch_add(1, Ordering::SeqCst))),
        Arc::new(secrets),
        Arc::new(MockConnectionTester::new()),
        "https://here.example.org".to_owned(),
    )
}

async fn add(service: &Configurations, account: Option<&Account>, provider: &str, priority: i32) -> String {
    let new = NewConfiguration {
        account: account.map(|account| account.id.to_string()),
        category: EMAIL_PROVIDERS.to_owned(),
        provider_name: provider.to_owned(),
        display_name: provider.to_owned(),
        logo_url: None,
        values: json!({ "password": format!("of {provider}") }).as_object().unwrap().clone(),
        enabled: true,
        priority,
    };
    service.create(&superadmin_principal(), new).await.unwrap().to_string()
}

/// The providers of mail that an account would use, in their order, with their passwords.
async fn enabled(world: &World, service: &Configurations, account: AccountId) -> Vec<(String, Json)> {
    let found = service.enabled_in(world.storage.read(), account, EMAIL_PROVIDERS).await.unwrap();
    found.into_iter().map(|settings| (settings.provider_name, settings.values["password"].clone())).collect()
}

fn names(found: Vec<(String, Json)>) -> Vec<String> {
    found.into_iter().map(|(name, _)| name).collect()
}

async fn rows(world: &World) -> Vec<Configuration> {
    world.storage.read().configurations().list(&ConfigurationQuery::default()).await.unwrap()
}

#[tokio::test]
async fn an_accounts_own_providers_come_before_the_systems() {
    let world = World::new().await;
    let service = service(&world, PlainSecretBox::default());
    let by = superadmin_principal();
    let (own, other) = (world.first.id, world.second.id);
    assert_eq!(enabled(&world, &service, own).await, []);
    add(&service, None, "system", 0).await;
    assert_eq!(enabled(&world, &service, own).await, [("system".to_owned(), json!("of system"))]);
    let late = add(&service, Some(&world.first), "late", 5).await;
    let first = add(&service, Some(&world.first), "first", 1).await;
    add(&service, Some(&world.first), "newer", 1).await;
    assert_eq!(names(enabled(&world, &service, own).await), ["newer", "first", "late"]);
    assert_eq!(names(enabled(&world, &service, other).await), ["system"]);
    assert_eq!(names(enabled(&world, &service, AccountId::SYSTEM).await), ["system"]);
    service.set_default(&by, &late).await.unwrap();
    assert_eq!(names(enabled(&world, &service, own).await), ["late", "newer", "first"]);
    service.set_default(&by, &first).await.unwrap();
    assert_eq!(names(enabled(&world, &service, own).await), ["first", "newer", "late"]);
    service.set_enabled(&by, &first, false).await.unwrap();
    assert_eq!(names(enabled(&world, &service, own).await), ["newer", "late"]);

    let one = async |account, provider| {
        let found =
            service.provider_in(world.storage.read(), account, EMAIL_PROVIDERS, provider).await.unwrap();
        found.map(|settings| settings.account_id)
    };
    assert_eq!(one(own, "late").await, Some(own));
    assert_eq!(one(own, "system").await, Some(AccountId::SYSTEM), "also beside own ones");
    assert_eq!(one(own, "first").await, None, "it is off");
    assert_eq!(one(other, "late").await, None);
}

#[tokio::test]
async fn system_settings_have_defaults() {
    let world = World::new().await;
    let service = service(&world, PlainSecretBox::default());
    let settings = async |account| service.system_settings(world.storage.read(), account).await.unwrap();
    assert_eq!(settings(world.first.id).await.app_url, "https://here.example.org", "nothing is seeded");
    service.seed().await.unwrap();
    let seeded = rows(&world).await;
    service.seed().await.unwrap();
    assert_eq!(rows(&world).await, seeded, "seeding again changes nothing");
    let own = NewConfiguration {
        account: Some(world.first.id.to_string()),
        category: "system_settings".to_owned(),
        provider_name: "system".to_owned(),
        display_name: "Own".to_owned(),
        logo_url: None,
        values: json!({ "app_name": "Own", "app_url": "https://own.example.org/" })
            .as_object()
            .unwrap()
            .clone(),
        enabled: true,
        priority: 0,
    };
    service.create(&superadmin_principal(), own).await.unwrap();
    let own = settings(world.first.id).await;
    assert_eq!((own.app_name.as_str(), own.app_url.as_str()), ("Own", "https://own.example.org"));
    assert_eq!(own.support_email, "");
    assert_eq!(settings(world.second.id).await.app_name, "SnackBase");
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_is_an_error_and_can_be_replaced() {
    let world = World::new().await;
    let id = add(&service(&world, PlainSecretBox::default()), None, "smtp", 0).await;
    let lost = service(&world, PlainSecretBox::with_keys("other", &[]));
    let found = lost.enabled_in(world.storage.read(), world.first.id, EMAIL_PROVIDERS).await;
    assert!(matches!(&found, Err(AppError::Internal(why)) if why.contains("/password")), "{found:?}");
    assert_eq!(lost.values(&id).await.unwrap(), json!({ "password": MASK }), "what is masked is not opened");
    let by = superadmin_principal();
    let values = |password: &str| json!({ "password": password }).as_object().unwrap().clone();
    let kept = lost.set_values(&by, &id, values(MASK)).await;
    assert!(matches!(kept, Err(AppError::Internal(_))), "{kept:?}");
    lost.set_values(&by, &id, values("new")).await.unwrap();
    assert_eq!(enabled(&world, &lost, world.first.id).await, [("smtp".to_owned(), json!("new"))]);
}

#[tokio::test]
async fn rotation_is_all_or_nothing() {
    let world = World::new().await;
    add(&service(&world, PlainSecretBox::default()), None, "smtp", 0).await;
    add(&service(&world, PlainSecretBox::with_keys("lost", &[])), None, "resend", 1).await;
    let before = rows(&world).await;
    let rotate = async |secrets: PlainSecretBox| {
        let secrets: Arc<dyn SecretBox> = Arc::new(secrets);
        Secrets::new(world.storage.clone(), world.clock.clone(), secrets).rotate().await
    };
    rotate(PlainSecretBox::with_keys("new", &["today"])).await.unwrap_err();
    assert_eq!(rows(&world).await, before);
    let known = PlainSecretBox::with_keys("new", &["today", "lost"]);
    assert_eq!(rotate(known).await.unwrap(), Resealed { sealed: 2, current: 0 });
    let after = rows(&world).await;
    assert!(after.iter().zip(&before).all(|(a, b)| a.updated_at == b.updated_at && a.values != b.values));
    assert_eq!(
        rotate(PlainSecretBox::with_keys("new", &[])).await.unwrap(),
        Resealed { sealed: 0, current: 2 }
    );
}

#[tokio::test]
async fn tokens_of_pending_invitations_are_rotated_as_far_as_they_can_be_read() {
    let world = World::new().await;
    let by = world.add_user(1).await;
    let mut ids = Vec::new();
    let work = world.storage.begin().await.unwrap();
    for (n, key, seconds) in [(1, "today", 1), (2, "lost", 1), (3, "today", 0)] {
        let id = InvitationId::new(uuid(n));
        let sealed = PlainSecretBox::with_keys(key, &[]).seal("code", &format!("invitations/{id}/token"));
        let invitation = Invitation {
            id,
            account_id: world.first.id,
            email: Email::new(format!("{n}@example.org")),
            role_id: None,
            group_ids: Vec::new(),
            invited_by: by.id,
            digest: format!("digest {n}"),
            sealed_token: sealed,
            created_at: moment(0),
            expires_at: moment(seconds),
            accepted_at: None,
            email_sent_at: None,
        };
        work.repositories().invitations().insert(&invitation).await.unwrap();
        ids.push(invitation);
    }
    work.commit().await.unwrap();
    let secrets: Arc<dyn SecretBox> = Arc::new(PlainSecretBox::with_keys("new", &["today"]));
    let rotate = Secrets::new(world.storage.clone(), world.clock.clone(), secrets.clone());
    assert_eq!(rotate.rotate().await.unwrap(), Resealed { sealed: 1, current: 0 });
    assert_eq!(rotate.rotate().await.unwrap(), Resealed { sealed: 0, current: 1 });
    let store = world.storage.read();
    let stored = store.invitations().find(ids[0].id).await.unwrap().unwrap().sealed_token;
    assert!(secrets.is_current(&stored));
    assert_eq!(secrets.open(&stored, &format!("invitations/{}/token", ids[0].id)).unwrap(), "code");
    for kept in &ids[1..] {
        let stored = store.invitations().find(kept.id).await.unwrap().unwrap();
        assert_eq!(stored, *kept, "lost, or expired");
    }
}

#[tokio::test]
async fn what_was_stored_in_clear_is_read_and_sealed_by_rotation() {
    let world = World::new().await;
    let service = service(&world, PlainSecretBox::default());
    add(&service, None, "smtp", 0).await;
    let mut row = rows(&world).await.remove(0);
    row.values = json!({ "password": "in clear" });
    let work = world.storage.begin().await.unwrap();
    work.repositories().configurations().update(&row).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(enabled(&world, &service, world.first.id).await, [("smtp".to_owned(), json!("in clear"))]);
    Secrets::new(world.storage.clone(), world.clock.clone(), Arc::new(PlainSecretBox::default()))
        .rotate()
        .await
        .unwrap();
    assert_ne!(rows(&world).await[0].values, row.values);
    assert_eq!(enabled(&world, &service, world.first.id).await, [("smtp".to_owned(), json!("in clear"))]);
}

#[tokio::test]
async fn secrets_do_not_open_where_they_were_not_sealed() {
    let world = World::new().await;
    let service = service(&world, PlainSecretBox::default());
    add(&service, None, "smtp", 0).await;
    let shown = add(&service, None, "resend", 1).await;
    let all = rows(&world).await;
    let work = world.storage.begin().await.unwrap();
    // Whoever can write to the database moves a secret to a name that is shown.
    let mut moved = all[1].clone();
    moved.values = json!({ "key_id": all[0].values["password"] });
    work.repositories().configurations().update(&moved).await.unwrap();
    work.commit().await.unwrap();
    let read = service.values(&shown).await;
    assert!(matches!(&read, Err(AppError::Internal(_))), "{read:?}");
}
