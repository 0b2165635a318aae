//! The only place where refusals become statuses and bodies.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};
use snackbase_application::access::unreadable_rule;
use snackbase_application::ports::StoreError;
use snackbase_application::{AppError, FieldAccess, Kind, OtherProvider, Refusal, Says};

use super::input::Faults;

/// What a handler answers instead of its reply.
#[derive(Debug)]
pub enum ApiError {
    /// The request does not have the form that was asked for.
    Form(Faults),
    /// The use case refused or failed.
    App(AppError),
}

/// What handlers return.
pub type ApiResult<T = HttpResponse> = Result<T, ApiError>;

impl From<Faults> for ApiError {
    fn from(faults: Faults) -> Self {
        Self::Form(faults)
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(faults) => faults.fmt(f),
            Self::App(error) => error.fmt(f),
        }
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Unauthenticated | Kind::SignInFailed => StatusCode::UNAUTHORIZED,
        Kind::Denied => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Kind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        // Of tus 1.0.0: "Checksum Mismatch".
        Kind::Damaged => StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST),
        Kind::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::BadGateway => StatusCode::BAD_GATEWAY,
    }
}

fn body(says: &Says) -> Value {
    const VALIDATION: &str = "Validation error";
    match says {
        Says::Detail(text) => json!({ "detail": text }),
        Says::Titled { title, message, field: None } => json!({ "error": title, "message": message }),
        Says::Titled { title, message, field: Some(field) } => {
            json!({ "error": title, "message": message, "field": field })
        }
        Says::Faults(faults) => json!({ "error": VALIDATION, "details": faults }),
        Says::FaultsInDetail(faults) => {
            json!({ "detail": { "error": VALIDATION, "details": faults } })
        }
        Says::NotUnique(faults) => {
            json!({ "error": VALIDATION, "message": "Unique constraint violation", "details": faults })
        }
        Says::BatchFaults { index, faults } => {
            json!({ "error": "validation_error", "index": index, "details": faults })
        }
        Says::FieldAccess(access) => json!({ "detail": field_access(access) }),
        Says::OtherProvider(provider) => other_provider(provider),
        Says::RetryAfter(seconds) => json!({
            "error": "Too Many Requests",
            "detail": format!("Rate limit exceeded. Try again in {seconds} seconds."),
        }),
    }
}

fn field_access(access: &FieldAccess) -> Value {
    let mut detail = json!({
        "error": "Field access denied",
        "message": access.message,
        "unauthorized_fields": access.unauthorized,
    });
    if let Some(allowed) = &access.allowed {
        detail["allowed_fields"] = json!(allowed);
    }
    detail["field_type"] = json!(if access.allowed.is_some() { "restricted" } else { "system" });
    detail
}

fn other_provider(provider: &OtherProvider) -> Value {
    let name = provider.name.as_deref().unwrap_or_default();
    let (message, redirect) = match provider.method.as_str() {
        "oauth" => (
            "This account uses OAuth authentication. Please use the OAuth login flow.".to_owned(),
            Some(format!("/api/v1/auth/oauth/{name}/authorize")),
        ),
        "saml" => (
            "This account uses SAML authentication. Please use the SAML SSO flow.".to_owned(),
            Some(format!("/api/v1/auth/saml/sso?account={}&provider={name}", provider.account)),
        ),
        other => {
            (format!("This account uses {other} authentication. Please use the correct login method."), None)
        }
    };
    json!({
        "error": "Wrong authentication method",
        "message": message,
        "auth_provider": provider.method,
        "provider_name": provider.name,
        "redirect_url": redirect,
    })
}

fn refusal(refusal: &Refusal) -> HttpResponse {
    let mut reply = HttpResponse::build(status(refusal.kind));
    if refusal.kind == Kind::Unauthenticated {
        reply.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
    }
    if let Says::RetryAfter(seconds) = refusal.says {
        reply.insert_header((RETRY_AFTER, seconds));
    }
    reply.json(body(&refusal.says))
}

fn unavailable() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((RETRY_AFTER, HeaderValue::from_static("1")))
        .json(json!({ "detail": "The database is not available" }))
}

/// Where what was asked for could not be prepared again: it goes on a moment later.
fn being_changed() -> Value {
    json!({ "detail": "The collection is being changed" })
}

/// What was asked for takes more work than a request may make.
fn timed_out() -> HttpResponse {
    HttpResponse::BadRequest().json(json!({
        "error": "Query takes too long",
        "message": "The database did not answer within the time that a statement may take \
                    (DB_STATEMENT_TIMEOUT). Ask for less.",
    }))
}

/// What was asked for, or is to be stored, is too large in a way that no limit of ours foresaw.
fn too_large() -> Value {
    json!({
        "error": "Too large",
        "message": "A row, a text or a statement is larger than the database takes. Ask for less, or \
                    store less in one record.",
    })
}

/// Whether replies to faults of ours show the reason: while debugging. One for
/// the process, since an error has no way to the application it arose in.
static SHOW_REASONS: AtomicBool = AtomicBool::new(false);

/// Sets whether replies to faults of ours show the reason.
pub fn show_reasons(show: bool) {
    SHOW_REASONS.store(show, Ordering::Relaxed);
}

impl ApiError {
    /// Status and body for a place where no reply can be sent any more.
    pub fn told(&self) -> (StatusCode, Value) {
        let body = match self {
            Self::App(AppError::Refused(refused)) => body(&refused.says),
            Self::App(AppError::Store(StoreError::Unavailable(_))) => {
                json!({ "detail": "The database is not available" })
            }
            Self::App(AppError::Store(StoreError::Outdated | StoreError::NoTable)) => being_changed(),
            Self::App(AppError::Store(StoreError::TooLarge(_))) => too_large(),
            other => {
                tracing::error!(error = %other, "request failed");
                json!({ "error": "Internal server error", "detail": "An unexpected error occurred" })
            }
        };
        (self.status_code(), body)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Form(faults) => faults.status_code(),
            Self::App(AppError::Refused(refusal)) => status(refusal.kind),
            Self::App(AppError::Store(
                StoreError::Unavailable(_) | StoreError::Outdated | StoreError::NoTable,
            )) => StatusCode::SERVICE_UNAVAILABLE,
            Self::App(AppError::Store(StoreError::TimedOut | StoreError::TooLarge(_))) => {
                StatusCode::BAD_REQUEST
            }
            Self::App(AppError::Store(StoreError::Macro(_))) => StatusCode::FORBIDDEN,
            Self::App(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Form(faults) => faults.error_response(),
            Self::App(AppError::Refused(refused)) => refusal(refused),
            Self::App(error @ AppError::Store(StoreError::TimedOut)) => {
                tracing::warn!(%error, "request given up");
                timed_out()
            }
            Self::App(error @ AppError::Store(StoreError::TooLarge(_))) => {
                tracing::warn!(%error, "request refused by the database");
                HttpResponse::BadRequest().json(too_large())
            }
            Self::App(error @ AppError::Store(StoreError::Outdated | StoreError::NoTable)) => {
                tracing::warn!(%error, "prepared with an outdated schema");
                let mut reply = HttpResponse::ServiceUnavailable();
                reply.insert_header((RETRY_AFTER, HeaderValue::from_static("1"))).json(being_changed())
            }
            Self::App(error @ AppError::Store(StoreError::Unavailable(_))) => {
                tracing::error!(%error, "database not available");
                unavailable()
            }
            Self::App(error @ AppError::Store(StoreError::Macro(_))) => {
                tracing::error!(%error, "rule cannot be evaluated");
                refusal(&unreadable_rule())
            }
            Self::App(error) => {
                tracing::error!(%error, "request failed");
                internal(&error.to_string())
            }
        }
    }
}

/// The reply to a fault of ours; `reason` is in it only while debugging.
fn internal(reason: &str) -> HttpResponse {
    let detail = if SHOW_REASONS.load(Ordering::Relaxed) { reason } else { "An unexpected error occurred" };
    HttpResponse::InternalServerError().json(json!({ "error": "Internal server error", "detail": detail }))
}
