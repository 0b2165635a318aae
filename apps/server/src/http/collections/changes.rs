//! POST /collections/{id}/changes

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use serde_json::Value;
use snackbase_application::collections::{Change, Collections};
use utoipa::ToSchema;

use super::Collection;
use super::schema::{IndexInput, read_field, read_index};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Fields, JsonBody};

/// Changes that an update of the fields cannot make; in one transaction, in the order given.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ChangeCollection {
    changes: Vec<ChangeInput>,
    /// Tells what would happen and changes nothing; false if absent.
    dry_run: Option<bool>,
}

/// One change; which keys it has depends on `op`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ChangeInput {
    /// rename_field (from, to), rename_collection (to), change_type (field, type and whatever else the
    /// field is to have), drop_field (field, confirm), require (field, backfill) or set_indexes (indexes).
    op: String,
    from: Option<String>,
    to: Option<String>,
    field: Option<String>,
    r#type: Option<String>,
    /// Must be true to drop a field.
    confirm: Option<bool>,
    /// What rows without a value get when the field becomes required.
    backfill: Option<Value>,
    /// All that the collection is to have.
    indexes: Option<Vec<IndexInput>>,
}

/// What was done, or would be.
#[derive(Serialize, ToSchema)]
pub struct ChangesMade {
    /// The collection afterwards.
    collection: Collection,
    dry_run: bool,
    changes: Vec<ChangeStep>,
    /// Twelve hex digits; null for a dry run.
    #[schema(required)]
    migration_revision: Option<String>,
}

/// What one change did, or would do.
#[derive(Serialize, ToSchema)]
pub struct ChangeStep {
    description: String,
    /// Rows whose values change.
    rows_affected: u64,
    /// How many values do not convert.
    unconvertible_count: u64,
    /// The first of them.
    unconvertible: Vec<UnconvertibleValue>,
}

/// A value that does not convert.
#[derive(Serialize, ToSchema)]
pub struct UnconvertibleValue {
    record_id: String,
    value: Value,
}

const OPERATIONS: [&str; 6] =
    ["rename_field", "rename_collection", "change_type", "drop_field", "require", "set_indexes"];

fn read_change(item: &mut Fields<'_>) -> Change {
    let op = item.one_of("op", &OPERATIONS).required();
    match op {
        "rename_field" => {
            Change::RenameField { from: item.string("from").required(), to: item.string("to").required() }
        }
        "rename_collection" => Change::RenameCollection { to: item.string("to").required() },
        "change_type" => {
            let name = item.string("field").required();
            Change::ChangeType { field: Box::new(read_field(item, name)) }
        }
        "drop_field" => {
            let field = item.string("field").required();
            if !item.boolean("confirm").default(false) {
                item.value_error("confirm", "A field is dropped with its values only when confirm is true");
            }
            Change::DropField { field }
        }
        "set_indexes" => Change::SetIndexes { indexes: item.items("indexes", read_index).required() },
        _ => Change::Require {
            field: item.string("field").required(),
            backfill: item.json("backfill").optional().unwrap_or(Value::Null),
        },
    }
}

/// Renames, converts, drops and requires, or tells what that would do.
#[utoipa::path(post, path = "/api/v1/collections/{id}/changes", tag = "collections",
    params(("id" = String, Path, description = "Id of the collection")), request_body = ChangeCollection,
    responses((status = 200, body = ChangesMade), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn change(
    body: JsonBody,
    Superadmin(by): Superadmin,
    id: Path<String>,
    collections: Data<Collections>,
) -> ApiResult {
    let mut fields = body.fields()?;
    let changes = fields.items("changes", read_change).min_items(1).max_items(100).required();
    let dry_run = fields.boolean("dry_run").default(false);
    fields.finish()?;
    let done = collections.change(&by, &id, &changes, dry_run).await?;
    let steps = done.steps.into_iter().map(|step| ChangeStep {
        description: step.text,
        rows_affected: step.rows,
        unconvertible_count: step.unfit,
        unconvertible: step
            .examples
            .into_iter()
            .map(|unfit| UnconvertibleValue { record_id: unfit.id, value: unfit.value })
            .collect(),
    });
    Ok(HttpResponse::Ok().json(ChangesMade {
        dry_run,
        changes: steps.collect(),
        migration_revision: done.revision,
        collection: Collection::from(done.collection),
    }))
}
