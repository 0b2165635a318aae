//! Changes are observed where they are made: between the use cases and the store.
//!
//! The repositories of a unit of work are wrapped ([`TrackedStorage`]). What is changed through them is
//! noted by those who are interested: the audit log, for what somebody asked for, the realtime log,
//! for whatever happens, and automation, for what definitions wait for. Committing writes the notes down in the same transaction, so what cannot be
//! written down does not happen. A use case cannot forget it, and a new repository does not compile without
//! saying what becomes of it.

mod noted;
mod repositories;
mod unit;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::Actor;
use crate::audit::Auditing;
use crate::automation::Announcing;
use crate::ports::{AuditSealer, Clock, Repositories, Storage, StoreError, UnitOfWork};
use crate::realtime::Events;

pub(crate) use noted::{Noted, Observer};
use unit::TrackedWork;

/// A store whose changes are observed.
pub struct TrackedStorage {
    inner: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    auditing: Option<Auditing>,
    /// Told when the realtime log has got entries.
    written: Option<Arc<Notify>>,
    announcing: Option<Announcing>,
}

impl TrackedStorage {
    /// Puts itself around a store; nobody observes yet.
    pub fn new(inner: Arc<dyn Storage>, clock: Arc<dyn Clock>) -> Self {
        Self { inner, clock, auditing: None, written: None, announcing: None }
    }

    /// Has changes on somebody's behalf audited. `queued` is told when changes wait for their places in
    /// the chain.
    #[must_use]
    pub fn with_audit(self, sealer: Arc<dyn AuditSealer>, queued: Arc<Notify>) -> Self {
        Self { auditing: Some(Auditing { sealer, queued }), ..self }
    }

    /// Has changes of records and of rights written to the realtime log. `written` is told when it has got
    /// entries.
    #[must_use]
    pub fn with_realtime(self, written: Arc<Notify>) -> Self {
        Self { written: Some(written), ..self }
    }

    /// Has changes of records for which a hook, a webhook or a workflow waits written to the queue of jobs.
    #[must_use]
    pub fn with_automation(self, announcing: Announcing) -> Self {
        Self { announcing: Some(announcing), ..self }
    }
}

#[async_trait]
impl Storage for TrackedStorage {
    fn read(&self) -> &dyn Repositories {
        self.inner.read()
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.begin_as(Actor::Nobody).await
    }

    async fn begin_as(&self, actor: Actor) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = self.inner.begin().await?;
        let happenings = self.announcing.as_ref().map(|announcing| announcing.happenings(&actor));
        let audit = self.auditing.as_ref().and_then(|auditing| auditing.trail(actor, &*self.clock));
        let events = self.written.as_ref().map(|written| Events::new(self.clock.clone(), written.clone()));
        Ok(match (&audit, &events, &happenings) {
            (None, None, None) => inner,
            _ => Box::new(TrackedWork::new(inner, audit, events, happenings)),
        })
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }
}
