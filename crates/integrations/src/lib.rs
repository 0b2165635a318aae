//! Adapters to the world outside, a module for each port.

mod failures;
mod governor_limiter;
mod system;

pub use failures::RecentFailures;
pub use governor_limiter::GovernorLimiter;
pub use system::{RandomIds, SystemClock};
