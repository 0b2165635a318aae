//! What hooks, endpoints and workflows can do.

use serde_json::{Map, Value};

use super::template::{Names, render_json_text, render_members, render_value, text_of};
use crate::aggregate::Function;

/// Most actions of one definition: they are done one after another, and their results are kept meanwhile.
pub const MAX_ACTIONS: usize = 100;

/// The types of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    AggregateRecords,
    CreateRecord,
    DeleteRecord,
    EnqueueJob,
    QueryRecords,
    SendEmail,
    SendWebhook,
    Transform,
    UpdateRecord,
}

/// Where actions stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Hook,
    Endpoint,
    Workflow,
}

impl ActionKind {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 9] = [
        Self::AggregateRecords,
        Self::CreateRecord,
        Self::DeleteRecord,
        Self::EnqueueJob,
        Self::QueryRecords,
        Self::SendEmail,
        Self::SendWebhook,
        Self::Transform,
        Self::UpdateRecord,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AggregateRecords => "aggregate_records",
            Self::CreateRecord => "create_record",
            Self::DeleteRecord => "delete_record",
            Self::EnqueueJob => "enqueue_job",
            Self::QueryRecords => "query_records",
            Self::SendEmail => "send_email",
            Self::SendWebhook => "send_webhook",
            Self::Transform => "transform",
            Self::UpdateRecord => "update_record",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it does something at that place: what only answers does so where there are results.
    pub fn is_for(self, place: Place) -> bool {
        let answers = matches!(self, Self::AggregateRecords | Self::QueryRecords | Self::Transform);
        place == Place::Endpoint || !answers
    }
}

/// Refuses actions whose type there is not at that place, in a sentence.
pub fn check_actions(actions: &[Map<String, Value>], place: Place) -> Result<(), String> {
    if actions.len() > MAX_ACTIONS {
        return Err(format!("At most {MAX_ACTIONS} actions are allowed, got {}", actions.len()));
    }
    for action in actions {
        let named = action.get("type").map(text_of).unwrap_or_default();
        if !ActionKind::parse(&named).is_some_and(|kind| kind.is_for(place)) {
            let supported = ActionKind::ALL.into_iter().filter(|kind| kind.is_for(place));
            let supported: Vec<_> = supported.map(ActionKind::as_str).collect();
            return Err(format!("Unknown action type '{named}'. Supported: {}", supported.join(", ")));
        }
    }
    Ok(())
}

/// An action with its placeholders filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    CreateRecord { collection: String, data: Map<String, Value> },
    UpdateRecord { collection: String, record_id: String, data: Map<String, Value> },
    DeleteRecord { collection: String, record_id: String },
    EnqueueJob(EnqueueJob),
    SendEmail(SendEmail),
    SendWebhook(SendWebhook),
    QueryRecords(QueryRecords),
    AggregateRecords(AggregateRecords),
    Transform { output: Value },
}

/// A job to be enqueued; what is `None` is as for all jobs.
#[derive(Clone, Debug, PartialEq)]
pub struct EnqueueJob {
    pub handler: String,
    pub payload: Map<String, Value>,
    pub queue: Option<String>,
    pub priority: Option<i32>,
    pub max_retries: Option<u32>,
    pub retry_delay_seconds: Option<u32>,
    pub delay_seconds: Option<u32>,
}

/// A mail to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SendEmail {
    pub to: String,
    pub content: SendEmailContent,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq)]
pub enum SendEmailContent {
    /// A template's id or type.
    Template { name: String, variables: Map<String, Value> },
    /// HTML.
    Body { subject: String, body: String },
}

/// A request to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendWebhook {
    pub url: String,
    /// In capital letters.
    pub method: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// Records to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryRecords {
    pub collection: String,
    pub filter: Option<String>,
    pub sort: Option<String>,
    pub limit: u64,
    pub offset: u64,
}

/// Something to be computed over records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregateRecords {
    pub collection: String,
    pub function: Function,
    pub field: Option<String>,
    pub filter: Option<String>,
    pub group_by: Option<String>,
}

/// The subject of mails that name none.
const SUBJECT: &str = "Hook notification";
/// How many records are listed where nothing is said.
const LIMIT: u64 = 50;
const JSON: &str = "application/json";

/// The parameters of an action, filled in.
struct Parameters<'a> {
    action: &'a Map<String, Value>,
    names: &'a dyn Names,
}

impl Parameters<'_> {
    fn value(&self, key: &str) -> Option<Value> {
        let value = self.action.get(key).filter(|value| !value.is_null())?;
        Some(render_value(value, self.names))
    }

    /// A parameter as text; one that is empty counts as absent.
    fn text(&self, key: &str) -> Option<String> {
        self.value(key).map(|value| text_of(&value)).filter(|text| !text.is_empty())
    }

    fn object(&self, key: &str) -> Map<String, Value> {
        let object = self.action.get(key).and_then(Value::as_object);
        object.map(|members| render_members(members, self.names)).unwrap_or_default()
    }

    /// A whole number, also as text; `None` where it is absent.
    fn number<T: TryFrom<i64>>(&self, kind: &str, key: &str) -> Result<Option<T>, String> {
        let Some(text) = self.text(key) else { return Ok(None) };
        let number = text.trim().parse::<i64>().ok().and_then(|number| T::try_from(number).ok());
        number.map(Some).ok_or_else(|| format!("{kind}: '{key}' is no valid number: '{text}'"))
    }
}

impl Action {
    /// Reads an action and fills in its placeholders. What it lacks is told in a sentence.
    pub fn read(kind: ActionKind, action: &Map<String, Value>, names: &dyn Names) -> Result<Self, String> {
        let of = Parameters { action, names };
        let name = kind.as_str();
        let collection =
            || of.text("collection").ok_or_else(|| format!("{name} action requires a 'collection'"));
        let record = || {
            let both = of.text("collection").zip(of.text("record_id"));
            both.ok_or_else(|| format!("{name} action requires 'collection' and 'record_id'"))
        };
        Ok(match kind {
            ActionKind::CreateRecord => {
                Self::CreateRecord { collection: collection()?, data: of.object("data") }
            }
            ActionKind::UpdateRecord => {
                let (collection, record_id) = record()?;
                Self::UpdateRecord { collection, record_id, data: of.object("data") }
            }
            ActionKind::DeleteRecord => {
                let (collection, record_id) = record()?;
                Self::DeleteRecord { collection, record_id }
            }
            ActionKind::EnqueueJob => Self::EnqueueJob(EnqueueJob {
                handler: of.text("handler").ok_or_else(|| format!("{name} action requires a 'handler'"))?,
                payload: of.object("payload"),
                queue: of.text("queue"),
                priority: of.number(name, "priority")?,
                max_retries: of.number(name, "max_retries")?,
                retry_delay_seconds: of.number(name, "retry_delay_seconds")?,
                delay_seconds: of.number(name, "delay_seconds")?,
            }),
            ActionKind::SendEmail => {
                let to = of.text("to").ok_or_else(|| format!("{name} action requires a 'to' address"))?;
                let content = match of.text("template_id") {
                    Some(name) => SendEmailContent::Template { name, variables: of.object("variables") },
                    None => SendEmailContent::Body {
                        subject: of.text("subject").unwrap_or_else(|| SUBJECT.to_owned()),
                        body: of.text("body").unwrap_or_default(),
                    },
                };
                Self::SendEmail(SendEmail { to, content })
            }
            ActionKind::SendWebhook => Self::SendWebhook(send_webhook(&of)?),
            ActionKind::QueryRecords => Self::QueryRecords(QueryRecords {
                collection: collection()?,
                filter: of.text("filter"),
                sort: of.text("sort"),
                limit: of.number(name, "limit")?.unwrap_or(LIMIT),
                offset: of.number(name, "offset")?.unwrap_or_default(),
            }),
            ActionKind::AggregateRecords => Self::AggregateRecords(aggregate_records(&of, collection()?)?),
            ActionKind::Transform => {
                let output = action.get("output").map(|output| render_value(output, names));
                Self::Transform {
                    output: output.ok_or_else(|| format!("{name} action requires an 'output' key"))?,
                }
            }
        })
    }
}

fn send_webhook(of: &Parameters<'_>) -> Result<SendWebhook, String> {
    let url = of.text("url").ok_or("send_webhook action requires a 'url'")?;
    let method = of.text("method").unwrap_or_else(|| "POST".to_owned()).to_ascii_uppercase();
    let mut headers: Vec<_> =
        of.object("headers").into_iter().map(|(name, value)| (name, text_of(&value))).collect();
    let content_type = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_json = content_type.is_none_or(|(_, value)| value.to_ascii_lowercase().contains("json"));
    let has_type = content_type.is_some();
    let body = match of.action.get("body_template") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) if is_json => Some(render_json_text(text, of.names)),
        Some(Value::String(text)) => Some(super::template::render(text, of.names)),
        Some(tree) => Some(render_value(tree, of.names).to_string()),
    };
    if body.is_some() && !has_type {
        headers.push(("Content-Type".to_owned(), JSON.to_owned()));
    }
    Ok(SendWebhook { url, method, headers, body })
}

fn aggregate_records(of: &Parameters<'_>, collection: String) -> Result<AggregateRecords, String> {
    let named = of.text("function").unwrap_or_else(|| "count".to_owned());
    let function = Function::parse(&named.to_ascii_lowercase()).ok_or_else(|| {
        format!("aggregate_records: unknown function '{named}'. Supported: {}", Function::NAMES)
    })?;
    let field = of.text("field");
    if function != Function::Count && field.is_none() {
        let name = named.to_ascii_lowercase();
        return Err(format!("aggregate_records: function '{name}' requires a 'field'"));
    }
    Ok(AggregateRecords {
        collection,
        function,
        field,
        filter: of.text("filter"),
        group_by: of.text("group_by"),
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::AccountId;
    use crate::automation::template::Scope;

    fn read(action: Value) -> Result<Action, String> {
        let mut scope = Scope::new(DateTime::from_timestamp(0, 0).unwrap(), None, AccountId::SYSTEM);
        scope.set("record", json!({ "title": "say \"hi\"", "n": 3 }));
        let Value::Object(action) = action else { unreachable!() };
        let kind = ActionKind::parse(action["type"].as_str().unwrap()).unwrap();
        Action::read(kind, &action, &scope)
    }

    #[test]
    fn types_are_checked_by_place() {
        let transform = [json!({ "type": "transform" }).as_object().cloned().unwrap()];
        assert_eq!(check_actions(&transform, Place::Endpoint), Ok(()));
        let supported = "create_record, delete_record, enqueue_job, send_email, send_webhook, update_record";
        let refused = Err(format!("Unknown action type 'transform'. Supported: {supported}"));
        assert_eq!(check_actions(&transform, Place::Hook), refused);
        let untyped = [Map::new()];
        assert_eq!(check_actions(&untyped, Place::Hook), refused.map_err(|e| e.replace("transform'", "'")));
    }

    #[test]
    fn what_is_lacking_is_told() {
        for (action, reason) in [
            (json!({ "type": "send_webhook" }), "send_webhook action requires a 'url'"),
            (json!({ "type": "send_email", "to": "" }), "send_email action requires a 'to' address"),
            (json!({ "type": "create_record" }), "create_record action requires a 'collection'"),
            (
                json!({ "type": "update_record", "collection": "c" }),
                "update_record action requires 'collection' and 'record_id'",
            ),
            (
                json!({ "type": "delete_record", "record_id": "r" }),
                "delete_record action requires 'collection' and 'record_id'",
            ),
            (json!({ "type": "enqueue_job" }), "enqueue_job action requires a 'handler'"),
            (json!({ "type": "query_records" }), "query_records action requires a 'collection'"),
            (json!({ "type": "aggregate_records" }), "aggregate_records action requires a 'collection'"),
            (
                json!({ "type": "aggregate_records", "collection": "c", "function": "median" }),
                "aggregate_records: unknown function 'median'. Supported: avg, count, max, min, sum",
            ),
            (
                json!({ "type": "aggregate_records", "collection": "c", "function": "SUM" }),
                "aggregate_records: function 'sum' requires a 'field'",
            ),
            (json!({ "type": "transform" }), "transform action requires an 'output' key"),
            (
                json!({ "type": "query_records", "collection": "c", "limit": "x" }),
                "query_records: 'limit' is no valid number: 'x'",
            ),
        ] {
            assert_eq!(read(action), Err(reason.to_owned()));
        }
    }

    #[test]
    fn bodies_are_escaped_where_they_are_json() {
        let body = |action: Value| match read(action) {
            Ok(Action::SendWebhook(sent)) => (sent.body, sent.headers),
            other => panic!("{other:?}"),
        };
        let template = "{\"t\":\"{{record.title}}\"}";
        let (sent, headers) = body(json!({ "type": "send_webhook", "url": "u", "body_template": template }));
        assert_eq!(sent.as_deref(), Some("{\"t\":\"say \\\"hi\\\"\"}"));
        assert_eq!(headers, [("Content-Type".to_owned(), JSON.to_owned())]);
        let plain = json!({ "content-type": "text/plain" });
        let (sent, headers) =
            body(json!({ "type": "send_webhook", "url": "u", "body_template": template, "headers": plain }));
        assert_eq!(sent.as_deref(), Some("{\"t\":\"say \"hi\"\"}"));
        assert_eq!(headers.len(), 1);
        let tree = json!({ "t": "{{record.title}}", "n": 1 });
        let (sent, _) = body(json!({ "type": "send_webhook", "url": "u", "body_template": tree }));
        assert_eq!(sent.as_deref(), Some("{\"t\":\"say \\\"hi\\\"\",\"n\":1}"));
        assert_eq!(body(json!({ "type": "send_webhook", "url": "u" })), (None, Vec::new()));
    }

    #[test]
    fn numbers_may_be_texts() {
        let read = read(
            json!({ "type": "enqueue_job", "handler": "h", "priority": "{{record.n}}", "max_retries": 5 }),
        );
        let Ok(Action::EnqueueJob(job)) = read else { panic!("{read:?}") };
        assert_eq!((job.priority, job.max_retries, job.delay_seconds), (Some(3), Some(5), None));
    }
}
