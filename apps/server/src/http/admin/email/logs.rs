//! GET /admin/email/logs and /admin/email/logs/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::AppError;
use snackbase_application::mail::{EmailLogFilter, Mail};
use snackbase_domain::mail::EmailLog;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Query, parse_time};
use crate::http::paging::Paging;

/// The most rows of a page.
const MAX_PAGE_SIZE: u64 = 100;

/// An attempt to send a mail.
#[derive(Serialize, ToSchema)]
pub struct LogRow {
    id: String,
    account_id: String,
    template_type: String,
    recipient_email: String,
    /// `smtp`, `aws_ses`, `resend`; `unknown` when none could be chosen.
    provider: String,
    /// `sent` or `failed`
    status: &'static str,
    #[schema(required)]
    error_message: Option<String>,
    /// What the template was filled with, `***` for secrets.
    #[schema(required)]
    variables: Option<Map<String, Value>>,
    sent_at: DateTime<Utc>,
}

impl From<EmailLog> for LogRow {
    fn from(log: EmailLog) -> Self {
        Self {
            id: log.id.to_string(),
            account_id: log.account_id.to_string(),
            template_type: log.template_type,
            recipient_email: log.recipient,
            provider: log.provider,
            status: log.status.as_str(),
            error_message: log.error,
            variables: log.variables,
            sent_at: log.sent_at,
        }
    }
}

/// A page of the log.
#[derive(Serialize, ToSchema)]
pub struct LogPage {
    logs: Vec<LogRow>,
    total: u64,
    page: u64,
    page_size: u64,
}

/// A time of a query; an empty text is none.
fn time(name: &str, text: Option<String>) -> Result<Option<DateTime<Utc>>, AppError> {
    let read = |text: String| {
        parse_time(&text).ok_or_else(|| AppError::unprocessable(format!("Invalid {name} format: {text}")))
    };
    text.filter(|text| !text.is_empty()).map(read).transpose()
}

/// Lists attempts to send mail, newest first.
#[utoipa::path(get, path = "/api/v1/admin/email/logs", tag = "email",
    params(
        ("status_filter" = Option<String>, Query, description = "`sent` or `failed`"),
        ("template_type" = Option<String>, Query, description = "Only mail of this type"),
        ("start_date" = Option<String>, Query, description = "Not before this, ISO 8601"),
        ("end_date" = Option<String>, Query, description = "Not after this, ISO 8601"),
        ("page" = Option<u64>, Query, description = "From 1"),
        ("page_size" = Option<u64>, Query, description = "25 if absent; above 100 it is 100"),
    ),
    responses((status = 200, body = LogPage), (status = 401), (status = 403), (status = 422)))]
pub async fn list(Superadmin(_): Superadmin, query: Query, mail: Data<Mail>) -> ApiResult {
    let mut fields = query.fields();
    let status = fields.string("status_filter").optional().filter(|text| !text.is_empty());
    let template_type = fields.string("template_type").optional().filter(|text| !text.is_empty());
    let start = fields.string("start_date").optional();
    let end = fields.string("end_date").optional();
    let page = fields.int("page").ge(1).default(1).unsigned_abs();
    let page_size = fields.int("page_size").ge(1).default(25).unsigned_abs().min(MAX_PAGE_SIZE);
    fields.finish()?;
    let (from, until) = (time("start_date", start)?, time("end_date", end)?);
    let paging = Paging { page, page_size };
    let filter = EmailLogFilter { status, template_type, from, until };
    let found = mail.logs(filter, paging.skip(), page_size).await?;
    let logs = found.items.into_iter().map(LogRow::from).collect();
    Ok(HttpResponse::Ok().json(LogPage { logs, total: found.total, page, page_size }))
}

/// Reads an attempt to send a mail.
#[utoipa::path(get, path = "/api/v1/admin/email/logs/{id}", tag = "email",
    params(("id" = String, Path, description = "Id of the row")),
    responses((status = 200, body = LogRow), (status = 401), (status = 403), (status = 404)))]
pub async fn get(Superadmin(_): Superadmin, id: Path<String>, mail: Data<Mail>) -> ApiResult {
    Ok(HttpResponse::Ok().json(LogRow::from(mail.log(&id).await?)))
}
