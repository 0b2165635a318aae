//! Text.

/// Positions and counts are clamped to plus or minus this by [`substring`].
const MAX_POSITION: f64 = 1e9;

/// Whether `text` fits `pattern`: `%` stands for any run of characters, `_` for
/// one; ASCII letters match in any case; there is no escape character.
pub fn like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().map(|c| c.to_ascii_lowercase()).collect();
    let pattern: Vec<char> = pattern.chars().map(|c| c.to_ascii_lowercase()).collect();
    let (mut at, mut p) = (0, 0);
    // The last `%` and where the text it stands for ends.
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(p) {
            Some('%') => {
                retry = Some((p + 1, at));
                p += 1;
            }
            Some(&c) if c == '_' || c == text[at] => {
                at += 1;
                p += 1;
            }
            _ => match retry {
                Some((after, end)) => {
                    retry = Some((after, end + 1));
                    (p, at) = (after, end + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '%')
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
