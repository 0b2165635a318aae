//! First run: the installation's first superadmin.

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::web::{self, Data, ServiceConfig};
use serde::Serialize;
use snackbase_application::AppError;
use snackbase_application::setup::Setup;
use snackbase_domain::email::Email;
use utoipa::{OpenApi, ToSchema};

use super::auth::Session;
use super::error::ApiResult;
use super::extract::ComesFrom;
use super::input::JsonBody;
use super::routing::resource;

#[derive(OpenApi)]
#[openapi(paths(state, create))]
pub struct Doc;

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(resource("/setup", [(Method::GET, web::to(state)), (Method::POST, web::to(create))]));
}

/// The word that the start prints: whoever knows it may make the first
/// superadmin. `None` when there is one already.
#[derive(Clone, Debug)]
pub struct SetupToken(pub Option<String>);

/// Whether somebody has to make the first superadmin.
#[derive(Serialize, ToSchema)]
pub struct SetupState {
    needed: bool,
}

/// The first superadmin.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct FirstSuperadmin {
    email: String,
    password: String,
    /// The word that the server printed when it started.
    token: String,
}

/// Tells whether the installation has a superadmin.
#[utoipa::path(get, path = "/api/v1/setup", tag = "setup", security(()),
    responses((status = 200, body = SetupState)))]
pub async fn state(setup: Data<Setup>) -> ApiResult {
    Ok(HttpResponse::Ok().json(SetupState { needed: setup.is_needed().await? }))
}

/// Makes the first superadmin and signs him in.
#[utoipa::path(post, path = "/api/v1/setup", tag = "setup", request_body = FirstSuperadmin, security(()),
    responses((status = 201, body = Session), (status = 400), (status = 403), (status = 409), (status = 422)))]
pub async fn create(
    body: JsonBody,
    ComesFrom(origin): ComesFrom,
    setup: Data<Setup>,
    expected: Data<SetupToken>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let email = fields.email("email").required();
    let password = fields.string("password").min_len(1).required();
    let token = fields.string("token").min_len(1).required();
    fields.finish()?;
    if !setup.is_needed().await? {
        return Err(AppError::conflict("The installation has a superadmin already").into());
    }
    if expected.0.as_deref() != Some(token.as_str()) {
        let text = "Invalid setup token. Use the address that the server printed when it started.";
        return Err(AppError::denied(text).into());
    }
    let signed_in = setup.first_run(Email::new(email.as_str()), &password, origin).await?;
    Ok(HttpResponse::Created().json(Session::from(signed_in)))
}
