//! Patterns of `~`.

use crate::limits::MAX_PATTERN_CHARS;

/// A pattern, ready to be compared with many texts: `%` stands for any run of characters,
/// `_` for one; ASCII letters match in any case; there is no escape character.
///
/// A comparison takes time in proportion to the text, and where there are `_` to a
/// sixty-fourth of the pattern, too.
#[derive(Debug)]
pub struct Pattern {
    /// What stands between the `%`. None: longer than patterns may be.
    pieces: Option<Vec<Piece>>,
}

/// Characters that follow each other, ASCII letters in lower case.
#[derive(Debug)]
enum Piece {
    Text(String),
    /// With `_` among them.
    Open(Open),
}

impl Pattern {
    /// Reads a pattern. One of more than [`MAX_PATTERN_CHARS`] characters matches nothing.
    pub fn new(pattern: &str) -> Self {
        if pattern.chars().nth(MAX_PATTERN_CHARS).is_some() {
            return Self { pieces: None };
        }
        let piece = |part: &str| match part.contains('_') {
            true => Piece::Open(Open::new(part)),
            false => Piece::Text(part.to_owned()),
        };
        Self { pieces: Some(pattern.to_ascii_lowercase().split('%').map(piece).collect()) }
    }

    /// Whether a text fits.
    pub fn matches(&self, text: &str) -> bool {
        let Some(pieces) = &self.pieces else { return false };
        let text = text.to_ascii_lowercase();
        let (first, last, between) = match &pieces[..] {
            [] => return text.is_empty(),
            [only] => return only.begins(&text) == Some(text.len()),
            [first, between @ .., last] => (first, last, between),
        };
        let Some(rest) = first.begins(&text).map(|end| &text[end..]) else { return false };
        let Some(mut rest) = last.ends(rest).map(|start| &rest[..start]) else { return false };
        // The first place is as good as any: what stands between two `%` has one length.
        for piece in between {
            match piece.find(rest) {
                Some(end) => rest = &rest[end..],
                None => return false,
            }
        }
        true
    }
}

/// Positions are in bytes.
impl Piece {
    /// Where the piece ends, if the text begins with it.
    fn begins(&self, text: &str) -> Option<usize> {
        match self {
            Self::Text(piece) => text.starts_with(piece).then_some(piece.len()),
            Self::Open(piece) => {
                let mut chars = text.chars();
                let fits = piece.chars.iter().all(|&wanted| chars.next().is_some_and(|c| fits(wanted, c)));
                fits.then(|| text.len() - chars.as_str().len())
            }
        }
    }

    /// Where the piece begins, if the text ends with it.
    fn ends(&self, text: &str) -> Option<usize> {
        match self {
            Self::Text(piece) => text.ends_with(piece).then(|| text.len() - piece.len()),
            Self::Open(piece) => {
                let mut chars = text.chars();
                let mut wanted = piece.chars.iter().rev();
                let fits = wanted.all(|&wanted| chars.next_back().is_some_and(|c| fits(wanted, c)));
                fits.then_some(chars.as_str().len())
            }
        }
    }

    /// Where the piece ends the first time that it is in the text.
    fn find(&self, text: &str) -> Option<usize> {
        match self {
            Self::Text(piece) => text.find(piece).map(|start| start + piece.len()),
            Self::Open(piece) => piece.find(text),
        }
    }
}

fn fits(wanted: char, c: char) -> bool {
    wanted == '_' || wanted == c
}

const WORD: usize = u64::BITS as usize;

/// Looked for by Shift-And (Baeza-Yates, Gonnet: A new approach to text searching, 1992), so
/// that no text makes it look at a character more than once.
#[derive(Debug)]
struct Open {
    chars: Vec<char>,
    /// The characters that are in it, sorted; each with the places where it may stand, a bit each.
    places: Vec<(char, Vec<u64>)>,
    /// The places where any other may stand.
    open: Vec<u64>,
}

impl Open {
    fn new(part: &str) -> Self {
        let chars: Vec<char> = part.chars().collect();
        let words = chars.len().div_ceil(WORD);
        let set = |bits: &mut Vec<u64>, at: usize| bits[at / WORD] |= 1 << (at % WORD);
        let mut open = vec![0; words];
        for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '_') {
            set(&mut open, at);
        }
        let mut known: Vec<char> = chars.iter().copied().filter(|c| *c != '_').collect();
        known.sort_unstable();
        known.dedup();
        let mut places: Vec<(char, Vec<u64>)> = known.into_iter().map(|c| (c, open.clone())).collect();
        for (at, c) in chars.iter().enumerate() {
            if let Ok(index) = places.binary_search_by_key(c, |(known, _)| *known) {
                set(&mut places[index].1, at);
            }
        }
        Self { chars, places, open }
    }

    fn find(&self, text: &str) -> Option<usize> {
        let last = self.chars.len() - 1;
        // Bit n: the characters up to here fit the first n + 1 of the piece.
        let mut begun = vec![0_u64; self.open.len()];
        let mut ascii: [&[u64]; 128] = [&self.open; 128];
        for (c, places) in self.places.iter().filter(|(c, _)| c.is_ascii()) {
            ascii[*c as usize] = places;
        }
        for (at, c) in text.char_indices() {
            let places = match ascii.get(c as usize) {
                Some(places) => places,
                None => match self.places.binary_search_by_key(&c, |(known, _)| *known) {
                    Ok(index) => &self.places[index].1[..],
                    Err(_) => &self.open,
                },
            };
            let mut carry = 1;
            for (word, places) in begun.iter_mut().zip(places) {
                let next = *word >> (WORD - 1);
                *word = (*word << 1 | carry) & places;
                carry = next;
            }
            if begun[last / WORD] >> (last % WORD) & 1 == 1 {
                return Some(at + c.len_utf8());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    /// By the definition, in no time worth speaking of for short texts.
    fn fits_plainly(text: &[char], pattern: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['%', rest @ ..] => (0..=text.len()).any(|skipped| fits_plainly(&text[skipped..], rest)),
            [wanted, rest @ ..] => match text {
                [c, more @ ..] => {
                    (*wanted == '_' || wanted.eq_ignore_ascii_case(c)) && fits_plainly(more, rest)
                }
                [] => false,
            },
        }
    }

    proptest! {
        #[test]
        fn patterns_mean_what_they_say(text in "[abABé😀]{0,12}", pattern in "[abAé😀_%]{0,8}") {
            let (texts, patterns): (Vec<_>, Vec<_>) = (text.chars().collect(), pattern.chars().collect());
            prop_assert_eq!(Pattern::new(&pattern).matches(&text), fits_plainly(&texts, &patterns));
        }

        #[test]
        fn long_pieces_are_found(before in "[ab]{0,90}", piece in "[ab_]{60,140}", after in "[ab]{0,90}") {
            let found = format!("{before}{}{after}", piece.replace('_', "é"));
            let pattern = Pattern::new(&format!("%{piece}%"));
            prop_assert!(pattern.matches(&found));
            let other = format!("%{piece}c%");
            prop_assert!(!Pattern::new(&other).matches(&found));
        }
    }

    #[test]
    fn patterns_have_a_longest_length() {
        let most = MAX_PATTERN_CHARS;
        let texts = ["é".repeat(most), "é".repeat(most + 1)];
        for pattern in ["é", "_", "%"] {
            assert!(Pattern::new(&pattern.repeat(most)).matches(&texts[0]), "{pattern}");
            assert!(!Pattern::new(&pattern.repeat(most + 1)).matches(&texts[1]), "{pattern}");
            assert!(!Pattern::new(&pattern.repeat(most + 1)).matches(&texts[0]), "{pattern}");
        }
    }

    /// What takes plain backtracking minutes.
    #[test]
    fn no_text_takes_long() {
        let text = "a".repeat(if cfg!(debug_assertions) { 500_000 } else { 5_000_000 });
        let most = MAX_PATTERN_CHARS;
        for (pattern, fits) in [
            (format!("%{}b%", "a".repeat(most - 3)), false),
            (format!("%{}b%", "a_".repeat(most / 2 - 2)), false),
            (format!("%{}b", "_a%".repeat(most / 3 - 1)), false),
            (format!("%{}%", "a_".repeat(most / 2 - 1)), true),
            ("%a".repeat(most / 2), true),
        ] {
            let began = Instant::now();
            assert_eq!(Pattern::new(&pattern).matches(&text), fits, "{}", &pattern[..8]);
            let took = began.elapsed();
            println!("{}…: {took:?}", &pattern[..8]);
            assert!(took < Duration::from_secs(2), "{}…: {took:?}", &pattern[..8]);
        }
    }
}
