//! Adapters to the world outside, a module for each port.

mod system;

pub use system::{RandomIds, SystemClock};
