//! POST /invitations/{token}/accept

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::invitations::Invitations;
use utoipa::ToSchema;

use crate::http::auth::Session;
use crate::http::error::ApiResult;
use crate::http::extract::Whoever;
use crate::http::input::JsonBody;

/// The password to sign in with from now on.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct AcceptInvitation {
    password: String,
}

/// Makes the user who was invited, and signs him in.
#[utoipa::path(post, path = "/api/v1/invitations/{token}/accept", tag = "invitations", security(()),
    params(("token" = String, Path, description = "What the mailed link carries")),
    request_body = AcceptInvitation,
    responses((status = 200, body = Session), (status = 400), (status = 404), (status = 409), (status = 422), (status = 429)))]
pub async fn accept(
    body: JsonBody,
    Whoever(caller): Whoever,
    token: Path<String>,
    invitations: Data<Invitations>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let password = fields.string("password").min_len(8).required();
    fields.finish()?;
    let signed_in = invitations.accept(&caller, &token, &password).await?;
    Ok(HttpResponse::Ok().json(Session::from(signed_in)))
}
