//! POST /groups

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::groups::{Groups, require_admin};
use utoipa::ToSchema;

use super::{GroupWithUsers, MAX_DESCRIPTION, MAX_NAME};
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::JsonBody;

/// A group to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct CreateGroup {
    name: String,
    description: Option<String>,
    /// The account; only superadmins may name another than their own.
    account_id: Option<String>,
}

/// Makes a group.
#[utoipa::path(post, path = "/api/v1/groups", tag = "groups", request_body = CreateGroup,
    responses((status = 201, body = GroupWithUsers), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn create(body: JsonBody, SignedIn(caller): SignedIn, groups: Data<Groups>) -> ApiResult {
    require_admin(&caller)?;
    let mut fields = body.fields()?;
    let name = fields.string("name").len(1, MAX_NAME).required();
    let description = fields.string("description").max_len(MAX_DESCRIPTION).optional();
    let account = fields.string("account_id").optional();
    fields.finish()?;
    let made = groups.create(&caller, &name, description.as_deref(), account.as_deref()).await?;
    Ok(HttpResponse::Created().json(GroupWithUsers::from((made, Vec::new()))))
}
