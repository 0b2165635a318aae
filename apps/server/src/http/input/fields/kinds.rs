//! Single values: texts, numbers, booleans, words.

use serde_json::{Value, json};

use super::email::EmailAddress;
use super::{Field, Kind, Path};
use crate::http::input::fault::{Fault, Loc};

/// A refusal whose place is still to be named.
#[derive(Debug)]
pub(in crate::http::input) struct Refusal {
    kind: &'static str,
    msg: String,
    ctx: Option<Value>,
}

impl Refusal {
    pub(super) fn new(kind: &'static str, msg: impl Into<String>) -> Self {
        Self { kind, msg: msg.into(), ctx: None }
    }

    pub(super) fn ctx(mut self, ctx: Value) -> Self {
        self.ctx = Some(ctx);
        self
    }

    pub(in crate::http::input) fn at(self, loc: Vec<Loc>) -> Fault {
        let mut fault = Fault::new(self.kind, loc, self.msg);
        fault.ctx = self.ctx;
        fault
    }
}

/// Records a refusal at its place.
pub(super) fn settle<T>(
    read: Result<T, Refusal>,
    sent: &Value,
    at: &Path<'_>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(refusal) => {
            faults.push(refusal.at(at.to_loc()).input(sent));
            None
        }
    }
}

/// "1 character", "2 characters".
fn characters(n: usize) -> String {
    format!("{n} character{}", if n == 1 { "" } else { "s" })
}

/// `'a'`, `'a' or 'b'`, `'a', 'b' or 'c'`.
fn alternatives<'w>(words: impl ExactSizeIterator<Item = &'w str>) -> String {
    let last = words.len().saturating_sub(1);
    let mut text = String::new();
    for (index, word) in words.enumerate() {
        if index > 0 {
            text.push_str(if index == last { " or " } else { ", " });
        }
        text.push('\'');
        text.push_str(word);
        text.push('\'');
    }
    text
}

fn unknown_word<'w>(kind: &'static str, words: impl ExactSizeIterator<Item = &'w str>) -> Refusal {
    let expected = alternatives(words);
    Refusal::new(kind, format!("Input should be {expected}")).ctx(json!({ "expected": expected }))
}

/// A pattern as clients read it, and the test that decides it.
type Pattern = (&'static str, fn(&str) -> bool);

/// A text; see [`super::Fields::string`].
#[derive(Debug, Default)]
pub struct Text {
    min: Option<usize>,
    max: Option<usize>,
    pattern: Option<Pattern>,
}

impl Text {
    pub(super) fn take(&self, sent: &Value) -> Result<String, Refusal> {
        let Value::String(text) = sent else {
            return Err(Refusal::new("string_type", "Input should be a valid string"));
        };
        if self.min.is_some() || self.max.is_some() {
            let length = text.chars().count();
            if let Some(max) = self.max.filter(|max| length > *max) {
                let msg = format!("String should have at most {}", characters(max));
                return Err(Refusal::new("string_too_long", msg).ctx(json!({ "max_length": max })));
            }
            if let Some(min) = self.min.filter(|min| length < *min) {
                let msg = format!("String should have at least {}", characters(min));
                return Err(Refusal::new("string_too_short", msg).ctx(json!({ "min_length": min })));
            }
        }
        if let Some((pattern, _)) = self.pattern.filter(|(_, matches)| !matches(text)) {
            let msg = format!("String should match pattern '{pattern}'");
            return Err(Refusal::new("string_pattern_mismatch", msg).ctx(json!({ "pattern": pattern })));
        }
        Ok(text.clone())
    }
}

impl Kind for Text {
    type Value = String;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<String> {
        settle(self.take(sent), sent, at, faults)
    }

    fn placeholder(&mut self) -> String {
        String::new()
    }
}

impl Field<'_, '_, Text> {
    /// The least and the greatest number of characters (code points).
    pub fn len(self, min: usize, max: usize) -> Self {
        self.min_len(min).max_len(max)
    }

    /// The least number of characters.
    pub fn min_len(mut self, min: usize) -> Self {
        self.kind.min = Some(min);
        self
    }

    /// The greatest number of characters.
    pub fn max_len(mut self, max: usize) -> Self {
        self.kind.max = Some(max);
        self
    }

    /// A pattern as clients read it, and the test that decides it.
    pub fn pattern(mut self, pattern: &'static str, matches: fn(&str) -> bool) -> Self {
        self.kind.pattern = Some((pattern, matches));
        self
    }
}

/// An e-mail address; see [`super::Fields::email`].
#[derive(Debug)]
pub struct Email;

impl Kind for Email {
    type Value = EmailAddress;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<EmailAddress> {
        let read = Text::default().take(sent).and_then(|text| {
            EmailAddress::parse(&text).map_err(|reason| {
                let msg = format!("value is not a valid email address: {reason}");
                Refusal::new("value_error", msg).ctx(json!({ "reason": reason }))
            })
        });
        settle(read, sent, at, faults)
    }

    fn placeholder(&mut self) -> EmailAddress {
        EmailAddress::placeholder()
    }
}

/// Reads an integer the way a lax JSON client writes one.
pub(in crate::http::input) fn parse_integer(text: &str) -> Result<i64, Refusal> {
    let refused = || {
        Refusal::new("int_parsing", "Input should be a valid integer, unable to parse string as an integer")
    };
    let trimmed = text.trim();
    // "5.0" is an integer, "5.5" is none.
    let whole = match trimmed.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return Err(refused()),
        None => trimmed,
    };
    let digits = whole.strip_prefix(['+', '-']).unwrap_or(whole);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refused());
    }
    whole.parse().map_err(|_| too_large())
}

fn too_large() -> Refusal {
    Refusal::new("int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size")
}

/// 2^63, the first float beyond the integers.
const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;

/// A 64-bit integer; see [`super::Fields::int`].
#[derive(Debug, Default)]
pub struct Integer {
    min: Option<i64>,
    max: Option<i64>,
}

impl Integer {
    fn take(&self, sent: &Value) -> Result<i64, Refusal> {
        let value = match sent {
            Value::String(text) => parse_integer(text)?,
            Value::Bool(truth) => i64::from(*truth),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(value), _) => value,
                (None, Some(float)) if float.abs() >= BEYOND_I64 => return Err(too_large()),
                #[expect(clippy::cast_possible_truncation, reason = "below 2^63, and whole")]
                (None, Some(float)) if float.fract() == 0.0 => float as i64,
                _ => {
                    let msg = "Input should be a valid integer, got a number with a fractional part";
                    return Err(Refusal::new("int_from_float", msg));
                }
            },
            _ => return Err(Refusal::new("int_type", "Input should be a valid integer")),
        };
        if let Some(max) = self.max.filter(|max| value > *max) {
            let msg = format!("Input should be less than or equal to {max}");
            return Err(Refusal::new("less_than_equal", msg).ctx(json!({ "le": max })));
        }
        if let Some(min) = self.min.filter(|min| value < *min) {
            let msg = format!("Input should be greater than or equal to {min}");
            return Err(Refusal::new("greater_than_equal", msg).ctx(json!({ "ge": min })));
        }
        Ok(value)
    }
}

impl Kind for Integer {
    type Value = i64;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<i64> {
        settle(self.take(sent), sent, at, faults)
    }

    fn placeholder(&mut self) -> i64 {
        self.min.unwrap_or_default()
    }
}

impl Field<'_, '_, Integer> {
    /// The least value.
    pub fn ge(mut self, min: i64) -> Self {
        self.kind.min = Some(min);
        self
    }

    /// The greatest value.
    pub fn le(mut self, max: i64) -> Self {
        self.kind.max = Some(max);
        self
    }
}

/// A number; see [`super::Fields::number`].
#[derive(Debug, Default)]
pub struct Number {
    min: Option<f64>,
    max: Option<f64>,
}

impl Number {
    fn take(&self, sent: &Value) -> Result<f64, Refusal> {
        let value = match sent {
            Value::Number(number) => number.as_f64(),
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            Value::String(text) => {
                let parsed = text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
                Some(parsed.ok_or_else(|| {
                    let msg = "Input should be a valid number, unable to parse string as a number";
                    Refusal::new("float_parsing", msg)
                })?)
            }
            _ => None,
        };
        let value = value.ok_or_else(|| Refusal::new("float_type", "Input should be a valid number"))?;
        if let Some(max) = self.max.filter(|max| value > *max) {
            let msg = format!("Input should be less than or equal to {max}");
            return Err(Refusal::new("less_than_equal", msg).ctx(json!({ "le": max })));
        }
        if let Some(min) = self.min.filter(|min| value < *min) {
            let msg = format!("Input should be greater than or equal to {min}");
            return Err(Refusal::new("greater_than_equal", msg).ctx(json!({ "ge": min })));
        }
        Ok(value)
    }
}

impl Kind for Number {
    type Value = f64;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<f64> {
        settle(self.take(sent), sent, at, faults)
    }

    fn placeholder(&mut self) -> f64 {
        self.min.unwrap_or_default()
    }
}

impl Field<'_, '_, Number> {
    /// The least value.
    pub fn ge(mut self, min: f64) -> Self {
        self.kind.min = Some(min);
        self
    }

    /// The greatest value.
    pub fn le(mut self, max: f64) -> Self {
        self.kind.max = Some(max);
        self
    }
}

/// A boolean; see [`super::Fields::boolean`].
#[derive(Debug)]
pub struct Boolean;

fn take_boolean(sent: &Value) -> Result<bool, Refusal> {
    let read = match sent {
        Value::Bool(truth) => return Ok(*truth),
        Value::Number(number) => match number.as_f64() {
            Some(0.0) => Some(false),
            Some(1.0) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
            "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
            _ => None,
        },
        _ => return Err(Refusal::new("bool_type", "Input should be a valid boolean")),
    };
    read.ok_or_else(|| {
        let msg = "Input should be a valid boolean, unable to interpret input";
        Refusal::new("bool_parsing", msg)
    })
}

impl Kind for Boolean {
    type Value = bool;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<bool> {
        settle(take_boolean(sent), sent, at, faults)
    }

    fn placeholder(&mut self) -> bool {
        false
    }
}

/// One of some words; see [`super::Fields::one_of`].
#[derive(Debug)]
pub struct OneOf<'w> {
    words: &'w [&'static str],
    kind: &'static str,
}

impl<'w> OneOf<'w> {
    pub(super) fn new(words: &'w [&'static str], kind: &'static str) -> Self {
        Self { words, kind }
    }
}

impl Kind for OneOf<'_> {
    type Value = &'static str;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<&'static str> {
        let word = sent.as_str().and_then(|text| self.words.iter().find(|word| **word == text));
        let read = word.copied().ok_or_else(|| unknown_word(self.kind, self.words.iter().copied()));
        settle(read, sent, at, faults)
    }

    fn placeholder(&mut self) -> &'static str {
        self.words.first().copied().unwrap_or_default()
    }
}

/// One of some words with what it stands for; see [`super::Fields::choice`].
#[derive(Debug)]
pub struct Choice<'c, T> {
    choices: &'c [(&'static str, T)],
}

impl<'c, T> Choice<'c, T> {
    pub(super) fn new(choices: &'c [(&'static str, T)]) -> Self {
        Self { choices }
    }
}

impl<T: Clone> Kind for Choice<'_, T> {
    type Value = T;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<T> {
        let chosen = sent.as_str().and_then(|text| self.choices.iter().find(|(word, _)| *word == text));
        let read = chosen
            .map(|(_, meaning)| meaning.clone())
            .ok_or_else(|| unknown_word("enum", self.choices.iter().map(|(word, _)| *word)));
        settle(read, sent, at, faults)
    }

    fn placeholder(&mut self) -> T {
        self.choices
            .first()
            .map(|(_, meaning)| meaning.clone())
            .expect("a choice is declared with at least one word")
    }
}

/// Any JSON value; see [`super::Fields::json`].
#[derive(Debug)]
pub struct Json;

impl Kind for Json {
    type Value = Value;

    fn read(&mut self, sent: &Value, _: &Path<'_>, _: &mut Vec<Fault>) -> Option<Value> {
        Some(sent.clone())
    }

    fn placeholder(&mut self) -> Value {
        Value::Null
    }
}
