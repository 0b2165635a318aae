//! Who does jobs of which name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::ports::JobHandler;

/// Handlers by name.
#[derive(Clone, Default)]
pub struct JobHandlers(BTreeMap<String, Arc<dyn JobHandler>>);

impl JobHandlers {
    /// With one more; it takes the place of another one of that name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, handler: Arc<dyn JobHandler>) -> Self {
        self.0.insert(name.into(), handler);
        self
    }

    /// With these as well; they take the places of others of their names.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Who does jobs of that name.
    pub(super) fn get(&self, name: &str) -> Option<Arc<dyn JobHandler>> {
        self.0.get(name).cloned()
    }
}

impl fmt::Debug for JobHandlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
