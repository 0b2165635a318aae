//! POST /collections

use actix_web::HttpResponse;
use actix_web::web::Data;
use snackbase_application::collections::{Collections, NewCollection};
use snackbase_domain::collection::{FieldList, MAX_NAME, MIN_NAME, Operation, RuleSet};
use utoipa::ToSchema;

use super::Collection;
use super::schema::{FieldInput, IndexInput, check_field_list, read_indexes, read_schema};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Faults, Fields, JsonBody};

/// A collection to be made. A rule is null when locked, empty when public.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct CreateCollection {
    name: String,
    schema: Vec<FieldInput>,
    indexes: Option<Vec<IndexInput>>,
    list_rule: Option<String>,
    view_rule: Option<String>,
    create_rule: Option<String>,
    update_rule: Option<String>,
    delete_rule: Option<String>,
    /// What a record must satisfy after an update; null or empty: nothing.
    update_check_rule: Option<String>,
    /// `*` or a JSON array of names.
    list_fields: Option<String>,
    view_fields: Option<String>,
    create_fields: Option<String>,
    update_fields: Option<String>,
}

fn read_list(fields: &mut Fields<'_>, name: &str) -> String {
    fields.string(name).check(|text| check_field_list(text)).default(FieldList::ALL.to_owned())
}

fn read(body: &JsonBody) -> Result<NewCollection, Faults> {
    let mut fields = body.fields()?;
    let name = fields.string("name").len(MIN_NAME, MAX_NAME).required();
    let drafts = read_schema(&mut fields);
    let indexes = read_indexes(&mut fields).unwrap_or_default();
    let mut rules = RuleSet::default();
    for operation in Operation::ALL {
        *rules.rule_mut(operation) = fields.string(operation.rule_key()).optional();
    }
    rules.update_check_rule = fields.string(RuleSet::UPDATE_CHECK).optional();
    rules.list_fields = read_list(&mut fields, "list_fields");
    rules.view_fields = read_list(&mut fields, "view_fields");
    rules.create_fields = read_list(&mut fields, "create_fields");
    rules.update_fields = read_list(&mut fields, "update_fields");
    fields.finish()?;
    Ok(NewCollection { name, fields: drafts, indexes, rules })
}

/// Makes a collection with its table.
#[utoipa::path(post, path = "/api/v1/collections", tag = "collections", request_body = CreateCollection,
    responses((status = 201, body = Collection), (status = 400), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub async fn create(body: JsonBody, Superadmin(by): Superadmin, collections: Data<Collections>) -> ApiResult {
    let made = collections.create(&by, read(&body)?).await?;
    Ok(HttpResponse::Created().json(Collection::from(made)))
}
