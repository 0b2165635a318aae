//! The promises of `RateLimiter` and `FailureCounter`.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use snackbase_application::ports::{FailureCounter, Rate, RateLimiter, Taken};
use tokio::task::JoinSet;

use crate::FixedClock;
use crate::builders::moment;

fn rate(seconds: u64, burst: u32) -> Rate {
    Rate { period: Duration::from_secs(seconds), burst: NonZeroU32::new(burst).unwrap() }
}

/// Runs the suite of rate limiters; `clock` is theirs.
pub async fn rate_limiter(limiter: Arc<dyn RateLimiter>, clock: &FixedClock) {
    let two = rate(10, 2);
    let taken = |remaining| Taken { wait: None, remaining };
    let refused = |seconds| Taken { wait: Some(Duration::from_secs(seconds)), remaining: 0 };
    assert_eq!(limiter.take("a", two).await.unwrap(), taken(1), "full at first");
    assert_eq!(limiter.take("a", two).await.unwrap(), taken(0));
    assert_eq!(limiter.take("a", two).await.unwrap(), refused(10));
    assert_eq!(limiter.take("b", two).await.unwrap(), taken(1), "another bucket");
    clock.pass(4);
    assert_eq!(limiter.take("a", two).await.unwrap(), refused(6), "a refusal takes nothing");
    limiter.forget_full().await.unwrap();
    assert_eq!(limiter.take("a", two).await.unwrap(), refused(6), "only full ones are forgotten");
    clock.pass(6);
    assert_eq!(limiter.take("a", two).await.unwrap(), taken(0));
    clock.pass(1000);
    assert_eq!(limiter.take("a", two).await.unwrap(), taken(1), "never more than full");
    clock.pass(1000);
    limiter.forget_full().await.unwrap();
    assert_eq!(limiter.take("a", two).await.unwrap(), taken(1));
    let mut at_once = JoinSet::new();
    for _ in 0..30 {
        let limiter = Arc::clone(&limiter);
        at_once.spawn(async move { limiter.take("crowd", rate(60, 7)).await.unwrap() });
    }
    let taken = at_once.join_all().await.iter().filter(|taken| taken.wait.is_none()).count();
    assert_eq!(taken, 7);
}

/// Runs the suite of failure counters.
pub async fn failure_counter(counter: Arc<dyn FailureCounter>) {
    assert_eq!(counter.nth_newest("a", 1).await.unwrap(), None);
    for second in 0..3 {
        assert_eq!(counter.count("a", 4, moment(second)).await.unwrap(), None);
    }
    assert_eq!(counter.count("a", 4, moment(3)).await.unwrap(), Some(moment(0)));
    assert_eq!(counter.nth_newest("a", 4).await.unwrap(), Some(moment(0)));
    assert_eq!(counter.count("a", 4, moment(9)).await.unwrap(), Some(moment(1)));
    assert_eq!(counter.nth_newest("b", 4).await.unwrap(), None, "another target");
    assert_eq!(counter.count("b", 1, moment(5)).await.unwrap(), Some(moment(5)));
    counter.forget_before(moment(9)).await.unwrap();
    assert_eq!(counter.nth_newest("a", 4).await.unwrap(), Some(moment(1)), "the newest counts");
    assert_eq!(counter.nth_newest("b", 1).await.unwrap(), None);
    counter.forget("a").await.unwrap();
    assert_eq!(counter.nth_newest("a", 4).await.unwrap(), None);
    assert_eq!(counter.count("a", 4, moment(10)).await.unwrap(), None);
    let mut at_once = JoinSet::new();
    for _ in 0..40 {
        let counter = Arc::clone(&counter);
        at_once.spawn(async move { counter.count("crowd", 20, moment(0)).await.unwrap() });
    }
    let too_many = at_once.join_all().await.iter().filter(|since| since.is_some()).count();
    assert_eq!(too_many, 21, "the twentieth and those after it, and no other");
}
