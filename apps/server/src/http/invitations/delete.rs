//! DELETE /invitations/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::invitations::Invitations;

use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;

/// Takes an invitation back; for admins of the account.
#[utoipa::path(delete, path = "/api/v1/invitations/{token}", tag = "invitations",
    params(("token" = String, Path, description = "Id of the invitation")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(SignedIn(by): SignedIn, id: Path<String>, invitations: Data<Invitations>) -> ApiResult {
    invitations.cancel(&by, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
