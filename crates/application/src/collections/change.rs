//! Use case: change the fields of a collection.

use snackbase_domain::collection::{Collection, Field, FieldDraft, IndexDraft, Problem, change_problems};

use super::changes::rewrite::searches;
use super::rules::outgrown;
use super::{Collections, check_fields, find, indexes, refuse};
use crate::ports::{Repositories, SchemaDiff, StoreError};
use crate::{AppError, Principal, tx};

const FAILED: &str = "Schema validation failed";

impl Collections {
    /// Replaces the list of fields. Fields may be added and their options
    /// changed; none may go or change its type. Replaces the indexes, too, if there are any given.
    pub async fn update(
        &self,
        by: &Principal,
        id: &str,
        drafts: &[FieldDraft],
        indexes: Option<&[IndexDraft]>,
    ) -> Result<Collection, AppError> {
        let _turn = self.changing.lock().await;
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.change_in(work.repositories(), id, drafts, indexes).await;
        let (collection, _) = tx::finish(work, outcome).await?;
        self.reload().await?;
        Ok(collection)
    }

    /// Replaces the fields and indexes within a unit of work; answers the revision, too.
    pub(super) async fn change_in(
        &self,
        store: &dyn Repositories,
        id: &str,
        drafts: &[FieldDraft],
        indexes: Option<&[IndexDraft]>,
    ) -> Result<(Collection, String), AppError> {
        store.collections().lock_schema().await?;
        let before = find(store, id).await?;
        let existing = store.collections().all().await?;
        let mut problems = change_problems(&before.fields, drafts);
        let known = |name: &str| name == before.name.as_str();
        let fields = match check_fields(drafts, before.fields.len(), &known, &existing) {
            Ok(fields) if problems.is_empty() => fields,
            Ok(_) => return Err(refuse(FAILED, &problems)),
            Err(more) => {
                problems.extend(more);
                return Err(refuse(FAILED, &problems));
            }
        };
        let indexes = indexes::wanted(indexes, &before.indexes, &fields);
        let indexes = indexes.map_err(|problems| refuse(FAILED, &problems))?;
        let diff = SchemaDiff { after: Collection { fields, ..before.clone() }, before };
        check_searches(&diff, &existing)?;
        check_rule_sizes(&diff, &existing)?;
        self.check_unique(store, &diff).await?;
        store.tables().alter(&diff).await.map_err(|error| taken(&diff, error))?;
        let after = Collection { indexes, updated_at: self.clock.now(), ..diff.after.clone() };
        indexes::alter(store, diff.after, &after, FAILED).await?;
        store.collections().update(&after).await?;
        let revision = self.note_revision(store, format!("update collection {}", after.name)).await?;
        Ok((after, revision))
    }

    /// Values that are stored already must allow a new unique index.
    async fn check_unique(&self, store: &dyn Repositories, diff: &SchemaDiff) -> Result<(), AppError> {
        let mut problems = Vec::new();
        for (before, after) in diff.kept() {
            if after.unique && !before.unique && store.tables().has_duplicates(&diff.before, after).await? {
                problems.push(duplicate(after));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(refuse(FAILED, &problems)) }
    }
}

/// Rules that look for words of a field need it to stay searchable.
fn check_searches(diff: &SchemaDiff, all: &[Collection]) -> Result<(), AppError> {
    let ceased = diff.kept().filter(|(before, after)| before.is_searchable() && !after.is_searchable());
    let mut problems = Vec::new();
    for (field, _) in ceased {
        let users = searches(all, diff.before.name.as_str(), field.name.as_str());
        if !users.is_empty() {
            let text = format!("It must stay searchable for: {}", users.join(", "));
            problems.push(Problem { path: field.name.to_string(), text });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(refuse(FAILED, &problems)) }
}

/// Rules stay within the limit when other expressions stand for computed fields.
fn check_rule_sizes(diff: &SchemaDiff, all: &[Collection]) -> Result<(), AppError> {
    let changed: Vec<_> = diff
        .after
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.is_computed())
        .filter(|(_, field)| diff.before.field(field.name.as_str()).is_some_and(|known| known.ty != field.ty))
        .map(|(position, _)| position)
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    let after = |known: &Collection| if known.id == diff.after.id { &diff.after } else { known }.clone();
    let users = outgrown(all, &all.iter().map(after).collect::<Vec<_>>());
    if users.is_empty() {
        return Ok(());
    }
    let text = format!("Expression is too complex for: {}", users.join(", "));
    let problem = |position| Problem { path: format!("schema[{position}].expression"), text: text.clone() };
    Err(refuse(FAILED, &changed.into_iter().map(problem).collect::<Vec<_>>()))
}

fn duplicate(field: &Field) -> Problem {
    Problem { path: field.name.to_string(), text: "Existing records contain duplicate values".to_owned() }
}

/// A default that several records would get, or a value that somebody has just written, forbids a
/// unique index.
fn taken(diff: &SchemaDiff, error: StoreError) -> AppError {
    let problems: Vec<_> = diff
        .after
        .fields
        .iter()
        .filter(|field| field.unique)
        .filter(|field| diff.before.field(field.name.as_str()).is_none_or(|before| !before.unique))
        .map(duplicate)
        .collect();
    match error {
        StoreError::Conflict { .. } => refuse(FAILED, &problems),
        other => other.into(),
    }
}
