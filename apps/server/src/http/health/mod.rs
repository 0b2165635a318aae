//! Health and root: anonymous, without looking at credentials.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use snackbase_application::ports::Storage;
use utoipa::ToSchema;

/// How the server presents itself.
#[derive(Clone, Debug)]
pub struct About {
    pub name: String,
    pub version: String,
    pub audit_logging_enabled: bool,
    /// PostgreSQL's row security is wanted, but has no effect on the server's login role.
    pub row_security_bypassed: bool,
}

/// The state of the server.
#[derive(Serialize, ToSchema)]
pub struct Health {
    status: &'static str,
    service: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit_logging_enabled: Option<bool>,
    /// `bypassed` when PostgreSQL's row security has no effect on the server's login role.
    #[serde(skip_serializing_if = "Option::is_none")]
    row_security: Option<&'static str>,
}

/// What the API is.
#[derive(Serialize, ToSchema)]
pub struct Root {
    name: String,
    version: String,
    api_version: &'static str,
}

/// The process runs.
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, body = Health)), security(()))]
pub async fn health(about: web::Data<About>) -> HttpResponse {
    HttpResponse::Ok().json(Health {
        status: "healthy",
        service: about.name.clone(),
        version: Some(about.version.clone()),
        database: None,
        audit_logging_enabled: Some(about.audit_logging_enabled),
        row_security: None,
    })
}

/// The server can serve: its database answers.
#[utoipa::path(get, path = "/ready", tag = "health",
    responses((status = 200, body = Health), (status = 503, body = Health)), security(()))]
pub async fn ready(about: web::Data<About>, storage: web::Data<dyn Storage>) -> HttpResponse {
    if let Err(error) = storage.ping().await {
        tracing::error!(%error, "not ready");
        return HttpResponse::ServiceUnavailable().json(Health {
            status: "not_ready",
            service: about.name.clone(),
            version: None,
            database: Some("disconnected"),
            audit_logging_enabled: None,
            row_security: None,
        });
    }
    HttpResponse::Ok().json(Health {
        status: "ready",
        service: about.name.clone(),
        version: Some(about.version.clone()),
        database: Some("connected"),
        audit_logging_enabled: Some(about.audit_logging_enabled),
        row_security: about.row_security_bypassed.then_some("bypassed"),
    })
}

/// The process answers.
#[utoipa::path(get, path = "/live", tag = "health", responses((status = 200, body = Health)), security(()))]
pub async fn live(about: web::Data<About>) -> HttpResponse {
    HttpResponse::Ok().json(Health {
        status: "alive",
        service: about.name.clone(),
        version: Some(about.version.clone()),
        database: None,
        audit_logging_enabled: None,
        row_security: None,
    })
}

/// Name and version of the API.
#[utoipa::path(get, path = "/api/v1", tag = "health", responses((status = 200, body = Root)), security(()))]
pub async fn root(about: web::Data<About>) -> HttpResponse {
    HttpResponse::Ok().json(Root {
        name: about.name.clone(),
        version: about.version.clone(),
        api_version: "v1",
    })
}
