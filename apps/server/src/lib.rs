//! The SnackBase server as a library: settings, HTTP, command line and wiring.
//!
//! An embedder reads [`settings::Settings`] and calls [`startup::build`]; tests do
//! the same with [`startup::Overrides`].

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod background;
pub mod cli;
pub mod http;
pub mod logging;
pub mod settings;
pub mod startup;
