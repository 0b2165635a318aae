//! POST /rules/validate

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use snackbase_application::rules::Rules;
use snackbase_domain::collection::Operation;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::JsonBody;

/// A rule to be checked.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ValidateRule {
    rule: String,
    /// list, view, create, update or delete.
    operation: String,
    /// Names of the collection's fields.
    #[schema(rename = "collectionFields")]
    collection_fields: Option<Vec<String>>,
}

/// Whether a rule may be saved.
#[derive(Serialize, ToSchema)]
pub struct RuleValidity {
    valid: bool,
    #[schema(required)]
    error: Option<String>,
}

/// Checks a rule without saving it.
#[utoipa::path(post, path = "/api/v1/rules/validate", tag = "rules", request_body = ValidateRule,
    responses((status = 200, body = RuleValidity), (status = 401), (status = 403), (status = 422)))]
pub async fn validate(body: JsonBody, _: Superadmin, rules: Data<Rules>) -> ApiResult {
    let words = Operation::ALL.map(Operation::as_str);
    let mut fields = body.fields()?;
    let rule = fields.string("rule").required();
    let operation = fields.one_of("operation", &words).default("list");
    let names = fields.strings("collectionFields").alias("collection_fields").default(Vec::new());
    fields.finish()?;
    let operation = Operation::ALL.into_iter().find(|op| op.as_str() == operation);
    let error = rules.validate(&rule, operation.unwrap_or(Operation::List), &names).err();
    Ok(HttpResponse::Ok().json(RuleValidity { valid: error.is_none(), error }))
}
