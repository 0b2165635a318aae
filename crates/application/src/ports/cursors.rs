//! Port: seals of what clients carry for us between two requests.

/// Makes texts that only this installation can make and read, fit for URLs.
///
/// A text is bound to its place, e.g. a list in a certain order: elsewhere it does
/// not open.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait CursorSealer: Send + Sync {
    /// A text that tells nothing of what is in it. The same looks different each time.
    fn seal(&self, plain: &[u8], place: &str) -> String;
    /// What is in a text; `None` when it was not made here for this place.
    fn open(&self, sealed: &str, place: &str) -> Option<Vec<u8>>;
}
