//! What rules look at through references of a record that is evaluated in memory.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use snackbase_domain::record::{Record, Value};
use snackbase_rules as rules;
use snackbase_rules::{Node, Typed};

use super::Records;
use super::row::RecordRow;
use crate::access::{self, Access, Tenant};
use crate::catalog::{Catalog, Compiled};
use crate::ports::Repositories;
use crate::{AppError, Kind};

impl Records {
    /// Refuses a record, as it is or will be stored, that does not satisfy a rule.
    pub(super) async fn check_rule(
        &self,
        store: &dyn Repositories,
        compiled: &Compiled,
        rule: &Access,
        record: &Record,
        now: i64,
    ) -> Result<(), AppError> {
        let related = match rule {
            Access::All => return Ok(()),
            Access::When(bound) => {
                Related::load(store, &self.catalog, compiled, record, [&bound.condition], now).await?
            }
        };
        match access::permits(store, rule, &related.row(compiled, record), now).await? {
            true => Ok(()),
            false => Err(not_satisfied()),
        }
    }
}

/// The references that an expression looks through.
#[derive(Default)]
struct Wanted {
    fields: BTreeMap<String, Wanted>,
}

impl Wanted {
    fn of<'a>(expressions: impl IntoIterator<Item = &'a Typed>) -> Self {
        let mut wanted = Self::default();
        expressions.into_iter().for_each(|typed| wanted.note(typed));
        wanted
    }

    fn note(&mut self, typed: &Typed) {
        let there = match &typed.node {
            Node::Through { field, .. } => self.fields.entry(field.clone()).or_default(),
            _ => self,
        };
        for operand in typed.children() {
            there.note(operand);
        }
    }
}

/// A record's place: its collection and its id.
pub(crate) type Place = (String, String);

/// A record and its collection.
pub(crate) type Known = (Arc<Compiled>, Record);

/// Records that are not there any more, by their place.
pub(crate) type Gone = HashMap<Place, Known>;

/// Records that a record leads to, over one or more references.
#[derive(Default)]
pub(crate) struct Related {
    records: HashMap<Place, (Arc<Compiled>, Record)>,
    /// Where was looked.
    looked: HashSet<Place>,
    /// What is to be seen where nothing is any more.
    gone: Arc<Gone>,
}

impl Related {
    /// Loads what expressions look at, one query for each level and collection.
    /// All are records of the account of `record`.
    pub(crate) async fn load(
        store: &dyn Repositories,
        catalog: &Catalog,
        compiled: &Compiled,
        record: &Record,
        expressions: impl IntoIterator<Item = &Typed>,
        now: i64,
    ) -> Result<Self, AppError> {
        let mut related = Self::default();
        related.load_more(store, catalog, compiled, record, expressions, now).await?;
        Ok(related)
    }

    /// Nothing yet; what is gone is seen as it was.
    pub(crate) fn beside(gone: &Arc<Gone>) -> Self {
        Self { gone: Arc::clone(gone), ..Self::default() }
    }

    /// Loads what other expressions look at, as far as it is not there.
    pub(crate) async fn load_more(
        &mut self,
        store: &dyn Repositories,
        catalog: &Catalog,
        compiled: &Compiled,
        record: &Record,
        expressions: impl IntoIterator<Item = &Typed>,
        now: i64,
    ) -> Result<(), AppError> {
        let wanted = Wanted::of(expressions);
        let mut level = follow(compiled, record, &wanted);
        while !level.is_empty() {
            let mut missing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for (place, _) in &level {
                if self.looked.insert(place.clone()) {
                    missing.entry(&place.0).or_default().push(place.1.clone());
                }
            }
            for (collection, ids) in missing {
                let target = catalog.target(collection)?;
                let scoped = access::scope_of_existence(&target, Tenant::Account(record.account_id), now);
                for found in store.records().find_many(&scoped, &ids).await? {
                    let place = (collection.to_owned(), found.id.to_string());
                    self.records.insert(place, (Arc::clone(&target), found));
                }
            }
            let mut next = Vec::new();
            for (place, wanted) in &level {
                if let Some((compiled, record)) = self.at(place) {
                    next.extend(follow(compiled, record, wanted));
                }
            }
            level = next;
        }
        Ok(())
    }

    fn at(&self, place: &Place) -> Option<&(Arc<Compiled>, Record)> {
        self.records.get(place).or_else(|| self.gone.get(place))
    }

    /// A record as expressions see it, with what is loaded.
    pub(crate) fn row<'a>(&'a self, compiled: &'a Compiled, record: &'a Record) -> RelatedRow<'a> {
        RelatedRow { row: RecordRow { compiled, record }, related: self }
    }
}

/// A record that is written does not satisfy a rule.
pub(super) fn not_satisfied() -> AppError {
    AppError::detail(Kind::Invalid, "Record does not satisfy collection rules")
}

/// Where the wanted references of a record lead, and what is wanted there.
fn follow<'w>(compiled: &Compiled, record: &Record, wanted: &'w Wanted) -> Vec<(Place, &'w Wanted)> {
    let fields = wanted.fields.iter();
    fields.filter_map(|(field, wanted)| Some((place(compiled, record, field)?, wanted))).collect()
}

fn place(compiled: &Compiled, record: &Record, field: &str) -> Option<Place> {
    let position = compiled.collection.stored_fields().position(|f| f.name.as_str() == field)?;
    let reference = compiled.collection.field(field)?.reference()?;
    let id = record.values.get(position).and_then(Value::as_text)?;
    Some((reference.collection.clone(), id.to_owned()))
}

/// A record with those that it leads to.
pub(crate) struct RelatedRow<'a> {
    row: RecordRow<'a>,
    related: &'a Related,
}

impl rules::Row for RelatedRow<'_> {
    fn get(&self, field: &str) -> rules::Value {
        self.row.get(field)
    }

    fn related(&self, field: &str) -> Option<Box<dyn rules::Row + '_>> {
        let place = place(self.row.compiled, self.row.record, field)?;
        let (compiled, record) = self.related.at(&place)?;
        Some(Box::new(self.related.row(compiled, record)))
    }
}
