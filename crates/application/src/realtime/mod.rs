//! What happens, told to those who want to know at once.
//!
//! Changes are written to a log with their cause (`crate::tracking`), the [`Sequencer`] has them given
//! their places, and whoever reads on from a position misses nothing.

pub mod access;
mod audience;
pub mod change;
mod channels;
mod connection;
mod credential;
mod event_id;
mod events;
mod follow;
mod frame;
mod judge;
mod open;
mod receivers;
mod resume;
mod sequencer;
mod service;
mod subscription;
mod talk;
mod turns;

pub use channels::{MOST_CHANNELS, MOST_MEMBERS_TOLD};
pub use connection::{Ending, MOST_WAITING, Outgoing};
pub use credential::Credential;
pub(crate) use events::Events;
pub use frame::{Frame, timestamp};
pub use open::{NotSubscribed, Open, Pending};
pub use receivers::{ConnectionLimits, Crowded};
pub use sequencer::Sequencer;
pub use service::{Realtime, RealtimePolicy};
pub use subscription::{ALL_COLLECTIONS, MOST_SUBSCRIPTIONS, Operations, Request};
pub use talk::{LONGEST_META, LONGEST_PAYLOAD};
