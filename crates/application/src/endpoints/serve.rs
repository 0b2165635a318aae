//! Use case: call an endpoint.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use snackbase_domain::automation::template::{Names, Scope};
use snackbase_domain::automation::{ActingUser, Place};
use snackbase_domain::endpoint::{
    EndpointExecution, EndpointMethod, EndpointReply, logged, logged_request, render_response,
};
use snackbase_domain::hook::ExecutionStatus;
use snackbase_domain::{AccountId, EndpointExecutionId};
use tokio::sync::oneshot;

use super::Endpoints;
use super::routes::Route;
use crate::automation::{Outcome, Run};
use crate::{AppError, Caller};

/// The endpoint that a call has found.
#[derive(Clone, Debug)]
pub struct Destination {
    route: Arc<Route>,
    path: String,
    params: Map<String, Value>,
}

impl Destination {
    fn account(&self) -> AccountId {
        self.route.endpoint.account_id
    }

    /// Lets a caller in who may call it: as a user of its account, or as nobody.
    ///
    /// # Errors
    /// What was wrong with the caller's credentials, where it takes some.
    pub fn admit(&self, caller: Result<Caller, AppError>) -> Result<Option<ActingUser>, AppError> {
        let required = self.route.endpoint.auth_required;
        match caller {
            Ok(Caller::User(user)) if user.account_id == self.account() => {
                Ok(Some(ActingUser { id: user.user_id, email: user.email.clone() }))
            }
            _ if !required => Ok(None),
            Ok(Caller::User(_)) => Err(AppError::denied("Access denied: account mismatch")),
            Ok(Caller::Anonymous { .. }) => {
                Err(AppError::unauthenticated("Missing authentication credentials"))
            }
            Err(error) => Err(error),
        }
    }
}

/// The names that conditions know: where nobody is signed in `auth.user_id` and `auth.email` are empty
/// texts, as in templates, so that `auth.user_id != ''` keeps strangers out.
struct ConditionNames<'s>(&'s Scope);

impl Names for ConditionNames<'_> {
    fn value(&self, name: &str) -> Option<Cow<'_, Value>> {
        let value = self.0.value(name)?;
        Some(if value.is_null() && name.starts_with("auth.") { Cow::Owned("".into()) } else { value })
    }
}

impl Endpoints {
    /// The endpoint of an account's that a method and a path, decoded, mean.
    pub async fn destination(
        &self,
        slug: &str,
        method: EndpointMethod,
        path: &str,
    ) -> Result<Destination, AppError> {
        let store = self.storage.read();
        let account = store.accounts().find_by_slug(slug).await?;
        let account = account.ok_or_else(|| AppError::not_found(format!("Account '{slug}' not found")))?;
        let found = self.routes.find(store, account.id, method, path).await?;
        let (route, params) =
            found.ok_or_else(|| AppError::not_found("No matching custom endpoint found"))?;
        Ok(Destination { route, params, path: path.to_owned() })
    }

    /// Does what an endpoint does, and answers what it answers once that is written down. What was begun
    /// is finished though the caller should not wait.
    pub async fn call(
        self: Arc<Self>,
        destination: Destination,
        user: Option<ActingUser>,
        query: Map<String, Value>,
        body: Value,
    ) -> Result<EndpointReply, AppError> {
        let now = self.clock.now();
        let request = json!({ "body": body, "query": query, "params": destination.params });
        let mut scope = Scope::new(now, user.as_ref(), destination.account()).with_actions();
        scope.set("request", request.clone());
        if !holds(&destination.route, &scope, now.timestamp_micros()) {
            return Err(AppError::denied("Access denied: condition not satisfied"));
        }
        let (tell, told) = oneshot::channel();
        tokio::spawn(async move {
            let (reply, execution) = self.execute(&destination, user.as_ref(), scope, &request).await;
            self.keep(&execution).await;
            // Whoever asked may be gone.
            let _ = tell.send(reply);
            self.trim(&execution).await;
        });
        told.await.map_err(|_| AppError::Internal("a call of an endpoint ended in a panic".to_owned()))
    }

    async fn execute(
        &self,
        destination: &Destination,
        user: Option<&ActingUser>,
        mut scope: Scope,
        request: &Value,
    ) -> (EndpointReply, EndpointExecution) {
        let endpoint = &destination.route.endpoint;
        let begun = self.clock.now();
        let run = Run {
            account: endpoint.account_id,
            place: Place::Endpoint,
            user,
            created_by: endpoint.created_by,
            depth: 0,
            journal: None,
        };
        let mut outcome = Outcome::default();
        let actions = self.actions.run_noting(&run, &endpoint.actions, &mut scope, &mut outcome);
        let ended = tokio::time::timeout(self.policy.time_limit, actions).await;
        let timed_out = ended.is_err();
        match ended {
            Err(_) => outcome.error = Some(too_late(self.policy.time_limit)),
            Ok(Err(error)) => {
                tracing::error!(endpoint = %endpoint.id, %error, "an endpoint's action failed");
                outcome.error = Some("The database is not available".to_owned());
            }
            Ok(Ok(())) => {}
        }
        let mut status = ExecutionStatus::of(outcome.done, outcome.error.is_some());
        let reply = match &endpoint.response_template {
            Some(template) => render_response(template, &scope).unwrap_or_else(|_| {
                const INVALID: &str = "Invalid response template";
                status = ExecutionStatus::Failed;
                outcome.error.get_or_insert_with(|| INVALID.to_owned());
                EndpointReply::plain(500, json!({ "detail": INVALID }))
            }),
            None => without_template(&outcome, timed_out),
        };
        let ended = self.clock.now();
        let asked = request.as_object().cloned().unwrap_or_default();
        let execution = EndpointExecution {
            id: EndpointExecutionId::new(self.ids.new_id()),
            endpoint_id: endpoint.id,
            account_id: endpoint.account_id,
            status,
            http_status: reply.status,
            duration_ms: u64::try_from((ended - begun).num_milliseconds()).unwrap_or_default(),
            request: logged_request(endpoint.method, &destination.route.path, &destination.path, &asked),
            response: if reply.has_body() { logged(&reply.body) } else { Value::Null },
            // PostgreSQL cannot store NUL characters, which names in requests may bring along.
            error: outcome.error.map(|error| error.replace('\0', "\u{fffd}")),
            executed_at: ended,
        };
        (reply, execution)
    }
}

/// Whether an endpoint's condition holds; one that cannot be read does not.
fn holds(route: &Route, scope: &Scope, now: i64) -> bool {
    match &route.condition {
        Ok(None) => true,
        Ok(Some(condition)) => condition.holds(&ConditionNames(scope), now),
        Err(error) => {
            tracing::warn!(endpoint = %route.endpoint.id, %error, "the condition of an endpoint cannot be read");
            false
        }
    }
}

/// What is answered where nothing is said about it.
fn without_template(outcome: &Outcome, timed_out: bool) -> EndpointReply {
    if let Some(error) = &outcome.error {
        return EndpointReply::plain(if timed_out { 504 } else { 500 }, json!({ "detail": error }));
    }
    let last = outcome.results.last().filter(|last| !last.is_null());
    EndpointReply::plain(200, last.cloned().unwrap_or_else(|| json!({})))
}

fn too_late(limit: Duration) -> String {
    format!("Endpoint execution timed out after {}s", limit.as_secs_f64())
}
