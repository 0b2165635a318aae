//! PATCH /users/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde_json::{Map, Value};
use snackbase_application::users::{UserChange, Users};
use snackbase_domain::email::Email;
use snackbase_domain::role::RoleId;
use utoipa::ToSchema;

use super::User;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, JsonBody};

/// What to change of a user; what is absent or null stays.
#[derive(ToSchema)]
pub struct UpdateUser {
    email: Option<String>,
    role_id: Option<i32>,
    /// Name of the role, instead of its id.
    role: Option<String>,
    is_active: Option<bool>,
    auth_provider: Option<String>,
    auth_provider_name: Option<String>,
    external_id: Option<String>,
    external_email: Option<String>,
    profile_data: Option<Map<String, Value>>,
    email_verified: Option<bool>,
}

impl UpdateUser {
    fn read(body: &JsonBody) -> Result<Self, Faults> {
        let mut fields = body.fields()?;
        let change = Self {
            email: fields.email("email").optional().map(|email| email.as_str().to_owned()),
            role_id: fields.int("role_id").ge(1).optional().map(|id| i32::try_from(id).unwrap_or(i32::MAX)),
            role: fields.string("role").optional(),
            is_active: fields.boolean("is_active").optional(),
            auth_provider: fields.string("auth_provider").optional(),
            auth_provider_name: fields.string("auth_provider_name").optional(),
            external_id: fields.string("external_id").optional(),
            external_email: fields.string("external_email").optional(),
            profile_data: fields.object("profile_data").optional(),
            email_verified: fields.boolean("email_verified").optional(),
        };
        fields.finish()?;
        Ok(change)
    }
}

/// Changes a user other than oneself.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = String, Path, description = "Id of the user")), request_body = UpdateUser,
    responses((status = 200, body = User), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn update(
    body: JsonBody,
    Superadmin(by): Superadmin,
    id: Path<String>,
    users: Data<Users>,
) -> ApiResult {
    let change = UpdateUser::read(&body)?;
    let role_id = match (change.role_id, &change.role) {
        (None, Some(name)) => Some(users.role_named(name).await?),
        (id, _) => id.map(RoleId),
    };
    let change = UserChange {
        email: change.email.map(Email::new),
        role_id,
        is_active: change.is_active,
        auth_provider: change.auth_provider,
        auth_provider_name: change.auth_provider_name,
        external_id: change.external_id,
        external_email: change.external_email,
        profile_data: change.profile_data.map(Value::Object),
        email_verified: change.email_verified,
    };
    let user = users.update(&by, &id, change).await?;
    Ok(HttpResponse::Ok().json(User::from(user)))
}
