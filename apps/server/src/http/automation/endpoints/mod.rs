//! Custom endpoints that accounts define.

mod create;
mod delete;
mod document;
mod executions;
mod get;
mod list;
mod openapi;
mod toggle;
mod update;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_domain::automation::EndpointPath;
use snackbase_domain::endpoint::{Endpoint, EndpointExecution, EndpointMethod};
use utoipa::{OpenApi, ToSchema};

use crate::http::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    openapi::openapi,
    get::get,
    update::update,
    delete::delete,
    toggle::toggle,
    executions::executions
))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/endpoints",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource("/endpoints/openapi.json", [(Method::GET, web::to(openapi::openapi))]))
        .service(resource(
            "/endpoints/{endpoint_id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PUT, web::to(update::update)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ))
        .service(resource("/endpoints/{endpoint_id}/toggle", [(Method::PATCH, web::to(toggle::toggle))]))
        .service(resource(
            "/endpoints/{endpoint_id}/executions",
            [(Method::GET, web::to(executions::executions))],
        ));
}

/// The names of the methods.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The method of a name that was checked.
fn method_of(name: &str) -> EndpointMethod {
    EndpointMethod::parse(name).unwrap_or(EndpointMethod::Get)
}

/// What is wrong with a path.
fn check_path(path: &str) -> Result<(), String> {
    EndpointPath::parse(path).map(drop)
}

/// A custom endpoint.
#[derive(Serialize, ToSchema)]
pub struct EndpointRow {
    id: String,
    account_id: String,
    name: String,
    #[schema(required)]
    description: Option<String>,
    /// It is called at `/api/v1/x/{account_slug}` and this path. `:name` is a parameter.
    path: String,
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`
    method: &'static str,
    /// Whether only users of the account may call it.
    auth_required: bool,
    /// What must hold of the request.
    #[schema(required)]
    condition: Option<String>,
    /// Done one after another.
    #[schema(value_type = Vec<Object>)]
    actions: Vec<Map<String, Value>>,
    /// `{"status": …, "headers": {…}, "body": …}`; without one, what the last action came to is answered.
    #[schema(required, value_type = Option<Object>)]
    response_template: Option<Map<String, Value>>,
    enabled: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: String,
}

impl From<Endpoint> for EndpointRow {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            id: endpoint.id.to_string(),
            account_id: endpoint.account_id.to_string(),
            name: endpoint.name,
            description: endpoint.description,
            path: endpoint.path,
            method: endpoint.method.as_str(),
            auth_required: endpoint.auth_required,
            condition: endpoint.condition,
            actions: endpoint.actions,
            response_template: endpoint.response_template,
            enabled: endpoint.enabled,
            created_at: endpoint.created_at,
            updated_at: endpoint.updated_at,
            created_by: endpoint.created_by.to_string(),
        }
    }
}

/// A call of an endpoint.
#[derive(Serialize, ToSchema)]
pub struct EndpointExecutionRow {
    id: String,
    endpoint_id: String,
    /// `success`; `partial`, when an action failed after at least one was done; `failed`
    status: &'static str,
    /// The status that was answered.
    http_status: u16,
    /// In milliseconds.
    duration_ms: u64,
    /// `method`, `path`, `body`, `query` and `params`, without secrets.
    #[schema(value_type = Object)]
    request_data: Map<String, Value>,
    /// What was answered, without secrets; of more than 64 KiB the beginning.
    #[schema(required)]
    response_body: Value,
    #[schema(required)]
    error_message: Option<String>,
    executed_at: DateTime<Utc>,
}

impl From<EndpointExecution> for EndpointExecutionRow {
    fn from(execution: EndpointExecution) -> Self {
        Self {
            id: execution.id.to_string(),
            endpoint_id: execution.endpoint_id.to_string(),
            status: execution.status.as_str(),
            http_status: execution.http_status,
            duration_ms: execution.duration_ms,
            request_data: execution.request,
            response_body: execution.response,
            error_message: execution.error,
            executed_at: execution.executed_at,
        }
    }
}
