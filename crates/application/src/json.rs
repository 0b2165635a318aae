//! Writes JSON text without building a tree: rows become replies directly.

use std::io::Write;

/// Writes a string with quotes and escapes.
pub fn string(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(&mut *out, text).expect("writing to memory cannot fail");
}

/// Writes a number; whole ones without a fraction.
pub fn number(out: &mut Vec<u8>, n: f64) {
    if n.fract() == 0.0 && n.abs() < 1e15 {
        write!(out, "{}", n as i64).expect("writing to memory cannot fail");
    } else {
        serde_json::to_writer(&mut *out, &n).expect("writing to memory cannot fail");
    }
}

/// Writes `true` or `false`.
pub fn boolean(out: &mut Vec<u8>, b: bool) {
    out.extend_from_slice(if b { b"true" } else { b"false" });
}

/// Writes `null`.
pub fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// Writes a moment, in microseconds since the Unix epoch, as an RFC 3339 string
/// in UTC with microseconds.
pub fn instant(out: &mut Vec<u8>, micros: i64) {
    const DAY: i64 = 86_400_000_000;
    let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (year, month, day) = civil_from_days(days);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let mut text = *b"\"0000-00-00T00:00:00.000000Z\"";
    digits(&mut text[1..5], year);
    digits(&mut text[6..8], month);
    digits(&mut text[9..11], day);
    digits(&mut text[12..14], seconds / 3600);
    digits(&mut text[15..17], seconds / 60 % 60);
    digits(&mut text[18..20], seconds % 60);
    digits(&mut text[21..27], fraction);
    out.extend_from_slice(&text);
}

/// The same text without quotes.
pub fn instant_text(micros: i64) -> String {
    let mut text = Vec::new();
    instant(&mut text, micros);
    String::from_utf8_lossy(&text).trim_matches('"').to_owned()
}

fn digits(to: &mut [u8], mut n: i64) {
    for place in to.iter_mut().rev() {
        *place = b'0' + (n % 10) as u8;
        n /= 10;
    }
}

/// The civil date of a day counted from 1970-01-01 in the proleptic Gregorian
/// calendar, by counting eras of 400 years that begin on 1 March.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    const DAYS_TO_1970_03_01_OF_YEAR_0: i64 = 719_468;
    let z = days + DAYS_TO_1970_03_01_OF_YEAR_0;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, SecondsFormat, Utc};

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_short() {
        for (n, text) in [
            (5.0, "5"),
            (-0.5, "-0.5"),
            (1e300, "1e+300"),
            (0.1, "0.1"),
            (9007199254740991.0, "9007199254740991.0"),
        ] {
            assert_eq!(written(|out| number(out, n)), text);
        }
    }

    #[test]
    fn instants_agree_with_chrono() {
        for micros in [
            0,
            -1,
            1_763_890_865_830_840,
            951_782_400_000_000,
            -62_135_596_800_000_000,
            253_402_300_799_999_999,
        ] {
            let expected = DateTime::<Utc>::from_timestamp_micros(micros).unwrap();
            let expected = format!("\"{}\"", expected.to_rfc3339_opts(SecondsFormat::Micros, true));
            assert_eq!(written(|out| instant(out, micros)), expected);
        }
    }
}
