//! Replaces references in replies by the records they mean.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use snackbase_domain::limits::{MAX_EXPAND_LEVELS, MAX_EXPAND_PATHS, exceeded};
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
        let refused = |message| Err(AppError::titled(Kind::Invalid, "Invalid expand field", message));
        let mut count = 0;
        for path in text.unwrap_or_default().split(',').map(str::trim).filter(|path| !path.is_empty()) {
            count += 1;
            let levels = path.split('.').count();
            if levels > MAX_EXPAND_LEVELS {
                return refused(exceeded(MAX_EXPAND_LEVELS, "levels of an expand path", levels));
            }
            let mut node = &mut root;
            for name in path.split('.').map(str::trim) {
                node = node.children.entry(name.to_owned()).or_default();
            }
        }
        if count > MAX_EXPAND_PATHS {
            return refused(exceeded(MAX_EXPAND_PATHS, "expand paths", count));
        }
        for name in root.children.keys() {
            if compiled.collection.field(name).is_none_or(|f| f.reference().is_none()) {
                return refused(format!("Field '{name}' is not a reference field and cannot be expanded"));
            }
        }
        Ok(root)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty()
    }
}

/// A place of a record: its collection and its id.
type Place = (String, String);

/// What references to a record show.
enum Shown {
    Whole(Record),
    /// It is there but closed to the caller: its id.
    Id,
}

/// The records of all levels.
#[derive(Default)]
struct Loaded {
    /// By collection; none where the caller may view nothing.
    scopes: HashMap<String, Option<Scoped>>,
    records: HashMap<Place, Shown>,
}

/// A reference to expand, among the fields of its collection.
struct Branch<'s, 't> {
    position: usize,
    stored: usize,
    target: &'s str,
    subtree: &'t ExpandTree,
}

/// The references that a tree names and a projection shows.
fn branches<'s, 't>(scoped: &'s Scoped, tree: &'t ExpandTree) -> impl Iterator<Item = Branch<'s, 't>> {
    let collection = &scoped.compiled().collection;
    tree.children.iter().filter_map(move |(name, subtree)| {
        let position = collection.fields.iter().position(|f| f.name.as_str() == name)?;
        let stored = collection.stored_fields().position(|f| f.name.as_str() == name)?;
        let shown = scoped.projection().fields.get(position).copied().unwrap_or(false);
        let reference = collection.fields[position].reference().filter(|_| shown)?;
        Some(Branch { position, stored, target: &reference.collection, subtree })
    })
}

fn referenced<'r>(record: &'r Record, branch: &Branch<'_, '_>) -> Option<&'r str> {
    record.values.get(branch.stored).and_then(Value::as_text)
}

impl Records {
    /// What the references of `records` mean, as far as the caller may view it. A
    /// target that is there but closed to the caller stays an id; one that is gone is
    /// null. Each level loads what it needs of a collection in one query.
    pub(super) async fn expansions(
        &self,
        caller: &Caller,
        scoped: &Scoped,
        tree: &ExpandTree,
        records: &[Record],
    ) -> Result<Expansions, AppError> {
        let mut loaded = Loaded::default();
        // Where references of the level stand, and what of it is asked for.
        let mut level: Vec<(Place, &ExpandTree)> = Vec::new();
        let mut wanted = BTreeSet::new();
        for branch in branches(scoped, tree) {
            for id in records.iter().filter_map(|record| referenced(record, &branch)) {
                let place = (branch.target.to_owned(), id.to_owned());
                if wanted.insert((place.clone(), branch.position)) {
                    level.push((place, branch.subtree));
                }
            }
        }
        let mut depth = 1;
        while !level.is_empty() && depth <= self.limits.max_expand_depth {
            self.load(caller, scoped, &mut loaded, &level).await?;
            level = behind(&loaded, &level);
            depth += 1;
        }
        Ok(loaded.expansions(scoped, tree, records, self.limits.max_expand_depth))
    }

    /// Loads the records of a level that are not there yet.
    async fn load(
        &self,
        caller: &Caller,
        source: &Scoped,
        loaded: &mut Loaded,
        level: &[(Place, &ExpandTree)],
    ) -> Result<(), AppError> {
        let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (place, _) in level.iter().filter(|(place, _)| !loaded.records.contains_key(place)) {
            missing.entry(&place.0).or_default().insert(&place.1);
        }
        let (records, tenant, now) = (self.storage.read().records(), source.tenant(), source.now());
        for (name, ids) in missing {
            let target = self.catalog.target(name)?;
            let scoped = loaded
                .scopes
                .entry(name.to_owned())
                .or_insert_with(|| access::scope_of_target(&self.catalog, &target, caller, tenant, now));
            let mut ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
            if let Some(scoped) = scoped {
                for record in records.find_many(scoped, &ids).await? {
                    let id = record.id.to_string();
                    ids.retain(|other| *other != id);
                    loaded.records.insert((name.to_owned(), id), Shown::Whole(record));
                }
            }
            if !ids.is_empty() {
                let everything = access::scope_of_existence(&target, tenant, now);
                for id in records.existing(&everything, &ids).await? {
                    loaded.records.insert((name.to_owned(), id), Shown::Id);
                }
            }
        }
        Ok(())
    }
}

/// Where the records of a level refer to, as far as that is asked for.
fn behind<'t>(loaded: &Loaded, level: &[(Place, &'t ExpandTree)]) -> Vec<(Place, &'t ExpandTree)> {
    let mut next = Vec::new();
    for (place, tree) in level {
        let Some(Some(scoped)) = loaded.scopes.get(&place.0) else { continue };
        let Some(Shown::Whole(record)) = loaded.records.get(place) else { continue };
        for branch in branches(scoped, tree) {
            let Some(id) = referenced(record, &branch) else { continue };
            next.push(((branch.target.to_owned(), id.to_owned()), branch.subtree));
        }
    }
    next
}

impl Loaded {
    /// The text of what the references of some records show.
    fn expansions(
        &self,
        scoped: &Scoped,
        tree: &ExpandTree,
        records: &[Record],
        levels: usize,
    ) -> Expansions {
        let mut expansions = Expansions::new();
        if levels == 0 {
            return expansions;
        }
        for branch in branches(scoped, tree) {
            let mut texts = HashMap::new();
            for id in records.iter().filter_map(|record| referenced(record, &branch)) {
                if texts.contains_key(id) {
                    continue;
                }
                let place = (branch.target.to_owned(), id.to_owned());
                if let Some(shown) = self.records.get(&place) {
                    texts.insert(id.to_owned(), self.text(&place, shown, branch.subtree, levels - 1));
                }
            }
            expansions.insert(branch.position, texts);
        }
        expansions
    }

    fn text(&self, (collection, id): &Place, shown: &Shown, tree: &ExpandTree, levels: usize) -> Vec<u8> {
        let mut text = Vec::new();
        match (shown, self.scopes.get(collection)) {
            (Shown::Whole(record), Some(Some(scoped))) => {
                let nested = self.expansions(scoped, tree, std::slice::from_ref(record), levels);
                let (compiled, projection) = (scoped.compiled(), scoped.projection());
                render::record(&mut text, compiled, record, None, projection, &nested, scoped.now());
            }
            _ => crate::json::string(&mut text, id),
        }
        text
    }
}
