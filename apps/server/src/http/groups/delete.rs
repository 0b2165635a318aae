//! DELETE /groups/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::groups::Groups;

use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;

/// Deletes a group with its memberships.
#[utoipa::path(delete, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = String, Path, description = "Id of the group")),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn delete(SignedIn(caller): SignedIn, id: Path<String>, groups: Data<Groups>) -> ApiResult {
    groups.delete(&caller, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
