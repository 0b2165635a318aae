//! Two log lines for each request. Query strings, bodies and credentials are never in them.

use std::time::Instant;

use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode};
use tracing::Level;
use uuid::Uuid;

use super::correlation::CorrelationId;

/// Who made the request. Whoever authenticates it puts this into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedCaller {
    /// The user.
    pub user_id: Uuid,
    /// The user's account.
    pub account_id: Uuid,
}

/// Decides what of a path may be logged.
#[derive(Debug)]
pub(super) struct RequestLog {
    /// Paths whose next segment is a credential.
    before_tokens: [String; 3],
}

impl RequestLog {
    pub(super) fn new(api_prefix: &str) -> Self {
        Self {
            before_tokens: ["invitations", "auth/verify-reset-token", "workflow-webhooks"]
                .map(|path| format!("{api_prefix}/{path}/")),
        }
    }

    /// Logs that a request began; none when such lines are not wanted.
    pub(super) fn start(&self, request: &ServiceRequest, correlation: &CorrelationId) -> Option<LogLine> {
        if !tracing::enabled!(target: "snackbase", Level::INFO) {
            return None;
        }
        let line = LogLine {
            method: request.method().clone(),
            path: self.shown(request.path()),
            correlation: correlation.clone(),
            start: Instant::now(),
        };
        tracing::info!(
            target: "snackbase",
            method = line.method.as_str(),
            path = line.path.as_str(),
            correlation_id = line.correlation.as_str(),
            "Request started"
        );
        Some(line)
    }

    /// The path with `***` for a token.
    fn shown(&self, path: &str) -> String {
        let token = self.before_tokens.iter().find_map(|before| {
            let rest = path.strip_prefix(before.as_str())?;
            Some((before, rest))
        });
        match token {
            Some((before, rest)) if !rest.is_empty() => {
                let after = rest.find('/').map_or("", |slash| &rest[slash..]);
                format!("{before}***{after}")
            }
            _ => path.to_owned(),
        }
    }
}

/// The line of a request that is under way.
#[derive(Debug)]
pub(super) struct LogLine {
    method: Method,
    path: String,
    correlation: CorrelationId,
    start: Instant,
}

impl LogLine {
    /// Logs how the request ended.
    pub(super) fn finish(&self, status: StatusCode, caller: Option<&LoggedCaller>) {
        tracing::info!(
            target: "snackbase",
            method = self.method.as_str(),
            path = self.path.as_str(),
            correlation_id = self.correlation.as_str(),
            status_code = status.as_u16(),
            duration_ms = (self.start.elapsed().as_secs_f64() * 1e5).round() / 100.0,
            user_id = caller.map(|caller| display(caller.user_id)),
            account_id = caller.map(|caller| display(caller.account_id)),
            "Request completed"
        );
    }
}
