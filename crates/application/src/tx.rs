//! Ends units of work.

use crate::AppError;
use crate::ports::UnitOfWork;

/// Commits when the outcome is good, else rolls back; answers the outcome.
pub(crate) async fn finish<T>(
    work: Box<dyn UnitOfWork>,
    outcome: Result<T, AppError>,
) -> Result<T, AppError> {
    match outcome {
        Ok(value) => {
            work.commit().await?;
            Ok(value)
        }
        Err(error) => {
            // The refusal matters more than a failure to undo what a dropped
            // transaction undoes anyway.
            if let Err(rollback) = work.rollback().await {
                tracing::warn!(error = %rollback, "rollback failed");
            }
            Err(error)
        }
    }
}
