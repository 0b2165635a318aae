//! Who hears what of a change: the rules of lists and views, applied to a record before and after.

use std::sync::Arc;

use snackbase_domain::collection::Operation;
use snackbase_domain::record::Record;
use snackbase_domain::{AccountId, RecordId};
use snackbase_rules as rules;

use super::change;
use super::subscription::{Filter, Subscription};
use crate::access::{self, Projection, Scoped};
use crate::catalog::{Catalog, Compiled, Rule};
use crate::macros::MacroCalls;
use crate::ports::{LogEntry, LogEntryKind, RecordOperation, Repositories};
use crate::records::{Gone, Known, Place, Related, filter, render_event};
use crate::{AppError, Caller, json};

/// A change of a record, as the log tells it.
pub(super) struct Change {
    pub compiled: Arc<Compiled>,
    pub position: u64,
    pub account: AccountId,
    pub record: RecordId,
    pub before: Option<Record>,
    pub after: Option<Record>,
    /// Microseconds since the Unix epoch.
    pub occurred_at: i64,
}

impl Change {
    /// Reads an entry. `None` when it is about no record, or one of a collection that is gone.
    pub fn read(catalog: &Catalog, entry: &LogEntry) -> Option<Self> {
        if entry.kind != LogEntryKind::Record {
            return None;
        }
        let compiled = catalog.with_id(entry.collection_id?)?;
        let Some(told) = change::read(&compiled.collection, &entry.body) else {
            tracing::error!(position = entry.position, "an entry of the realtime log cannot be read");
            return None;
        };
        let known = told.after.as_ref().or(told.before.as_ref())?;
        let (account, record) = (known.account_id, known.id.clone());
        let (position, occurred_at) = (entry.position, entry.occurred_at);
        Some(Self {
            compiled,
            position,
            account,
            record,
            before: told.before,
            after: told.after,
            occurred_at,
        })
    }

    /// Its record, when it is one that has gone.
    pub fn gone(&self) -> Option<(Place, Known)> {
        let record = self.before.as_ref().filter(|_| self.after.is_none())?;
        let place = (self.compiled.name().to_owned(), record.id.to_string());
        Some((place, (Arc::clone(&self.compiled), record.clone())))
    }
}

/// What was looked up about a change, for all who hear of it.
pub(super) struct Looked {
    before: Related,
    after: Related,
}

impl Looked {
    /// Nothing yet. `gone` are records of late: for a record that went with another one, the
    /// other one is as it was.
    pub fn nothing(gone: &Arc<Gone>) -> Self {
        Self { before: Related::beside(gone), after: Related::default() }
    }
}

/// Applies rules, all as of one moment.
pub(super) struct Judge<'a> {
    pub store: &'a dyn Repositories,
    pub catalog: &'a Catalog,
    /// Microseconds since the Unix epoch.
    pub now: i64,
}

impl Judge<'_> {
    /// What somebody may see of a collection, and wants to.
    ///
    /// # Errors
    /// He may see nothing of it, or not filter so.
    pub fn scope(
        &self,
        compiled: &Arc<Compiled>,
        caller: &Caller,
        record: Option<&RecordId>,
        wanted: Option<&Filter>,
    ) -> Result<Scoped, AppError> {
        let operation = if record.is_some() { Operation::View } else { Operation::List };
        let access = access::decide(self.catalog, compiled, operation, caller, None, self.now)?;
        let condition = match wanted {
            None => None,
            Some(Filter { expr, .. }) => {
                let names = rules::fields(expr);
                let visible =
                    access::visible_schema(self.catalog, compiled, operation, caller, names, self.now);
                filter(compiled, &visible, Some(expr), &[])?
            }
        };
        let macros = match (caller.identity(), &condition) {
            (Some(identity), Some(condition)) => MacroCalls::of([condition], self.catalog, identity)
                .map_err(|_| AppError::Refused(access::unreadable_rule()))?,
            _ => None,
        };
        Ok(access::scope_of_receiver(compiled, operation, caller, access, condition, macros, self.now))
    }

    /// What a change is for those within a scope: where it makes a record leave their sight it is a
    /// deletion. `None` when they hear nothing of it.
    pub async fn outcome(
        &self,
        scoped: &Scoped,
        change: &Change,
        looked: &mut Looked,
    ) -> Result<Option<RecordOperation>, AppError> {
        if let Some(after) = &change.after
            && self.shows(scoped, after, &mut looked.after).await?
        {
            let operation =
                change.before.as_ref().map_or(RecordOperation::Create, |_| RecordOperation::Update);
            return Ok(Some(operation));
        }
        match &change.before {
            Some(before) if self.shows(scoped, before, &mut looked.before).await? => {
                Ok(Some(RecordOperation::Delete))
            }
            _ => Ok(None),
        }
    }

    async fn shows(&self, scoped: &Scoped, record: &Record, related: &mut Related) -> Result<bool, AppError> {
        let compiled = scoped.compiled();
        if let Some(predicate) = scoped.predicate() {
            related.load_more(self.store, self.catalog, compiled, record, [predicate], self.now).await?;
        }
        access::reaches(self.store, scoped, record.account_id, &related.row(compiled, record)).await
    }

    /// The record after a change as JSON text, as far as a receiver sees it.
    pub fn data(&self, change: &Change, projection: &Projection) -> Vec<u8> {
        let Some(record) = &change.after else { return id_only(change) };
        let mut out = Vec::with_capacity(256);
        render_event(&mut out, &change.compiled, record, projection, self.now);
        out
    }
}

/// What is told of a record that is gone.
pub(super) fn id_only(change: &Change) -> Vec<u8> {
    let mut out = b"{\"id\":".to_vec();
    json::string(&mut out, change.record.as_str());
    out.push(b'}');
    out
}

/// Whether what a subscription shows depends on who has it, beyond account and personal data.
pub(super) fn is_personal(compiled: &Compiled, subscription: &Subscription) -> bool {
    let operation = if subscription.record.is_some() { Operation::View } else { Operation::List };
    let by_rule = match compiled.rule(operation) {
        Rule::When(rule) => rules::uses_variables(rule),
        Rule::Public | Rule::Locked | Rule::Broken => false,
    };
    // Through references a filter meets the view rules of others.
    let by_filter = |filter: &Filter| {
        rules::uses_variables(&filter.expr)
            || rules::fields(&filter.expr).iter().any(|name| name.contains('.'))
    };
    by_rule || subscription.filter.as_ref().is_some_and(by_filter)
}
