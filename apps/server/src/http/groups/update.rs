//! PATCH /groups/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::groups::{Groups, require_admin};
use utoipa::ToSchema;

use super::{GroupWithUsers, MAX_DESCRIPTION, MAX_NAME};
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::JsonBody;

/// What to change of a group; what is absent or null stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct UpdateGroup {
    name: Option<String>,
    description: Option<String>,
}

/// Changes a group.
#[utoipa::path(patch, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = String, Path, description = "Id of the group")), request_body = UpdateGroup,
    responses((status = 200, body = GroupWithUsers), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn update(
    body: JsonBody,
    SignedIn(caller): SignedIn,
    id: Path<String>,
    groups: Data<Groups>,
) -> ApiResult {
    require_admin(&caller)?;
    let mut fields = body.fields()?;
    let name = fields.string("name").len(1, MAX_NAME).optional();
    let description = fields.string("description").max_len(MAX_DESCRIPTION).optional();
    fields.finish()?;
    let updated = groups.update(&caller, &id, name.as_deref(), description.as_deref()).await?;
    Ok(HttpResponse::Ok().json(GroupWithUsers::from(updated)))
}
