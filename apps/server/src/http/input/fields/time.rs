//! Points of time in requests.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Value, json};

use super::kinds::{Refusal, settle};
use super::{Kind, Path};
use crate::http::input::fault::Fault;

/// A point of time; see [`super::Fields::time`].
///
/// Taken are RFC 3339 with `T` or a blank, the same without seconds or zone (then UTC), a date alone
/// (its midnight in UTC), and Unix seconds as a number.
#[derive(Debug)]
pub struct Time;

impl Kind for Time {
    type Value = DateTime<Utc>;

    fn read(&mut self, sent: &Value, at: &Path<'_>, faults: &mut Vec<Fault>) -> Option<DateTime<Utc>> {
        settle(take(sent), sent, at, faults)
    }

    fn placeholder(&mut self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }
}

/// Reads a time as [`Time`] does; `None` for another text.
pub fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    parse(text.trim()).ok()
}

fn take(sent: &Value) -> Result<DateTime<Utc>, Refusal> {
    match sent {
        Value::String(text) => parse(text.trim()),
        Value::Number(number) => number
            .as_i64()
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
            .ok_or_else(|| refused("datetime_parsing", "datetime", "not a time in seconds")),
        _ => {
            let msg = "Input should be a valid datetime";
            Err(Refusal::new("datetime_type", msg))
        }
    }
}

fn parse(text: &str) -> Result<DateTime<Utc>, Refusal> {
    // Ten characters are a date.
    if text.len() <= 10 {
        return NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .and_then(|date| date.and_hms_opt(0, 0, 0))
            .map(|midnight| midnight.and_utc())
            .ok_or_else(|| {
                let reason = if text.len() < 10 { "input is too short" } else { "not a date" };
                refused("datetime_from_date_parsing", "datetime or date", reason)
            });
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    for format in ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z"] {
        if let Ok(time) = DateTime::parse_from_str(text, format) {
            return Ok(time.to_utc());
        }
    }
    let local = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(local, format) {
            return Ok(time.and_utc());
        }
    }
    Err(refused("datetime_parsing", "datetime", "not a time in ISO 8601"))
}

fn refused(kind: &'static str, what: &str, reason: &str) -> Refusal {
    Refusal::new(kind, format!("Input should be a valid {what}, {reason}")).ctx(json!({ "error": reason }))
}
