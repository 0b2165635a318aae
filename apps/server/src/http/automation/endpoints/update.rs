//! PUT /endpoints/{endpoint_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde_json::{Map, Value};
use snackbase_application::endpoints::{EndpointChanges, Endpoints};
use snackbase_domain::endpoint::MAX_NAME_CHARS;
use utoipa::ToSchema;

use super::{EndpointRow, METHODS, check_path, method_of};
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;
use crate::http::input::JsonBody;

/// What to change of an endpoint; what is absent or null stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct EndpointChangeBody {
    name: Option<String>,
    description: Option<String>,
    path: Option<String>,
    method: Option<String>,
    auth_required: Option<bool>,
    /// Empty: none.
    condition: Option<String>,
    #[schema(value_type = Option<Vec<Object>>)]
    actions: Option<Vec<Map<String, Value>>>,
    #[schema(value_type = Option<Object>)]
    response_template: Option<Map<String, Value>>,
    enabled: Option<bool>,
}

/// Changes an endpoint.
#[utoipa::path(put, path = "/api/v1/endpoints/{endpoint_id}", tag = "endpoints", request_body = EndpointChangeBody,
    params(
        ("endpoint_id" = String, Path, description = "Id of the endpoint"),
        ("account_id" = Option<String>, Query, description = "The account that a superadmin acts in"),
    ),
    responses((status = 200, body = EndpointRow), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn update(
    body: JsonBody,
    caller: AutomationCaller,
    path: Path<String>,
    endpoints: Data<Endpoints>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let changes = EndpointChanges {
        name: fields.string("name").len(1, MAX_NAME_CHARS).optional(),
        description: fields.string("description").optional(),
        path: fields.string("path").check(|path| check_path(path)).optional(),
        method: fields.literal("method", &METHODS).optional().map(method_of),
        auth_required: fields.boolean("auth_required").optional(),
        condition: fields.string("condition").optional(),
        actions: fields.objects("actions").optional(),
        response_template: fields.object("response_template").optional(),
        enabled: fields.boolean("enabled").optional(),
    };
    fields.finish()?;
    let changed = endpoints.update(&caller.by, caller.account, &path, changes).await?;
    Ok(HttpResponse::Ok().json(EndpointRow::from(changed)))
}
