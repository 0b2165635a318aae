//! POST /endpoints

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::{Map, Value};
use snackbase_application::endpoints::{Endpoints, NewEndpoint};
use snackbase_domain::endpoint::MAX_NAME_CHARS;
use utoipa::ToSchema;

use super::{EndpointRow, METHODS, check_path, method_of};
use crate::http::automation::AutomationCaller;
use crate::http::error::ApiResult;
use crate::http::input::JsonBody;

/// An endpoint to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct NewEndpointBody {
    name: String,
    description: Option<String>,
    /// Begins with `/`; at most 500 letters, digits, `-`, `_`, `.`, `/` and `:`. `:name` is a parameter.
    path: String,
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`
    method: String,
    /// Whether only users of the account may call it; true if absent.
    auth_required: Option<bool>,
    /// What must hold of the request, e.g. `request.query.key = 'open' && auth.user_id != ''`.
    condition: Option<String>,
    #[schema(value_type = Option<Vec<Object>>)]
    actions: Option<Vec<Map<String, Value>>>,
    /// `{"status": …, "headers": {…}, "body": …}`, each of which may be left out.
    #[schema(value_type = Option<Object>)]
    response_template: Option<Map<String, Value>>,
    /// True if absent.
    enabled: Option<bool>,
}

/// Makes an endpoint.
#[utoipa::path(post, path = "/api/v1/endpoints", tag = "endpoints", request_body = NewEndpointBody,
    params(("account_id" = Option<String>, Query, description = "The account that a superadmin acts in")),
    responses((status = 201, body = EndpointRow), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn create(body: JsonBody, caller: AutomationCaller, endpoints: Data<Endpoints>) -> ApiResult {
    let mut fields = body.fields()?;
    let name = fields.string("name").len(1, MAX_NAME_CHARS).required();
    let description = fields.string("description").optional();
    let path = fields.string("path").check(|path| check_path(path)).required();
    let method = fields.literal("method", &METHODS).required();
    let auth_required = fields.boolean("auth_required").default(true);
    let condition = fields.string("condition").optional();
    let actions = fields.objects("actions").default(Vec::new());
    let response_template = fields.object("response_template").optional();
    let enabled = fields.boolean("enabled").default(true);
    fields.finish()?;
    let method = method_of(method);
    let new = NewEndpoint {
        name,
        description,
        path,
        method,
        auth_required,
        condition,
        actions,
        response_template,
        enabled,
    };
    let made = endpoints.create(&caller.by, caller.account, new).await?;
    Ok(HttpResponse::Created().json(EndpointRow::from(made)))
}
