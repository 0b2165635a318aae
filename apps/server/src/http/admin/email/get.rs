//! GET /admin/email/templates/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::mail::Mail;

use super::Template;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// Reads a mail template.
#[utoipa::path(get, path = "/api/v1/admin/email/templates/{id}", tag = "email",
    params(("id" = String, Path, description = "Id of the template")),
    responses((status = 200, body = Template), (status = 401), (status = 403), (status = 404)))]
pub async fn get(Superadmin(_): Superadmin, id: Path<String>, mail: Data<Mail>) -> ApiResult {
    Ok(HttpResponse::Ok().json(Template::from(mail.template(&id).await?)))
}
