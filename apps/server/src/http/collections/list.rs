//! GET /collections

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::collections::Collections;
use snackbase_application::ports::{CollectionQuery, CollectionSort};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;
use crate::http::paging::{Paging, total_pages};

/// A collection in a list.
#[derive(Serialize, ToSchema)]
pub struct CollectionItem {
    id: String,
    name: String,
    table_name: String,
    fields_count: usize,
    /// Records of all accounts.
    records_count: u64,
    /// Whether any rule lets everybody in.
    has_public_access: bool,
    created_at: DateTime<Utc>,
}

/// A page of collections.
#[derive(Serialize, ToSchema)]
pub struct CollectionPage {
    items: Vec<CollectionItem>,
    total: u64,
    page: u64,
    page_size: u64,
    total_pages: u64,
}

/// Lists collections.
#[utoipa::path(get, path = "/api/v1/collections", tag = "collections",
    params(
        ("page" = Option<u64>, Query, description = "From 1"),
        ("page_size" = Option<u64>, Query, description = "1 to 100; 25 if absent"),
        ("sort_by" = Option<String>, Query, description = "created_at, updated_at, name or id"),
        ("sort_order" = Option<String>, Query, description = "asc; anything else is descending"),
        ("search" = Option<String>, Query, description = "Part of name or id"),
    ),
    responses((status = 200, body = CollectionPage), (status = 401), (status = 403), (status = 422)))]
pub async fn list(_: Superadmin, query: Query, collections: Data<Collections>) -> ApiResult {
    let mut fields = query.fields();
    let paging = Paging::read(&mut fields);
    let sort_by = fields.string("sort_by").optional();
    let order = fields.string("sort_order").optional();
    let search = fields.string("search").optional();
    fields.finish()?;
    let query = CollectionQuery {
        skip: paging.skip(),
        limit: paging.page_size,
        sort: match sort_by.as_deref() {
            Some("id") => CollectionSort::Id,
            Some("name") => CollectionSort::Name,
            Some("updated_at") => CollectionSort::UpdatedAt,
            _ => CollectionSort::CreatedAt,
        },
        descending: order.as_deref() != Some("asc"),
        search,
    };
    let found = collections.list(&query).await?;
    let items = found.items.into_iter().map(|item| {
        let collection = item.collection;
        CollectionItem {
            id: collection.id.to_string(),
            name: collection.name.to_string(),
            table_name: collection.table().to_string(),
            fields_count: collection.fields.len(),
            records_count: item.records_count,
            has_public_access: collection.rules.has_public_access(),
            created_at: collection.created_at,
        }
    });
    Ok(HttpResponse::Ok().json(CollectionPage {
        items: items.collect(),
        total: found.total,
        page: paging.page,
        page_size: paging.page_size,
        total_pages: total_pages(found.total, paging.page_size),
    }))
}
