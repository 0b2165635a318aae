//! Rate limits of one node: governor's cells in memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, clock};
use snackbase_application::ports::{Clock, Rate, RateLimiter, StoreError, Taken};

/// Bounds the memory that callers from ever new addresses can take.
const MOST_BUCKETS: usize = 200_000;

/// The port's clock as governor sees it.
struct Ticks(Arc<dyn Clock>);

impl clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(self.0.now().timestamp_micros().unsigned_abs() * 1000)
    }
}

type Buckets =
    governor::RateLimiter<String, DefaultKeyedStateStore<String>, Ticks, StateInformationMiddleware>;

/// Buckets in memory, those of each rate together.
pub struct GovernorLimiter {
    clock: Arc<dyn Clock>,
    by_rate: RwLock<HashMap<Rate, Arc<Buckets>>>,
}

impl fmt::Debug for GovernorLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GovernorLimiter")
    }
}

impl GovernorLimiter {
    /// No buckets yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, by_rate: RwLock::default() }
    }

    fn buckets(&self, rate: Rate) -> Result<Arc<Buckets>, StoreError> {
        if let Some(buckets) = self.by_rate.read().unwrap_or_else(PoisonError::into_inner).get(&rate) {
            return Ok(Arc::clone(buckets));
        }
        let quota = Quota::with_period(rate.period)
            .ok_or_else(|| StoreError::Other("a bucket cannot fill at once".into()))?
            .allow_burst(rate.burst);
        let fresh = || {
            let cells =
                Buckets::new(quota, DefaultKeyedStateStore::default(), Ticks(Arc::clone(&self.clock)));
            Arc::new(cells)
        };
        let mut by_rate = self.by_rate.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(by_rate.entry(rate).or_insert_with(fresh)))
    }
}

#[async_trait]
impl RateLimiter for GovernorLimiter {
    async fn take(&self, bucket: &str, rate: Rate) -> Result<Taken, StoreError> {
        let buckets = self.buckets(rate)?;
        if buckets.len() >= MOST_BUCKETS {
            // More callers within the time of a bucket than this node will remember:
            // all of them start anew rather than some of them unlimited.
            buckets.retain_recent();
            if buckets.len() >= MOST_BUCKETS {
                self.by_rate.write().unwrap_or_else(PoisonError::into_inner).remove(&rate);
                tracing::warn!("too many callers at once: their rate limits start anew");
            }
        }
        Ok(match buckets.check_key(&bucket.to_owned()) {
            Ok(state) => Taken { wait: None, remaining: state.remaining_burst_capacity() },
            Err(until) => {
                let wait = until.wait_time_from(buckets.clock().now());
                Taken { wait: Some(wait.max(Duration::from_millis(1))), remaining: 0 }
            }
        })
    }

    async fn forget_full(&self) -> Result<(), StoreError> {
        let all: Vec<_> =
            self.by_rate.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for buckets in all {
            buckets.retain_recent();
            buckets.shrink_to_fit();
        }
        Ok(())
    }
}
