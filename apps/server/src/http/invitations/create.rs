//! POST /invitations

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::Value;
use snackbase_application::invitations::{Invitations, NewInvitation, require_admin};
use snackbase_domain::email::Email;
use utoipa::ToSchema;

use super::Invitation;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::JsonBody;

/// Somebody to be invited.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct CreateInvitation {
    email: String,
    /// Id of the role to get; a number may also come as text.
    role_id: Option<String>,
    /// Ids of groups of the account to be put in.
    groups: Option<Vec<String>>,
    /// The account; only superadmins may name another than their own.
    account_id: Option<String>,
}

/// Invites somebody to the account, by mail; for its admins.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "invitations", request_body = CreateInvitation,
    responses((status = 201, body = Invitation), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn create(body: JsonBody, SignedIn(by): SignedIn, invitations: Data<Invitations>) -> ApiResult {
    require_admin(&by)?;
    let mut fields = body.fields()?;
    let email = fields.email("email").required();
    let role = fields.json("role_id").optional();
    let groups = fields.strings("groups").optional();
    let account_id = fields.string("account_id").optional();
    if role.as_ref().is_some_and(|role| !role.is_string() && !role.is_i64()) {
        fields.fault("string_type", "role_id", "Input should be a valid string");
    }
    fields.finish()?;
    let role_id = role.map(|role| match role {
        Value::String(text) => text,
        other => other.to_string(),
    });
    let new = NewInvitation {
        email: Email::new(email.as_str()),
        role_id,
        group_ids: groups.unwrap_or_default(),
        account_id,
    };
    let made = invitations.create(&by, new).await?;
    Ok(HttpResponse::Created().json(Invitation::from(made)))
}
