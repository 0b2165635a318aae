//! Bytes from clients, who may be slow, and bytes to them.

use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::json;
use snackbase_application::ports::{ByteSource, FileFault};

/// The least bytes a second that a body must come with, over all.
const SLOWEST: u64 = 4 * 1024;
/// The most bytes that are read of a body that was refused already, so that the client reads why.
const MOST_DRAINED: u64 = 16 * 1024 * 1024;
/// How long that may take.
const DRAIN: Duration = Duration::from_secs(5);

/// Why a body did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    TooSlow,
    /// The client went away, or what it sends is no body.
    Off,
}

/// Watches how fast a body comes.
pub struct Pace {
    patience: Duration,
    began: Instant,
    bytes: u64,
}

impl Pace {
    /// `patience` is how long the next piece is waited for.
    pub fn new(patience: Duration) -> Self {
        Self { patience, began: Instant::now(), bytes: 0 }
    }

    /// How long the next piece is waited for.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// The next piece of a body; `None` at its end.
    pub async fn next<E>(
        &mut self,
        body: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<Option<Bytes>, Broken> {
        match tokio::time::timeout(self.patience, body.next()).await {
            Err(_) => Err(Broken::TooSlow),
            Ok(None) => Ok(None),
            Ok(Some(Err(_))) => Err(Broken::Off),
            Ok(Some(Ok(piece))) => {
                self.bytes += piece.len() as u64;
                let allowed = self.patience + Duration::from_secs(self.bytes / SLOWEST);
                if self.began.elapsed() > allowed { Err(Broken::TooSlow) } else { Ok(Some(piece)) }
            }
        }
    }
}

/// Reads on for a while after a refusal: who is still sending sees no reply else.
pub async fn drain<E>(body: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) {
    let rest = async {
        let mut drained = 0;
        while let Some(Ok(piece)) = body.next().await {
            drained += piece.len() as u64;
            if drained > MOST_DRAINED {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(DRAIN, rest).await;
}

/// The answer to a body that broke off.
pub fn refusal(broken: Broken) -> HttpResponse {
    match broken {
        Broken::TooSlow => refused(StatusCode::REQUEST_TIMEOUT, "Request body too slow"),
        Broken::Off => refused(StatusCode::BAD_REQUEST, "Request body cannot be read"),
    }
}

/// An answer after which the connection cannot go on, since the body is not read.
pub fn refused(status: StatusCode, detail: &str) -> HttpResponse {
    HttpResponse::build(status).force_close().json(json!({ "detail": detail }))
}

/// The bytes of a source as a reply's body.
pub fn sent(source: Box<dyn ByteSource>) -> impl Stream<Item = Result<Bytes, FileFault>> {
    stream::try_unfold(source, |mut source| async {
        let piece =
            source.next().await.inspect_err(|fault| tracing::warn!(%fault, "a download was broken off"));
        Ok(piece?.map(|piece| (piece, source)))
    })
}
