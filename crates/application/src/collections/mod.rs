//! Collections: schemas defined at run time, managed by superadmins.

mod change;
mod changes;
mod create;
mod delete;
mod export;
mod import;
mod indexes;
mod rules;

pub use changes::{Change, Changes, Step, Unfit};
pub use create::NewCollection;
pub use delete::Deleted;
pub use export::{EXPORT_VERSION, Export, ExportRequest};
pub use import::{ImportEntry, ImportStatus, ImportStrategy, Imported, ImportedEntry};
pub use rules::{RuleChange, check_rule, check_update_check};

use std::sync::Arc;

use snackbase_domain::CollectionId;
use snackbase_domain::collection::{
    Collection, Field, FieldDraft, Problem, SchemaContext, too_many_fields, validate_fields,
};
use snackbase_rules::Schema;

use crate::catalog::{self, Catalog};
use crate::ports::{Clock, CollectionListItem, CollectionQuery, IdGenerator, Repositories, Storage};
use crate::{AppError, Kind};
use create::already_exists;

/// A page of collections.
#[derive(Clone, Debug)]
pub struct CollectionPage {
    pub items: Vec<CollectionListItem>,
    pub total: u64,
}

/// The use cases about collections.
pub struct Collections {
    storage: Arc<dyn Storage>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    /// One change of a schema at a time on this node: the catalog must follow
    /// in the order of the commits.
    changing: tokio::sync::Mutex<()>,
    /// Tables are left to be dropped.
    rows_left: tokio::sync::Notify,
}

impl Collections {
    /// Wires the use cases.
    pub fn new(
        storage: Arc<dyn Storage>,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
    ) -> Self {
        Self {
            storage,
            catalog,
            clock,
            ids,
            changing: tokio::sync::Mutex::default(),
            rows_left: tokio::sync::Notify::new(),
        }
    }

    /// A page of collections.
    pub async fn list(&self, query: &CollectionQuery) -> Result<CollectionPage, AppError> {
        let store = self.storage.read();
        let (found, total) = store.collections().page(query).await?;
        let mut items = Vec::with_capacity(found.len());
        for collection in found {
            let records_count = store.tables().count(&collection).await?;
            items.push(CollectionListItem { collection, records_count });
        }
        Ok(CollectionPage { items, total })
    }

    /// The names of all collections, sorted.
    pub async fn names(&self) -> Result<Vec<String>, AppError> {
        let all = self.storage.read().collections().all().await?;
        Ok(all.into_iter().map(|c| c.name.to_string()).collect())
    }

    /// One collection; `id` is what the path names.
    pub async fn get(&self, id: &str) -> Result<Collection, AppError> {
        find(self.storage.read(), id).await
    }

    /// Notes a change of a collection among the revisions of the schema; answers the
    /// twelve hex digits that name it.
    async fn note_revision(&self, store: &dyn Repositories, description: String) -> Result<String, AppError> {
        let revision = self.ids.new_id().simple().to_string()[..12].to_owned();
        store.revisions().insert(&revision, &description, self.clock.now()).await?;
        Ok(revision)
    }

    async fn reload(&self) -> Result<(), AppError> {
        Ok(self.catalog.reload(self.storage.read()).await?)
    }
}

/// The collection of an id as it came; names are no ids.
async fn find(store: &dyn crate::ports::Repositories, id: &str) -> Result<Collection, AppError> {
    let collection = match id.parse::<CollectionId>() {
        Ok(id) => store.collections().find(id).await?,
        Err(_) => None,
    };
    collection.ok_or_else(|| {
        AppError::titled(Kind::NotFound, "Not Found", format!("Collection with ID '{id}' not found"))
    })
}

/// Checks the fields of a collection. `known` tells which names may be referred to besides those
/// of the existing ones: its own, for example; `before` how many fields it has so far.
fn check_fields(
    drafts: &[FieldDraft],
    before: usize,
    known: &dyn Fn(&str) -> bool,
    existing: &[Collection],
) -> Result<Vec<Field>, Vec<Problem>> {
    let exists = |name: &str| known(name) || existing.iter().any(|c| c.name.as_str() == name);
    let context = SchemaContext { collection_exists: &exists, check_expression: &catalog::check_computed };
    let fields = validate_fields(drafts, &context);
    match too_many_fields(drafts, before) {
        None => fields,
        Some(problem) => Err(std::iter::once(problem).chain(fields.err().unwrap_or_default()).collect()),
    }
}

/// The schema that the rules of a collection of these fields are checked against: through
/// references they see the other collections, and it itself.
fn rule_schema<'a>(
    name: &str,
    fields: &[Field],
    existing: impl IntoIterator<Item = &'a Collection>,
) -> Schema {
    let own = catalog::schema(fields);
    let others = existing.into_iter().map(|c| (c.name.as_str(), catalog::schema(&c.fields)));
    let targets = catalog::targets(others.chain([(name, own.clone())]));
    own.with_targets(targets)
}

/// Joins problems as the message of a refusal.
fn refuse(prefix: &str, problems: &[Problem]) -> AppError {
    let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
    AppError::titled(Kind::Invalid, "Validation error", format!("{prefix}: {}", texts.join("; ")))
}
