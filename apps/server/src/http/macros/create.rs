//! POST /macros

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::macros::{Macros, NewMacro};
use snackbase_domain::stored_macro::{MAX_NAME, Query};
use utoipa::ToSchema;

use super::{Macro, check_name};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::JsonBody;

/// A macro to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct NewMacroBody {
    /// Letters, digits and `_`; rules call it as `@name(…)`.
    name: String,
    /// One SELECT over tables of collections (`col_…`), `users_groups`, `groups`, and the open
    /// columns of `accounts` and `users`. `:name` and `$1` stand for arguments,
    /// `@request.auth.id` and the like for the caller.
    sql_query: String,
    /// The names of the arguments, in order.
    parameters: Option<Vec<String>>,
    description: Option<String>,
}

/// Makes a macro.
#[utoipa::path(post, path = "/api/v1/macros", tag = "macros", request_body = NewMacroBody,
    responses((status = 201, body = Macro), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub async fn create(body: JsonBody, Superadmin(by): Superadmin, macros: Data<Macros>) -> ApiResult {
    let mut fields = body.fields()?;
    let parameters = fields.strings("parameters").optional().unwrap_or_default();
    let name = fields.string("name").len(1, MAX_NAME).check(|name| check_name(name)).required();
    let check = |query: &String| Query::read(query, &parameters).map(drop).map_err(|e| e.to_string());
    let sql_query = fields.string("sql_query").check(check).required();
    let description = fields.string("description").optional();
    fields.finish()?;
    let made = macros.create(&by, NewMacro { name, description, sql_query, parameters }).await?;
    Ok(HttpResponse::Created().json(Macro::from(made)))
}
