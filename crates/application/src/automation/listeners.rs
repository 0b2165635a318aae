//! Which events anybody waits for.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use snackbase_domain::AccountId;
use snackbase_domain::automation::EventKind;

use crate::ports::{Listener, Repositories, StoreError};

/// What enabled definitions wait for, kept in memory: it is asked for each change of a record.
#[derive(Debug, Default)]
pub struct Listeners {
    known: RwLock<Arc<Known>>,
    /// What is read later takes its place later.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    /// `None` before anything was read.
    revision: Option<u64>,
    by_account: HashMap<AccountId, Vec<Listener>>,
}

impl Listeners {
    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// Whether a definition waits for such an event. Before the first reading any may.
    pub fn wait_for(&self, account: AccountId, kind: EventKind, collection: Option<&str>) -> bool {
        let known = self.known();
        if known.revision.is_none() {
            return true;
        }
        known.by_account.get(&account).is_some_and(|listeners| {
            listeners.iter().any(|listener| {
                let of = listener.collection.as_deref();
                listener.kind == kind && (of.is_none() || of == collection)
            })
        })
    }

    /// The revision of definitions that was read last; `None` before the first reading.
    pub fn revision(&self) -> Option<u64> {
        self.known().revision
    }

    /// Reads definitions anew if any has changed, on whatever node; answers whether.
    pub async fn follow(&self, store: &dyn Repositories) -> Result<bool, StoreError> {
        let changed = Some(store.automation().revision().await?) != self.known().revision;
        if changed {
            self.reload(store).await?;
        }
        Ok(changed)
    }

    /// Reads definitions anew after one was changed here. That fails where the database does, and then
    /// they are read a little later.
    pub async fn refresh(&self, store: &dyn Repositories) {
        if let Err(error) = self.reload(store).await {
            tracing::warn!(%error, "what is waited for cannot be read");
        }
    }

    /// Reads definitions anew.
    pub async fn reload(&self, store: &dyn Repositories) -> Result<(), StoreError> {
        let _turn = self.reading.lock().await;
        // The number first: what changes in between is then read once more.
        let revision = store.automation().revision().await?;
        let mut by_account = HashMap::<_, Vec<_>>::new();
        for listener in store.automation().listeners().await? {
            by_account.entry(listener.account_id).or_default().push(listener);
        }
        let mut place = self.known.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        *place = Arc::new(Known { revision: Some(revision), by_account });
        Ok(())
    }
}
