//! POST /collections/{name}/rules/test and GET /collections/{name}/rules/sql

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use serde_json::{Map, Value, json};
use snackbase_application::rules::{
    ClauseOutcome, DecidedBy, Join, RecordTrial, RecordVerdict, RuleSql as Shown, RuleVerdict as Decided,
    Rules, TrialCaller,
};
use snackbase_domain::RecordId;
use snackbase_domain::collection::Operation;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::{Fields, JsonBody};

/// A rule to be tried on a record.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct TestRuleOnRecord {
    /// list, view, create, update or delete.
    operation: String,
    #[schema(rename = "as")]
    caller: TestAs,
    /// A stored record.
    record_id: Option<String>,
    /// One that is not stored, where `record_id` is absent; system fields may be given.
    record: Option<Map<String, Value>>,
    /// The body of the request.
    data: Option<Map<String, Value>>,
    /// In place of the collection's own rule.
    rule: Option<String>,
    /// In place of the collection's own rule about records as updates leave them.
    update_check_rule: Option<String>,
}

/// As whom a rule is tried.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct TestAs {
    user_id: Option<String>,
    /// Nobody, with the account that the request names.
    anonymous: Option<bool>,
    /// Code or slug.
    account: Option<String>,
}

/// A part of a rule.
#[derive(Serialize, ToSchema)]
pub struct RuleClause {
    text: String,
    /// Character offsets in the rule, `end` exclusive.
    start: usize,
    end: usize,
    /// Null is unknown, which does not hold.
    #[schema(required)]
    result: Option<bool>,
    /// Whether it made the rule come out as it did.
    decisive: bool,
    /// How its parts are joined: `and` or `or`; null for what is not taken apart.
    #[schema(required)]
    join: Option<&'static str>,
    #[schema(no_recursion)]
    clauses: Vec<RuleClause>,
}

/// What a rule decided.
#[derive(Serialize, ToSchema)]
pub struct RuleVerdict {
    /// Whether all rules of the operation allow it.
    allowed: bool,
    /// The key of the first rule that denies it, e.g. `view_rule`; `update_check_rule` is the one about
    /// the record as the update leaves it.
    #[schema(required)]
    denied_by: Option<&'static str>,
    /// What decided about the record as it is: superadmin, account (the record is another one's),
    /// locked, public, anonymous, unreadable or rule.
    decided_by: &'static str,
    /// The operands of the rule's outer `&&` or `||`, or the whole rule.
    clauses: Vec<RuleClause>,
    /// How these are joined.
    #[schema(required)]
    join: Option<&'static str>,
    #[schema(required)]
    rule: Option<String>,
    /// The condition that a request asks of the rows; values are placeholders.
    #[schema(required)]
    sql: Option<String>,
    /// Of an update: what `update_check_rule` says about the record with `data` in it. Null where
    /// nothing is checked.
    #[schema(required)]
    update_check: Option<UpdateCheckVerdict>,
}

/// What the rule about records as updates leave them decided.
#[derive(Serialize, ToSchema)]
pub struct UpdateCheckVerdict {
    allowed: bool,
    /// anonymous, unreadable or rule.
    decided_by: &'static str,
    /// The operands of the rule's outer `&&` or `||`, or the whole rule.
    clauses: Vec<RuleClause>,
    /// How these are joined.
    #[schema(required)]
    join: Option<&'static str>,
    #[schema(required)]
    rule: Option<String>,
}

fn word(join: Join) -> &'static str {
    match join {
        Join::And => "and",
        Join::Or => "or",
    }
}

impl From<ClauseOutcome> for RuleClause {
    fn from(outcome: ClauseOutcome) -> Self {
        let ClauseOutcome { text, start, end, result, decisive, parts } = outcome;
        let (join, clauses) = match parts {
            None => (None, Vec::new()),
            Some((join, parts)) => (Some(word(join)), parts.into_iter().map(Self::from).collect()),
        };
        Self { text, start, end, result, decisive, join, clauses }
    }
}

fn reason(decided_by: DecidedBy) -> &'static str {
    match decided_by {
        DecidedBy::Superadmin => "superadmin",
        DecidedBy::Account => "account",
        DecidedBy::Locked => "locked",
        DecidedBy::Public => "public",
        DecidedBy::Anonymous => "anonymous",
        DecidedBy::Unreadable => "unreadable",
        DecidedBy::Rule => "rule",
    }
}

/// The outer clauses of a rule, and how they are joined.
fn outer(whole: Option<ClauseOutcome>) -> (Option<&'static str>, Vec<RuleClause>) {
    match whole.map(RuleClause::from) {
        None => (None, Vec::new()),
        Some(whole) if whole.join.is_none() => (None, vec![whole]),
        Some(whole) => (whole.join, whole.clauses),
    }
}

impl From<RecordVerdict> for RuleVerdict {
    fn from(verdict: RecordVerdict) -> Self {
        let (allowed, denied_by) = (verdict.is_allowed(), verdict.denied_by());
        let RecordVerdict { rule: Decided { decided_by, clauses, rule, sql, .. }, update_check, .. } =
            verdict;
        let (join, clauses) = outer(clauses);
        let decided_by = reason(decided_by);
        let update_check = update_check.map(UpdateCheckVerdict::from);
        Self { allowed, denied_by, decided_by, clauses, join, rule, sql, update_check }
    }
}

impl From<Decided> for UpdateCheckVerdict {
    fn from(Decided { allowed, decided_by, clauses, rule, .. }: Decided) -> Self {
        let (join, clauses) = outer(clauses);
        Self { allowed, decided_by: reason(decided_by), clauses, join, rule }
    }
}

fn read_caller(fields: &mut Fields<'_>) -> TrialCaller {
    let user = fields.string("user_id").optional();
    let anonymous = fields.boolean("anonymous").optional().unwrap_or(false);
    let account = fields.string("account").optional();
    match user {
        Some(id) => TrialCaller::User(id),
        None => {
            if !anonymous {
                fields.value_error("user_id", "Either user_id or anonymous is required");
            }
            TrialCaller::Anonymous { account }
        }
    }
}

/// Tries a rule on a record and tells which clause decided; nothing is stored. An update is tried with
/// the rule about records as updates leave them, too.
#[utoipa::path(post, path = "/api/v1/collections/{name}/rules/test", tag = "collections",
    params(("name" = String, Path, description = "Name of the collection")), request_body = TestRuleOnRecord,
    responses((status = 200, body = RuleVerdict), (status = 400), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn test(body: JsonBody, _: Superadmin, name: Path<String>, rules: Data<Rules>) -> ApiResult {
    let words = Operation::ALL.map(Operation::as_str);
    let mut fields = body.fields()?;
    let operation = fields.one_of("operation", &words).required();
    let caller = fields.nested("as", read_caller).optional();
    if caller.is_none() && !fields.has("as") {
        fields.value_error("as", "Either user_id or anonymous is required");
    }
    let record_id = fields.string("record_id").optional().map(RecordId::new);
    let record = fields.object("record").optional();
    let data = fields.object("data").optional().unwrap_or_default();
    let rule = fields.string("rule").optional();
    let update_check_rule = fields.string("update_check_rule").optional();
    fields.finish()?;
    let operation = Operation::ALL.into_iter().find(|op| op.as_str() == operation).unwrap_or(Operation::View);
    let caller = caller.unwrap_or(TrialCaller::Anonymous { account: None });
    let trial = RecordTrial { operation, caller, record_id, record, data, rule, update_check_rule };
    let verdict = rules.test_on(&name, trial).await?;
    Ok(HttpResponse::Ok().json(RuleVerdict::from(verdict)))
}

/// The SQL of a collection's rules, for a user like the caller.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a reply that is made of words")]
pub struct RuleSql {
    /// Null for a rule that is locked or unreadable, empty for one that asks nothing of the rows.
    list: Option<String>,
    view: Option<String>,
    create: Option<String>,
    update: Option<String>,
    delete: Option<String>,
    /// What rows must satisfy after an update.
    update_check: Option<String>,
    /// The keys above whose rules cannot be evaluated, so that they deny.
    unreadable: Vec<String>,
}

/// Shows the conditions that the rules ask of this database's rows; values are placeholders. What
/// depends on the caller alone is worked out for who asks, as if rules bound him.
#[utoipa::path(get, path = "/api/v1/collections/{name}/rules/sql", tag = "collections",
    params(("name" = String, Path, description = "Name of the collection")),
    responses((status = 200, body = RuleSql), (status = 401), (status = 403), (status = 404)))]
pub async fn sql(Superadmin(by): Superadmin, name: Path<String>, rules: Data<Rules>) -> ApiResult {
    let mut shown = Map::new();
    let mut unreadable = Vec::new();
    for (rule, found) in rules.sql(&name, &by).await? {
        let sql = match found {
            Shown::Locked => Value::Null,
            Shown::Condition(sql) => json!(sql),
            Shown::Unreadable => {
                unreadable.push(rule);
                Value::Null
            }
        };
        shown.insert(rule.to_owned(), sql);
    }
    shown.insert("unreadable".to_owned(), json!(unreadable));
    Ok(HttpResponse::Ok().json(shown))
}
