//! The indexes of a collection: they are made only where the rows that are there allow it, and who
//! asks for them is told which do not.

use snackbase_domain::collection::{Collection, Field, Index, IndexDraft, Problem, validate_indexes};

use super::refuse;
use crate::AppError;
use crate::ports::{Repositories, RowsFound, SchemaDiff, StoreError};

/// The indexes that a collection of these fields is to have: those that are sent, else those that
/// there are.
pub(super) fn wanted(
    sent: Option<&[IndexDraft]>,
    known: &[Index],
    fields: &[Field],
) -> Result<Vec<Index>, Vec<Problem>> {
    match sent {
        Some(drafts) => validate_indexes(drafts, fields),
        None => validate_indexes(&known.iter().map(IndexDraft::from).collect::<Vec<_>>(), fields),
    }
}

/// Gives the table of `before` the indexes of `after`, which differs in nothing else. `failed`
/// begins the message of a refusal.
pub(super) async fn alter(
    store: &dyn Repositories,
    before: Collection,
    after: &Collection,
    failed: &str,
) -> Result<(), AppError> {
    if before.indexes == after.indexes {
        return Ok(());
    }
    let mut problems = Vec::new();
    for (position, index) in after.indexes.iter().enumerate() {
        if before.indexes.contains(index) {
            continue;
        }
        let mut problem = |text: String| {
            problems.push(Problem { path: format!("indexes[{position}].fields"), text });
        };
        let long = store.tables().overlong(after, index).await?;
        if long.count > 0 {
            let limit = index.text_limit(&after.fields);
            problem(format!(
                "{} existing records have a text of more than {limit} bytes{}",
                long.count,
                named(&long)
            ));
        }
        if index.unique {
            let same = store.tables().collisions(after, index).await?;
            if same.count > 0 {
                problem(format!("{} existing records have values in common{}", same.count, named(&same)));
            }
        }
    }
    if !problems.is_empty() {
        return Err(refuse(failed, &problems));
    }
    let diff = SchemaDiff { before, after: after.clone() };
    store.tables().alter(&diff).await.map_err(|error| match error {
        // Somebody has just written what forbids it.
        StoreError::Conflict { .. } => {
            let text = "Existing records have values in common".to_owned();
            refuse(failed, &[Problem { path: "indexes".to_owned(), text }])
        }
        other => other.into(),
    })
}

/// The first of some rows, as the end of a sentence.
fn named(rows: &RowsFound) -> String {
    let more = if rows.count > rows.first.len() as u64 { ", …" } else { "" };
    format!(": {}{more}", rows.first.join(", "))
}
