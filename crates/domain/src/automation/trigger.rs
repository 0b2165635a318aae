//! What sets a hook or a workflow off.

use serde_json::{Map, Value};

use super::EventKind;

/// What sets a hook or a workflow off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    Event {
        kind: EventKind,
        /// `None`: any collection.
        collection: Option<String>,
        /// What must hold of the record; of workflows only, hooks have one beside the trigger.
        condition: Option<String>,
    },
    /// A cron expression, as it was sent.
    Schedule {
        cron: String,
    },
    Manual,
    /// A call with this token; of workflows only.
    Webhook {
        token: String,
    },
}

impl Trigger {
    /// The word for its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Event { .. } => "event",
            Self::Schedule { .. } => "schedule",
            Self::Manual => "manual",
            Self::Webhook { .. } => "webhook",
        }
    }

    /// The object that is stored, and that replies about hooks show: absent keys are left out.
    pub fn to_stored(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("type".to_owned(), self.type_name().into());
        let mut put = |key: &str, value: &str| object.insert(key.to_owned(), value.into());
        match self {
            Self::Event { kind, collection, condition } => {
                put("event", kind.as_str());
                if let Some(collection) = collection {
                    put("collection", collection);
                }
                if let Some(condition) = condition {
                    put("condition", condition);
                }
            }
            Self::Schedule { cron } => drop(put("cron", cron)),
            Self::Webhook { token } => drop(put("token", token)),
            Self::Manual => {}
        }
        object
    }

    /// Reads what [`Trigger::to_stored`] wrote; `None` for anything else.
    pub fn from_stored(stored: &Map<String, Value>) -> Option<Self> {
        let text = |key: &str| stored.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(match text("type")?.as_str() {
            "event" => Self::Event {
                kind: EventKind::parse(&text("event")?)?,
                collection: text("collection"),
                condition: text("condition"),
            },
            "schedule" => Self::Schedule { cron: text("cron")? },
            "manual" => Self::Manual,
            "webhook" => Self::Webhook { token: text("token")? },
            _ => return None,
        })
    }
}
