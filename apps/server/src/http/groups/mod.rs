//! Groups of users.

mod create;
mod delete;
mod get;
mod list;
mod members;
mod update;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::groups::GroupDetail;
use snackbase_application::users::UserDetail;
use utoipa::{OpenApi, ToSchema};

use super::routing::resource;
use super::users::User;

#[derive(OpenApi)]
#[openapi(paths(
    list::list,
    create::create,
    get::get,
    update::update,
    delete::delete,
    members::add,
    members::remove
))]
pub struct Doc;

/// The routes; members have a second name, by which some clients know them.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(
            "/groups",
            [(Method::GET, web::to(list::list)), (Method::POST, web::to(create::create))],
        ))
        .service(resource(
            "/groups/{id}",
            [
                (Method::GET, web::to(get::get)),
                (Method::PATCH, web::to(update::update)),
                (Method::DELETE, web::to(delete::delete)),
            ],
        ));
    for members in ["users", "members"] {
        config
            .service(resource(&format!("/groups/{{id}}/{members}"), [(Method::POST, web::to(members::add))]))
            .service(resource(
                &format!("/groups/{{id}}/{members}/{{user_id}}"),
                [(Method::DELETE, web::to(members::remove))],
            ));
    }
}

/// A group.
#[derive(Serialize, ToSchema)]
pub struct Group {
    name: String,
    #[schema(required)]
    description: Option<String>,
    id: String,
    account_id: String,
    account_code: String,
    member_count: u64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<GroupDetail> for Group {
    fn from(detail: GroupDetail) -> Self {
        let group = detail.group;
        Self {
            name: group.name,
            description: group.description,
            id: group.id.to_string(),
            account_id: group.account_id.to_string(),
            account_code: detail.account_code,
            member_count: detail.member_count,
            created_at: group.created_at,
            updated_at: group.updated_at,
        }
    }
}

/// A group with its members, as far as the caller may see them.
#[derive(Serialize, ToSchema)]
pub struct GroupWithUsers {
    #[serde(flatten)]
    group: Group,
    users: Vec<User>,
}

impl From<(GroupDetail, Vec<UserDetail>)> for GroupWithUsers {
    fn from((group, users): (GroupDetail, Vec<UserDetail>)) -> Self {
        Self { group: group.into(), users: users.into_iter().map(User::from).collect() }
    }
}

/// Longest name and description, in characters.
const MAX_NAME: usize = 100;
const MAX_DESCRIPTION: usize = 500;
