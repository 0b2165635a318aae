//! GET /invitations

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::invitations::{Invitations, require_admin};
use snackbase_domain::invitation::Status;
use utoipa::ToSchema;

use super::Invitation;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::Query;

/// Invitations, newest first.
#[derive(Serialize, ToSchema)]
pub struct InvitationList {
    invitations: Vec<Invitation>,
    total: usize,
}

/// What can be asked for; those taken back are gone.
const STATES: [(&str, Option<Status>); 4] = [
    ("pending", Some(Status::Pending)),
    ("accepted", Some(Status::Accepted)),
    ("expired", Some(Status::Expired)),
    ("cancelled", None),
];

/// Lists the invitations of the account, or for superadmins of all or the one named.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "invitations",
    params(
        ("status_filter" = Option<String>, Query, description = "`pending`, `accepted`, `expired` or `cancelled`; also as `status`"),
        ("account_id" = Option<String>, Query, description = "An account, for superadmins"),
    ),
    responses((status = 200, body = InvitationList), (status = 401), (status = 403), (status = 422)))]
pub async fn list(SignedIn(by): SignedIn, query: Query, invitations: Data<Invitations>) -> ApiResult {
    require_admin(&by)?;
    let mut fields = query.fields();
    let state = fields.choice("status_filter", &STATES).alias("status").optional();
    let account = fields.string("account_id").optional();
    fields.finish()?;
    let found = match state {
        // Those that were taken back are gone.
        Some(None) => Vec::new(),
        Some(status) => invitations.list(&by, account.as_deref(), status).await?,
        None => invitations.list(&by, account.as_deref(), None).await?,
    };
    let invitations: Vec<_> = found.into_iter().map(Invitation::from).collect();
    Ok(HttpResponse::Ok().json(InvitationList { total: invitations.len(), invitations }))
}
