//! `GET /api/v1/realtime/ws`

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION};
use actix_web::web::{Data, Payload};
use actix_web::{FromRequest, HttpRequest, HttpResponse, rt};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, ProtocolError, Session};
use bytes::Bytes;
use bytestring::ByteString;
use futures_util::Stream;
use serde_json::json;
use snackbase_application::realtime::{Credential, Ending, Open, Outgoing, Realtime, timestamp};
use snackbase_application::{AppError, Principal};
use tokio::time::Instant;

use super::bounded_frames::BoundedFrames;
use super::{AllowedOrigins, Enabled, credential, crowded};
use crate::http::error::ApiResult;
use crate::http::input::Query;

/// Bytes of a message that a client sends.
const LONGEST_MESSAGE: usize = 64 * 1024;
/// Messages that are taken out of the queue at once.
const AT_ONCE: usize = 64;
/// The bytes of a request.
type BoxedPayloadStream = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;
/// How long a client has for the end of what he is being sent.
const GOODBYE: Duration = Duration::from_secs(30);

#[utoipa::path(get, path = "/api/v1/realtime/ws", tag = "realtime",
    description = "A WebSocket (RFC 6455). Messages are JSON objects: `{\"action\":\"subscribe\",\"collection\":\"posts\",\"operations\":[\"create\",\"update\",\"delete\"]}`, `unsubscribe`, `ping`; a subscription may have a `record`, a `filter`, an `id` of its own and the event id `since` which to go on. Events are `{\"type\":\"posts.create\",\"event_id\":\"…\",\"timestamp\":\"…\",\"data\":{…}}`.",
    params(
        ("token" = Option<String>, Query, description = "Access token or API key; else the subprotocol, `Authorization` or the header of API keys"),
    ),
    responses((status = 101, description = "The connection is a WebSocket"), (status = 400), (status = 404), (status = 429), (status = 503)))]
pub async fn ws(
    request: HttpRequest,
    body: Payload,
    query: Query,
    enabled: Data<Enabled>,
    origins: Data<AllowedOrigins>,
) -> ApiResult {
    let realtime = enabled.get()?;
    let overflow = Rc::new(Cell::new(false));
    let frames = BoundedFrames::new(body.into_inner(), LONGEST_MESSAGE, overflow.clone());
    let frames: BoxedPayloadStream = Box::pin(frames);
    let mut frames = actix_web::dev::Payload::Stream { payload: frames };
    let Ok(body) = Payload::from_request(&request, &mut frames).await else {
        return Ok(no_handshake("no body"));
    };
    let protocol = offered_protocol(&request);
    let accepted = actix_ws::handle_with_protocols(&request, body, protocol.as_slice());
    let (response, session, messages) = match accepted {
        Ok(accepted) => accepted,
        Err(error) => return Ok(no_handshake(&error.to_string())),
    };
    let shown = credential(&request, &query, protocol);
    let client = match admitted(&realtime, &origins, &request, shown).await? {
        Ok((credential, principal)) => match realtime.open(credential, principal) {
            Ok(open) => Ok(open),
            Err(reason) => return Ok(crowded(reason)),
        },
        Err(ending) => Err(ending),
    };
    let messages = messages
        .max_frame_size(LONGEST_MESSAGE)
        .aggregate_continuations()
        .max_continuation_size(LONGEST_MESSAGE);
    rt::spawn(async move {
        match client {
            Ok(open) => {
                Socket { open, session, overflow, heard: Cell::new(Instant::now()) }.serve(messages).await
            }
            Err(ending) => say_goodbye(session, ending).await,
        }
    });
    Ok(response)
}

/// Who may come in, or with what word the connection is to end.
async fn admitted(
    realtime: &Realtime,
    origins: &AllowedOrigins,
    request: &HttpRequest,
    shown: Option<Credential>,
) -> Result<Result<(Credential, Principal), Ending>, AppError> {
    if !origins.allow(request) {
        return Ok(Err(Ending::FOREIGN_ORIGIN));
    }
    let Some(credential) = shown else { return Ok(Err(Ending::MISSING_TOKEN)) };
    match realtime.sign_in(&credential).await {
        Ok(principal) => Ok(Ok((credential, principal))),
        Err(AppError::Refused(_)) => Ok(Err(Ending::UNAUTHENTICATED)),
        Err(error) => Err(error),
    }
}

/// The subprotocol that the client offers, which is his token: pages can send no other header.
fn offered_protocol(request: &HttpRequest) -> Option<&str> {
    let offered = request.headers().get(SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    offered.split(',').map(str::trim).find(|protocol| !protocol.is_empty())
}

fn no_handshake(reason: &str) -> HttpResponse {
    HttpResponse::BadRequest()
        .insert_header((SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")))
        .json(json!({ "detail": reason }))
}

async fn say_goodbye(session: Session, ending: Ending) {
    let reason =
        CloseReason { code: CloseCode::from(ending.code), description: Some(ending.reason.to_owned()) };
    // Who does not take it has to do without.
    let _ = tokio::time::timeout(GOODBYE, session.close(Some(reason))).await;
}

/// The server's end of a WebSocket.
struct Socket {
    open: Open,
    session: Session,
    /// Whether the client sent a frame that was too big.
    overflow: Rc<Cell<bool>>,
    /// When something last came from the client.
    heard: Cell<Instant>,
}

/// How it is over.
enum Over {
    /// This side says why.
    Ends(Ending),
    /// The client has said so.
    Closed(Option<CloseReason>),
    /// The client is gone.
    Gone,
}

impl Socket {
    async fn serve(self, messages: AggregatedMessageStream) {
        // Both in one task: what is sent goes on while a message is worked on.
        let over = tokio::select! {
            over = self.read(messages) => over,
            over = self.write() => over,
        };
        let Self { open, session, .. } = self;
        drop(open);
        match over {
            Over::Ends(ending) => say_goodbye(session, ending).await,
            Over::Closed(reason) => {
                let _ = tokio::time::timeout(GOODBYE, session.close(reason)).await;
            }
            Over::Gone => {}
        }
    }

    async fn read(&self, mut messages: AggregatedMessageStream) -> Over {
        let mut session = self.session.clone();
        while let Some(message) = messages.recv().await {
            self.heard.set(Instant::now());
            match message {
                Ok(AggregatedMessage::Text(text)) => self.open.receive(&text).await,
                Ok(AggregatedMessage::Binary(bytes)) => match std::str::from_utf8(&bytes) {
                    Ok(text) => self.open.receive(text).await,
                    Err(_) => self.open.invalid(),
                },
                Ok(AggregatedMessage::Ping(bytes)) => {
                    if session.pong(&bytes).await.is_err() {
                        return Over::Gone;
                    }
                }
                Ok(AggregatedMessage::Pong(_)) => {}
                Ok(AggregatedMessage::Close(reason)) => return Over::Closed(reason),
                Err(error) => return self.broken(&error),
            }
        }
        Over::Gone
    }

    /// What is wrong with what came.
    fn broken(&self, error: &ProtocolError) -> Over {
        match error {
            _ if self.overflow.get() => Over::Ends(Ending::TOO_BIG),
            ProtocolError::Overflow => Over::Ends(Ending::TOO_BIG),
            ProtocolError::Io(error) if error.to_string().contains("maximum continuation size") => {
                Over::Ends(Ending::TOO_BIG)
            }
            ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Over::Ends(Ending::NOT_TEXT)
            }
            ProtocolError::Io(_) => Over::Gone,
            _ => Over::Ends(Ending::PROTOCOL_ERROR),
        }
    }

    async fn write(&self) -> Over {
        let mut session = self.session.clone();
        let every = self.open.heartbeat();
        let mut beat = tokio::time::interval_at(Instant::now() + every, every);
        loop {
            tokio::select! {
                outgoing = self.open.next(AT_ONCE) => match outgoing {
                    Outgoing::End(ending) => return Over::Ends(ending),
                    Outgoing::Frames(frames) => {
                        for frame in frames {
                            let Ok(text) = ByteString::try_from(frame.message().clone()) else { continue };
                            if let Err(over) = self.send(session.text(text)).await {
                                return over;
                            }
                        }
                    }
                },
                _ = beat.tick() => {
                    if self.heard.get().elapsed() > 2 * every {
                        return Over::Gone;
                    }
                    let alive = json!({ "type": "heartbeat", "timestamp": timestamp(self.open.now()) });
                    if let Err(over) = self.send(session.text(alive.to_string())).await {
                        return over;
                    }
                    if let Err(over) = self.send(session.ping(b"")).await {
                        return over;
                    }
                }
            }
        }
    }

    /// Sends something, unless the connection has to end meanwhile.
    async fn send(&self, sent: impl Future<Output = Result<(), actix_ws::Closed>>) -> Result<(), Over> {
        tokio::select! {
            biased;
            sent = sent => sent.map_err(|_| Over::Gone),
            ending = self.open.ended() => Err(Over::Ends(ending)),
        }
    }
}
