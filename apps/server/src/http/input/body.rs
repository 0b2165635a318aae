//! The body of a request as JSON.

use std::fs::File;
use std::future::{Ready, ready};
use std::io::{BufReader, Read as _, Seek as _};

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::fault::{Fault, Faults, Loc};
use super::fields::{Fields, Path};

/// The whole body of a request, kept with the request by the middleware that read it.
#[derive(Debug, Clone)]
pub struct BufferedBody(pub Bytes);

/// The body of a request that should be JSON.
///
/// As an extractor it fails only on text that is announced (or, without a content type, taken) as
/// JSON and is none: 422 `json_invalid`. What the text says is looked at by [`JsonBody::fields`].
#[derive(Debug, Clone, PartialEq)]
pub enum JsonBody {
    /// Nothing was sent.
    Absent,
    /// JSON; of a repeated key the last value.
    Json(Value),
    /// Something of another content type.
    Text(Bytes),
}

impl FromRequest for JsonBody {
    type Error = Faults;
    type Future = Ready<Result<Self, Faults>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let body = match request.extensions().get::<BufferedBody>() {
            Some(BufferedBody(body)) => body.clone(),
            None => return ready(Ok(Self::Absent)),
        };
        let content_type =
            request.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("unreadable"));
        ready(Self::parse(body, content_type))
    }
}

impl JsonBody {
    /// Reads a body of the content type given; without one it is taken for JSON.
    ///
    /// # Errors
    /// A fault `json_invalid` at the character where the text stops being JSON. That includes lone
    /// surrogates, numbers too large for a 64-bit float and nesting deeper than 128.
    pub fn parse(body: Bytes, content_type: Option<&str>) -> Result<Self, Faults> {
        if body.is_empty() {
            return Ok(Self::Absent);
        }
        if !content_type.is_none_or(is_json) {
            return Ok(Self::Text(body));
        }
        serde_json::from_slice(&body).map(Self::Json).map_err(|error| {
            let position = position(body.iter().copied().map(Ok), &error).unwrap_or_default();
            not_json(position, &error).into()
        })
    }

    /// Reads a body that was kept in a file, as [`JsonBody::parse`] does.
    ///
    /// # Errors
    /// As [`JsonBody::parse`]; the outer error is that the file cannot be read.
    pub fn read(mut file: File, content_type: Option<&str>) -> std::io::Result<Result<Self, Faults>> {
        if file.metadata()?.len() == 0 {
            return Ok(Ok(Self::Absent));
        }
        if !content_type.is_none_or(is_json) {
            return Ok(Ok(Self::Text(Bytes::new())));
        }
        match serde_json::from_reader(BufReader::new(&file)) {
            Ok(value) => Ok(Ok(Self::Json(value))),
            Err(error) if error.is_io() => Err(error.into()),
            Err(error) => {
                file.rewind()?;
                let position = position(BufReader::new(file).bytes(), &error)?;
                Ok(Err(not_json(position, &error).into()))
            }
        }
    }

    /// The fields of a body that must be an object.
    ///
    /// # Errors
    /// `missing` when there is no body, `model_attributes_type` when it is no object. A NUL
    /// character in any text becomes a fault of the fields.
    pub fn fields(&self) -> Result<Fields<'_>, Faults> {
        self.fields_around(|_| false)
    }

    /// As [`JsonBody::fields`], around data that are judged later: NUL characters are let pass at
    /// the places for which `is_data` says so. A place begins with `body`.
    ///
    /// # Errors
    /// As [`JsonBody::fields`].
    pub fn fields_around(&self, is_data: impl Fn(&[Loc]) -> bool) -> Result<Fields<'_>, Faults> {
        let object = self.as_object("model_attributes_type", NOT_FIELDS)?;
        let mut faults = Vec::new();
        for (key, value) in object {
            find_nul_entry(key, value, &Path::Root("body"), &mut faults);
        }
        faults.retain(|fault| !is_data(&fault.loc));
        let mut fields = Fields::of_object(object, Path::Root("body"));
        fields.extend(faults);
        Ok(fields)
    }

    /// The fields of a body that may be left out; then every field is absent.
    ///
    /// # Errors
    /// As [`JsonBody::fields`], but not for an absent body.
    pub fn optional_fields(&self) -> Result<Fields<'_>, Faults> {
        match self {
            Self::Absent | Self::Json(Value::Null) => Ok(Fields::empty("body")),
            _ => self.fields(),
        }
    }

    /// The object itself, for bodies whose keys are the caller's own. NUL characters are not
    /// looked for: see [`JsonBody::reject_nul`].
    ///
    /// # Errors
    /// `missing` when there is no body, `dict_type` when it is no object.
    pub fn object(&self) -> Result<&Map<String, Value>, Faults> {
        self.as_object("dict_type", "Input should be a valid dictionary")
    }

    /// The JSON value, when the body is JSON.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Json(value) => Some(value),
            _ => None,
        }
    }

    /// Refuses NUL characters in any text or key: PostgreSQL cannot store them.
    ///
    /// # Errors
    /// A `value_error` for each place.
    pub fn reject_nul(&self) -> Result<(), Faults> {
        let mut faults = Vec::new();
        if let Self::Json(value) = self {
            find_nul(value, &Path::Root("body"), &mut faults);
        }
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }

    fn as_object(&self, kind: &'static str, msg: &'static str) -> Result<&Map<String, Value>, Faults> {
        let here = || vec![Loc::from("body")];
        match self {
            Self::Json(Value::Object(object)) => Ok(object),
            Self::Absent | Self::Json(Value::Null) => Err(Fault::missing(here()).input(&Value::Null).into()),
            Self::Json(other) => Err(Fault::new(kind, here(), msg).input(other).into()),
            // The text may hold anything, so none of it is repeated.
            Self::Text(_) => Err(Fault::new(kind, here(), msg).into()),
        }
    }
}

const NOT_FIELDS: &str = "Input should be a valid dictionary or object to extract fields from";

/// Whether a content type announces JSON: `application/json` or `application/…+json`.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let Some((kind, subtype)) = essence.split_once('/') else {
        return false;
    };
    let subtype = subtype.to_ascii_lowercase();
    kind.eq_ignore_ascii_case("application") && (subtype == "json" || subtype.ends_with("+json"))
}

/// The character (from 0) where a text shows that it is no JSON.
fn position(
    text: impl Iterator<Item = std::io::Result<u8>>,
    error: &serde_json::Error,
) -> std::io::Result<usize> {
    let (mut line, mut column, mut characters) = (1, 0, 0);
    for byte in text {
        let byte = byte?;
        if line >= error.line() && column + 1 >= error.column() {
            break;
        }
        // Bytes that go on with a character begin none.
        characters += usize::from(byte & 0xC0 != 0x80);
        column += 1;
        if byte == b'\n' {
            (line, column) = (line + 1, 0);
        }
    }
    Ok(characters)
}

/// The fault of a text that is no JSON, at the character where that shows.
fn not_json(position: usize, error: &serde_json::Error) -> Fault {
    let whole = error.to_string();
    let reason = whole.rsplit_once(" at line ").map_or(whole.as_str(), |(reason, _)| reason);
    Fault::new("json_invalid", vec!["body".into(), position.into()], "JSON decode error")
        .input(&json!({}))
        .ctx(json!({ "error": reason }))
}

fn find_nul(value: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) {
    match value {
        Value::String(text) if text.contains('\0') => {
            faults.push(Fault::value_error(at.to_loc(), NUL));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_nul(item, &Path::Item(at, index), faults);
            }
        }
        Value::Object(object) => {
            for (key, value) in object {
                find_nul_entry(key, value, at, faults);
            }
        }
        _ => {}
    }
}

fn find_nul_entry(key: &str, value: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) {
    if key.contains('\0') {
        faults.push(Fault::value_error(at.to_loc(), NUL_KEY));
    } else {
        find_nul(value, &Path::Key(at, key), faults);
    }
}

/// Why a text with a NUL character is refused.
pub(super) const NUL: &str = "Text must not contain NUL characters";
const NUL_KEY: &str = "Keys must not contain NUL characters";

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
