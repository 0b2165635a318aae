//! DELETE /files/{path}

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use snackbase_application::files::Files;

use super::path_of;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;

/// Deletes a file, for who uploaded it and admins.
///
/// Records that hold it keep what they say of it.
#[utoipa::path(delete, path = "/api/v1/files/{path}", tag = "files",
    params(("path" = String, Path, description = "The path of an upload's reply")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(http: HttpRequest, SignedIn(by): SignedIn, files: Data<Files>) -> ApiResult {
    files.delete(&by, &path_of(&http)).await?;
    Ok(HttpResponse::NoContent().finish())
}
