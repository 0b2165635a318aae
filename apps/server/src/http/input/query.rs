//! Query strings, form bodies and path parameters.

use std::borrow::Cow;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde_json::Value;
use url::form_urlencoded;

use super::body::{BufferedBody, NUL};
use super::fault::{Fault, Faults, Loc};
use super::fields::{Fields, Path};

/// The query string: percent-decoded pairs in the order sent, `+` being a blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads the text after the question mark. Bytes that are no UTF-8 become U+FFFD.
    pub fn parse(text: &str) -> Self {
        Self { pairs: decode(text.as_bytes()) }
    }

    /// The parameters by name; of a repeated one the last value. NUL characters are faults.
    pub fn fields(&self) -> Fields<'_> {
        fields_of(&self.pairs, "query")
    }

    /// All pairs, for handlers whose parameters are not known beforehand.
    ///
    /// # Errors
    /// A `value_error` for each NUL character.
    pub fn pairs(&self) -> Result<&[(String, String)], Faults> {
        self.fields().finish().map(|()| self.pairs.as_slice())
    }

    /// The last value of a parameter, unchecked.
    pub fn get(&self, name: &str) -> Option<&str> {
        last(&self.pairs, name)
    }
}

impl FromRequest for Query {
    type Error = Faults;
    type Future = Ready<Result<Self, Faults>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::parse(request.query_string())))
    }
}

/// A body of the type `application/x-www-form-urlencoded`; any other body reads as an empty form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pairs: Vec<(String, String)>,
}

impl Form {
    /// The form's fields by name; of a repeated one the last value. NUL characters are faults.
    pub fn fields(&self) -> Fields<'_> {
        fields_of(&self.pairs, "body")
    }
}

impl FromRequest for Form {
    type Error = Faults;
    type Future = Ready<Result<Self, Faults>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let is_form = request.content_type() == "application/x-www-form-urlencoded";
        let pairs = match request.extensions().get::<BufferedBody>() {
            Some(BufferedBody(body)) if is_form => decode(body),
            _ => Vec::new(),
        };
        ready(Ok(Self { pairs }))
    }
}

/// A path parameter that is a 64-bit integer.
///
/// # Errors
/// `int_parsing` for another text, `int_parsing_size` for a number beyond 64 bits.
pub fn path_int(name: &'static str, text: &str) -> Result<i64, Faults> {
    super::fields::parse_integer(text).map_err(|refusal| {
        refusal.at(vec!["path".into(), name.into()]).input(&Value::String(text.to_owned())).into()
    })
}

/// The last value of a name.
pub(super) fn last<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn decode(text: &[u8]) -> Vec<(String, String)> {
    if text.is_empty() {
        return Vec::new();
    }
    form_urlencoded::parse(text).map(|(key, value)| (Cow::into_owned(key), Cow::into_owned(value))).collect()
}

fn fields_of<'a>(pairs: &'a [(String, String)], part: &'static str) -> Fields<'a> {
    let mut fields = Fields::of_pairs(pairs, Path::Root(part));
    let faults = pairs
        .iter()
        .filter(|(key, value)| key.contains('\0') || value.contains('\0'))
        .map(|(key, _)| {
            let loc = vec![Loc::from(part), Loc::from(key.replace('\0', ""))];
            Fault::value_error(loc, NUL)
        })
        .collect();
    fields.extend(faults);
    fields
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
