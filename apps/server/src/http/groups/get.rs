//! GET /groups/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::groups::Groups;

use super::GroupWithUsers;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;

/// Reads a group; only admins and members see its members.
#[utoipa::path(get, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = String, Path, description = "Id of the group")),
    responses((status = 200, body = GroupWithUsers), (status = 401), (status = 404)))]
pub async fn get(SignedIn(caller): SignedIn, id: Path<String>, groups: Data<Groups>) -> ApiResult {
    Ok(HttpResponse::Ok().json(GroupWithUsers::from(groups.get(&caller, &id).await?)))
}
