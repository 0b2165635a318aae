//! Text.

use super::pattern::Pattern;
use crate::limits::MAX_JOINED_BYTES;

/// Positions and counts are clamped to plus or minus this by [`substring`].
const MAX_POSITION: f64 = 1e9;

/// Whether `text` fits a [`Pattern`].
pub fn like(text: &str, pattern: &str) -> bool {
    Pattern::new(pattern).matches(text)
}

/// Two texts as one; none where that has more than [`MAX_JOINED_BYTES`].
pub fn joined(left: impl AsRef<str> + Into<String>, right: &str) -> Option<String> {
    if left.as_ref().len().saturating_add(right.len()) > MAX_JOINED_BYTES {
        return None;
    }
    let mut joined = left.into();
    joined.push_str(right);
    Some(joined)
}

/// The number of code points.
pub fn length(text: &str) -> f64 {
    text.chars().count() as f64
}

/// All letters in lower case, by the full mapping of Unicode.
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// All letters in upper case, by the full mapping of Unicode.
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// Without blanks (U+0020, nothing else) at both ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches(' ')
}

/// `count` characters from position `start`, counted from 1; positions before
/// the first one count too, as in SQL: from -1, three characters end at the first.
/// A negative count gives nothing, none takes the rest. Fractions are dropped.
pub fn substring(text: &str, start: f64, count: Option<f64>) -> String {
    let clamp = |x: f64| x.trunc().clamp(-MAX_POSITION, MAX_POSITION) as i64;
    let start = clamp(start);
    let skip = usize::try_from(start.max(1) - 1).unwrap_or(0);
    let rest = text.chars().skip(skip);
    match count {
        None => rest.collect(),
        Some(count) => {
            let end = start + clamp(count).max(0);
            let take = usize::try_from(end - start.max(1)).unwrap_or(0);
            rest.take(take).collect()
        }
    }
}
