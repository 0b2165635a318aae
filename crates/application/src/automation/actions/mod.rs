//! Actions: what hooks, endpoints and workflows do, one after another, with the authority of the account
//! that defined them and within it.

mod jobs;
mod mail;
mod query;
mod records;
mod send;

use std::sync::Arc;

use serde_json::{Map, Value};
use snackbase_domain::automation::template::Scope;
use snackbase_domain::automation::{ActingUser, Action, ActionKind, Place};
use snackbase_domain::{AccountId, JobId, UserId};
use uuid::Uuid;

use super::acting;
use crate::catalog::Catalog;
use crate::jobs::Jobs;
use crate::mail::Mail;
use crate::ports::{Clock, HttpSender, Storage, StoreError};
use crate::records::{Records, StepNote};
use crate::{AppError, Caller, Principal, Refusal, Says, tx};

/// What does actions.
pub struct Actions {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    catalog: Arc<Catalog>,
    records: Arc<Records>,
    jobs: Arc<Jobs>,
    mail: Arc<Mail>,
    http: Arc<dyn HttpSender>,
}

/// For whom actions are done.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub account: AccountId,
    /// Where the actions stand.
    pub place: Place,
    /// The user who set them off.
    pub user: Option<&'a ActingUser>,
    /// Who made the definition.
    pub created_by: UserId,
    /// The depth of what set them off.
    pub depth: u32,
    /// The job that does them, and the definition: what was done already is not done again.
    pub journal: Option<(JobId, Uuid)>,
}

/// What came of a list of actions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// How many were done.
    pub done: u32,
    /// Why the last one was not.
    pub error: Option<String>,
    /// What each came to; null where one was skipped.
    pub results: Vec<Value>,
}

impl Outcome {
    /// Nothing was done.
    pub fn failed(error: String) -> Self {
        Self { error: Some(error), ..Self::default() }
    }
}

/// An action under way.
struct Doing<'a> {
    run: &'a Run<'a>,
    /// As whom.
    by: &'a Principal,
    note: Option<StepNote>,
}

impl Doing<'_> {
    fn caller(&self) -> Caller {
        Caller::User(self.by.clone())
    }
}

/// Why an action was not done.
enum Failure {
    /// In words for the account's admins: nothing of the server's inside.
    Reason(String),
    /// Not its fault: it may be tried again.
    Later(AppError),
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => Self::Reason(sentence(&refusal)),
            AppError::Store(StoreError::Unavailable(_)) => Self::Later(error),
            other => {
                tracing::error!(error = %other, "an action failed");
                Self::Reason("internal error".to_owned())
            }
        }
    }
}

/// What a refusal says, in one line.
fn sentence(refusal: &Refusal) -> String {
    match &refusal.says {
        Says::Detail(text) => text.to_string(),
        Says::Titled { message, .. } => message.to_string(),
        Says::Faults(faults)
        | Says::FaultsInDetail(faults)
        | Says::NotUnique(faults)
        | Says::BatchFaults { faults, .. } => {
            let each: Vec<_> =
                faults.iter().map(|fault| format!("{}: {}", fault.field, fault.message)).collect();
            each.join("; ")
        }
        Says::FieldAccess(access) => access.message.clone(),
        Says::OtherProvider(_) | Says::RetryAfter(_) => "not possible now".to_owned(),
    }
}

impl Actions {
    /// Wires what does actions.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        catalog: Arc<Catalog>,
        records: Arc<Records>,
        jobs: Arc<Jobs>,
        mail: Arc<Mail>,
        http: Arc<dyn HttpSender>,
    ) -> Self {
        Self { storage, clock, catalog, records, jobs, mail, http }
    }

    /// Does actions one after another until one fails. Of a type that does not exist they are passed
    /// over. `roots` are the names that templates know besides `now` and `auth`. Fails only where it may
    /// be tried again.
    pub(crate) async fn run(
        &self,
        run: &Run<'_>,
        roots: impl IntoIterator<Item = (&'static str, Value)>,
        actions: &[Map<String, Value>],
    ) -> Result<Outcome, AppError> {
        let mut scope = Scope::new(self.clock.now(), run.user, run.account).with_actions();
        for (name, value) in roots {
            scope.set(name, value);
        }
        let mut outcome = Outcome::default();
        self.run_noting(run, actions, &mut scope, &mut outcome).await?;
        Ok(outcome)
    }

    /// The same with names of the caller's. Whoever stops waiting finds in `scope` and `outcome` what was
    /// done until then; nothing is done afterwards, and an action under way is undone as far as it has not
    /// been committed.
    pub(crate) async fn run_noting(
        &self,
        run: &Run<'_>,
        actions: &[Map<String, Value>],
        scope: &mut Scope,
        outcome: &mut Outcome,
    ) -> Result<(), AppError> {
        if actions.is_empty() {
            return Ok(());
        }
        let store = self.storage.read();
        let by = acting::principal(store, run.account, run.user, run.created_by, run.depth + 1).await?;
        let done_before = match run.journal {
            Some((job, definition)) => store.automation().steps_done(job, definition).await?,
            None => Vec::new(),
        };
        for (step, action) in (0..).zip(actions) {
            let Some(kind) = action.get("type").and_then(Value::as_str).and_then(ActionKind::parse) else {
                scope.push_action(Value::Null);
                outcome.results.push(Value::Null);
                continue;
            };
            if done_before.contains(&step) {
                scope.push_action(Value::Null);
                outcome.results.push(Value::Null);
                outcome.done += 1;
                continue;
            }
            let note = run.journal.map(|(job, definition)| StepNote { job, definition, step });
            let doing = Doing { run, by: &by, note };
            match self.one(&doing, kind, action, scope).await {
                Ok(result) => {
                    scope.push_action(result.clone());
                    outcome.results.push(result);
                    outcome.done += 1;
                }
                Err(Failure::Reason(reason)) => {
                    outcome.error = Some(format!("Action '{}' failed: {reason}", kind.as_str()));
                    break;
                }
                Err(Failure::Later(error)) => return Err(error),
            }
        }
        Ok(())
    }

    async fn one(
        &self,
        doing: &Doing<'_>,
        kind: ActionKind,
        action: &Map<String, Value>,
        scope: &Scope,
    ) -> Result<Value, Failure> {
        match Action::read(kind, action, scope).map_err(Failure::Reason)? {
            Action::CreateRecord { collection, data } => {
                self.create_record(doing, &collection, &data_in(action), data).await
            }
            Action::UpdateRecord { collection, record_id, data } => {
                self.update_record(doing, &collection, &record_id, &data_in(action), data).await
            }
            Action::DeleteRecord { collection, record_id } => {
                self.delete_record(doing, &collection, &record_id).await
            }
            Action::EnqueueJob(job) => self.enqueue_job(doing, job).await,
            Action::SendEmail(mail) => {
                let sent = self.send_email(doing, mail).await?;
                self.note(doing).await?;
                Ok(sent)
            }
            Action::SendWebhook(request) => {
                let sent = self.send_webhook(request).await?;
                self.note(doing).await?;
                Ok(sent)
            }
            Action::QueryRecords(query) => self.query_records(doing, query).await,
            Action::AggregateRecords(query) => self.aggregate_records(doing, query).await,
            Action::Transform { output } => Ok(output),
        }
    }

    /// Notes that a step is done which left nothing in the database.
    async fn note(&self, doing: &Doing<'_>) -> Result<(), Failure> {
        let Some(note) = doing.note else { return Ok(()) };
        let work = self.storage.begin().await.map_err(AppError::from)?;
        let outcome = note.write(work.repositories()).await;
        Ok(tx::finish(work, outcome).await?)
    }
}

/// The data of an action as it was defined.
fn data_in(action: &Map<String, Value>) -> Map<String, Value> {
    action.get("data").and_then(Value::as_object).cloned().unwrap_or_default()
}
