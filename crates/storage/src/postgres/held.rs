//! Connections that may be held when the runtime ends.

use std::ops::{Deref, DerefMut};

/// Something whose end wants a runtime: sqlx gives a connection back to its pool by a task. Where the
/// runtime has ended before, as it has for requests that are cut off when the server stops, the
/// connection ends with the program, and with it what was under way.
#[derive(Debug)]
pub(super) struct Held<T>(Option<T>);

impl<T> Held<T> {
    pub fn new(held: T) -> Self {
        Self(Some(held))
    }

    pub fn into_inner(mut self) -> T {
        self.0.take().expect("it is held until it is dropped")
    }
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is held until it is dropped")
    }
}

impl<T> DerefMut for Held<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("it is held until it is dropped")
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        if tokio::runtime::Handle::try_current().is_err() {
            std::mem::forget(self.0.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::Held;

    struct Counting(Rc<Cell<u32>>);

    impl Drop for Counting {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn what_is_held_ends_within_a_runtime_only() {
        let ended = Rc::new(Cell::new(0));
        drop(Held::new(Counting(ended.clone())));
        assert_eq!(ended.get(), 0);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { drop(Held::new(Counting(ended.clone()))) });
        assert_eq!(ended.get(), 1);
        drop(Held::new(Counting(ended.clone())).into_inner());
        assert_eq!(ended.get(), 2);
    }
}
