//! GET /macros

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::macros::Macros;

use super::Macro;
use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::Query;

/// Lists the stored macros, by name.
#[utoipa::path(get, path = "/api/v1/macros", tag = "macros",
    params(
        ("skip" = Option<u64>, Query, description = "How many to leave out"),
        ("limit" = Option<u64>, Query, description = "At most 1000; 100 if absent"),
    ),
    responses((status = 200, body = Vec<Macro>), (status = 401), (status = 422)))]
pub async fn list(_: SignedIn, query: Query, macros: Data<Macros>) -> ApiResult {
    let mut fields = query.fields();
    let skip = fields.int("skip").ge(0).default(0).unsigned_abs();
    let limit = fields.int("limit").ge(0).le(1000).default(100).unsigned_abs();
    fields.finish()?;
    let found = macros.list(skip, limit).await?;
    Ok(HttpResponse::Ok().json(found.into_iter().map(Macro::from).collect::<Vec<_>>()))
}
