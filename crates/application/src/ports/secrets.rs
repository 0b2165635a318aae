//! Port: encryption of secrets that are stored.

/// Why a stored secret cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// It was sealed with a key that is not known (any more).
    #[error("it was encrypted with another key")]
    UnknownKey,
    /// It was changed, belongs to another place, or is no text.
    #[error("it does not decrypt")]
    Broken,
}

/// Encrypts secrets with keys of the installation.
///
/// A secret is bound to its place, e.g. `configurations/<id>/password`: what was
/// sealed for one place does not open in another, so that who can write to the
/// database cannot move secrets to where they are shown.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait SecretBox: Send + Sync {
    /// What to store for a secret. The same secret looks different each time.
    fn seal(&self, plain: &str, place: &str) -> String;
    /// The secret of a stored text. A text that was never encrypted is the secret
    /// itself: databases of other makes hold such.
    fn open(&self, stored: &str, place: &str) -> Result<String, SecretFault>;
    /// Whether a stored text is encrypted in today's form with today's key.
    fn is_current(&self, stored: &str) -> bool;
}
