//! Adapters to the world outside, a module for each port.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod outbound;
mod providers;
pub mod sigv4;
pub mod smtp;
mod system;

pub use providers::ProviderTester;
pub use system::{RandomIds, SystemClock};
