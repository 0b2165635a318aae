//! POST /hooks/{hook_id}/trigger

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use serde_json::Map;
use snackbase_application::hooks::{Hooks, Triggered};
use utoipa::ToSchema;

use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;
use crate::http::input::JsonBody;

/// What came of setting a hook off: how it ended or, of one with a schedule, the job that runs it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum HookTriggered {
    Ran {
        message: &'static str,
        /// `success`, `partial` or `failed`
        status: &'static str,
        actions_executed: u32,
        #[schema(required)]
        error: Option<String>,
    },
    Enqueued {
        message: &'static str,
        job_id: String,
    },
}

impl From<Triggered> for HookTriggered {
    fn from(triggered: Triggered) -> Self {
        match triggered {
            Triggered::Ran(ran) => Self::Ran {
                message: "Hook executed",
                status: ran.status.as_str(),
                actions_executed: ran.actions_executed,
                error: ran.error,
            },
            Triggered::Enqueued(job) => {
                Self::Enqueued { message: "Job enqueued successfully", job_id: job.to_string() }
            }
        }
    }
}

/// Runs a hook by hand, also a disabled one; its condition is not looked at. An object in the body is the
/// record that its actions see.
#[utoipa::path(post, path = "/api/v1/hooks/{hook_id}/trigger", tag = "hooks",
    request_body(content = Option<Object>, description = "The record"),
    params(
        ("hook_id" = String, Path, description = "Id of the hook"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 202, body = HookTriggered), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn trigger(
    body: JsonBody,
    caller: AutomationCaller,
    path: Path<String>,
    hooks: Data<Hooks>,
) -> ApiResult {
    let record = match &body {
        JsonBody::Absent | JsonBody::Json(serde_json::Value::Null) => Map::new(),
        sent => sent.object()?.clone(),
    };
    let triggered = hooks.trigger(&caller.by, caller.account, &path, record).await?;
    Ok(HttpResponse::Accepted().json(HookTriggered::from(triggered)))
}
