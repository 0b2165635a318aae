//! POST /auth/logout

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::auth::Auth;
use utoipa::ToSchema;

use crate::http::Message;
use crate::http::error::ApiResult;
use crate::http::extract::Whoever;
use crate::http::input::JsonBody;

/// The refresh token of the sign-in to end; without it, the access token's ends.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct Logout {
    refresh_token: Option<String>,
}

/// Signs out.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", request_body = Logout,
    responses((status = 200, body = Message)))]
pub async fn logout(body: JsonBody, Whoever(caller): Whoever, auth: Data<Auth>) -> ApiResult {
    let mut fields = body.optional_fields()?;
    let token = fields.string("refresh_token").optional();
    fields.finish()?;
    auth.logout(&caller, token.as_deref()).await?;
    Ok(HttpResponse::Ok().json(Message::new("Logged out successfully")))
}
