//! What happens, told to those who want to know at once.
//!
//! Changes are written to a log with their cause (`crate::tracking`), the [`Sequencer`] has them given
//! their places, and whoever reads on from a position misses nothing.

pub mod access;
pub mod change;
mod events;
mod sequencer;

pub(crate) use events::Events;
pub use sequencer::Sequencer;
