//! `GET /api/v1/realtime/subscribe`

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, rt};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use serde_json::json;
use snackbase_application::realtime::{
    MOST_SUBSCRIPTIONS, NotSubscribed, Open, Operations, Outgoing, Request, timestamp,
};
use snackbase_application::{AppError, Kind};
use snackbase_domain::RecordId;
use tokio::task::JoinHandle;
use tokio::time::{Instant, Interval};

use super::{Enabled, credential, crowded};
use crate::http::error::ApiResult;
use crate::http::input::Query;

/// Messages that are sent in one piece at most.
const AT_ONCE: usize = 64;
/// How often a comment keeps the connection open.
const COMMENT: Duration = Duration::from_secs(15);

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream; charset=utf-8");
/// Events are sent as they come: no layer may gather them.
const PLAIN: HeaderValue = HeaderValue::from_static("identity");
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

#[utoipa::path(get, path = "/api/v1/realtime/subscribe", tag = "realtime",
    description = "Server-sent events (HTML standard, section 9.2). Each has an `id`; a client that comes again with `Last-Event-ID` first gets what it missed.",
    params(
        ("collection" = Option<Vec<String>>, Query, description = "A collection, or `*`; may be repeated"),
        ("collections" = Option<Vec<String>>, Query, description = "The same, perhaps with operations: `posts:create,update`"),
        ("filter.{collection}" = Option<String>, Query, description = "Only records of that collection that satisfy this expression"),
        ("record.{collection}" = Option<String>, Query, description = "Only this record of that collection"),
        ("token" = Option<String>, Query, description = "Access token or API key; else `Authorization` or the header of API keys"),
        ("Last-Event-ID" = Option<String>, Header, description = "The last event that the client has"),
    ),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 400), (status = 401), (status = 403), (status = 404), (status = 429), (status = 503)))]
pub async fn subscribe(request: HttpRequest, query: Query, enabled: Data<Enabled>) -> ApiResult {
    let realtime = enabled.get()?;
    let requests = requests(query.pairs()?)?;
    let Some(credential) = credential(&request, &query, None) else {
        return Err(AppError::unauthenticated("Missing token").into());
    };
    let principal = realtime.sign_in(&credential).await.map_err(|error| match error {
        AppError::Refused(refusal) if refusal.kind == Kind::Unauthenticated => {
            AppError::unauthenticated("Invalid token")
        }
        other => other,
    })?;
    let open = match realtime.open(credential, principal) {
        Ok(open) => Arc::new(open),
        Err(reason) => return Ok(crowded(reason)),
    };
    let since = request.headers().get(LAST_EVENT_ID).map(|id| id.to_str().unwrap_or_default());
    let since = since.filter(|id| !id.is_empty());
    let pending = open.subscribe_all(requests, since).await.map_err(|refused| refusal(*refused))?;
    let receiver = open.clone();
    let resuming = rt::spawn(async move { receiver.resume_all(pending).await });
    let heartbeat = open.heartbeat();
    let events = Events {
        open,
        resuming,
        begun: false,
        ended: false,
        beat: tokio::time::interval_at(Instant::now() + heartbeat, heartbeat),
        comment: tokio::time::interval_at(Instant::now() + COMMENT, COMMENT),
    };
    let pieces = stream::unfold(events, |mut events| async {
        let piece = events.next().await?;
        Some((Ok::<_, AppError>(piece), events))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, EVENTS))
        .insert_header((CACHE_CONTROL, NO_STORE))
        .insert_header((BUFFERING, HeaderValue::from_static("no")))
        .insert_header((CONTENT_ENCODING, PLAIN))
        .streaming(Box::pin(pieces)))
}

/// What the parameters ask for; of what is named twice the last counts.
fn requests(pairs: &[(String, String)]) -> Result<Vec<Request>, AppError> {
    let mut requests: BTreeMap<&str, Request> = BTreeMap::new();
    for (name, value) in pairs {
        let (collection, operations) = match name.as_str() {
            "collection" => (value.as_str(), None),
            "collections" => match value.split_once(':') {
                Some((collection, operations)) => (collection, Some(operations)),
                None => (value.as_str(), None),
            },
            _ => continue,
        };
        let operations = operations.filter(|operations| !operations.is_empty());
        let operations =
            operations.map_or(Operations::ALL, |names| Operations::named(names.split(',').map(str::trim)));
        if !collection.is_empty() {
            requests.insert(collection, Request { operations, ..Request::about(collection) });
        }
    }
    for (name, value) in pairs {
        let (part, collection) = match name.split_once('.') {
            Some((part @ ("filter" | "record"), collection)) => (part, collection),
            _ => continue,
        };
        let Some(request) = requests.get_mut(collection) else {
            let detail = format!("{name}: there is no subscription to that collection");
            return Err(AppError::detail(Kind::Invalid, detail));
        };
        match part {
            "filter" => request.filter = Some(value.clone()),
            _ => request.record = Some(RecordId::new(value.clone())),
        }
    }
    Ok(requests.into_values().collect())
}

fn refusal((why, collection): (NotSubscribed, String)) -> AppError {
    match why {
        NotSubscribed::Denied => AppError::denied(format!("Subscription denied: {collection}")),
        NotSubscribed::TooMany => {
            AppError::detail(Kind::Invalid, format!("Max subscriptions reached ({MOST_SUBSCRIPTIONS})"))
        }
        NotSubscribed::Filter(problem) => {
            AppError::titled(Kind::Invalid, "Invalid filter expression", problem)
        }
        NotSubscribed::Failed(error) => error,
    }
}

/// The server's end of a stream of events.
struct Events {
    open: Arc<Open>,
    /// Sends what was missed.
    resuming: JoinHandle<()>,
    begun: bool,
    ended: bool,
    beat: Interval,
    comment: Interval,
}

impl Drop for Events {
    fn drop(&mut self) {
        self.resuming.abort();
    }
}

impl Events {
    /// The next piece; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        if !std::mem::replace(&mut self.begun, true) {
            // Proxies pass the headers on with the first bytes.
            return Some(Bytes::from_static(b": connected\r\n\r\n"));
        }
        Some(tokio::select! {
            outgoing = self.open.next(AT_ONCE) => match outgoing {
                Outgoing::Frames(frames) => {
                    self.beat.reset();
                    match &frames[..] {
                        [frame] => frame.event().clone(),
                        frames => {
                            let size = frames.iter().map(|frame| frame.event().len()).sum();
                            let mut all = BytesMut::with_capacity(size);
                            frames.iter().for_each(|frame| all.extend_from_slice(frame.event()));
                            all.freeze()
                        }
                    }
                }
                Outgoing::End(ending) => {
                    self.ended = true;
                    event("closed", &json!({ "code": ending.code, "reason": ending.reason }))
                }
            },
            _ = self.beat.tick() => event("heartbeat", &json!({ "timestamp": timestamp(self.open.now()) })),
            _ = self.comment.tick() => format!(": ping - {}\r\n\r\n", timestamp(self.open.now())).into(),
        })
    }
}

fn event(name: &str, data: &serde_json::Value) -> Bytes {
    format!("event: {name}\r\ndata: {data}\r\n\r\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Vec<(String, Operations, Option<String>, Option<String>)> {
        let requests = requests(Query::parse(query).pairs().unwrap()).unwrap();
        let request = |r: Request| (r.collection, r.operations, r.filter, r.record.map(|id| id.to_string()));
        requests.into_iter().map(request).collect()
    }

    #[test]
    fn either_form_of_parameters_is_read() {
        let all = |name: &str| (name.to_owned(), Operations::ALL, None, None);
        assert_eq!(asked("collection=a&collection=b"), [all("a"), all("b")]);
        assert_eq!(asked("collections=a&collections=b:"), [all("a"), all("b")]);
        assert_eq!(asked("token=x&collection="), []);
        let two = Operations::named(["create", "update"]);
        assert_eq!(asked("collections=a:create,%20update,other"), [("a".to_owned(), two, None, None)]);
        assert_eq!(asked("collection=a&collections=a:create,update")[0].1, two);
    }

    #[test]
    fn a_subscription_is_narrowed_by_its_name() {
        let [(name, operations, filter, record)] = &asked("collection=a&filter.a=n%20%3E%201&record.a=7")[..]
        else {
            panic!("one subscription");
        };
        assert_eq!((name.as_str(), *operations), ("a", Operations::ALL));
        assert_eq!((filter.as_deref(), record.as_deref()), (Some("n > 1"), Some("7")));
        assert!(requests(Query::parse("filter.a=n").pairs().unwrap()).is_err());
    }
}
