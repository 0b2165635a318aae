//! Invitations.

mod accept;
mod create;
mod delete;
mod list;
mod look;
mod resend;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::invitations::InvitationDetail;
use utoipa::{OpenApi, ToSchema};

use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(create::create, list::list, look::look, accept::accept, resend::resend, delete::delete))]
pub struct Doc;

/// The routes. One path takes a token or an id, by method.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/invitations",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/invitations/{token}",
            [(Method::GET, web::to(look::look)), (Method::DELETE, web::to(delete::delete))],
        ))
        .service(resource("/invitations/{token}/accept", [(Method::POST, web::to(accept::accept))]))
        .service(resource("/invitations/{id}/resend", [(Method::POST, web::to(resend::resend))]));
}

/// An invitation, as account admins see it.
#[derive(Serialize, ToSchema)]
pub struct Invitation {
    id: String,
    account_id: String,
    account_code: String,
    email: String,
    /// Id of the user who invited.
    invited_by: String,
    /// Id of the role to get; that of ordinary users when null.
    #[schema(required)]
    role_id: Option<i32>,
    /// Ids of the groups to be put in.
    groups: Vec<String>,
    expires_at: DateTime<Utc>,
    #[schema(required)]
    accepted_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    email_sent: bool,
    #[schema(required)]
    email_sent_at: Option<DateTime<Utc>>,
    /// `pending`, `accepted` or `expired`.
    status: &'static str,
    /// What the mailed link carries.
    #[schema(required)]
    token: Option<String>,
}

impl From<InvitationDetail> for Invitation {
    fn from(detail: InvitationDetail) -> Self {
        let InvitationDetail { invitation, account_code, status, token } = detail;
        Self {
            id: invitation.id.to_string(),
            account_id: invitation.account_id.to_string(),
            account_code,
            email: invitation.email.to_string(),
            invited_by: invitation.invited_by.to_string(),
            role_id: invitation.role_id.map(|role| role.0),
            groups: invitation.group_ids.iter().map(ToString::to_string).collect(),
            expires_at: invitation.expires_at,
            accepted_at: invitation.accepted_at,
            created_at: invitation.created_at,
            email_sent: invitation.email_sent_at.is_some(),
            email_sent_at: invitation.email_sent_at,
            status: status.name(),
            token,
        }
    }
}
