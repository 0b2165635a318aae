//! The use cases of SnackBase and the ports they need.
//!
//! Each feature is a service with a method per use case, in a file of its own.
//! A use case owns its transaction; the inner function that works within one
//! (`…_in`) can be composed by others.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod automation;
pub mod caller;
pub mod catalog;
pub mod collections;
pub mod configuration;
pub mod dashboard;
pub mod endpoints;
pub mod error;
pub mod files;
pub mod groups;
pub mod health;
pub mod hooks;
pub mod invitations;
pub mod jobs;
pub mod json;
pub mod limits;
pub mod macros;
pub mod mail;
pub mod mailed_tokens;
pub mod migrations;
pub mod password_reset;
pub mod ports;
pub mod realtime;
pub mod records;
pub mod registration;
pub mod roles;
pub mod rules;
pub mod secrets;
pub mod setup;
pub mod tracking;
mod tx;
pub mod users;
pub mod verification;
pub mod webhooks;

pub use caller::{Actor, AuthMethod, Caller, Identity, Origin, Principal};
pub use error::{AppError, FieldAccess, Kind, OtherProvider, Refusal, Says};
