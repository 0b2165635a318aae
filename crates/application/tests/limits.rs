//! Requests are counted by caller and path, for the minute and for the hour.

#![allow(clippy::unwrap_used)]

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use snackbase_application::limits::{Counted, RateLimits, RatePolicy, Standing};
use snackbase_domain::UserId;
use snackbase_testkit::builders::uuid;
use snackbase_testkit::{FixedClock, MemoryBuckets};

const LOGIN: &str = "/api/v1/auth/login";
const OTHER: &str = "/api/v1/records/posts";

fn number(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap()
}

fn limits(per_hour: u32) -> (RateLimits, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::default());
    let policy = RatePolicy {
        anonymous: number(60),
        user: number(120),
        api_key: number(100),
        per_hour: number(per_hour),
        burst: number(3),
        paths: [(LOGIN.to_owned(), number(6))].into(),
    };
    (RateLimits::new(Arc::new(MemoryBuckets::new(clock.clone())), clock.clone(), policy), clock)
}

fn anonymous(address: &str) -> Counted {
    Counted::Address(Some(address.parse::<IpAddr>().unwrap()))
}

fn standing(limit: u32, remaining: u32, reset: u64) -> Standing {
    Standing { limit, remaining, reset, refused: false }
}

fn refused(limit: u32, reset: u64) -> Standing {
    Standing { limit, remaining: 0, reset, refused: true }
}

#[tokio::test]
async fn requests_at_once_up_to_the_burst_then_one_by_one() {
    let (limits, clock) = limits(1000);
    let guest = anonymous("192.0.2.1");
    for expected in [standing(60, 2, 1), standing(60, 1, 2), standing(60, 0, 3), refused(60, 1)] {
        assert_eq!(limits.admit(&guest, OTHER).await.unwrap(), expected);
    }
    assert_eq!(limits.admit(&anonymous("192.0.2.2"), OTHER).await.unwrap(), standing(60, 2, 1));
    clock.pass(1);
    assert_eq!(limits.admit(&guest, OTHER).await.unwrap(), standing(60, 0, 3));
    clock.pass(3600);
    limits.forget_full().await.unwrap();
    assert_eq!(limits.admit(&guest, OTHER).await.unwrap(), standing(60, 2, 1));
}

#[tokio::test]
async fn a_path_of_its_own_neither_uses_up_the_others_nor_is_used_up_by_them() {
    let (limits, _) = limits(1000);
    let guest = anonymous("192.0.2.1");
    for expected in [standing(6, 2, 10), standing(6, 1, 20), standing(6, 0, 30), refused(6, 10)] {
        assert_eq!(limits.admit(&guest, LOGIN).await.unwrap(), expected);
    }
    assert_eq!(limits.admit(&guest, OTHER).await.unwrap(), standing(60, 2, 1));
}

#[tokio::test]
async fn users_and_keys_have_numbers_of_their_own_wherever_they_are() {
    let (limits, _) = limits(1000);
    let user = |n| Counted::User(UserId::new(uuid(n)));
    assert_eq!(limits.admit(&user(1), OTHER).await.unwrap(), standing(120, 2, 1));
    assert_eq!(limits.admit(&user(1), OTHER).await.unwrap(), standing(120, 1, 1));
    assert_eq!(limits.admit(&user(2), OTHER).await.unwrap(), standing(120, 2, 1));
    let key = Counted::ApiKey("digest".to_owned());
    assert_eq!(limits.admit(&key, OTHER).await.unwrap(), standing(100, 2, 1));
    assert_eq!(limits.admit(&key, LOGIN).await.unwrap(), standing(6, 2, 10));
}

#[tokio::test]
async fn the_hour_is_counted_over_all_paths() {
    let (limits, clock) = limits(4);
    let guest = anonymous("192.0.2.1");
    for path in [LOGIN, OTHER, LOGIN, OTHER] {
        assert!(!limits.admit(&guest, path).await.unwrap().refused);
    }
    assert_eq!(limits.admit(&guest, OTHER).await.unwrap(), refused(60, 900));
    clock.pass(900);
    assert!(!limits.admit(&guest, OTHER).await.unwrap().refused);
    assert!(limits.admit(&guest, OTHER).await.unwrap().refused);
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_are_one_caller() {
    let (limits, _) = limits(1000);
    for (address, remaining) in [("2001:db8::1", 2), ("2001:db8::ffff:1", 1), ("2001:db8:0:1::1", 2)] {
        assert_eq!(limits.admit(&anonymous(address), OTHER).await.unwrap().remaining, remaining, "{address}");
    }
}
