//! POST /rules/test

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_application::rules::{RuleTrial, Rules};
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Fields, JsonBody};

/// A rule to be tested, and whom and what with.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct TestRule {
    rule: String,
    context: Option<TestContext>,
}

/// Whom and what a rule is tested with.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct TestContext {
    auth: Option<TestCaller>,
    /// The body of the request.
    data: Option<Map<String, Value>>,
    record: Option<Map<String, Value>>,
}

/// The caller that a rule is tested with.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct TestCaller {
    id: Option<String>,
    email: Option<String>,
    role: Option<String>,
    account_id: Option<String>,
    groups: Option<Vec<String>>,
}

/// What a rule decided.
#[derive(Serialize, ToSchema)]
pub struct RuleOutcome {
    allowed: bool,
    #[schema(required)]
    error: Option<String>,
}

fn read_context(context: &mut Fields<'_>) -> RuleTrial {
    let caller = context.nested("auth", read_caller).optional().unwrap_or_default();
    RuleTrial {
        data: context.object("data").optional().unwrap_or_default(),
        record: context.object("record").optional().unwrap_or_default(),
        ..caller
    }
}

fn read_caller(caller: &mut Fields<'_>) -> RuleTrial {
    RuleTrial {
        user_id: caller.string("id").optional(),
        email: caller.string("email").optional(),
        role: caller.string("role").optional(),
        account_id: caller.string("account_id").optional(),
        groups: caller.strings("groups").optional().unwrap_or_default(),
        ..RuleTrial::default()
    }
}

/// Evaluates a rule without saving it.
#[utoipa::path(post, path = "/api/v1/rules/test", tag = "rules", request_body = TestRule,
    responses((status = 200, body = RuleOutcome), (status = 401), (status = 403), (status = 422)))]
pub async fn test(body: JsonBody, _: Superadmin, rules: Data<Rules>) -> ApiResult {
    let mut fields = body.fields()?;
    let rule = fields.string("rule").required();
    let trial = fields.nested("context", read_context).optional().unwrap_or_default();
    fields.finish()?;
    let (allowed, error) = match rules.test(&rule, &trial).await {
        Ok(allowed) => (allowed, None),
        Err(error) => (false, Some(error)),
    };
    Ok(HttpResponse::Ok().json(RuleOutcome { allowed, error }))
}
