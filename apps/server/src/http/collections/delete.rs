//! DELETE /collections/{id}

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use snackbase_application::collections::Collections;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;

/// A collection that is gone.
#[derive(Serialize, ToSchema)]
pub struct DeletedCollection {
    message: &'static str,
    collection_id: String,
    collection_name: String,
    table_name: String,
    records_deleted: u64,
    migration_revision: String,
}

/// Deletes a collection with its records.
#[utoipa::path(delete, path = "/api/v1/collections/{id}", tag = "collections",
    params(("id" = String, Path, description = "Id of the collection")),
    responses((status = 200, body = DeletedCollection), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn delete(
    Superadmin(by): Superadmin,
    id: Path<String>,
    collections: Data<Collections>,
) -> ApiResult {
    let deleted = collections.delete(&by, &id).await?;
    Ok(HttpResponse::Ok().json(DeletedCollection {
        message: "Collection deleted successfully",
        collection_id: deleted.collection.id.to_string(),
        collection_name: deleted.collection.name.to_string(),
        table_name: deleted.collection.table().to_string(),
        records_deleted: deleted.records,
        migration_revision: deleted.revision,
    }))
}
