//! POST /users

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::{Map, Value};
use snackbase_application::users::{NewUser, Users};
use snackbase_domain::email::Email;
use snackbase_domain::role::RoleId;
use snackbase_domain::user::PASSWORD_PROVIDER;
use utoipa::ToSchema;

use super::User;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// A user to be made.
#[derive(ToSchema)]
pub struct CreateUser {
    email: String,
    /// Needed unless another provider vouches for the user.
    password: Option<String>,
    account_id: String,
    role_id: Option<i32>,
    /// Name of the role, instead of its id.
    role: Option<String>,
    is_active: Option<bool>,
    auth_provider: Option<String>,
    auth_provider_name: Option<String>,
    external_id: Option<String>,
    external_email: Option<String>,
    profile_data: Option<Map<String, Value>>,
}

impl CreateUser {
    fn read(body: &JsonBody) -> Result<Self, Faults> {
        let mut fields = body.fields()?;
        let email = fields.email("email").required();
        let password = fields.string("password").min_len(1).optional();
        let account_id = fields.string("account_id").len(36, 36).required();
        let named = fields.has("role") && !fields.has("role_id");
        let role = if named { fields.string("role").optional() } else { None };
        let role_id = match named {
            true => None,
            false => Some(fields.int("role_id").ge(1).required()),
        };
        let new = Self {
            email: email.as_str().to_owned(),
            password,
            account_id,
            role_id: role_id.map(|id| i32::try_from(id).unwrap_or(i32::MAX)),
            role,
            is_active: Some(fields.boolean("is_active").default(true)),
            auth_provider: fields.string("auth_provider").optional(),
            auth_provider_name: fields.string("auth_provider_name").optional(),
            external_id: fields.string("external_id").optional(),
            external_email: fields.string("external_email").optional(),
            profile_data: fields.object("profile_data").optional(),
        };
        fields.finish()?;
        Ok(new)
    }
}

/// Makes a user, who is not verified yet.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = CreateUser,
    responses((status = 201, body = User), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn create(body: JsonBody, Superadmin(by): Superadmin, users: Data<Users>) -> ApiResult {
    let new = CreateUser::read(&body)?;
    let role_id = match (new.role_id, &new.role) {
        (None, Some(name)) => users.role_named(name).await?,
        (id, _) => RoleId(id.unwrap_or_default()),
    };
    let made = users
        .create(
            &by,
            NewUser {
                email: Email::new(new.email),
                password: new.password,
                account_id: new.account_id,
                role_id,
                is_active: new.is_active.unwrap_or(true),
                auth_provider: new.auth_provider.unwrap_or_else(|| PASSWORD_PROVIDER.to_owned()),
                auth_provider_name: new.auth_provider_name,
                external_id: new.external_id,
                external_email: new.external_email,
                profile_data: new.profile_data.map(Value::Object),
                email_verified: false,
            },
        )
        .await?;
    Ok(HttpResponse::Created().json(User::from(made)))
}
