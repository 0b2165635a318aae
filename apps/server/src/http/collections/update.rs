//! PUT and PATCH /collections/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use snackbase_application::collections::Collections;
use utoipa::ToSchema;

use super::Collection;
use super::schema::{FieldInput, IndexInput, read_indexes, read_schema};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::JsonBody;

/// The complete new lists of fields and indexes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct UpdateCollection {
    schema: Vec<FieldInput>,
    /// They stay as they are if absent; null or an empty list removes them.
    indexes: Option<Vec<IndexInput>>,
}

/// Replaces the list of fields, and that of indexes.
#[utoipa::path(put, path = "/api/v1/collections/{id}", tag = "collections",
    params(("id" = String, Path, description = "Id of the collection")), request_body = UpdateCollection,
    responses((status = 200, body = Collection), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn update(
    body: JsonBody,
    Superadmin(by): Superadmin,
    id: Path<String>,
    collections: Data<Collections>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let drafts = read_schema(&mut fields);
    let indexes = read_indexes(&mut fields);
    fields.finish()?;
    let updated = collections.update(&by, &id, &drafts, indexes.as_deref()).await?;
    Ok(HttpResponse::Ok().json(Collection::from(updated)))
}

/// The same as PUT.
#[utoipa::path(patch, path = "/api/v1/collections/{id}", tag = "collections",
    params(("id" = String, Path, description = "Id of the collection")), request_body = UpdateCollection,
    responses((status = 200, body = Collection), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn patch(
    body: JsonBody,
    admin: Superadmin,
    id: Path<String>,
    collections: Data<Collections>,
) -> ApiResult {
    update(body, admin, id, collections).await
}
