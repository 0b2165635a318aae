//! Deleting a record together with those that refer to it.
//!
//! The database would do it by itself: the foreign keys say `ON DELETE CASCADE` and `SET NULL`, and
//! they stay as the last wall. But it tells nobody what it did. So the use case looks first which
//! records go and which change, and then deletes and changes them as if each had been asked for:
//! the audit log gets its rows, `updated_at` tells the new version, and [`Deletion::step`] answers
//! who was affected, part by part.
//!
//! Nothing changes before all is known. First the tree is walked along the references that cascade,
//! breadth first, so that a record's place in `gone` is before the places of those that were found
//! through it; each record is taken (locked) before those that refer to it are looked for, so that no
//! new ones come. Then the other references to those that go are looked at: one that restricts refuses
//! all, unless its record goes as well, and those that are to be emptied are remembered. Records go in
//! the opposite order of their places, in parts, so that no part leaves the database anything to do;
//! what refers from an earlier place to a later one (circles, or several ways to a record) is cut
//! before. Only ids are kept in memory meanwhile, and as many as `MAX_DELETED_TOGETHER` allows.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use snackbase_domain::RecordId;
use snackbase_domain::collection::OnDelete;
use snackbase_domain::limits::MAX_DELETED_TOGETHER;
use snackbase_domain::record::{Record, Value};

use super::create::write_refusal;
use crate::access::{self, Scoped};
use crate::catalog::{Catalog, Compiled, Referrer};
use crate::ports::{Referring, Repositories};
use crate::{AppError, Kind};

/// Records of a part: ids of a statement, and records in memory. SQLite follows foreign keys less deep
/// than a thousand rows.
const PART: usize = 500;

/// A record that a deletion took or changed.
#[derive(Clone, Debug)]
pub struct Affected {
    pub compiled: Arc<Compiled>,
    pub before: Record,
    /// `None` when it is gone.
    pub after: Option<Record>,
}

impl Affected {
    fn new(compiled: &Arc<Compiled>, before: Record, after: Option<Record>) -> Self {
        Self { compiled: Arc::clone(compiled), before, after }
    }
}

/// A collection, by its place in [`Deletion::collections`].
type Place = usize;

/// A record: its collection and its id.
type Row = (Place, Arc<str>);

/// The ids of a record and of the one that it refers to.
type Edge = (Arc<str>, Arc<str>);

/// The deletion of a record, under way in a unit of work.
pub(super) struct Deletion {
    now: i64,
    author: String,
    /// The record that was asked for.
    root: Option<Record>,
    /// What has happened already but was not told yet.
    told: Option<Affected>,
    collections: Vec<Arc<Compiled>>,
    /// Records that go; those that refer are behind those that they were found through.
    gone: Vec<Row>,
    /// Where they stand in `gone`.
    places: HashMap<Row, usize>,
    /// Records that stay, by collection and by which references of theirs are emptied.
    emptied: BTreeMap<(Place, BTreeSet<usize>), Vec<Arc<str>>>,
    /// References to be cut, with their values: collection and field, record and target.
    cuts: BTreeMap<(Place, usize), Vec<Edge>>,
    /// The values of references that were cut.
    lost: HashMap<Row, Vec<(usize, Arc<str>)>>,
}

impl Deletion {
    /// Begins to delete a record of the scope, in the name of `author`. `None` when the scope has
    /// no such record. Refuses when a record that restricts it, or one of those that would go with
    /// it, refers to it, and when too many would go.
    pub async fn begin(
        store: &dyn Repositories,
        catalog: &Catalog,
        scoped: &Scoped,
        id: &RecordId,
        author: &str,
    ) -> Result<Option<Self>, AppError> {
        let compiled = scoped.compiled();
        let mut deletion = Self {
            now: scoped.now(),
            author: author.to_owned(),
            root: None,
            told: None,
            collections: vec![Arc::clone(compiled)],
            gone: Vec::new(),
            places: HashMap::new(),
            emptied: BTreeMap::new(),
            cuts: BTreeMap::new(),
            lost: HashMap::new(),
        };
        if catalog.referrers(compiled).is_empty() {
            let deleted = store.records().delete(scoped, id).await;
            let deleted = deleted.map_err(|error| write_refusal(compiled, error, still_referenced()))?;
            deletion.told = deleted.map(|before| Affected::new(compiled, before, None));
            return Ok(deletion.told.is_some().then_some(deletion));
        }
        let Some(root) = store.records().take(scoped, id).await? else {
            return Ok(None);
        };
        deletion.add((0, root.id.as_str().into()));
        deletion.root = Some(root);
        deletion.walk(store, catalog).await?;
        deletion.look_at_the_others(store, catalog).await?;
        Ok(Some(deletion))
    }

    /// Does the next part; answers whom it affected. `None` when all is done.
    pub async fn step(&mut self, store: &dyn Repositories) -> Result<Option<Vec<Affected>>, AppError> {
        if let Some(told) = self.told.take() {
            return Ok(Some(vec![told]));
        }
        if let Some(((place, fields), mut ids)) = self.emptied.pop_first() {
            if ids.len() > PART {
                let rest = ids.split_off(PART);
                self.emptied.insert((place, fields.clone()), rest);
            }
            let fields: Vec<usize> = fields.into_iter().collect();
            return self.empty(store, place, &fields, &ids).await.map(Some);
        }
        while let Some(((place, field), references)) = self.cuts.pop_first() {
            self.cut(store, place, field, references).await?;
        }
        let Some(place) = self.gone.last().map(|(place, _)| *place) else {
            return Ok(None);
        };
        let before = self.gone.iter().rev().take(PART).take_while(|row| row.0 == place).count();
        let part = self.gone.split_off(self.gone.len() - before);
        self.delete(store, place, part).await.map(Some)
    }

    fn add(&mut self, row: Row) {
        self.places.insert(row.clone(), self.gone.len());
        self.gone.push(row);
    }

    /// The place of a collection.
    fn place(&mut self, compiled: &Arc<Compiled>) -> Place {
        let known = self.collections.iter().position(|known| known.collection.id == compiled.collection.id);
        known.unwrap_or_else(|| {
            self.collections.push(Arc::clone(compiled));
            self.collections.len() - 1
        })
    }

    fn scope(&self, place: Place) -> Scoped {
        access::scope_of_referrers(&self.collections[place], self.now)
    }

    /// The records from a place on that are of one collection, a part at the most.
    fn part(&self, from: usize) -> Option<(Place, Vec<String>)> {
        let place = self.gone.get(from)?.0;
        let rows = self.gone[from..].iter().take(PART).take_while(|row| row.0 == place);
        Some((place, rows.map(|(_, id)| id.to_string()).collect()))
    }

    /// Takes the records that refer to some of a collection by a field, in the order of their ids.
    async fn referring(
        &self,
        store: &dyn Repositories,
        place: Place,
        referrer: &Referrer,
        targets: &[String],
    ) -> Result<Vec<Referring>, AppError> {
        // More than are in `gone` at any time: whoever is not there is among them.
        let most = MAX_DELETED_TOGETHER as u64 + 2;
        let records = store.records();
        let mut found = records.take_referring(&self.scope(place), referrer.field(), targets, most).await?;
        found.sort();
        Ok(found)
    }

    /// Finds all that go.
    async fn walk(&mut self, store: &dyn Repositories, catalog: &Catalog) -> Result<(), AppError> {
        let mut next = 0;
        while let Some((target, ids)) = self.part(next) {
            next += ids.len();
            let compiled = Arc::clone(&self.collections[target]);
            for referrer in catalog.referrers(&compiled).iter() {
                if referrer.on_delete != OnDelete::Cascade {
                    continue;
                }
                let place = self.place(&referrer.compiled);
                for Referring { id, target: to } in self.referring(store, place, referrer, &ids).await? {
                    let row = (place, Arc::from(id));
                    if !self.places.contains_key(&row) {
                        self.add(row);
                        self.check_size(0)?;
                    } else {
                        self.cut_if_earlier(row, referrer.position, (target, to.into()));
                    }
                }
            }
        }
        Ok(())
    }

    /// Looks at the references to those that go that do not make others go.
    async fn look_at_the_others(
        &mut self,
        store: &dyn Repositories,
        catalog: &Catalog,
    ) -> Result<(), AppError> {
        let mut emptied: BTreeMap<Row, BTreeSet<usize>> = BTreeMap::new();
        let mut next = 0;
        while let Some((target, ids)) = self.part(next) {
            next += ids.len();
            let compiled = Arc::clone(&self.collections[target]);
            for referrer in catalog.referrers(&compiled).iter() {
                if referrer.on_delete == OnDelete::Cascade {
                    continue;
                }
                let place = self.place(&referrer.compiled);
                for Referring { id, target: to } in self.referring(store, place, referrer, &ids).await? {
                    let row = (place, Arc::from(id));
                    if self.places.contains_key(&row) {
                        self.cut_if_earlier(row, referrer.position, (target, to.into()));
                    } else if referrer.on_delete == OnDelete::Restrict {
                        return Err(still_referenced());
                    } else {
                        emptied.entry(row).or_default().insert(referrer.position);
                        self.check_size(emptied.len())?;
                    }
                }
            }
        }
        for ((place, id), fields) in emptied {
            self.emptied.entry((place, fields)).or_default().push(id);
        }
        Ok(())
    }

    /// Refuses when too many go with the first one, or stay but change.
    fn check_size(&self, changing: usize) -> Result<(), AppError> {
        let others = self.gone.len().saturating_sub(1) + changing;
        if others > MAX_DELETED_TOGETHER { Err(too_many()) } else { Ok(()) }
    }

    /// Remembers to cut a reference whose record goes after its target.
    fn cut_if_earlier(&mut self, row: Row, field: usize, target: Row) {
        if self.places.get(&row) < self.places.get(&target) {
            self.cuts.entry((row.0, field)).or_default().push((row.1, target.1));
        }
    }

    async fn empty(
        &self,
        store: &dyn Repositories,
        place: Place,
        fields: &[usize],
        ids: &[Arc<str>],
    ) -> Result<Vec<Affected>, AppError> {
        let (scoped, compiled) = (self.scope(place), &self.collections[place]);
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let mut before = store.records().find_many(&scoped, &ids).await?;
        before.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
        let records = store.records();
        let after = records.clear_references(&scoped, fields, &before, self.now, &self.author).await?;
        let mut after: HashMap<String, Record> =
            after.into_iter().map(|record| (record.id.to_string(), record)).collect();
        let affected = before.into_iter().filter_map(|before| {
            let after = after.remove(before.id.as_str())?;
            Some(Affected::new(compiled, before, Some(after)))
        });
        Ok(affected.collect())
    }

    async fn cut(
        &mut self,
        store: &dyn Repositories,
        place: Place,
        field: usize,
        references: Vec<Edge>,
    ) -> Result<(), AppError> {
        let scoped = self.scope(place);
        for part in references.chunks(PART) {
            let ids: Vec<String> = part.iter().map(|(id, _)| id.to_string()).collect();
            store.records().cut_references(&scoped, field, &ids).await?;
        }
        for (id, target) in references {
            self.lost.entry((place, id)).or_default().push((field, target));
        }
        Ok(())
    }

    async fn delete(
        &mut self,
        store: &dyn Repositories,
        place: Place,
        part: Vec<Row>,
    ) -> Result<Vec<Affected>, AppError> {
        let (scoped, compiled) = (self.scope(place), Arc::clone(&self.collections[place]));
        let root = if self.gone.is_empty() { self.root.take() } else { None };
        let is_root = |id: &str| root.as_ref().is_some_and(|root| root.id.as_str() == id);
        let others: Vec<String> =
            part.iter().map(|(_, id)| id.to_string()).filter(|id| !is_root(id)).collect();
        let mut records = match others.is_empty() {
            true => Vec::new(),
            false => store.records().find_many(&scoped, &others).await?,
        };
        for record in &mut records {
            self.restore(place, record);
        }
        records.extend(root);
        let places: HashMap<&str, usize> =
            part.iter().enumerate().map(|(index, (_, id))| (&**id, index)).collect();
        records.sort_by_key(|record| std::cmp::Reverse(places.get(record.id.as_str()).copied()));
        let deleted = store.records().delete_taken(&scoped, &records).await;
        deleted.map_err(|error| write_refusal(&compiled, error, still_referenced()))?;
        Ok(records.into_iter().map(|before| Affected::new(&compiled, before, None)).collect())
    }

    /// Puts back the values of references that were cut: so the record was when it was deleted.
    fn restore(&mut self, place: Place, record: &mut Record) {
        let lost = self.lost.remove(&(place, Arc::from(record.id.as_str())));
        for (field, target) in lost.into_iter().flatten() {
            if let Some(value) = record.values.get_mut(field) {
                *value = Value::Text(target.to_string());
            }
        }
    }
}

fn still_referenced() -> AppError {
    AppError::titled(Kind::Conflict, "Conflict", "Cannot delete record: it is referenced by other records")
}

fn too_many() -> AppError {
    let message = format!(
        "Cannot delete record: more than {MAX_DELETED_TOGETHER} records would be deleted or changed with it"
    );
    AppError::titled(Kind::Invalid, "cascade_too_large", message)
}
