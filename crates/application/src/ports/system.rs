//! Time and identifiers.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Tells the time.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Clock: Send + Sync {
    /// Now, with microseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// Makes identifiers.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait IdGenerator: Send + Sync {
    /// A new UUID that nobody can guess.
    fn new_id(&self) -> Uuid;
}
