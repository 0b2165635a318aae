//! Use case: find out what the rules of a collection decide for somebody about a record, and
//! which of their clauses.

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use snackbase_domain::collection::{Operation, RuleSet};
use snackbase_domain::record::{DraftMode, Record, validate};
use snackbase_domain::{AccountId, RecordId, UserId};
use snackbase_rules as rules;
use snackbase_rules::Join;

use super::Rules;
use super::evaluation::Evaluation;
use crate::access::{self, Access, Narrowing, RuleContext};
use crate::auth::identity;
use crate::catalog::Compiled;
use crate::collections::{check_rule, check_update_check};
use crate::macros::with_macros;
use crate::ports::Repositories;
use crate::records::{account_named, restored};
use crate::{AppError, Caller, Kind, Origin};

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
    /// In place of the collection's own rule about records as an update leaves them.
    pub update_check_rule: Option<String>,
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
pub struct RuleVerdict {
    pub allowed: bool,
    pub decided_by: DecidedBy,
    /// `None` where no expression was evaluated.
    pub clauses: Option<ClauseOutcome>,
    pub rule: Option<String>,
    /// The condition that a request would ask of the rows; values are placeholders.
    pub sql: Option<String>,
}

/// What the rules of an operation decided.
#[derive(Clone, Debug)]
pub struct RecordVerdict {
    /// The key of its rule, e.g. `list_rule`.
    pub key: &'static str,
    pub rule: RuleVerdict,
    /// Of an update that leaves a record which a rule is about: what that decided.
    pub update_check: Option<RuleVerdict>,
}

impl RecordVerdict {
    /// Whether all rules allow it.
    pub fn is_allowed(&self) -> bool {
        self.denied_by().is_none()
    }

    /// The key of the first rule that denies it.
    pub fn denied_by(&self) -> Option<&'static str> {
        let check = self.update_check.as_ref().map(|check| (RuleSet::UPDATE_CHECK, check));
        let rules = [(self.key, &self.rule)].into_iter().chain(check);
        rules.into_iter().find(|(_, verdict)| !verdict.allowed).map(|(key, _)| key)
    }
}

/// Whom and what a rule is about.
struct Case<'a> {
    store: &'a dyn Repositories,
    compiled: &'a Arc<Compiled>,
    caller: &'a Caller,
    account: AccountId,
    data: &'a Map<String, Json>,
    now: i64,
}

impl Rules {
    /// Tries the rules of an operation on a record; nothing is stored. An update is tried with its
    /// data, too: stored macros see the other records as they are before it.
    pub async fn test_on(&self, name: &str, trial: RecordTrial) -> Result<RecordVerdict, AppError> {
        let compiled = self.collection(name)?;
        let store = self.storage.read();
        let now = self.clock.now().timestamp_micros();
        let own = &compiled.collection.rules;
        let (caller, account) = self.trial_caller(store, &trial.caller).await?;
        let record = self.trial_record(store, &compiled, &caller, account, &trial, now).await?;
        let schema = with_macros(store, compiled.schema.clone().with_targets(self.catalog.targets())).await?;
        let invalid = |text| AppError::detail(Kind::Invalid, text);
        if let Some(text) = &trial.rule {
            check_rule(&schema, trial.operation, text).map_err(invalid)?;
        }
        if let Some(text) = &trial.update_check_rule {
            check_update_check(&schema, text).map_err(invalid)?;
        }
        let case = Case { store, compiled: &compiled, caller: &caller, account, data: &trial.data, now };
        let rule = trial.rule.as_deref().or(own.rule(trial.operation));
        let stored = trial.record_id.is_some();
        let rule = self.judge(&case, &record, rule, stored).await?;
        let mut update_check = None;
        let goes_on =
            !matches!(rule.decided_by, DecidedBy::Account | DecidedBy::Locked | DecidedBy::Superadmin);
        if trial.operation == Operation::Update && goes_on {
            // What is wrong with the data is told, whether or not a rule looks at it.
            let left = updated(&case, &record)?;
            let check = trial.update_check_rule.as_deref().or(own.update_check_rule.as_deref());
            if let Some(check) = check.filter(|text| !text.is_empty()) {
                update_check = Some(self.judge(&case, &left, Some(check), false).await?);
            }
        }
        Ok(RecordVerdict { key: trial.operation.rule_key(), rule, update_check })
    }

    /// What a rule decides. `stored` tells that the record is one that the store can be asked about.
    async fn judge(
        &self,
        case: &Case<'_>,
        record: &Record,
        rule: Option<&str>,
        stored: bool,
    ) -> Result<RuleVerdict, AppError> {
        let Case { store, compiled, caller, account, now, .. } = *case;
        let verdict = |allowed, decided_by| RuleVerdict {
            allowed,
            decided_by,
            clauses: None,
            rule: rule.map(str::to_owned),
            sql: None,
        };
        if caller.is_superadmin() {
            return Ok(verdict(true, DecidedBy::Superadmin));
        }
        let Some(text) = rule else {
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
        let context = RuleContext { identity, data: Some(case.data), now, catalog: &self.catalog };
        let evaluation = Evaluation { store, compiled, context, record, text, now };
        let Ok((bound, whole)) = evaluation.truth(&tree.expr).await else {
            return Ok(verdict(false, DecidedBy::Unreadable));
        };
        let clauses = evaluation.outcome(&tree, true).await?;
        let allowed = whole == Some(true);
        let tenant = access::Tenant::Account(account);
        let access = Access::When(bound);
        let scoped =
            access::scope(compiled, Operation::View, caller, tenant, access, Narrowing::default(), now);
        // The evaluator and the database mean the same; were it ever otherwise, better to know.
        if stored && store.records().view(&scoped, &record.id).await?.is_some() != allowed {
            return Err(AppError::inconsistent(format!("rule '{text}' is not evaluated alike")));
        }
        let sql = Some(store.records().condition(&scoped));
        Ok(RuleVerdict { clauses: Some(clauses), sql, ..verdict(allowed, DecidedBy::Rule) })
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

/// The record as the update leaves it.
fn updated(case: &Case<'_>, record: &Record) -> Result<Record, AppError> {
    let compiled = case.compiled;
    let masks = access::masks(compiled, case.caller);
    let data = restored(compiled, &masks, record, case.data);
    let (draft, faults) = validate(&compiled.collection, &data, DraftMode::Patch);
    if !faults.is_empty() {
        return Err(AppError::faults(faults));
    }
    let author = case.caller.identity().map_or(snackbase_domain::record::ANONYMOUS, |by| &by.user_key);
    let values = draft.values.into_iter().zip(&record.values);
    Ok(Record {
        updated_at: case.now.max(record.updated_at + 1),
        updated_by: author.to_owned(),
        values: values.map(|(sent, known)| sent.unwrap_or_else(|| known.clone())).collect(),
        ..record.clone()
    })
}
