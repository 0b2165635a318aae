//! POST /rules/compute

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::AppError;
use snackbase_application::rules::Rules;
use snackbase_domain::FieldFault;
use utoipa::ToSchema;

use crate::http::collections::schema::{FieldInput, read_schema};
use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::JsonBody;

/// An expression to be tried, and with what.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct ComputeExpression {
    /// The fields that it may use.
    schema: Vec<FieldInput>,
    expression: String,
    /// Values of fields; those that are absent are null.
    record: Option<Map<String, Value>>,
}

/// What an expression comes out as.
#[derive(Serialize, ToSchema)]
pub struct Computed {
    /// boolean, number, text, datetime, json or null.
    #[serde(rename = "type")]
    ty: &'static str,
    value: Value,
}

/// Evaluates the expression of a computed field on made-up values. Nothing is stored.
#[utoipa::path(post, path = "/api/v1/rules/compute", tag = "rules", request_body = ComputeExpression,
    responses((status = 200, body = Computed), (status = 400), (status = 401), (status = 403), (status = 422)))]
pub async fn compute(body: JsonBody, _: Superadmin, rules: Data<Rules>) -> ApiResult {
    let mut fields = body.fields()?;
    let drafts = read_schema(&mut fields);
    let expression = fields.string("expression").required();
    let record = fields.object("record").optional().unwrap_or_default();
    fields.finish()?;
    let sample = rules.sample(&expression, &drafts, &record).map_err(|message| {
        AppError::faults(vec![FieldFault::new("expression", message, "invalid_expression")])
    })?;
    Ok(HttpResponse::Ok().json(Computed { ty: sample.ty, value: sample.value }))
}
