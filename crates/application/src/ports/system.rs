//! Time and identifiers.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, with microseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// Makes identifiers.
pub trait IdGenerator: Send + Sync {
    /// A new UUID that nobody can guess.
    fn new_id(&self) -> Uuid;
}
