//! Slows down guessing of tokens that are mailed, and asking for mails.

use super::{Auth, Target};
use crate::{AppError, Origin};

impl Auth {
    /// Tries a token that somebody has sent. Too many unknown ones from one
    /// address close the door to that address for a while.
    pub(crate) async fn try_token<T>(
        &self,
        origin: &Origin,
        attempt: impl Future<Output = Result<Option<T>, AppError>> + Send,
    ) -> Result<Option<T>, AppError> {
        let targets = [Target::tokens_from(origin.address)];
        self.throttle.check(&targets).await?;
        let found = attempt.await?;
        if found.is_none() {
            self.throttle.failed(&targets).await?;
        }
        Ok(found)
    }

    /// Counts that somebody who is not signed in wants a mail sent to an address,
    /// whether a user has it or not. Too many close the door for a while.
    pub(crate) async fn count_mail(&self, account: &str, email_key: &str) -> Result<(), AppError> {
        let targets = [Target::mails_to(account, email_key)];
        self.throttle.check(&targets).await?;
        self.throttle.failed(&targets).await
    }
}
