//! GET /macros/{macro_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::macros::Macros;

use super::{Macro, id};
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;

/// Reads a stored macro.
#[utoipa::path(get, path = "/api/v1/macros/{macro_id}", tag = "macros",
    params(("macro_id" = i64, Path, description = "Id of the macro")),
    responses((status = 200, body = Macro), (status = 401), (status = 404), (status = 422)))]
pub async fn get(_: SignedIn, path: Path<String>, macros: Data<Macros>) -> ApiResult {
    Ok(HttpResponse::Ok().json(Macro::from(macros.get(id(&path)?).await?)))
}
