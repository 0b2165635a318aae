//! Triggers in bodies: objects of several kinds, told apart by their `type`.

use serde_json::{Value, json};
use snackbase_application::AppError;
use snackbase_domain::automation::{EventKind, Trigger};

use crate::http::input::{Fault, Fields, Kind, Path};

/// A trigger as it was sent. Its words are looked at by [`SentTrigger::trigger`], once the shape of the
/// whole body is known to be good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentTrigger {
    Event {
        event: String,
        collection: Option<String>,
        condition: Option<String>,
    },
    Schedule {
        cron: String,
    },
    Manual,
    /// Its token is the server's to choose.
    Webhook,
}

impl SentTrigger {
    /// The trigger that is meant. `token` makes the token of a webhook.
    pub fn trigger(self, token: impl FnOnce() -> String) -> Result<Trigger, AppError> {
        Ok(match self {
            Self::Event { event, collection, condition } => {
                let kind = EventKind::parse(&event).ok_or_else(|| {
                    let supported: Vec<_> = EventKind::ALL.into_iter().map(EventKind::as_str).collect();
                    let supported = supported.join(", ");
                    AppError::unprocessable(format!("Unknown event '{event}'. Supported: {supported}"))
                })?;
                Trigger::Event { kind, collection, condition }
            }
            Self::Schedule { cron } => Trigger::Schedule { cron },
            Self::Manual => Trigger::Manual,
            Self::Webhook => Trigger::Webhook { token: token() },
        })
    }
}

/// Reads a trigger of one of these types.
#[derive(Clone, Copy, Debug)]
pub struct TriggerField {
    types: &'static [&'static str],
    /// Whether events have a condition of their own.
    conditional: bool,
}

impl TriggerField {
    /// Of hooks.
    pub const OF_HOOKS: Self = Self { types: &["event", "schedule", "manual"], conditional: false };
}

impl Kind for TriggerField {
    type Value = SentTrigger;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<SentTrigger> {
        let mut fault = |kind, msg: String, ctx: Value| {
            let fault = Fault::new(kind, at.to_loc(), msg).input(sent);
            faults.push(if ctx.is_null() { fault } else { fault.ctx(ctx) });
            None
        };
        let Some(object) = sent.as_object() else {
            let msg = "Input should be a valid dictionary or object to extract fields from";
            return fault("model_attributes_type", msg.to_owned(), Value::Null);
        };
        let Some(tag) = object.get("type") else {
            let msg = "Unable to extract tag using discriminator 'type'";
            return fault("union_tag_not_found", msg.to_owned(), json!({ "discriminator": "'type'" }));
        };
        let Some(known) = self.types.iter().copied().find(|known| tag.as_str() == Some(known)) else {
            let expected: Vec<_> = self.types.iter().map(|known| format!("'{known}'")).collect();
            let expected = expected.join(", ");
            let tag = tag.as_str().map_or_else(|| tag.to_string(), str::to_owned);
            let msg = format!(
                "Input tag '{tag}' found using 'type' does not match any of the expected tags: {expected}"
            );
            let ctx = json!({ "discriminator": "'type'", "tag": tag, "expected_tags": expected });
            return fault("union_tag_invalid", msg, ctx);
        };
        let mut fields = Fields::of_object(object, Path::Key(at, known));
        let read = match known {
            "event" => SentTrigger::Event {
                event: fields.string("event").required(),
                collection: fields.string("collection").optional(),
                condition: if self.conditional { fields.string("condition").optional() } else { None },
            },
            "schedule" => SentTrigger::Schedule { cron: fields.string("cron").required() },
            "webhook" => SentTrigger::Webhook,
            _ => SentTrigger::Manual,
        };
        match fields.finish() {
            Ok(()) => Some(read),
            Err(found) => {
                faults.extend(found.0);
                None
            }
        }
    }

    fn placeholder(&mut self) -> SentTrigger {
        SentTrigger::Manual
    }
}
