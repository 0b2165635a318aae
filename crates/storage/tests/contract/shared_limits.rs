//! PostgreSQL counts for all nodes together.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use snackbase_application::ports::{FailureCounter as _, Rate, RateLimiter as _};
use snackbase_testkit::FixedClock;
use snackbase_testkit::builders::moment;
use snackbase_testkit::contract::limits;

use crate::databases::{Postgres, Sqlite, skipped};

#[tokio::test]
async fn the_tables_count_as_promised() {
    let Some(database) = Postgres::new().await else { return skipped("shared limits") };
    let clock = Arc::new(FixedClock::default());
    let shared = database.open().await.shared_limits(clock.clone()).unwrap();
    limits::rate_limiter(shared.clone(), &clock).await;
    limits::failure_counter(shared).await;
    database.remove().await;
}

#[tokio::test]
async fn two_nodes_count_together() {
    let Some(database) = Postgres::new().await else { return skipped("shared limits of two nodes") };
    let clock = Arc::new(FixedClock::default());
    let (one, two) = (database.open().await, database.open().await);
    let (one, two) = (one.shared_limits(clock.clone()).unwrap(), two.shared_limits(clock).unwrap());
    let rate = Rate { period: Duration::from_secs(1), burst: NonZeroU32::new(2).unwrap() };
    assert_eq!(one.take("a", rate).await.unwrap().remaining, 1);
    assert_eq!(two.take("a", rate).await.unwrap().remaining, 0);
    assert!(one.take("a", rate).await.unwrap().wait.is_some());
    assert_eq!(one.count("a", 2, moment(0)).await.unwrap(), None);
    assert_eq!(two.count("a", 2, moment(1)).await.unwrap(), Some(moment(0)));
    database.remove().await;
}

#[tokio::test]
async fn sqlite_has_one_node_and_shares_nothing() {
    let store = Sqlite::new().open().await;
    assert!(store.shared_limits(Arc::new(FixedClock::default())).is_none());
}
