//! The history of the schema, for superadmins.

use std::sync::Arc;

use crate::AppError;
use crate::ports::{SchemaRevision, Storage};

/// The revisions of the schema at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// In the order in which they were or will be applied.
    pub revisions: Vec<SchemaRevision>,
}

impl History {
    /// The newest revision that is applied.
    pub fn current(&self) -> Option<&SchemaRevision> {
        self.applied().last()
    }

    /// Those that are applied, oldest first.
    pub fn applied(&self) -> impl DoubleEndedIterator<Item = &SchemaRevision> {
        self.revisions.iter().filter(|revision| revision.applied_at.is_some())
    }
}

/// The use case of the history.
pub struct Migrations {
    storage: Arc<dyn Storage>,
}

impl Migrations {
    /// Wires the use case.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
    }

    /// All revisions.
    pub async fn history(&self) -> Result<History, AppError> {
        Ok(History { revisions: self.storage.read().revisions().all().await? })
    }
}
