//! Units of work whose changes are observed.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use snackbase_domain::record::Record;
use snackbase_domain::user::User;

use super::Observer;
use crate::audit::Trail;
use crate::audit::rows::{self, Row};
use crate::automation::Happenings;
use crate::catalog::Compiled;
use crate::ports::{Repositories, StoreError, UnitOfWork, UserEvent};
use crate::realtime::Events;
use crate::realtime::access::AccessChange;

/// A unit of work that lets observers note what it changes.
pub(crate) struct TrackedWork {
    inner: Box<dyn UnitOfWork>,
    /// The audit log's notes, if it is interested.
    trail: Option<Trail>,
    /// The realtime log's, likewise.
    events: Option<Events>,
    /// Those of hooks, webhooks and workflows, likewise.
    happenings: Option<Happenings>,
    /// Whether a part is under way.
    in_part: AtomicBool,
}

impl TrackedWork {
    pub(super) fn new(
        inner: Box<dyn UnitOfWork>,
        trail: Option<Trail>,
        events: Option<Events>,
        happenings: Option<Happenings>,
    ) -> Self {
        Self { inner, trail, events, happenings, in_part: AtomicBool::new(false) }
    }

    /// The repositories unobserved.
    pub(super) fn plain(&self) -> &dyn Repositories {
        self.inner.repositories()
    }

    fn observers(&self) -> impl Iterator<Item = &dyn Observer> {
        let trail = self.trail.iter().map(|trail| trail as &dyn Observer);
        let events = self.events.iter().map(|events| events as &dyn Observer);
        trail.chain(events).chain(self.happenings.iter().map(|happenings| happenings as &dyn Observer))
    }

    /// Tells the audit log who is affected, where nobody is signed in.
    pub(super) fn affects(&self, user: &User) {
        if let Some(trail) = &self.trail {
            trail.affects(user.id, user.email.as_str(), user.account_id);
        }
    }

    /// Holds a row that is about to be changed, so that what is read of it before is
    /// what the change replaces, and the audit log's values follow each other.
    pub(super) async fn hold(&self, table: &str, id: impl ToString) -> Result<(), StoreError> {
        match &self.trail {
            Some(_) => self.plain().audit().hold_row(table, &id.to_string()).await,
            None => Ok(()),
        }
    }

    /// What is read for the audit log; nothing where nobody needs it.
    pub(super) async fn for_audit<T: Default>(
        &self,
        reading: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        if self.trail.is_some() { reading.await } else { Ok(T::default()) }
    }

    /// Notes a new row.
    pub(super) fn created<R: Row>(&self, row: &R) {
        if let Some(trail) = &self.trail {
            rows::created(trail, row);
        }
    }

    /// Notes the columns that differ.
    pub(super) fn updated<R: Row>(&self, before: &R, after: &R) {
        if let Some(trail) = &self.trail {
            rows::updated(trail, before, after);
        }
    }

    /// Notes that a row is gone.
    pub(super) fn deleted<R: Row>(&self, row: &R) {
        if let Some(trail) = &self.trail {
            rows::deleted(trail, row);
        }
    }

    /// Notes a change of a record; `None` where there is none before or after.
    pub(super) async fn record(
        &self,
        compiled: &Compiled,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<(), StoreError> {
        if let Some(trail) = &self.trail {
            rows::record(trail, &compiled.collection, before, after);
        }
        if let Some(events) = &self.events {
            events.record(&compiled.collection, before, after);
        }
        if let Some(happenings) = &self.happenings {
            happenings.record(compiled, before, after);
        }
        self.relieve().await
    }

    /// Notes what a user has done.
    pub(super) fn user_event(&self, event: UserEvent<'_>) {
        if let Some(happenings) = &self.happenings {
            happenings.user(event);
        }
    }

    /// Notes that what somebody may do has changed.
    pub(super) fn access(&self, change: AccessChange) {
        if let Some(events) = &self.events {
            events.access(change);
        }
    }

    /// Writes notes down where they are many. Not within a part, with which they might be undone,
    /// those from before it as well.
    async fn relieve(&self) -> Result<(), StoreError> {
        if !self.in_part.load(Ordering::Relaxed) {
            for observer in self.observers().filter(|observer| observer.is_full()) {
                observer.write(self.plain()).await?;
            }
        }
        Ok(())
    }

    async fn write(&self) -> Result<(), StoreError> {
        for observer in self.observers() {
            observer.write(self.plain()).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl UnitOfWork for TrackedWork {
    fn repositories(&self) -> &dyn Repositories {
        self
    }

    async fn begin_part(&self) -> Result<(), StoreError> {
        self.in_part.store(true, Ordering::Relaxed);
        self.observers().for_each(Observer::begin_part);
        self.inner.begin_part().await
    }

    async fn keep_part(&self) -> Result<(), StoreError> {
        self.in_part.store(false, Ordering::Relaxed);
        self.inner.keep_part().await
    }

    async fn undo_part(&self) -> Result<(), StoreError> {
        self.in_part.store(false, Ordering::Relaxed);
        self.observers().for_each(Observer::undo_part);
        self.inner.undo_part().await
    }

    async fn flush(&self) -> Result<(), StoreError> {
        if self.in_part.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.write().await?;
        self.inner.flush().await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        if let Err(error) = self.write().await {
            // What cannot be written down does not happen.
            if let Err(rollback) = self.inner.rollback().await {
                tracing::warn!(error = %rollback, "rollback failed");
            }
            return Err(error);
        }
        let Self { inner, trail, events, happenings, .. } = *self;
        inner.commit().await?;
        if let Some(trail) = trail {
            trail.committed();
        }
        if let Some(events) = events {
            events.committed();
        }
        if let Some(happenings) = happenings {
            happenings.committed();
        }
        Ok(())
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.inner.rollback().await
    }
}
