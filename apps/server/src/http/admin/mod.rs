//! Administration of the installation.

pub mod api_keys;
pub mod configuration;
pub mod email;
pub mod health;
pub mod jobs;
