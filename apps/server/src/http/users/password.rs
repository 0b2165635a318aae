//! PUT /users/{id}/password

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::users::Users;
use utoipa::ToSchema;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// A new password.
#[derive(ToSchema)]
pub struct SetPassword {
    new_password: String,
}

impl SetPassword {
    fn read(body: &JsonBody) -> Result<Self, Faults> {
        let mut fields = body.fields()?;
        let password = fields.string("new_password").alias("password").min_len(1).optional();
        if password.is_none() && fields.is_sound() {
            fields.value_error_of_all("Either new_password must be provided or send_reset_link must be True");
        }
        fields.finish()?;
        Ok(Self { new_password: password.unwrap_or_default() })
    }
}

/// Sets a user's password and ends his sign-ins.
#[utoipa::path(put, path = "/api/v1/users/{id}/password", tag = "users",
    params(("id" = String, Path, description = "Id of the user")), request_body = SetPassword,
    responses((status = 200, body = Message), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn set(
    body: JsonBody,
    Superadmin(by): Superadmin,
    id: Path<String>,
    users: Data<Users>,
) -> ApiResult {
    let change = SetPassword::read(&body)?;
    users.set_password(&by, &id, &change.new_password).await?;
    Ok(HttpResponse::Ok().json(Message::new("Password updated successfully")))
}
