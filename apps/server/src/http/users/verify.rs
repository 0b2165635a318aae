//! POST /users/{id}/verify

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::users::Users;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Marks a user's e-mail address as verified.
#[utoipa::path(post, path = "/api/v1/users/{id}/verify", tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    responses((status = 200, body = Message), (status = 401), (status = 403), (status = 404)))]
pub async fn verify(Superadmin(by): Superadmin, id: Path<String>, users: Data<Users>) -> ApiResult {
    let message = match users.verify(&by, &id).await? {
        true => "User email verified successfully",
        false => "User email is already verified",
    };
    Ok(HttpResponse::Ok().json(Message::new(message)))
}
