//! Accounts (tenants), their codes and slugs.

use std::fmt;

use chrono::{DateTime, Utc};
use unicode_normalization::UnicodeNormalization;

use crate::AccountId;

/// Longest slug, in characters.
pub const MAX_SLUG: usize = 32;
/// Shortest slug, in characters.
pub const MIN_SLUG: usize = 3;

/// An account: one tenant with its users and records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub code: AccountCode,
    pub slug: String,
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A short name for people: two letters and four digits, e.g. `AB1234`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountCode {
    letters: [u8; 2],
    number: u16,
}

/// After `ZZ9999` there is no further code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("all account codes are taken")]
pub struct CodesExhausted;

impl AccountCode {
    /// The system account's code.
    pub const SYSTEM: Self = Self { letters: *b"SY", number: 0 };
    /// The first code given to an account.
    pub const FIRST: Self = Self { letters: *b"AA", number: 1 };

    /// Reads `^[A-Z]{2}\d{4}$`; the case of the letters does not matter.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; 6] = text.as_bytes().try_into().ok()?;
        let letters = [bytes[0].to_ascii_uppercase(), bytes[1].to_ascii_uppercase()];
        if !letters.iter().all(u8::is_ascii_uppercase) || !bytes[2..].iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = bytes[2..].iter().fold(0, |n, d| n * 10 + u16::from(d - b'0'));
        Some(Self { letters, number })
    }

    /// The code after this one. The block `SY` is the system's and is skipped.
    pub fn next(self) -> Result<Self, CodesExhausted> {
        let Self { letters: [a, b], number } = self;
        let next = match (a, b, number) {
            (_, _, n) if n < 9999 => Self { letters: [a, b], number: n + 1 },
            (b'Z', b'Z', _) => return Err(CodesExhausted),
            (_, b'Z', _) => Self { letters: [a + 1, b'A'], number: 0 },
            _ => Self { letters: [a, b + 1], number: 0 },
        };
        if next.letters == *b"SY" {
            return Ok(Self { letters: *b"SZ", number: 0 });
        }
        Ok(next)
    }
}

impl fmt::Display for AccountCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{:04}", self.letters[0] as char, self.letters[1] as char, self.number)
    }
}

impl fmt::Debug for AccountCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountCode({self})")
    }
}

/// The base of the slug of an account that a superadmin makes: the name in
/// lower case, every run of other characters than `[a-z0-9-]` a hyphen. Empty
/// when the name has no usable character, in which case the caller appends
/// something random.
pub fn slug_from_name(name: &str) -> String {
    let mut slug = String::new();
    for c in name.trim().to_lowercase().chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        return String::new();
    }
    let slug = if slug.len() < MIN_SLUG { format!("account-{slug}") } else { slug.to_owned() };
    slug[..slug.len().min(MAX_SLUG)].trim_end_matches('-').to_owned()
}

/// The slug of an account that somebody registers under a name: decomposed
/// (Unicode NFKD), without what is not ASCII, in lower case, every run of other
/// characters a hyphen, without leading digits and hyphens. `None` when fewer
/// than three characters are left.
pub fn signup_slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.nfkd().filter(char::is_ascii) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit());
    let slug = slug[..slug.len().min(MAX_SLUG)].trim_end_matches('-');
    (slug.len() >= MIN_SLUG).then(|| slug.to_owned())
}

/// What is wrong with a slug, in lower case, that somebody registers with: a
/// message and its code.
pub fn slug_faults(slug: &str) -> Option<(&'static str, &'static str)> {
    if !slug.starts_with(char::is_alphabetic) {
        return Some(("Slug must start with a letter", "slug_invalid_start"));
    }
    let fits = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (!fits)
        .then_some(("Slug must contain only lowercase letters, numbers, and hyphens", "slug_invalid_chars"))
}

/// `base` with `-<n>` appended, shortened so that both fit a slug.
pub fn slug_with_suffix(base: &str, n: u32) -> String {
    let suffix = format!("-{n}");
    let room = MAX_SLUG - suffix.len();
    let base = base[..base.len().min(room)].trim_end_matches('-');
    format!("{base}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_each_other_and_skip_the_systems_block() {
        let next = |code: &str| AccountCode::parse(code).unwrap().next().map(|c| c.to_string());
        assert_eq!(next("AA0001").unwrap(), "AA0002");
        assert_eq!(next("AA9999").unwrap(), "AB0000");
        assert_eq!(next("AZ9999").unwrap(), "BA0000");
        assert_eq!(next("SX9999").unwrap(), "SZ0000");
        assert_eq!(next("ZZ9999"), Err(CodesExhausted));
    }

    #[test]
    fn codes_are_read_without_regard_to_case() {
        assert_eq!(AccountCode::parse("sy0000"), Some(AccountCode::SYSTEM));
        for bad in ["", "AB123", "AB12345", "A11234", "äB1234", "AB12３4"] {
            assert_eq!(AccountCode::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn slugs_are_made_from_names() {
        assert_eq!(slug_from_name("9 Lives"), "9-lives");
        assert_eq!(slug_from_name("  A & B  "), "a-b");
        assert_eq!(slug_from_name("é"), "");
        assert_eq!(slug_from_name("x"), "account-x");
        assert_eq!(slug_from_name(&"ab ".repeat(20)).len(), 32);
        assert_eq!(slug_with_suffix(&"a".repeat(32), 12), format!("{}-12", "a".repeat(29)));
    }

    #[test]
    fn slugs_of_registered_names_lose_accents_and_leading_digits() {
        for (name, slug) in [
            ("  Ünïcode & Cö. 42  x", Some("unicode-co-42-x")),
            ("123 Numbers First", Some("numbers-first")),
            ("日本", None),
            ("a b", Some("a-b")),
            ("ab", None),
        ] {
            assert_eq!(signup_slug(name).as_deref(), slug, "{name}");
        }
        assert_eq!(slug_faults("a-1"), None);
        assert_eq!(slug_faults("1a").map(|f| f.1), Some("slug_invalid_start"));
        assert_eq!(slug_faults("äb").map(|f| f.1), Some("slug_invalid_chars"));
    }
}
