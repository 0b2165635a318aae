//! Use case: read collections in that [`Collections::export`] wrote.
//!
//! Collections stand or fall one by one; new ones that refer to each other in a
//! circle stand or fall together.

mod order;
mod rows;

use std::collections::HashMap;

use snackbase_domain::collection::{
    Collection, FieldDraft, IndexDraft, MAX_NAME, MIN_NAME, Problem, RuleSet, SYSTEM_FIELDS,
};

use super::create::check_rules;
use super::{Collections, NewCollection, RuleChange, already_exists, refuse};
use crate::macros::known_macros;
use crate::ports::{Repositories, SchemaDiff};
use crate::{AppError, Kind, Principal, Says, records, tx};

/// A collection of the file.
#[derive(Clone, Debug, Default)]
pub struct ImportEntry {
    pub name: String,
    pub fields: Vec<FieldDraft>,
    /// Absent, a collection that is updated keeps its own.
    pub indexes: Option<Vec<IndexDraft>>,
    /// Of a new collection, what is absent is as when it is made; of one that is
    /// updated, it stays. The field lists in it are valid.
    pub rules: RuleChange,
    /// For a new collection: objects as an export has them.
    pub records: Vec<records::Body>,
}

/// What becomes of collections that are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImportStrategy {
    #[default]
    Error,
    Skip,
    Update,
}

/// What became of a collection of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStatus {
    Imported,
    Skipped,
    Updated,
    Error,
}

impl ImportStatus {
    /// The word in replies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Skipped => "skipped",
            Self::Updated => "updated",
            Self::Error => "error",
        }
    }
}

/// The outcome for a collection of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedEntry {
    pub name: String,
    pub status: ImportStatus,
    pub message: String,
}

/// The outcome of an import.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// In the order in which they were handled: referenced ones first.
    pub entries: Vec<ImportedEntry>,
    /// The revisions of the schema that came of it.
    pub revisions: Vec<String>,
}

impl Imported {
    /// How many collections ended so.
    pub fn count(&self, status: ImportStatus) -> usize {
        self.entries.iter().filter(|entry| entry.status == status).count()
    }
}

/// How many records came with a collection.
#[derive(Clone, Copy, Debug, Default)]
struct RecordCount {
    inserted: u64,
    skipped: u64,
}

impl Collections {
    /// Imports collections; `version` is that of the file.
    pub async fn import(
        &self,
        by: &Principal,
        version: &str,
        entries: Vec<ImportEntry>,
        strategy: ImportStrategy,
    ) -> Result<Imported, AppError> {
        if !version.starts_with("1.") {
            let message = format!("Unsupported export version: {version}");
            return Err(AppError::titled(Kind::Invalid, "Validation error", message));
        }
        let _turn = self.changing.lock().await;
        let existing = self.storage.read().collections().all().await?;
        let is_new = |name: &str| !existing.iter().any(|known| known.name.as_str() == name);
        let mut positions = HashMap::new();
        for (position, entry) in entries.iter().enumerate().rev().filter(|(_, entry)| is_new(&entry.name)) {
            positions.insert(entry.name.as_str(), position);
        }
        let needs = |entry: &ImportEntry| {
            let targets = entry.fields.iter().filter_map(|field| field.collection.as_deref());
            targets.filter_map(|target| positions.get(target).copied()).collect::<Vec<_>>()
        };
        let groups = order::groups(&entries.iter().map(needs).collect::<Vec<_>>());
        drop(positions);
        let mut entries: Vec<_> = entries.into_iter().map(Some).collect();
        let mut imported = Imported::default();
        for group in groups {
            let group: Vec<_> = group.into_iter().filter_map(|position| entries[position].take()).collect();
            self.import_group(by, group, strategy, &mut imported).await?;
        }
        Ok(imported)
    }

    /// Imports one collection, or new ones that refer to each other.
    async fn import_group(
        &self,
        by: &Principal,
        mut group: Vec<ImportEntry>,
        strategy: ImportStrategy,
        imported: &mut Imported,
    ) -> Result<(), AppError> {
        let mut failed = Vec::new();
        while !group.is_empty() {
            let work = self.storage.begin_as(by.actor()).await?;
            let outcome = self.import_group_in(work.repositories(), &group, strategy).await;
            let (position, outcome) = match outcome {
                Ok(done) => (0, Ok(done)),
                Err((position, error)) => (position, Err(error)),
            };
            match tx::finish(work, outcome).await {
                Ok((status, counts, revisions)) => {
                    self.reload().await?;
                    imported.revisions.extend(revisions);
                    imported.entries.extend(group.drain(..).zip(counts).map(|(entry, count)| {
                        ImportedEntry { name: entry.name, status, message: message(status, count) }
                    }));
                }
                // The others try without it, and are told that it is missing.
                Err(error) => {
                    let entry = group.remove(position);
                    failed.push(ImportedEntry {
                        message: sentence(&entry.name, &error),
                        name: entry.name,
                        status: ImportStatus::Error,
                    });
                }
            }
        }
        imported.entries.extend(failed);
        Ok(())
    }

    /// The same within a unit of work; a failure comes with the position of the member that failed.
    async fn import_group_in(
        &self,
        store: &dyn Repositories,
        group: &[ImportEntry],
        strategy: ImportStrategy,
    ) -> Result<(ImportStatus, Vec<Option<RecordCount>>, Vec<String>), (usize, AppError)> {
        let first = |error: AppError| (0, error);
        store.collections().lock_schema().await.map_err(|error| first(error.into()))?;
        let existing = store.collections().all().await.map_err(|error| first(error.into()))?;
        if let [entry] = group
            && let Some(known) = existing.iter().find(|known| known.name.as_str() == entry.name)
        {
            return match strategy {
                ImportStrategy::Error => Err(first(already_exists(&entry.name))),
                ImportStrategy::Skip => Ok((ImportStatus::Skipped, vec![None], Vec::new())),
                ImportStrategy::Update => {
                    let revision = self.import_over(store, known, entry).await.map_err(first)?;
                    Ok((ImportStatus::Updated, vec![None], vec![revision]))
                }
            };
        }
        let macros = known_macros(store).await.map_err(first)?;
        let mut made = Vec::new();
        for (position, entry) in group.iter().enumerate() {
            let collection = self.checked(entry, &existing, group).map_err(|error| (position, error))?;
            made.push(collection);
        }
        // Rules may look through references at any of them, so they come after all.
        for (position, collection) in made.iter().enumerate() {
            let all = existing.iter().chain(&made);
            check_rules(collection, all, &macros).map_err(|error| (position, error))?;
        }
        let mut revisions = Vec::new();
        for (position, collection) in made.iter().enumerate() {
            let revision = self.insert_description(store, collection).await;
            revisions.push(revision.map_err(|error| (position, error))?);
        }
        self.make_tables(store, &made).await.map_err(first)?;
        let counts = self.insert_rows(store, &made, group, &existing).await?;
        Ok((ImportStatus::Imported, counts, revisions))
    }

    /// A new collection, when it is in order.
    fn checked(
        &self,
        entry: &ImportEntry,
        existing: &[Collection],
        group: &[ImportEntry],
    ) -> Result<Collection, AppError> {
        let length = entry.name.chars().count();
        let bound = match length {
            ..MIN_NAME => Some(format!("Collection name must be at least {MIN_NAME} characters")),
            _ if length > MAX_NAME => Some(format!("Collection name must be at most {MAX_NAME} characters")),
            _ => None,
        };
        if let Some(text) = bound {
            return Err(refuse("Validation failed", &[Problem { path: "name".to_owned(), text }]));
        }
        let twin = |other: &&ImportEntry| {
            !std::ptr::eq(*other, entry) && other.name.eq_ignore_ascii_case(&entry.name)
        };
        if group.iter().any(|other| twin(&other)) {
            return Err(already_exists(&entry.name));
        }
        let mut rules = RuleSet::default();
        entry.rules.clone().apply(&mut rules);
        let new = NewCollection {
            name: entry.name.clone(),
            fields: entry.fields.clone(),
            indexes: entry.indexes.clone().unwrap_or_default(),
            rules,
        };
        let beside = |name: &str| group.iter().any(|other| other.name == name);
        self.check_new(new, existing, &beside)
    }

    /// The tables of collections that may refer to each other: those that are not
    /// there yet are referred to once they are.
    async fn make_tables(&self, store: &dyn Repositories, made: &[Collection]) -> Result<(), AppError> {
        let mut later = Vec::new();
        for (position, collection) in made.iter().enumerate() {
            let missing = |name: &str| made[position + 1..].iter().any(|other| other.name.as_str() == name);
            let mut first = collection.clone();
            first.fields.retain(|field| !field.reference().is_some_and(|r| missing(&r.collection)));
            let is_there = |name: &str| SYSTEM_FIELDS.contains(&name) || first.field(name).is_some();
            let indexes = collection.indexes.iter().filter(|index| index.fields().into_iter().all(is_there));
            first.indexes = indexes.cloned().collect();
            store.tables().create(&first).await?;
            if first.fields.len() < collection.fields.len() {
                later.push(SchemaDiff { before: first, after: collection.clone() });
            }
        }
        for diff in later {
            store.tables().alter(&diff).await?;
        }
        Ok(())
    }

    /// Brings a collection that is there up to date.
    async fn import_over(
        &self,
        store: &dyn Repositories,
        known: &Collection,
        entry: &ImportEntry,
    ) -> Result<String, AppError> {
        let (_, revision) =
            self.change_in(store, &known.id.to_string(), &entry.fields, entry.indexes.as_deref()).await?;
        self.update_rules_in(store, known.name.as_str(), entry.rules.clone()).await?;
        Ok(revision)
    }
}

fn message(status: ImportStatus, records: Option<RecordCount>) -> String {
    let text = match status {
        ImportStatus::Imported => "Collection created successfully",
        ImportStatus::Skipped => "Collection already exists",
        ImportStatus::Updated => "Collection schema updated",
        ImportStatus::Error => "Collection could not be imported",
    };
    match records {
        None => text.to_owned(),
        Some(RecordCount { inserted, skipped: 0 }) => format!("{text} ({inserted} records)"),
        Some(RecordCount { inserted, skipped }) => format!("{text} ({inserted} records, {skipped} skipped)"),
    }
}

/// Why a collection could not be imported, in words for the caller.
fn sentence(name: &str, error: &AppError) -> String {
    if let AppError::Refused(refusal) = error
        && let Says::Titled { message, .. } | Says::Detail(message) = &refusal.says
    {
        return message.to_string();
    }
    tracing::error!(collection = name, %error, "collection not imported");
    "Collection could not be imported: the database failed".to_owned()
}
