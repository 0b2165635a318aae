//! Replaces references in replies by the records they mean.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;

use snackbase_domain::record::{Record, Value};

use super::Records;
use super::render::{self, Expansions};
use crate::access::{self, Scoped};
use crate::catalog::Compiled;
use crate::{AppError, Caller, Kind};

/// Which references to expand, level by level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ExpandTree {
    children: BTreeMap<String, ExpandTree>,
}

impl ExpandTree {
    /// Reads `city,boss.city`. The first name of each path must be a reference;
    /// nonsense further down is ignored.
    pub(super) fn parse(compiled: &Compiled, text: Option<&str>) -> Result<Self, AppError> {
        let mut root = Self::default();
        for path in text.unwrap_or_default().split(',').map(str::trim).filter(|path| !path.is_empty()) {
            let mut node = &mut root;
            for name in path.split('.').map(str::trim) {
                node = node.children.entry(name.to_owned()).or_default();
            }
        }
        for name in root.children.keys() {
            if compiled.collection.field(name).is_none_or(|f| f.reference().is_none()) {
                return Err(AppError::titled(
                    Kind::Invalid,
                    "Invalid expand field",
                    format!("Field '{name}' is not a reference field and cannot be expanded"),
                ));
            }
        }
        Ok(root)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty()
    }
}

type Expanding<'a> = Pin<Box<dyn Future<Output = Result<Expansions, AppError>> + Send + 'a>>;

impl Records {
    /// Loads what the references of `records` mean, one query for each target
    /// field and level, as far as the caller may view it. A target that is there
    /// but closed to the caller stays an id; one that is gone is null.
    pub(super) fn expansions<'a>(
        &'a self,
        caller: &'a Caller,
        scoped: &'a Scoped,
        tree: &'a ExpandTree,
        records: &'a [Record],
        depth: usize,
    ) -> Expanding<'a> {
        Box::pin(async move {
            let mut expansions = Expansions::new();
            if depth > self.limits.max_expand_depth {
                return Ok(expansions);
            }
            let collection = &scoped.compiled().collection;
            for (name, subtree) in &tree.children {
                let position = collection.fields.iter().position(|f| f.name.as_str() == name);
                let stored = collection.stored_fields().position(|f| f.name.as_str() == name);
                let (Some(position), Some(stored)) = (position, stored) else {
                    continue;
                };
                let shown = scoped.projection().fields.get(position).copied().unwrap_or(false);
                let Some(reference) = collection.fields[position].reference().filter(|_| shown) else {
                    continue;
                };
                let ids: HashSet<&str> =
                    records.iter().filter_map(|r| r.values.get(stored)).filter_map(Value::as_text).collect();
                let ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
                let target = self.catalog.target(&reference.collection)?;
                let texts = self.targets(caller, scoped, &target, subtree, ids, depth).await?;
                expansions.insert(position, texts);
            }
            Ok(expansions)
        })
    }

    async fn targets(
        &self,
        caller: &Caller,
        source: &Scoped,
        target: &std::sync::Arc<Compiled>,
        subtree: &ExpandTree,
        ids: Vec<String>,
        depth: usize,
    ) -> Result<HashMap<String, Vec<u8>>, AppError> {
        let mut texts = HashMap::new();
        if ids.is_empty() {
            return Ok(texts);
        }
        let records = self.storage.read().records();
        let now = source.now();
        let scoped = access::scope_of_target(&self.catalog, target, caller, source.tenant(), now);
        if let Some(scoped) = &scoped {
            let found = records.find_many(scoped, &ids).await?;
            let nested = self.expansions(caller, scoped, subtree, &found, depth + 1).await?;
            for record in &found {
                let mut text = Vec::new();
                render::record(&mut text, target, record, None, scoped.projection(), &nested, now);
                texts.insert(record.id.as_str().to_owned(), text);
            }
        }
        let closed: Vec<_> = ids.into_iter().filter(|id| !texts.contains_key(id)).collect();
        if !closed.is_empty() {
            let everything = access::scope_of_existence(target, source.tenant(), now);
            for id in records.existing(&everything, &closed).await? {
                let mut text = Vec::new();
                crate::json::string(&mut text, &id);
                texts.insert(id, text);
            }
        }
        Ok(texts)
    }
}
