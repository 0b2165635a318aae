//! PUT and PATCH /macros/{macro_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::Principal;
use snackbase_application::macros::{MacroChange, Macros};
use snackbase_domain::stored_macro::{MAX_NAME, Query, QueryProblem};
use utoipa::ToSchema;

use super::{Macro, check_name, id};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// What to change of a macro; what is absent or null stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct MacroChangeBody {
    name: Option<String>,
    sql_query: Option<String>,
    parameters: Option<Vec<String>>,
    description: Option<String>,
}

/// Changes what is sent.
#[utoipa::path(put, path = "/api/v1/macros/{macro_id}", tag = "macros",
    params(("macro_id" = i64, Path, description = "Id of the macro")), request_body = MacroChangeBody,
    responses((status = 200, body = Macro), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn update(
    body: JsonBody,
    Superadmin(by): Superadmin,
    path: Path<String>,
    macros: Data<Macros>,
) -> ApiResult {
    change(&body, &by, &path, &macros).await
}

/// Changes what is sent.
#[utoipa::path(patch, path = "/api/v1/macros/{macro_id}", tag = "macros",
    params(("macro_id" = i64, Path, description = "Id of the macro")), request_body = MacroChangeBody,
    responses((status = 200, body = Macro), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn patch(
    body: JsonBody,
    Superadmin(by): Superadmin,
    path: Path<String>,
    macros: Data<Macros>,
) -> ApiResult {
    change(&body, &by, &path, &macros).await
}

async fn change(body: &JsonBody, by: &Principal, path: &str, macros: &Macros) -> ApiResult {
    let id = id(path)?;
    let changed = macros.update(by, id, read(body)?).await?;
    Ok(HttpResponse::Ok().json(Macro::from(changed)))
}

fn read(body: &JsonBody) -> Result<MacroChange, Faults> {
    let mut fields = body.fields()?;
    let parameters = fields.strings("parameters").optional();
    let name = fields.string("name").len(1, MAX_NAME).check(|name| check_name(name)).optional();
    let check = |query: &String| match Query::read(query, parameters.as_deref().unwrap_or_default()) {
        // Against the stored names, later.
        Err(QueryProblem::Parameter(_)) if parameters.is_none() => Ok(()),
        judged => judged.map(drop).map_err(|e| e.to_string()),
    };
    let sql_query = fields.string("sql_query").check(check).optional();
    let description = fields.string("description").optional();
    fields.finish()?;
    Ok(MacroChange { name, description, sql_query, parameters })
}
