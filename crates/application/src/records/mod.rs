//! Records: the rows of collections.

mod aggregate;
mod automated;
mod batch;
mod cells;
mod create;
mod current;
mod delete;
mod deletion;
mod expand;
mod export;
mod files;
mod import;
mod import_source;
mod list;
mod once;
mod quoted;
mod related;
mod render;
mod replay;
mod row;
mod update;
mod version;
mod view;
mod walk;

pub use aggregate::{AggregateReply, AggregateRequest};
pub(crate) use automated::{StepNote, Write, data_of};
pub use batch::{BatchDeleted, BatchRecords, RecordChange};
pub(crate) use current::ATTEMPTS;
pub use deletion::Affected;
pub use export::{Export, ExportFormat};
pub use import::{ImportFault, ImportProgress, ImportReply, ImportRequest};
pub use import_source::ImportSource;
pub(crate) use list::filter;
pub use list::{ListReply, ListRequest};
pub use once::Once;
pub(crate) use related::{Gone, Known, Place, Related};
pub(crate) use render::{
    computed_json, event as render_event, open as open_record, stored_value, value_text,
};
pub(crate) use row::evaluated;
pub(crate) use update::restored;
pub use version::{Precondition, entity_tag};
pub use view::ViewRequest;
pub use walk::{WalkReply, WalkRequest};

use std::sync::Arc;

use snackbase_domain::AccountId;
use snackbase_domain::account::AccountCode;
use snackbase_domain::record::ANONYMOUS;

use tokio::sync::Semaphore;

use crate::catalog::{Catalog, Compiled};
use crate::ports::{Clock, CursorSealer, IdGenerator, Repositories, Storage};
use crate::{AppError, Caller, Kind};

/// A body that is a JSON object.
pub type Body = serde_json::Map<String, serde_json::Value>;

/// Bounds of requests about records.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many references deep `expand` goes.
    pub max_expand_depth: usize,
    /// Most records of a batch.
    pub batch_max_size: usize,
}

/// The use cases about records.
pub struct Records {
    storage: Arc<dyn Storage>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    cursors: Arc<dyn CursorSealer>,
    /// The turns of exports.
    exports: Arc<Semaphore>,
    under_way: once::UnderWay,
    limits: Limits,
}

impl Records {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        cursors: Arc<dyn CursorSealer>,
        limits: Limits,
    ) -> Self {
        let exports = Arc::new(Semaphore::new(export::MOST_EXPORTS));
        Self { storage, catalog, clock, ids, cursors, exports, under_way: Default::default(), limits }
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp_micros()
    }

    /// The collection, or that there is none.
    fn collection(&self, name: &str) -> Result<Arc<Compiled>, AppError> {
        self.catalog.get(name).ok_or_else(|| {
            AppError::titled(Kind::NotFound, "Not found", format!("Collection '{name}' not found"))
        })
    }

    /// The account that an anonymous caller names; `None` for others, who have
    /// one of their own.
    async fn anonymous_account(&self, caller: &Caller) -> Result<Option<AccountId>, AppError> {
        let Caller::Anonymous { account, .. } = caller else {
            return Ok(None);
        };
        let Some(named) = account.as_deref().filter(|a| !a.is_empty()) else {
            return Err(AppError::detail(
                Kind::Invalid,
                "X-Account-ID header is required for unauthenticated requests",
            ));
        };
        match account_named(self.storage.read(), named).await? {
            Some(account) => Ok(Some(account.id)),
            None => Err(AppError::not_found(format!("Account '{named}' not found"))),
        }
    }
}

/// The account of a code or, when there is none, of a slug; case does not matter.
pub(crate) async fn account_named(
    store: &dyn Repositories,
    named: &str,
) -> Result<Option<snackbase_domain::account::Account>, AppError> {
    if let Some(code) = AccountCode::parse(named)
        && let Some(account) = store.accounts().find_by_code(code).await?
    {
        return Ok(Some(account));
    }
    Ok(store.accounts().find_by_slug(&named.to_lowercase()).await?)
}

/// Who a record's author is.
fn author(caller: &Caller) -> &str {
    caller.identity().map_or(ANONYMOUS, |identity| &identity.user_key)
}

/// The record is not there, or out of the caller's reach.
fn record_not_found() -> AppError {
    AppError::titled(Kind::NotFound, "Not found", "Record not found")
}
