//! Versions of records: what tells a client whether a record is still as he knows it.
//!
//! An entity tag (RFC 9110, section 8.8.3) is `"<version>-<digest>"`: the moment of the
//! record's last change in hexadecimal microseconds, which no two changes share, and half
//! of the SHA-256 of the reply. So it is a strong validator of what the caller sees, whatever
//! he sees of the record, and tells nothing beyond that. A precondition of a change is about
//! the version only: the same record looks different in different replies.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{AppError, Kind};

/// Which versions of a record a change is meant for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Precondition {
    /// Any.
    #[default]
    None,
    /// One of those: moments of the last change, in microseconds since the Unix epoch.
    LastChangedAt(Vec<i64>),
}

impl Precondition {
    /// Of entity tags. One that is weak or none of ours stands for no version.
    pub fn of_tags<'t>(tags: impl IntoIterator<Item = &'t str>) -> Self {
        let mut versions = Vec::new();
        for tag in tags {
            if tag == "*" {
                return Self::None;
            }
            let inner = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let version = inner.and_then(|inner| inner.split_once('-')).map(|(version, _)| version);
            versions.extend(version.and_then(|version| i64::from_str_radix(version, 16).ok()));
        }
        Self::LastChangedAt(versions)
    }
}

/// The entity tag of a reply that is one record.
pub fn entity_tag(reply: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Stamp {
        updated_at: DateTime<Utc>,
    }
    let stamp: Stamp = serde_json::from_slice(reply).ok()?;
    let digest: String = Sha256::digest(reply).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Some(format!("\"{:x}-{digest}\"", stamp.updated_at.timestamp_micros()))
}

/// The record is not the version that the change is meant for.
pub(super) fn changed_meanwhile() -> AppError {
    AppError::titled(
        Kind::PreconditionFailed,
        "Precondition failed",
        "The record was changed since it was read",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_follows_the_reply_and_names_the_version() {
        let reply =
            |at: &str, title: &str| format!("{{\"id\":\"1\",\"updated_at\":\"{at}\",\"title\":\"{title}\"}}");
        let tag = |at, title| entity_tag(reply(at, title).as_bytes()).unwrap();
        let first = tag("1970-01-01T00:00:00.000031Z", "a");
        assert!(first.starts_with("\"1f-") && first.ends_with('"'), "{first}");
        assert_eq!(first, tag("1970-01-01T00:00:00.000031Z", "a"));
        assert_ne!(first, tag("1970-01-01T00:00:00.000031Z", "b"));
        assert_ne!(first, tag("1970-01-01T00:00:00.000032Z", "a"));
        assert_eq!(Precondition::of_tags([first.as_str()]), Precondition::LastChangedAt(vec![31]));
        assert_eq!(entity_tag(b"[]"), None);
    }

    #[test]
    fn what_is_no_tag_of_ours_stands_for_no_version() {
        for tags in [&["W/\"1f-00\""][..], &["\"other\""], &["1f-00"], &[]] {
            assert_eq!(Precondition::of_tags(tags.iter().copied()), Precondition::LastChangedAt(vec![]));
        }
        assert_eq!(Precondition::of_tags(["\"x\"", "*"]), Precondition::None);
        let two = Precondition::of_tags(["\"a-1\"", "\"b-2-gzip\""]);
        assert_eq!(two, Precondition::LastChangedAt(vec![10, 11]));
    }
}
