//! Use case: find out what a rule of a collection decides for somebody about a record, and
//! which of its clauses.

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use snackbase_domain::collection::Operation;
use snackbase_domain::record::{DraftMode, Record, validate};
use snackbase_domain::{AccountId, RecordId, UserId};
use snackbase_rules as rules;
use snackbase_rules::{Clause, Join};

use super::Rules;
use crate::access::{self, Access, Bound, Narrowing, RuleContext};
use crate::auth::identity;
use crate::catalog::Compiled;
use crate::collections::check_rule;
use crate::macros::{Answers, MacroCalls, with_macros};
use crate::ports::Repositories;
use crate::records::{Related, account_named};
use crate::{AppError, Caller, Identity, Kind, Origin};

/// As whom a rule is tried.
#[derive(Clone, Debug)]
pub enum TrialCaller {
    /// The id of a user.
    User(String),
    /// Nobody, with the account that the request names.
    Anonymous { account: Option<String> },
}

/// What a rule is tried with.
#[derive(Clone, Debug)]
pub struct RecordTrial {
    pub operation: Operation,
    pub caller: TrialCaller,
    /// A stored record.
    pub record_id: Option<RecordId>,
    /// One that is not stored; system fields may be given.
    pub record: Option<Map<String, Json>>,
    /// The body of the request.
    pub data: Map<String, Json>,
    /// In place of the collection's own rule.
    pub rule: Option<String>,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    Superadmin,
    /// The record belongs to another account.
    Account,
    Locked,
    Public,
    /// An expression never holds for those who are not signed in.
    Anonymous,
    /// The rule cannot be evaluated (any more).
    Unreadable,
    Rule,
}

/// A clause with what it gave; none is unknown, which does not hold.
#[derive(Clone, Debug)]
pub struct ClauseOutcome {
    pub text: String,
    /// Character offsets, `end` exclusive.
    pub start: usize,
    pub end: usize,
    pub result: Option<bool>,
    /// Whether it, or one of its parts, made the rule come out as it did.
    pub decisive: bool,
    pub parts: Option<(Join, Vec<ClauseOutcome>)>,
}

/// What a rule decided.
#[derive(Clone, Debug)]
pub struct RecordVerdict {
    pub allowed: bool,
    pub decided_by: DecidedBy,
    /// `None` where no expression was evaluated.
    pub clauses: Option<ClauseOutcome>,
    pub rule: Option<String>,
    /// The condition that a request would ask of the rows; values are placeholders.
    pub sql: Option<String>,
}

impl Rules {
    /// Tries a rule on a record; nothing is stored.
    pub async fn test_on(&self, name: &str, trial: RecordTrial) -> Result<RecordVerdict, AppError> {
        let compiled = self.collection(name)?;
        let store = self.storage.read();
        let now = self.clock.now().timestamp_micros();
        let rule =
            trial.rule.clone().or_else(|| compiled.collection.rules.rule(trial.operation).map(str::to_owned));
        let verdict = |allowed, decided_by| RecordVerdict {
            allowed,
            decided_by,
            clauses: None,
            rule: rule.clone(),
            sql: None,
        };
        let (caller, account) = self.trial_caller(store, &trial.caller).await?;
        let record = self.trial_record(store, &compiled, &caller, account, &trial, now).await?;
        if let Some(text) = &trial.rule {
            let schema =
                with_macros(store, compiled.schema.clone().with_targets(self.catalog.targets())).await?;
            check_rule(&schema, trial.operation, text)
                .map_err(|text| AppError::detail(Kind::Invalid, text))?;
        }
        if caller.is_superadmin() {
            return Ok(verdict(true, DecidedBy::Superadmin));
        }
        let Some(text) = &rule else {
            return Ok(verdict(false, DecidedBy::Locked));
        };
        if record.account_id != account {
            return Ok(verdict(false, DecidedBy::Account));
        }
        if text.is_empty() {
            return Ok(verdict(true, DecidedBy::Public));
        }
        let Some(identity) = caller.identity() else {
            return Ok(verdict(false, DecidedBy::Anonymous));
        };
        let Ok(tree) = rules::clauses(text) else {
            return Ok(verdict(false, DecidedBy::Unreadable));
        };
        let context = RuleContext { identity, data: Some(&trial.data), now, catalog: &self.catalog };
        let evaluation = Evaluation { store, compiled: &compiled, context, record: &record, text, now };
        let Ok((bound, whole)) = evaluation.truth(&tree.expr).await else {
            return Ok(verdict(false, DecidedBy::Unreadable));
        };
        let clauses = evaluation.outcome(&tree, true).await?;
        let allowed = whole == Some(true);
        let tenant = access::Tenant::Account(account);
        let access = Access::When(bound);
        let scoped =
            access::scope(&compiled, Operation::View, &caller, tenant, access, Narrowing::default(), now);
        // The evaluator and the database mean the same; were it ever otherwise, better to know.
        if trial.record_id.is_some() && store.records().view(&scoped, &record.id).await?.is_some() != allowed
        {
            return Err(AppError::inconsistent(format!("rule '{text}' is not evaluated alike")));
        }
        let sql = store.records().condition(&scoped);
        Ok(RecordVerdict {
            allowed,
            decided_by: DecidedBy::Rule,
            clauses: Some(clauses),
            rule: rule.clone(),
            sql: Some(sql),
        })
    }

    /// The conditions that requests of somebody ask of the rows, by operation; `None` for a
    /// rule that is locked, empty for one that asks nothing.
    pub async fn sql(&self, name: &str, by: &Identity) -> Result<[Option<String>; 5], AppError> {
        let compiled = self.collection(name)?;
        let now = self.clock.now().timestamp_micros();
        let mut found = [const { None }; 5];
        for (operation, place) in Operation::ALL.into_iter().zip(&mut found) {
            let Some(text) = compiled.collection.rules.rule(operation) else { continue };
            let Ok(expr) = rules::parse(text) else {
                *place = Some(String::new());
                continue;
            };
            let context = RuleContext { identity: by, data: None, now, catalog: &self.catalog };
            let bound = bound(&expr, &context, &compiled)
                .map_err(|_| AppError::Refused(access::unreadable_rule()))?;
            let caller = Caller::Anonymous { account: None, origin: Arc::new(Origin::default()) };
            let tenant = access::Tenant::Account(by.account_id);
            let access = Access::When(bound);
            let scoped =
                access::scope(&compiled, Operation::View, &caller, tenant, access, Narrowing::default(), now);
            *place = Some(self.storage.read().records().condition(&scoped));
        }
        Ok(found)
    }

    async fn trial_caller(
        &self,
        store: &dyn Repositories,
        wanted: &TrialCaller,
    ) -> Result<(Caller, AccountId), AppError> {
        match wanted {
            TrialCaller::User(id) => {
                let user = match id.parse::<UserId>() {
                    Ok(id) => identity(store, id).await?,
                    Err(_) => None,
                };
                let identity = user.ok_or_else(|| AppError::not_found("User not found"))?;
                let account = identity.account_id;
                Ok((Caller::User(self.principal(identity)), account))
            }
            TrialCaller::Anonymous { account } => {
                let named = account.as_deref().unwrap_or_default();
                let found = account_named(store, named).await?;
                let found =
                    found.ok_or_else(|| AppError::not_found(format!("Account '{named}' not found")))?;
                let origin = Arc::new(Origin::default());
                Ok((Caller::Anonymous { account: account.clone(), origin }, found.id))
            }
        }
    }

    async fn trial_record(
        &self,
        store: &dyn Repositories,
        compiled: &Arc<Compiled>,
        caller: &Caller,
        account: AccountId,
        trial: &RecordTrial,
        now: i64,
    ) -> Result<Record, AppError> {
        if let Some(id) = &trial.record_id {
            let all = access::scope_of_existence(compiled, access::Tenant::All, now);
            let found = store.records().view(&all, id).await?;
            return found.ok_or_else(|| AppError::titled(Kind::NotFound, "Not found", "Record not found"));
        }
        let given = trial.record.as_ref().unwrap_or(&trial.data);
        let text = |key: &str| given.get(key).and_then(Json::as_str).map(str::to_owned);
        let author = caller.identity().map_or(snackbase_domain::record::ANONYMOUS, |by| &by.user_key);
        let mut fields = given.clone();
        fields.retain(|key, _| !snackbase_domain::collection::SYSTEM_FIELDS.contains(&key.as_str()));
        let (draft, faults) = validate(&compiled.collection, &fields, DraftMode::Create);
        if !faults.is_empty() {
            return Err(AppError::faults(faults));
        }
        let null = snackbase_domain::record::Value::Null;
        Ok(Record {
            id: RecordId::new(text("id").unwrap_or_else(|| self.ids.new_id().to_string())),
            account_id: text("account_id").and_then(|id| id.parse().ok()).unwrap_or(account),
            created_at: now,
            created_by: text("created_by").unwrap_or_else(|| author.to_owned()),
            updated_at: now,
            updated_by: text("updated_by").unwrap_or_else(|| author.to_owned()),
            values: draft.values.into_iter().map(|value| value.unwrap_or_else(|| null.clone())).collect(),
        })
    }
}

fn bound(expr: &rules::Expr, context: &RuleContext<'_>, compiled: &Compiled) -> Result<Bound, String> {
    let expr = rules::bind(expr, context).map_err(|error| error.to_string())?;
    let schema = compiled.schema.clone().with_targets(context.catalog.targets());
    let scope = rules::Scope::Rule(rules::Operation::List);
    let condition = rules::elaborate_condition(&expr, &schema, scope).map_err(|error| error.to_string())?;
    let macros = MacroCalls::of([&condition], context.catalog, context.identity)?;
    Ok(Bound { condition, macros })
}

/// What the parts of a rule are evaluated with.
struct Evaluation<'a> {
    store: &'a dyn Repositories,
    compiled: &'a Compiled,
    context: RuleContext<'a>,
    record: &'a Record,
    text: &'a str,
    now: i64,
}

impl Evaluation<'_> {
    /// An expression, bound, and its truth.
    async fn truth(&self, expr: &rules::Expr) -> Result<(Bound, Option<bool>), String> {
        let bound = bound(expr, &self.context, self.compiled)?;
        let (store, condition, now) = (self.store, &bound.condition, self.now);
        let related =
            Related::load(store, self.context.catalog, self.compiled, self.record, [condition], now).await;
        let related = related.map_err(|error| error.to_string())?;
        let row = related.row(self.compiled, self.record);
        let answers = match &bound.macros {
            None => Answers::default(),
            Some(macros) => {
                macros.ask(store, condition, &row, now).await.map_err(|error| error.to_string())?
            }
        };
        let truth = rules::eval_condition(condition, &answers.beside(&row), now);
        Ok((bound, truth))
    }

    /// A clause and its parts; `decisive` when the whole came out as this did.
    async fn outcome(&self, clause: &Clause, decisive: bool) -> Result<ClauseOutcome, AppError> {
        let (_, result) = self.truth(&clause.expr).await.map_err(AppError::Internal)?;
        let mut parts = None;
        if let Some((join, clauses)) = &clause.parts {
            let mut outcomes = Vec::with_capacity(clauses.len());
            let mut decided = !decisive;
            for part in clauses {
                let (_, truth) = self.truth(&part.expr).await.map_err(AppError::Internal)?;
                // The first that makes a conjunction fail or a disjunction hold; where all had to
                // fail or to hold, each of them.
                let makes = match join {
                    Join::And => (result == Some(true)) || (truth != Some(true) && !decided),
                    Join::Or => (result != Some(true)) || (truth == Some(true) && !decided),
                };
                let alone = (*join == Join::And) == (result != Some(true));
                outcomes.push(Box::pin(self.outcome(part, decisive && makes)).await?);
                decided |= makes && alone;
            }
            parts = Some((*join, outcomes));
        }
        let text = self.text.chars().skip(clause.start).take(clause.end - clause.start).collect();
        Ok(ClauseOutcome { text, start: clause.start, end: clause.end, result, decisive, parts })
    }
}
