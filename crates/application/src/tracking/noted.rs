//! What an observer has noted in a unit of work so far.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;

use crate::ports::{Repositories, StoreError};

/// How many notes are kept in memory before they are written down, where many rows change at once.
const MOST_NOTES: usize = 500;
/// How much text, in bytes.
const MOST_TEXT: usize = 1 << 20;

/// Somebody who notes the changes of a unit of work.
#[async_trait]
pub(crate) trait Observer: Send + Sync {
    /// A part of the unit begins.
    fn begin_part(&self);
    /// What was noted since the part began has not happened.
    fn undo_part(&self);
    /// Whether so much was noted that it should be written down.
    fn is_full(&self) -> bool;
    /// Writes down what was noted, within the unit of work.
    async fn write(&self, store: &dyn Repositories) -> Result<(), StoreError>;
    /// The unit of work is committed, with all that was written down.
    fn committed(&self);
}

/// Notes in their order.
pub(crate) struct Noted<T> {
    list: Mutex<List<T>>,
}

struct List<T> {
    notes: Vec<T>,
    text: usize,
    /// How many notes and how much text there were when the part began that is under way.
    before_part: (usize, usize),
}

impl<T> Default for Noted<T> {
    fn default() -> Self {
        Self { list: Mutex::new(List { notes: Vec::new(), text: 0, before_part: (0, 0) }) }
    }
}

impl<T> Noted<T> {
    fn list(&self) -> MutexGuard<'_, List<T>> {
        self.list.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Notes something that holds so many bytes of text.
    pub fn push(&self, note: T, text: usize) {
        let mut list = self.list();
        list.notes.push(note);
        list.text += text;
    }

    /// Takes all notes.
    pub fn take(&self) -> Vec<T> {
        let mut list = self.list();
        list.text = 0;
        list.before_part = (0, 0);
        std::mem::take(&mut list.notes)
    }

    /// Whether there are many, or large ones.
    pub fn is_full(&self) -> bool {
        let list = self.list();
        list.notes.len() >= MOST_NOTES || list.text >= MOST_TEXT
    }

    /// Marks where a part begins.
    pub fn begin_part(&self) {
        let mut list = self.list();
        list.before_part = (list.notes.len(), list.text);
    }

    /// Forgets what was noted since the mark.
    pub fn undo_part(&self) {
        let mut list = self.list();
        let (notes, text) = list.before_part;
        list.notes.truncate(notes);
        list.text = text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undone_part_leaves_no_notes() {
        let noted = Noted::default();
        noted.push(1, MOST_TEXT - 1);
        noted.begin_part();
        noted.push(2, 1);
        assert!(noted.is_full());
        noted.undo_part();
        assert!(!noted.is_full());
        noted.begin_part();
        noted.push(3, 0);
        assert_eq!(noted.take(), [1, 3]);
        noted.push(4, 0);
        assert!(!noted.is_full());
        assert_eq!(noted.take(), [4]);
    }

    #[test]
    fn many_small_notes_are_many() {
        let noted = Noted::default();
        for n in 0..MOST_NOTES {
            assert!(!noted.is_full());
            noted.push(n, 0);
        }
        assert!(noted.is_full());
    }
}
