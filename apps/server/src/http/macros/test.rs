//! POST /macros/{macro_id}/test

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use snackbase_application::macros::{Macros, TrialArguments};
use utoipa::ToSchema;

use super::id;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::JsonBody;

/// What a macro is tried out with.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct TestMacro {
    /// One for each parameter, in their order.
    parameters: Option<Vec<String>>,
    /// The same by name, where `parameters` is absent.
    params: Option<std::collections::HashMap<String, String>>,
}

/// What a macro answered.
#[derive(Serialize, ToSchema)]
pub struct MacroAnswer {
    /// The first value, as text.
    #[schema(required)]
    result: Option<String>,
    /// In milliseconds.
    execution_time: f64,
    /// Always 0: macros only read.
    rows_affected: u64,
}

/// Asks a macro's query.
#[utoipa::path(post, path = "/api/v1/macros/{macro_id}/test", tag = "macros",
    params(("macro_id" = i64, Path, description = "Id of the macro")), request_body = TestMacro,
    responses((status = 200, body = MacroAnswer), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn test(
    body: JsonBody,
    Superadmin(by): Superadmin,
    path: Path<String>,
    macros: Data<Macros>,
) -> ApiResult {
    let id = id(&path)?;
    let mut fields = body.fields()?;
    let listed = fields.strings("parameters").optional();
    let named = fields.string_map("params").optional();
    fields.finish()?;
    let arguments = match (listed, named) {
        (None, Some(named)) => TrialArguments::Named(named.into_iter().collect()),
        (listed, _) => TrialArguments::Listed(listed.unwrap_or_default()),
    };
    let trial = macros.test(&by, id, arguments).await?;
    let execution_time = trial.took.as_secs_f64() * 1000.0;
    Ok(HttpResponse::Ok().json(MacroAnswer { result: trial.result, execution_time, rows_affected: 0 }))
}
