//! What clients ask of channels.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::channels::{MOST_CHANNELS, member};
use super::frame::{Frame, refusal, timestamp};
use super::open::Open;
use crate::{AppError, Caller};

/// Bytes of what somebody tells of himself, as JSON text.
pub const LONGEST_META: usize = 4 * 1024;
/// Bytes of what is said in a channel, as JSON text.
pub const LONGEST_PAYLOAD: usize = 16 * 1024;
/// Characters of the name of what is said.
const LONGEST_EVENT: usize = 100;

impl Open {
    /// Does what a message asks of a channel; `false` when it is no such message.
    pub(super) async fn talk(&self, action: &str, message: &Map<String, Json>) -> bool {
        if !["join", "leave", "presence", "broadcast"].contains(&action) {
            return false;
        }
        let channel = match message.get("channel") {
            None | Some(Json::Null) => "",
            Some(Json::String(channel)) => channel.as_str(),
            Some(_) => {
                self.invalid();
                return true;
            }
        };
        if channel.is_empty() {
            self.say(refusal("Missing channel", &[]));
            return true;
        }
        let outcome = match action {
            "join" => self.join(channel, message).await,
            "leave" => {
                self.leave(channel);
                Ok(())
            }
            "presence" => self.describe(channel, message).await,
            _ => self.broadcast(channel, message).await,
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "a channel failed");
            self.say(refusal("Temporarily unavailable", &[("channel", channel)]));
        }
        true
    }

    async fn join(&self, channel: &str, message: &Map<String, Json>) -> Result<(), AppError> {
        let nothing = json!({});
        let meta = message.get("meta").unwrap_or(&nothing);
        let Some(meta) = self.within(meta, LONGEST_META, channel) else { return Ok(()) };
        let about = [("channel", channel)];
        let channels = &self.realtime.channels;
        if channels.of(&self.connection, channel).is_none()
            && channels.all_of(&self.connection).len() >= MOST_CHANNELS
        {
            self.say(refusal(&format!("Max channels reached ({MOST_CHANNELS})"), &about));
            return Ok(());
        }
        let caller = Caller::User(self.connection.principal());
        let Some(account) = self.realtime.channel_account(&caller, channel).await? else {
            self.say(refusal("Join denied", &about));
            return Ok(());
        };
        let (own, there) = self.realtime.join(&self.connection, account, channel, meta).await?;
        let welcome = Frame::saying(&json!({
            "status": "joined",
            "channel": channel,
            "type": "joined",
            "member": own.presence.id,
            "members": there.iter().map(member).collect::<Vec<_>>(),
            "timestamp": timestamp(self.realtime.now()),
        }));
        own.welcome(welcome, &there);
        Ok(())
    }

    fn leave(&self, channel: &str) {
        if let Some(local) = self.realtime.channels.of(&self.connection, channel) {
            self.realtime.channels.exit(&local);
        }
        self.connection.push(Arc::new(Frame::saying(&json!({
            "status": "left",
            "channel": channel,
            "type": "left",
            "timestamp": timestamp(self.realtime.now()),
        }))));
    }

    async fn describe(&self, channel: &str, message: &Map<String, Json>) -> Result<(), AppError> {
        let Some(meta) = message.get("meta") else {
            self.invalid();
            return Ok(());
        };
        let Some(meta) = self.within(meta, LONGEST_META, channel) else { return Ok(()) };
        if let Some(local) = self.there(channel) {
            self.realtime.describe(&local, meta).await?;
        }
        Ok(())
    }

    async fn broadcast(&self, channel: &str, message: &Map<String, Json>) -> Result<(), AppError> {
        let event = message.get("event").and_then(Json::as_str).unwrap_or_default();
        if event.is_empty() || event.chars().count() > LONGEST_EVENT {
            self.invalid();
            return Ok(());
        }
        let payload = message.get("payload").unwrap_or(&Json::Null);
        let Some(payload) = self.within(payload, LONGEST_PAYLOAD, channel) else { return Ok(()) };
        if let Some(local) = self.there(channel) {
            self.realtime.broadcast(&local, event, payload).await?;
        }
        Ok(())
    }

    /// A value that is not too large, else says so.
    fn within<'v>(&self, value: &'v Json, most: usize, channel: &str) -> Option<&'v Json> {
        let fits = value.to_string().len() <= most;
        if !fits {
            self.say(refusal(&format!("Too large: at most {most} bytes"), &[("channel", channel)]));
        }
        fits.then_some(value)
    }

    /// This connection in a channel, else says that it is not there.
    fn there(&self, channel: &str) -> Option<super::channels::Local> {
        let local = self.realtime.channels.of(&self.connection, channel);
        if local.is_none() {
            self.say(refusal("Not joined", &[("channel", channel)]));
        }
        local
    }
}
