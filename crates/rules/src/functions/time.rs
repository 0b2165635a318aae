//! Times: microseconds since 1970-01-01T00:00:00Z, years 1 to 9999.

use chrono::{DateTime, Datelike, Months, NaiveDate, Timelike};

use crate::signature::Unit;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// No amount beyond this keeps an instant in the years 1 to 9999, whatever the unit.
const MAX_AMOUNT: f64 = 1e12;

fn microseconds(unit: Unit) -> i64 {
    match unit {
        Unit::Days => DAY,
        Unit::Hours => HOUR,
        Unit::Minutes => MINUTE,
        Unit::Months => 30 * DAY,
        Unit::Seconds => SECOND,
        Unit::Years => 365 * DAY,
    }
}

/// From `from` to `to` in units, fractional; a month counts 30 days, a year 365.
pub fn date_diff(to: i64, from: i64, unit: Unit) -> f64 {
    (to - from) as f64 / microseconds(unit) as f64
}

/// Moves an instant by `amount` units, in UTC. Months and years are calendar
/// ones: the amount is truncated and the day clamped to the length of the month.
/// None outside the years 1 to 9999.
pub fn date_add(micros: i64, amount: f64, unit: Unit) -> Option<i64> {
    if amount.abs() > MAX_AMOUNT {
        return None;
    }
    let moved = match unit {
        Unit::Months => add_months(micros, amount.trunc() as i64)?,
        Unit::Years => add_months(micros, amount.trunc() as i64 * 12)?,
        Unit::Days | Unit::Hours | Unit::Minutes | Unit::Seconds => {
            let distance = amount * microseconds(unit) as f64;
            // Beyond the calendar, and beyond 64 bits before long.
            if distance.abs() > 1e18 {
                return None;
            }
            micros.checked_add(distance.trunc() as i64)?
        }
    };
    in_range(moved)
}

fn add_months(micros: i64, months: i64) -> Option<i64> {
    let time = DateTime::from_timestamp_micros(micros)?;
    let months = i32::try_from(months).ok()?;
    let distance = Months::new(months.unsigned_abs());
    let moved =
        if months < 0 { time.checked_sub_months(distance)? } else { time.checked_add_months(distance)? };
    Some(moved.timestamp_micros())
}

fn in_range(micros: i64) -> Option<i64> {
    let year = DateTime::from_timestamp_micros(micros)?.year();
    (1..=9999).contains(&year).then_some(micros)
}

/// `2024-01-12T00:00:00+00:00`, with six digits of fraction when it is not zero.
/// Empty for an instant outside the calendar, which no function here makes.
pub fn instant_text(micros: i64) -> String {
    let Some(time) = DateTime::from_timestamp_micros(micros) else {
        return String::new();
    };
    let seconds = time.format("%Y-%m-%dT%H:%M:%S");
    match time.nanosecond() / 1000 {
        0 => format!("{seconds}+00:00"),
        fraction => format!("{seconds}.{fraction:06}+00:00"),
    }
}

/// Reads `YYYY-MM-DD`, a real day of the years 1 to 9999, as its first instant in UTC.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut reader = Reader(text.as_bytes());
    let date = reader.date()?;
    reader.0.is_empty().then_some(date)
}

/// Reads `YYYY-MM-DD` with an optional time of day after `T` or a blank:
/// `HH:MM[:SS[.f]]` (1 to 9 digits, cut to microseconds) and an optional offset
/// `Z`, `z`, `±HH`, `±HHMM` or `±HH:MM`. Without offset it is UTC, without time
/// midnight. The day must be real, the instant in the years 1 to 9999; there are
/// no leap seconds.
pub fn parse_instant(text: &str) -> Option<i64> {
    let mut reader = Reader(text.as_bytes());
    let mut micros = reader.date()?;
    if reader.take(b"T") || reader.take(b" ") {
        micros += reader.time_of_day()?;
        micros -= reader.offset()?;
    }
    if !reader.0.is_empty() {
        return None;
    }
    in_range(micros)
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, token: &[u8]) -> bool {
        match self.0.strip_prefix(token) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn number(&mut self, digits: usize, most: i64) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        let mut value = 0;
        for byte in head {
            value = value * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
        }
        self.0 = rest;
        (value <= most).then_some(value)
    }

    fn date(&mut self) -> Option<i64> {
        let year = self.number(4, 9999)?;
        let month = self.take(b"-").then(|| self.number(2, 12))??;
        let day = self.take(b"-").then(|| self.number(2, 31))??;
        let (year, month, day) = (year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
        let date = NaiveDate::from_ymd_opt(year, month, day).filter(|_| year > 0)?;
        Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())
    }

    fn time_of_day(&mut self) -> Option<i64> {
        let hour = self.number(2, 23)?;
        let minute = self.take(b":").then(|| self.number(2, 59))??;
        let mut micros = hour * HOUR + minute * MINUTE;
        if self.take(b":") {
            micros += self.number(2, 59)? * SECOND;
            if self.take(b".") {
                micros += self.fraction()?;
            }
        }
        Some(micros)
    }

    /// Digits after the point, in microseconds.
    fn fraction(&mut self) -> Option<i64> {
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        if !(1..=9).contains(&count) {
            return None;
        }
        let value = self.number(count, i64::MAX)?;
        let scale = 10_i64.pow(u32::try_from(count).ok()?);
        Some(value * SECOND / scale)
    }

    fn offset(&mut self) -> Option<i64> {
        let sign = match self.0.first() {
            None => return Some(0),
            Some(b'Z' | b'z') => {
                self.0 = &self.0[1..];
                return Some(0);
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return None,
        };
        self.0 = &self.0[1..];
        let hours = self.number(2, 23)?;
        let minutes = if self.take(b":") || !self.0.is_empty() { self.number(2, 59)? } else { 0 };
        Some(sign * (hours * HOUR + minutes * MINUTE))
    }
}
