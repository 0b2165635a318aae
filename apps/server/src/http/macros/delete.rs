//! DELETE /macros/{macro_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::macros::Macros;

use super::id;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Deletes a macro that no rule calls.
#[utoipa::path(delete, path = "/api/v1/macros/{macro_id}", tag = "macros",
    params(("macro_id" = i64, Path, description = "Id of the macro")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn delete(Superadmin(by): Superadmin, path: Path<String>, macros: Data<Macros>) -> ApiResult {
    macros.delete(&by, id(&path)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
