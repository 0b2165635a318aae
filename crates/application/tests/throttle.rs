//! Whoever guesses has to wait.

#![allow(clippy::unwrap_used)]

use std::net::IpAddr;
use std::sync::Arc;

use snackbase_application::auth::{Target, Throttle};
use snackbase_application::{AppError, Refusal, Says};
use snackbase_domain::AccountId;
use snackbase_testkit::builders::account;
use snackbase_testkit::{FixedClock, MemoryFailures};

fn throttle() -> (Throttle, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::default());
    (Throttle::new(Some(Arc::new(MemoryFailures::default())), clock.clone()), clock)
}

fn wait(outcome: Result<(), AppError>) -> u64 {
    match outcome {
        Err(AppError::Refused(Refusal { says: Says::RetryAfter(seconds), .. })) => seconds,
        other => panic!("not told to wait: {other:?}"),
    }
}

#[tokio::test]
async fn the_twentieth_failure_closes_the_door_for_the_rest_of_the_window() {
    let (throttle, clock) = throttle();
    let anna = [Target::sign_in(Ok(account(1).id), "anna@example.org")];
    let ben = [Target::sign_in(Ok(account(1).id), "ben@example.org")];
    for n in 0..19 {
        assert!(throttle.failed(&anna).await.is_ok(), "failure {n}");
        clock.pass(1);
    }
    assert_eq!(wait(throttle.failed(&anna).await), 900 - 19);
    assert!(throttle.check(&ben).await.is_ok(), "another target");
    clock.pass(900 - 20);
    assert_eq!(wait(throttle.check(&anna).await), 1);
    clock.pass(1);
    assert!(throttle.check(&anna).await.is_ok(), "the first failure is out of the window");
    assert!(throttle.failed(&anna).await.is_err(), "but the others are not");
}

#[tokio::test]
async fn the_wait_is_rounded_up() {
    let clock = Arc::new(FixedClock::stepping(1));
    let throttle = Throttle::new(Some(Arc::new(MemoryFailures::default())), clock);
    let keys = [Target::api_keys_from(None)];
    for _ in 0..49 {
        throttle.failed(&keys).await.unwrap();
    }
    assert_eq!(wait(throttle.failed(&keys).await), 900, "less than a millisecond is gone");
}

#[tokio::test]
async fn a_success_opens_its_own_door_only() {
    let (throttle, clock) = throttle();
    let email = Target::email("anna@example.org");
    for n in 0..100 {
        // In ever another account, from ever another place.
        let door = Target::sign_in(Ok(account(n).id), "anna@example.org");
        let outcome = throttle.failed(&[door.clone(), email.clone()]).await;
        assert_eq!(outcome.is_err(), n == 99, "failure {n}");
        throttle.succeeded(&door).await.unwrap();
    }
    assert!(throttle.check(&[Target::sign_in(Ok(account(7).id), "anna@example.org")]).await.is_ok());
    assert!(throttle.check(std::slice::from_ref(&email)).await.is_err());
    clock.pass(901);
    throttle.forget_old().await.unwrap();
    assert!(throttle.check(&[email]).await.is_ok());
}

#[test]
fn targets_are_told_apart_by_what_they_are_and_not_by_how_they_are_written() {
    let (here, there): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
    let unknown = |text| Target::sign_in(Err::<AccountId, _>(text), "a@b.c");
    assert_eq!(unknown("Nowhere"), unknown("nowhere"));
    let all = [
        unknown("nowhere"),
        unknown("elsewhere"),
        Target::sign_in(Ok(account(1).id), "a@b.c"),
        Target::sign_in(Err(&account(1).id.to_string()), "a@b.c"),
        Target::email("a@b.c"),
        Target::sign_ins_from(here),
        Target::sign_ins_from(there),
        Target::tokens_from(Some(here)),
        Target::api_keys_from(Some(here)),
    ];
    for (n, one) in all.iter().enumerate() {
        assert!(all[n + 1..].iter().all(|other| other != one), "{one:?}");
    }
}

#[tokio::test]
async fn a_throttle_that_is_off_lets_everything_pass() {
    let throttle = Throttle::new(None, Arc::new(FixedClock::default()));
    let target = [Target::email("anna@example.org")];
    for _ in 0..1000 {
        throttle.failed(&target).await.unwrap();
    }
    throttle.check(&target).await.unwrap();
}
