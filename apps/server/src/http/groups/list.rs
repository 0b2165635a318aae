//! GET /groups

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::groups::Groups;

use super::Group;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::Query;

/// Lists the groups of the account, oldest first; superadmins see those of all.
#[utoipa::path(get, path = "/api/v1/groups", tag = "groups",
    params(
        ("skip" = Option<u64>, Query, description = "How many to leave out"),
        ("limit" = Option<u64>, Query, description = "At most 1000; 100 if absent"),
    ),
    responses((status = 200, body = Vec<Group>), (status = 401), (status = 422)))]
pub async fn list(SignedIn(caller): SignedIn, query: Query, groups: Data<Groups>) -> ApiResult {
    let mut fields = query.fields();
    let skip = fields.int("skip").ge(0).default(0).unsigned_abs();
    let limit = fields.int("limit").ge(0).le(1000).default(100).unsigned_abs();
    fields.finish()?;
    let found = groups.list(&caller, skip, limit).await?;
    Ok(HttpResponse::Ok().json(found.into_iter().map(Group::from).collect::<Vec<_>>()))
}
