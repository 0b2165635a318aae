//! The counters in memory keep the promises of their ports.

use std::sync::Arc;

use snackbase_integrations::{GovernorLimiter, RecentFailures};
use snackbase_testkit::FixedClock;
use snackbase_testkit::contract::limits;

#[tokio::test]
async fn governor_limits_as_promised() {
    let clock = Arc::new(FixedClock::default());
    limits::rate_limiter(Arc::new(GovernorLimiter::new(clock.clone())), &clock).await;
}

#[tokio::test]
async fn failures_are_counted_as_promised() {
    limits::failure_counter(Arc::new(RecentFailures::default())).await;
}
