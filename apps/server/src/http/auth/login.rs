//! POST /auth/login

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::auth::{Auth, LoginRequest};
use snackbase_domain::email::Email;
use utoipa::ToSchema;

use super::Session;
use crate::http::error::ApiResult;
use crate::http::extract::ComesFrom;
use crate::http::input::{Faults, JsonBody};

/// What someone signs in with.
#[derive(ToSchema)]
pub struct Login {
    /// Code or slug of the account.
    account: Option<String>,
    email: String,
    password: String,
}

impl Login {
    fn read(body: &JsonBody) -> Result<Self, Faults> {
        let mut fields = body.fields()?;
        let account = fields.string("account").min_len(1).optional();
        let email = fields.email("email").required();
        let password = fields.string("password").min_len(1).required();
        fields.finish()?;
        Ok(Self { account, email: email.as_str().to_owned(), password })
    }
}

/// Signs in with a password.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = Login, security(()),
    responses((status = 200, body = Session), (status = 400), (status = 401), (status = 422)))]
pub async fn login(body: JsonBody, ComesFrom(origin): ComesFrom, auth: Data<Auth>) -> ApiResult {
    let Login { account, email, password } = Login::read(&body)?;
    let request = LoginRequest { account, email: Email::new(email), password, origin };
    Ok(HttpResponse::Ok().json(Session::from(auth.login(&request).await?)))
}
