//! Slows down guessing of passwords: failed sign-ins are counted for each account
//! and e-mail address as they were given, whether they exist or not.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;

use crate::{AppError, Kind, Refusal, Says};

/// How many failures within the window close the door.
const MOST_FAILURES: usize = 20;
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Bounds the memory that guessers can take.
const MOST_TARGETS: u64 = 100_000;

type Failures = Arc<Mutex<VecDeque<DateTime<Utc>>>>;

/// The failures of late, by target. Kept in memory: a restart forgets them.
#[derive(Debug)]
pub(crate) struct LoginThrottle {
    failures: Option<Cache<String, Failures>>,
}

impl LoginThrottle {
    /// A throttle that counts, or one that lets everything pass.
    pub(crate) fn new(enabled: bool) -> Self {
        let cache = || {
            let idle = Duration::from_secs(WINDOW.num_seconds().unsigned_abs());
            Cache::builder().max_capacity(MOST_TARGETS).time_to_idle(idle).build()
        };
        Self { failures: enabled.then(cache) }
    }

    /// Refuses a target that failed too often of late.
    pub(crate) fn check(&self, target: &str, now: DateTime<Utc>) -> Result<(), AppError> {
        let failures = self.failures.as_ref().and_then(|cache| cache.get(target));
        failures.map_or(Ok(()), |failures| judge(&failures, now))
    }

    /// Counts a failure; refuses when it is one too many.
    pub(crate) fn failed(&self, target: &str, now: DateTime<Utc>) -> Result<(), AppError> {
        let Some(cache) = &self.failures else {
            return Ok(());
        };
        let failures = cache.get_with(target.to_owned(), Failures::default);
        {
            let mut times = failures.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            times.push_back(now);
            if times.len() > MOST_FAILURES {
                times.pop_front();
            }
        }
        judge(&failures, now)
    }

    /// Forgets the failures of a target that has signed in.
    pub(crate) fn succeeded(&self, target: &str) {
        if let Some(cache) = &self.failures {
            cache.invalidate(target);
        }
    }
}

fn judge(failures: &Failures, now: DateTime<Utc>) -> Result<(), AppError> {
    let times = failures.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let Some(oldest) = times.front().filter(|_| times.len() >= MOST_FAILURES) else {
        return Ok(());
    };
    let left = (*oldest + WINDOW - now).num_milliseconds();
    if left <= 0 {
        return Ok(());
    }
    let seconds = left.unsigned_abs().div_ceil(1000);
    Err(AppError::Refused(Refusal { kind: Kind::TooManyRequests, says: Says::RetryAfter(seconds) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn the_twentieth_failure_closes_the_door_for_the_rest_of_the_window() {
        let throttle = LoginThrottle::new(true);
        for n in 0..19 {
            assert!(throttle.failed("a", at(n)).is_ok(), "failure {n}");
        }
        assert!(throttle.failed("a", at(19)).is_err());
        assert!(throttle.check("a", at(20)).is_err());
        assert!(throttle.check("b", at(20)).is_ok(), "another target");
        assert!(throttle.check("a", at(899)).is_err());
        assert!(throttle.check("a", at(900)).is_ok(), "the first failure is out of the window");
    }

    #[test]
    fn the_wait_is_rounded_up() {
        let throttle = LoginThrottle::new(true);
        let outcome = (0..20).map(|_| throttle.failed("a", at(0))).collect::<Vec<_>>().pop().unwrap();
        let half_a_second_before = at(900) - TimeDelta::milliseconds(500);
        for (outcome, seconds) in [(outcome, 900), (throttle.check("a", half_a_second_before), 1)] {
            let Err(AppError::Refused(refusal)) = outcome else { panic!("not refused") };
            assert_eq!(refusal.says, Says::RetryAfter(seconds));
        }
    }

    #[test]
    fn a_success_forgets_and_a_disabled_throttle_never_counts() {
        let throttle = LoginThrottle::new(true);
        for _ in 0..20 {
            let _ = throttle.failed("a", at(0));
        }
        throttle.succeeded("a");
        assert!(throttle.check("a", at(0)).is_ok());
        let off = LoginThrottle::new(false);
        assert!((0..100).all(|_| off.failed("a", at(0)).is_ok()));
    }
}
