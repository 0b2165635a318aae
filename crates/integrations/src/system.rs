//! The operating system's time and random numbers.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use snackbase_application::ports::{Clock, IdGenerator};
use uuid::Uuid;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter that others must use")]
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        // Both databases keep microseconds; what is answered must be what is stored.
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }
}

/// Random UUIDs (RFC 9562, version 4).
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdGenerator for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter that others must use")]
    fn new_id(&self) -> Uuid {
        Uuid::new_v4()
    }
}
