//! Lists and objects inside a body.

use serde_json::{Map, Value, json};

use super::kinds::{Refusal, Text, settle};
use super::{Field, Fields, Kind, Path};
use crate::http::input::fault::Fault;

fn as_list(sent: &Value) -> Result<&Vec<Value>, Refusal> {
    sent.as_array().ok_or_else(|| Refusal::new("list_type", "Input should be a valid list"))
}

fn as_map(sent: &Value) -> Result<&Map<String, Value>, Refusal> {
    sent.as_object().ok_or_else(|| Refusal::new("dict_type", "Input should be a valid dictionary"))
}

/// How many items a list may have.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    min: Option<usize>,
    max: Option<usize>,
}

impl Size {
    fn check(self, actual: usize) -> Result<(), Refusal> {
        let items = |n: usize| format!("{n} item{}", if n == 1 { "" } else { "s" });
        if let Some(min) = self.min.filter(|min| actual < *min) {
            let msg = format!("List should have at least {} after validation, not {actual}", items(min));
            let ctx = json!({ "field_type": "List", "min_length": min, "actual_length": actual });
            return Err(Refusal::new("too_short", msg).ctx(ctx));
        }
        if let Some(max) = self.max.filter(|max| actual > *max) {
            let msg = format!("List should have at most {} after validation, not {actual}", items(max));
            let ctx = json!({ "field_type": "List", "max_length": max, "actual_length": actual });
            return Err(Refusal::new("too_long", msg).ctx(ctx));
        }
        Ok(())
    }
}

/// The items of a list of allowed size.
fn sized<'v>(sent: &'v Value, size: Size, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<&'v Vec<Value>> {
    let read = as_list(sent).and_then(|items| size.check(items.len()).map(|()| items));
    settle(read, sent, at, faults)
}

/// Declares `min_items` and `max_items` for a kind with a `size`.
macro_rules! sized_list {
    ($kind:ty $(, $param:ident)?) => {
        impl$(<$param>)? Field<'_, '_, $kind>
        where
            $kind: Kind,
        {
            /// The least number of items.
            pub fn min_items(mut self, min: usize) -> Self {
                self.kind.size.min = Some(min);
                self
            }

            /// The greatest number of items.
            pub fn max_items(mut self, max: usize) -> Self {
                self.kind.size.max = Some(max);
                self
            }
        }
    };
}

sized_list!(List);
sized_list!(Strings);
sized_list!(Objects);
sized_list!(Items<F>, F);

/// A list of any values; see [`Fields::list`].
#[derive(Debug, Default)]
pub struct List {
    size: Size,
}

impl Kind for List {
    type Value = Vec<Value>;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<Vec<Value>> {
        sized(sent, self.size, at, faults).cloned()
    }

    fn placeholder(&mut self) -> Vec<Value> {
        Vec::new()
    }
}

/// A list of texts; see [`Fields::strings`].
#[derive(Debug, Default)]
pub struct Strings {
    size: Size,
}

impl Kind for Strings {
    type Value = Vec<String>;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<Vec<String>> {
        let before = faults.len();
        let text = Text::default();
        let texts: Vec<String> = sized(sent, self.size, at, faults)?
            .iter()
            .enumerate()
            .filter_map(|(i, item)| settle(text.take(item), item, &Path::Item(at, i), faults))
            .collect();
        (faults.len() == before).then_some(texts)
    }

    fn placeholder(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// A list of objects with keys of the caller's own; see [`Fields::objects`].
#[derive(Debug, Default)]
pub struct Objects {
    size: Size,
}

impl Kind for Objects {
    type Value = Vec<Map<String, Value>>;

    fn read(
        &mut self,
        sent: &Value,
        at: &Path<'_>,
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<Map<String, Value>>> {
        let before = faults.len();
        let objects = sized(sent, self.size, at, faults)?
            .iter()
            .enumerate()
            .filter_map(|(i, item)| Object.read(item, &Path::Item(at, i), faults))
            .collect();
        (faults.len() == before).then_some(objects)
    }

    fn placeholder(&mut self) -> Vec<Map<String, Value>> {
        Vec::new()
    }
}

/// A list of objects; see [`Fields::items`].
#[derive(Debug)]
pub struct Items<F> {
    each: F,
    size: Size,
}

impl<F> Items<F> {
    pub(super) fn new(each: F) -> Self {
        Self { each, size: Size::default() }
    }
}

impl<T, F: FnMut(&mut Fields<'_>) -> T> Kind for Items<F> {
    type Value = Vec<T>;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<Vec<T>> {
        let before = faults.len();
        let items = sized(sent, self.size, at, faults)?
            .iter()
            .enumerate()
            .filter_map(|(i, item)| read_object(&mut self.each, item, Path::Item(at, i), faults))
            .collect();
        (faults.len() == before).then_some(items)
    }

    fn placeholder(&mut self) -> Vec<T> {
        Vec::new()
    }
}

/// An object with fields of its own; see [`Fields::nested`].
#[derive(Debug)]
pub struct Nested<F> {
    read: F,
}

impl<F> Nested<F> {
    pub(super) fn new(read: F) -> Self {
        Self { read }
    }
}

impl<T, F: FnMut(&mut Fields<'_>) -> T> Kind for Nested<F> {
    type Value = T;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<T> {
        read_object(&mut self.read, sent, *at, faults)
    }

    fn placeholder(&mut self) -> T {
        (self.read)(&mut Fields::empty("body"))
    }
}

fn read_object<T, F: FnMut(&mut Fields<'_>) -> T>(
    read: &mut F,
    sent: &Value,
    at: Path<'_>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let object = settle(as_map(sent), sent, &at, faults)?;
    let mut fields = Fields::of_object(object, at);
    let value = read(&mut fields);
    match fields.finish() {
        Ok(()) => Some(value),
        Err(found) => {
            faults.extend(found.0);
            None
        }
    }
}

/// An object with keys of the caller's own; see [`Fields::object`].
#[derive(Debug)]
pub struct Object;

impl Kind for Object {
    type Value = Map<String, Value>;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<Map<String, Value>> {
        settle(as_map(sent).cloned(), sent, at, faults)
    }

    fn placeholder(&mut self) -> Map<String, Value> {
        Map::new()
    }
}

/// An object of texts; see [`Fields::string_map`].
#[derive(Debug)]
pub struct StringMap;

impl Kind for StringMap {
    type Value = Vec<(String, String)>;

    fn read(
        &mut self,
        sent: &Value,
        at: &Path<'_>,
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<(String, String)>> {
        let before = faults.len();
        let text = Text::default();
        let entries: Vec<_> = settle(as_map(sent), sent, at, faults)?
            .iter()
            .filter_map(|(key, value)| {
                let value = settle(text.take(value), value, &Path::Key(at, key), faults)?;
                Some((key.clone(), value))
            })
            .collect();
        (faults.len() == before).then_some(entries)
    }

    fn placeholder(&mut self) -> Vec<(String, String)> {
        Vec::new()
    }
}
