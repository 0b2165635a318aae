//! GET and PUT /collections/{name}/rules

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::collections::{Collections, RuleChange};
use snackbase_application::ports::RuleRow;
use snackbase_domain::collection::{Operation, RuleSet};
use utoipa::ToSchema;

use super::schema::check_field_list;
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, Fields, JsonBody, Patch};

/// The rules of a collection. A rule is null when locked, empty when public.
#[derive(Serialize, ToSchema)]
pub struct Rules {
    id: String,
    collection_id: String,
    #[schema(required)]
    list_rule: Option<String>,
    #[schema(required)]
    view_rule: Option<String>,
    #[schema(required)]
    create_rule: Option<String>,
    #[schema(required)]
    update_rule: Option<String>,
    #[schema(required)]
    delete_rule: Option<String>,
    /// What a record must satisfy after an update; null or empty: nothing.
    #[schema(required)]
    update_check_rule: Option<String>,
    /// `*` or a JSON array of names.
    list_fields: String,
    view_fields: String,
    create_fields: String,
    update_fields: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Rules to change; what is absent stays, a rule of null is locked.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct UpdateRules {
    list_rule: Option<String>,
    view_rule: Option<String>,
    create_rule: Option<String>,
    update_rule: Option<String>,
    delete_rule: Option<String>,
    /// What a record must satisfy after an update; null or empty: nothing.
    update_check_rule: Option<String>,
    list_fields: Option<String>,
    view_fields: Option<String>,
    create_fields: Option<String>,
    update_fields: Option<String>,
}

impl From<RuleRow> for Rules {
    fn from(row: RuleRow) -> Self {
        let rules = row.rules;
        Self {
            id: row.id,
            collection_id: row.collection_id.to_string(),
            list_rule: rules.list_rule,
            view_rule: rules.view_rule,
            create_rule: rules.create_rule,
            update_rule: rules.update_rule,
            delete_rule: rules.delete_rule,
            update_check_rule: rules.update_check_rule,
            list_fields: rules.list_fields,
            view_fields: rules.view_fields,
            create_fields: rules.create_fields,
            update_fields: rules.update_fields,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

const FIELD_LISTS: [&str; 4] = ["list_fields", "view_fields", "create_fields", "update_fields"];

fn read(body: &JsonBody) -> Result<RuleChange, Faults> {
    let mut fields = body.fields()?;
    let change = read_change(&mut fields);
    let rules = Operation::ALL.iter().map(|op| op.rule_key()).chain([RuleSet::UPDATE_CHECK]);
    let known: Vec<_> = rules.chain(FIELD_LISTS).collect();
    fields.deny_unknown(&known);
    fields.finish()?;
    Ok(change)
}

/// Reads the rules and lists of fields that are sent.
pub(super) fn read_change(fields: &mut Fields<'_>) -> RuleChange {
    let mut change = RuleChange::default();
    for (operation, rule) in Operation::ALL.into_iter().zip(&mut change.rules) {
        *rule = fields.string(operation.rule_key()).patch().nullable();
    }
    change.update_check_rule = fields.string(RuleSet::UPDATE_CHECK).patch().nullable();
    let mut lists = FIELD_LISTS.map(|name| read_list(fields, name));
    change.list_fields = lists[0].take();
    change.view_fields = lists[1].take();
    change.create_fields = lists[2].take();
    change.update_fields = lists[3].take();
    change
}

/// A field list may be absent, but not null.
fn read_list(fields: &mut Fields<'_>, name: &str) -> Option<String> {
    match fields.string(name).check(|text| check_field_list(text)).patch() {
        Patch::Set(text) => Some(text),
        Patch::Absent => None,
        Patch::Null => {
            fields.fault("string_type", name, "Input should be a valid string");
            None
        }
    }
}

/// Reads the rules of a collection.
#[utoipa::path(get, path = "/api/v1/collections/{name}/rules", tag = "collections",
    params(("name" = String, Path, description = "Name of the collection")),
    responses((status = 200, body = Rules), (status = 401), (status = 403), (status = 404)))]
pub async fn get(
    Superadmin(by): Superadmin,
    name: Path<String>,
    collections: Data<Collections>,
) -> ApiResult {
    Ok(HttpResponse::Ok().json(Rules::from(collections.rules(&by, &name).await?)))
}

/// Changes rules of a collection; they hold from the next request on.
#[utoipa::path(put, path = "/api/v1/collections/{name}/rules", tag = "collections",
    params(("name" = String, Path, description = "Name of the collection")), request_body = UpdateRules,
    responses((status = 200, body = Rules), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn update(
    body: JsonBody,
    Superadmin(by): Superadmin,
    name: Path<String>,
    collections: Data<Collections>,
) -> ApiResult {
    let change = read(&body)?;
    Ok(HttpResponse::Ok().json(Rules::from(collections.update_rules(&by, &name, change).await?)))
}
