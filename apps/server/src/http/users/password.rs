//! PUT /users/{id}/password

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::password_reset::PasswordReset;
use snackbase_application::users::Users;
use utoipa::ToSchema;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// A new password, or that the user shall set one.
#[derive(ToSchema)]
pub struct SetPassword {
    new_password: Option<String>,
    /// Whether to mail the user a link to set another password.
    #[schema(default = false)]
    send_reset_link: bool,
}

impl SetPassword {
    fn read(body: &JsonBody) -> Result<Self, Faults> {
        let mut fields = body.fields()?;
        let new_password = fields.string("new_password").alias("password").min_len(1).optional();
        let send_reset_link = fields.boolean("send_reset_link").default(false);
        if new_password.is_none() && !send_reset_link && fields.is_sound() {
            fields.value_error_of_all("Either new_password must be provided or send_reset_link must be True");
        }
        fields.finish()?;
        Ok(Self { new_password, send_reset_link })
    }
}

/// Sets a user's password, or mails a link to set one, and ends the user's sign-ins.
#[utoipa::path(put, path = "/api/v1/users/{id}/password", tag = "users",
    params(("id" = String, Path, description = "Id of the user")), request_body = SetPassword,
    responses((status = 200, body = Message), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422), (status = 500)))]
pub async fn set(
    body: JsonBody,
    Superadmin(by): Superadmin,
    id: Path<String>,
    users: Data<Users>,
    reset: Data<PasswordReset>,
) -> ApiResult {
    let change = SetPassword::read(&body)?;
    let message = match change.new_password {
        Some(password) if !change.send_reset_link => {
            users.set_password(&by, &id, &password).await?;
            Message::new("Password updated successfully")
        }
        _ => {
            let sent_to = reset.send_link(&by, &id).await?;
            Message::new(format!("Password reset link sent to {sent_to}"))
        }
    };
    Ok(HttpResponse::Ok().json(message))
}
