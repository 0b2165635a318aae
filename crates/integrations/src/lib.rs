//! Adapters to the world outside, a module for each port.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod failures;
mod files;
mod folder_usage;
mod governor_limiter;
mod http_sender;
mod mail;
pub mod outbound;
mod process_memory;
mod providers;
pub mod sigv4;
pub mod smtp;
mod system;
mod templates;

pub use failures::RecentFailures;
pub use files::{ImageThumbnailer, ProviderFiles};
pub use folder_usage::FolderUsage;
pub use governor_limiter::GovernorLimiter;
pub use http_sender::GuardedSender;
pub use mail::{LocalMail, ProviderMailer};
pub use process_memory::OwnMemory;
pub use providers::ProviderTester;
pub use system::{RandomIds, SystemClock};
pub use templates::JinjaTemplates;
