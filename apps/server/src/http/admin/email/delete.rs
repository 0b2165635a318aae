//! DELETE /admin/email/templates/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::mail::Mail;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Deletes a mail template that is not built in.
#[utoipa::path(delete, path = "/api/v1/admin/email/templates/{id}", tag = "email",
    params(("id" = String, Path, description = "Id of the template")),
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404)))]
pub async fn delete(Superadmin(by): Superadmin, id: Path<String>, mail: Data<Mail>) -> ApiResult {
    mail.delete_template(&by, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
