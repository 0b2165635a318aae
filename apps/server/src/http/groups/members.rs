//! POST /groups/{id}/users and DELETE /groups/{id}/users/{user_id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::groups::{Groups, require_admin};
use utoipa::ToSchema;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::JsonBody;

/// A user to be added.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct AddMember {
    user_id: String,
}

/// Adds a user of the account to a group.
#[utoipa::path(post, path = "/api/v1/groups/{id}/users", tag = "groups",
    params(("id" = String, Path, description = "Id of the group")), request_body = AddMember,
    responses((status = 201, body = Message), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn add(
    body: JsonBody,
    SignedIn(caller): SignedIn,
    id: Path<String>,
    groups: Data<Groups>,
) -> ApiResult {
    require_admin(&caller)?;
    let mut fields = body.fields()?;
    let user = fields.string("user_id").required();
    fields.finish()?;
    groups.add_member(&caller, &id, &user).await?;
    Ok(HttpResponse::Created().json(Message::new("User added to group")))
}

/// Removes a user from a group; one who is no member is no error.
#[utoipa::path(delete, path = "/api/v1/groups/{id}/users/{user_id}", tag = "groups",
    params(
        ("id" = String, Path, description = "Id of the group"),
        ("user_id" = String, Path, description = "Id of the user"),
    ),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn remove(
    SignedIn(caller): SignedIn,
    path: Path<(String, String)>,
    groups: Data<Groups>,
) -> ApiResult {
    let (id, user) = path.into_inner();
    groups.remove_member(&caller, &id, &user).await?;
    Ok(HttpResponse::NoContent().finish())
}
