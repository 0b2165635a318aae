//! Takes typed values out of an object, a query string or a form, and collects every fault on the way.
//!
//! A field is read by naming its kind, its limits and how it may be left out, in that order:
//!
//! | ending | absent | null |
//! |---|---|---|
//! | `required()` | fault `missing` | fault of the kind |
//! | `optional()` | `None` | `None` |
//! | `default(v)` | `v` | fault of the kind |
//! | `patch()` | [`Patch::Absent`] | [`Patch::Null`] |
//!
//! After a fault the reader goes on with a placeholder, so that one answer names all faults in the
//! order of the fields. [`Fields::finish`] must come before the values are used.
//!
//! Conversions are lax in the way clients of JSON APIs know from pydantic: `"5"` is the integer 5,
//! `"yes"` and `1` are true, but a number is no string.

mod email;
mod kinds;
mod nested;
mod time;

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::fault::{Fault, Faults, Loc};

pub use email::EmailAddress;
pub(super) use kinds::parse_integer;
pub use kinds::{Boolean, Choice, Email, Integer, Json, Number, OneOf, Text};
pub use nested::{Items, List, Nested, Object, Objects, StringMap, Strings};
pub use time::{Time, parse_time};

/// The place of a value in a request, as a chain towards the root.
#[derive(Debug, Clone, Copy)]
pub enum Path<'a> {
    /// A part of the request: `body`, `query`, …
    Root(&'static str),
    /// A key of the object at the path.
    Key(&'a Path<'a>, &'a str),
    /// A position in the list at the path, from 0.
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// The steps from the root to here.
    pub fn to_loc(&self) -> Vec<Loc> {
        match self {
            Self::Root(part) => vec![Loc::from(*part)],
            Self::Key(above, key) => {
                let mut loc = above.to_loc();
                loc.push(Loc::from((*key).to_owned()));
                loc
            }
            Self::Item(above, index) => {
                let mut loc = above.to_loc();
                loc.push(Loc::from(*index));
                loc
            }
        }
    }
}

/// A value of a partial update.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// Not sent: leave it as it is.
    #[default]
    Absent,
    /// Sent as null.
    Null,
    /// Sent with a value.
    Set(T),
}

impl<T> Patch<T> {
    /// The value, absent and null being the same.
    pub fn set(self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// `None` when absent, `Some(None)` for null: what partial updates of nullable columns take.
    pub fn nullable(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }
}

/// What fields are read from.
#[derive(Debug, Clone, Copy)]
enum Source<'a> {
    Empty,
    Object(&'a Map<String, Value>),
    Pairs(&'a [(String, String)]),
}

/// The fields of one object (or query string, or form) and the faults found so far.
#[derive(Debug)]
pub struct Fields<'a> {
    source: Source<'a>,
    at: Path<'a>,
    faults: Vec<Fault>,
}

impl<'a> Fields<'a> {
    pub(super) fn empty(part: &'static str) -> Self {
        Self::over(Source::Empty, Path::Root(part))
    }

    /// The fields of an object at a place.
    pub fn of_object(object: &'a Map<String, Value>, at: Path<'a>) -> Self {
        Self::over(Source::Object(object), at)
    }

    pub(super) fn of_pairs(pairs: &'a [(String, String)], at: Path<'a>) -> Self {
        Self::over(Source::Pairs(pairs), at)
    }

    fn over(source: Source<'a>, at: Path<'a>) -> Self {
        Self { source, at, faults: Vec::new() }
    }

    /// A text. Numbers and booleans are none.
    pub fn string<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Text> {
        self.field(name, Text::default())
    }

    /// An e-mail address, normalised.
    pub fn email<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Email> {
        self.field(name, Email)
    }

    /// A 64-bit integer, also as text.
    pub fn int<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Integer> {
        self.field(name, Integer::default())
    }

    /// A number, also as text.
    pub fn number<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Number> {
        self.field(name, Number::default())
    }

    /// A boolean, also as 0, 1 or one of the words `true false yes no on off t f y n`.
    pub fn boolean<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Boolean> {
        self.field(name, Boolean)
    }

    /// A point of time in ISO 8601; without a zone it is UTC.
    pub fn time<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Time> {
        self.field(name, Time)
    }

    /// One of some words, refused as `enum`.
    pub fn one_of<'f>(&'f mut self, name: &'f str, words: &'f [&'static str]) -> Field<'f, 'a, OneOf<'f>> {
        self.field(name, OneOf::new(words, "enum"))
    }

    /// One of some words, refused as `literal_error`.
    pub fn literal<'f>(&'f mut self, name: &'f str, words: &'f [&'static str]) -> Field<'f, 'a, OneOf<'f>> {
        self.field(name, OneOf::new(words, "literal_error"))
    }

    /// One of some words, each with what it stands for; refused as `enum`. There must be a choice.
    pub fn choice<'f, T: Clone>(
        &'f mut self,
        name: &'f str,
        choices: &'f [(&'static str, T)],
    ) -> Field<'f, 'a, Choice<'f, T>> {
        self.field(name, Choice::new(choices))
    }

    /// Any JSON value (null counts as absent for `optional`).
    pub fn json<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Json> {
        self.field(name, Json)
    }

    /// An object with keys of the caller's own.
    pub fn object<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Object> {
        self.field(name, Object)
    }

    /// An object whose values are texts, in the order sent.
    pub fn string_map<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, StringMap> {
        self.field(name, StringMap)
    }

    /// A list of any values.
    pub fn list<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, List> {
        self.field(name, List::default())
    }

    /// A list of texts.
    pub fn strings<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Strings> {
        self.field(name, Strings::default())
    }

    /// A list of objects with keys of the caller's own.
    pub fn objects<'f>(&'f mut self, name: &'f str) -> Field<'f, 'a, Objects> {
        self.field(name, Objects::default())
    }

    /// A list of objects, each read by `each`.
    pub fn items<'f, T, F>(&'f mut self, name: &'f str, each: F) -> Field<'f, 'a, Items<F>>
    where
        F: FnMut(&mut Fields<'_>) -> T,
    {
        self.field(name, Items::new(each))
    }

    /// An object read by `read`, which also runs, over nothing, to make a placeholder after a fault.
    pub fn nested<'f, T, F>(&'f mut self, name: &'f str, read: F) -> Field<'f, 'a, Nested<F>>
    where
        F: FnMut(&mut Fields<'_>) -> T,
    {
        self.field(name, Nested::new(read))
    }

    /// A field of any kind.
    pub fn field<'f, K: Kind>(&'f mut self, name: &'f str, kind: K) -> Field<'f, 'a, K> {
        Field { fields: self, name, alias: None, kind, check: None }
    }

    /// Whether the field was sent, null included.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// What was sent for a field.
    pub fn get(&self, name: &str) -> Option<Cow<'a, Value>> {
        match self.source {
            Source::Empty => None,
            Source::Object(object) => object.get(name).map(Cow::Borrowed),
            Source::Pairs(pairs) => {
                super::query::last(pairs, name).map(|text| Cow::Owned(Value::String(text.to_owned())))
            }
        }
    }

    /// Adds a fault of the field `name`, repeating what was sent for it.
    pub fn fault(&mut self, kind: &'static str, name: &str, msg: impl Into<String>) -> &mut Fault {
        let sent = self.get(name).unwrap_or_default();
        let fault = Fault::new(kind, Path::Key(&self.at, name).to_loc(), msg).input(&sent);
        self.faults.push(fault);
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    /// Adds a `value_error` of the field `name`.
    pub fn value_error(&mut self, name: &str, reason: &str) {
        self.fault("value_error", name, format!("Value error, {reason}")).ctx =
            Some(json!({ "error": reason }));
    }

    /// Adds a `value_error` of the object as a whole, for a rule over several fields. Such a rule is
    /// worth asking only while [`Fields::is_sound`].
    pub fn value_error_of_all(&mut self, reason: &str) {
        let fault = Fault::value_error(self.at.to_loc(), reason).input(&self.sent());
        self.faults.push(fault);
    }

    /// Adds a fault of the object itself (`kind`, sentence), for example a missing tag.
    pub fn fault_of_all(&mut self, kind: &'static str, msg: impl Into<String>, ctx: Option<Value>) {
        let mut fault = Fault::new(kind, self.at.to_loc(), msg).input(&self.sent());
        fault.ctx = ctx;
        self.faults.push(fault);
    }

    /// Refuses every key of the object that is not listed: `extra_forbidden`.
    pub fn deny_unknown(&mut self, known: &[&str]) {
        let Source::Object(object) = self.source else {
            return;
        };
        for (key, value) in object {
            if !known.contains(&key.as_str()) {
                let loc = Path::Key(&self.at, key).to_loc();
                self.faults
                    .push(Fault::new("extra_forbidden", loc, "Extra inputs are not permitted").input(value));
            }
        }
    }

    /// Whether no fault was found yet.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// All faults found, in the order they were found.
    pub fn finish(self) -> Result<(), Faults> {
        if self.faults.is_empty() { Ok(()) } else { Err(Faults(self.faults)) }
    }

    pub(super) fn extend(&mut self, faults: Vec<Fault>) {
        self.faults.extend(faults);
    }

    /// What a fault of the whole repeats: the object, or nothing for a query string.
    fn sent(&self) -> Cow<'static, Value> {
        match self.source {
            Source::Object(object) => Cow::Owned(Value::Object(object.clone())),
            Source::Empty | Source::Pairs(_) => Cow::Owned(Value::Null),
        }
    }
}

/// How a kind of value is read.
pub trait Kind {
    /// What comes out.
    type Value;

    /// The value, or `None` after having added at least one fault.
    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<Self::Value>;

    /// What `required` and `default` go on with after a fault. It is never used for anything.
    fn placeholder(&mut self) -> Self::Value;
}

type Check<'f, T> = Box<dyn FnOnce(&T) -> Result<(), String> + 'f>;

/// A field about to be read.
#[must_use = "a field is read by required(), optional(), default() or patch()"]
pub struct Field<'f, 'a, K: Kind> {
    fields: &'f mut Fields<'a>,
    name: &'f str,
    alias: Option<&'f str>,
    kind: K,
    check: Option<Check<'f, K::Value>>,
}

enum Found<T> {
    Absent,
    Null,
    Value(T),
    Refused,
}

impl<'f, K: Kind> Field<'f, '_, K> {
    /// Another name the field may be sent by; the first one wins.
    pub fn alias(mut self, name: &'f str) -> Self {
        self.alias = Some(name);
        self
    }

    /// A rule of the value beyond its shape; its message becomes "Value error, …".
    pub fn check(mut self, rule: impl FnOnce(&K::Value) -> Result<(), String> + 'f) -> Self {
        self.check = Some(Box::new(rule));
        self
    }

    /// The value; a placeholder after a fault.
    pub fn required(mut self) -> K::Value {
        match self.find(false) {
            Found::Value(value) => return value,
            Found::Absent => {
                let fault =
                    Fault::missing(Path::Key(&self.fields.at, self.name).to_loc()).input(&self.fields.sent());
                self.fields.faults.push(fault);
            }
            Found::Null | Found::Refused => {}
        }
        self.kind.placeholder()
    }

    /// The value, or `None` when absent or null.
    pub fn optional(mut self) -> Option<K::Value> {
        match self.find(true) {
            Found::Value(value) => Some(value),
            Found::Absent | Found::Null | Found::Refused => None,
        }
    }

    /// The value, or the one given when absent.
    pub fn default(mut self, value: K::Value) -> K::Value {
        match self.find(false) {
            Found::Value(value) => value,
            Found::Absent | Found::Null | Found::Refused => value,
        }
    }

    /// The value of a partial update, absent and null kept apart.
    pub fn patch(mut self) -> Patch<K::Value> {
        match self.find(true) {
            Found::Value(value) => Patch::Set(value),
            Found::Null => Patch::Null,
            Found::Absent | Found::Refused => Patch::Absent,
        }
    }

    fn find(&mut self, null_allowed: bool) -> Found<K::Value> {
        let sent = self.fields.get(self.name).map(|sent| (self.name, sent));
        let sent = sent.or_else(|| {
            let alias = self.alias?;
            self.fields.get(alias).map(|sent| (alias, sent))
        });
        let Some((name, sent)) = sent else {
            return Found::Absent;
        };
        if sent.is_null() && null_allowed {
            return Found::Null;
        }
        let at = Path::Key(&self.fields.at, name);
        let Some(value) = self.kind.read(&sent, &at, &mut self.fields.faults) else {
            return Found::Refused;
        };
        if let Some(check) = self.check.take()
            && let Err(reason) = check(&value)
        {
            let fault = Fault::value_error(at.to_loc(), reason).input(&sent);
            self.fields.faults.push(fault);
            return Found::Refused;
        }
        Found::Value(value)
    }
}

#[cfg(test)]
mod tests;
