//! Events are handed to the hooks that wait for them.

use serde_json::{Map, Value};
use snackbase_domain::JobId;
use snackbase_domain::automation::{AutomationEvent, Condition, RecordNames};
use snackbase_domain::hook::{Hook, Occasion};

use super::Hooks;
use super::run::Occurrence;
use crate::AppError;

impl Hooks {
    /// Runs the hooks that wait for an event, oldest first: those that were there when it happened and
    /// whose condition holds. However often it is called for an event, each runs once.
    pub async fn dispatch(&self, event: &AutomationEvent) -> Result<(), AppError> {
        let store = self.storage.read();
        let collection = event.collection.as_deref();
        let job = JobId::new(event.id.uuid());
        for hook in store.hooks().waiting_for(event.account_id, event.kind, collection).await? {
            let wanted = hook.created_at <= event.occurred_at
                && holds(&hook, &event.record, event.occurred_at.timestamp_micros());
            if !wanted || store.hooks().was_run_by(hook.id, job).await? {
                continue;
            }
            let occurrence = Occurrence {
                occasion: Occasion::Event,
                context: context(event),
                record: event.record.clone(),
                user: event.user.as_ref(),
                depth: event.depth,
                job: Some(job),
            };
            self.run(&hook, occurrence).await?;
        }
        Ok(())
    }
}

/// Whether a hook's condition holds; one that cannot be read does not.
fn holds(hook: &Hook, record: &Map<String, Value>, now: i64) -> bool {
    match hook.condition.as_deref().map(Condition::parse) {
        None | Some(Ok(None)) => true,
        Some(Ok(Some(condition))) => condition.holds(&RecordNames(record), now),
        Some(Err(error)) => {
            tracing::warn!(hook = %hook.id, %error, "the condition of a hook cannot be read");
            false
        }
    }
}

fn context(event: &AutomationEvent) -> Map<String, Value> {
    let mut context = Map::new();
    context.insert("event".to_owned(), event.kind.as_str().into());
    context.insert("account_id".to_owned(), event.account_id.to_string().into());
    context.insert("record_id".to_owned(), event.record.get("id").cloned().unwrap_or_default());
    context.insert("collection".to_owned(), event.collection.clone().into());
    context
}
