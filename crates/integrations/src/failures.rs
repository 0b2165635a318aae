//! Failures of one node, in memory: a restart forgets them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use moka::sync::Cache;
use snackbase_application::ports::{FailureCounter, StoreError};

/// Bounds the memory that guessers can take.
const MOST_TARGETS: u64 = 100_000;

type Times = Arc<Mutex<VecDeque<DateTime<Utc>>>>;

/// The newest failures of each target.
#[derive(Debug)]
pub struct RecentFailures {
    times: Cache<String, Times>,
}

impl Default for RecentFailures {
    fn default() -> Self {
        Self { times: Cache::builder().max_capacity(MOST_TARGETS).build() }
    }
}

fn nth_newest(times: &VecDeque<DateTime<Utc>>, n: u32) -> Option<DateTime<Utc>> {
    let place = times.len().checked_sub(n as usize)?;
    times.get(place).copied()
}

#[async_trait]
impl FailureCounter for RecentFailures {
    async fn nth_newest(&self, target: &str, n: u32) -> Result<Option<DateTime<Utc>>, StoreError> {
        let times = self.times.get(target);
        Ok(times.and_then(|times| nth_newest(&times.lock().unwrap_or_else(PoisonError::into_inner), n)))
    }

    async fn count(
        &self,
        target: &str,
        n: u32,
        at: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let times = self.times.get_with(target.to_owned(), Times::default);
        let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
        times.push_back(at);
        if times.len() > n as usize {
            times.pop_front();
        }
        Ok(nth_newest(&times, n))
    }

    async fn forget(&self, target: &str) -> Result<(), StoreError> {
        self.times.invalidate(target);
        Ok(())
    }

    async fn forget_before(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        for (target, times) in &self.times {
            let newest = times.lock().unwrap_or_else(PoisonError::into_inner).back().copied();
            if newest.is_some_and(|newest| newest < before) {
                self.times.invalidate(target.as_str());
            }
        }
        Ok(())
    }
}
