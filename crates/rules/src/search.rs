//! Full-text search: what words are, and when a text has them.
//!
//! A text is looked at as its words: runs of letters and digits of Unicode, without regard
//! to letter case and diacritics (`Café` and `CAFE` are the same word). This is the
//! meaning on every database: what they index is the form that [`words`] gives.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word is told apart by this many characters.
const MAX_WORD_CHARS: usize = 64;
/// So many bytes of a text's words are looked at; the rest is not found.
const MAX_BYTES: usize = 100_000;
/// So many words and phrases may be looked for at once.
pub const MAX_TERMS: usize = 32;

/// The words of a text, each between two blanks of its own: `" café  noir "` for
/// `Café-NOIR` (without the accent).
///
/// Case is folded by way of capitals, so that `ß` is `ss` and `ς` is `σ`; then canonical
/// decomposition (Unicode Standard Annex 15) sets diacritics apart, and these are left out.
pub fn words(text: &str) -> String {
    let folded = text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let plain = folded.nfd().filter(|c| !is_combining_mark(*c));
    let (mut words, mut word, mut length) = (String::new(), String::new(), 0);
    for c in plain.map(Some).chain([None]) {
        match c {
            Some(c) if c.is_alphanumeric() => {
                if length < MAX_WORD_CHARS {
                    word.push(c);
                }
                length += 1;
            }
            _ if length > 0 => {
                if words.len() + word.len() + 2 > MAX_BYTES {
                    break;
                }
                words.push(' ');
                words.push_str(&word);
                words.push(' ');
                word.clear();
                length = 0;
            }
            _ => {}
        }
    }
    words
}

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Words that follow each other; at least one.
    pub words: Vec<String>,
    /// Whether the last word may go on.
    pub prefix: bool,
}

impl Term {
    /// The text that [`words`] of a text must hold.
    pub fn needle(&self) -> String {
        let mut needle = String::new();
        for word in &self.words {
            needle.push(' ');
            needle.push_str(word);
            needle.push(' ');
        }
        if self.prefix {
            needle.pop();
        }
        needle
    }
}

/// What somebody looks for: all of the terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    pub terms: Vec<Term>,
}

impl SearchQuery {
    /// Reads what people write: words between blanks, `"a phrase"`, `begin*`. Nothing else
    /// has a meaning; several words without blanks between (`e-mail`) are a phrase.
    pub fn parse(text: &str) -> Self {
        let mut terms = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
            rest = &rest[start..];
            let (part, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => {
                    let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
                    rest.split_at(end)
                }
            };
            let (starred, after) = match after.strip_prefix('*') {
                Some(after) if rest.starts_with('"') => (true, after),
                _ => (part.ends_with('*'), after),
            };
            let found: Vec<_> = words(part).split_whitespace().map(str::to_owned).collect();
            if !found.is_empty() {
                terms.push(Term { words: found, prefix: starred });
            }
            rest = after;
        }
        Self { terms }
    }

    /// Whether each term is in one of the texts. What has no term is nowhere.
    pub fn is_in(&self, texts: &[&str]) -> bool {
        let texts: Vec<_> = texts.iter().map(|text| words(text)).collect();
        let found = |needle: &str| texts.iter().any(|words| words.contains(needle));
        !self.terms.is_empty() && self.terms.iter().all(|term| found(&term.needle()))
    }
}

/// How much a text is about a term: how often it is there, with less weight for each time
/// more and for longer texts (as in Okapi BM25, without the statistics of the
/// whole). From 0, not there, to 1. `words` and `needle` are as [`words`] and
/// [`Term::needle`] give them; both are counted in bytes of UTF-8.
pub fn relevance(words: &str, needle: &str) -> f64 {
    let times = words.matches(needle).count() as f64;
    let weight = 1.0 + words.len() as f64 / 1000.0;
    1.0 - weight / (times + weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_digits_without_case_and_diacritics() {
        assert_eq!(words("Café-NOIR, 2 Cups!"), " cafe  noir  2  cups ");
        assert_eq!(
            words("Straße ΑΣ ας İstanbul naïve"),
            " strasse  ασ  ας  istanbul  naive ".replace('ς', "σ")
        );
        assert_eq!(words("漢字 e\u{301}a"), " 漢字  ea ");
        assert_eq!(words(" -_'\" "), "");
    }

    #[test]
    fn long_words_and_texts_are_cut() {
        assert_eq!(words(&"x".repeat(1000)), format!(" {} ", "x".repeat(MAX_WORD_CHARS)));
        let long = words(&"word ".repeat(MAX_BYTES));
        assert!(long.len() <= MAX_BYTES && long.len() > MAX_BYTES - 10 && long.ends_with(" word "));
    }

    #[track_caller]
    fn finds(query: &str, needles: &[&str]) {
        let found: Vec<_> = SearchQuery::parse(query).terms.iter().map(Term::needle).collect();
        assert_eq!(found, needles, "{query}");
    }

    #[test]
    fn queries_are_words_phrases_and_beginnings() {
        finds("Red wine", &[" red ", " wine "]);
        finds("\"red Wine\" glass*", &[" red  wine ", " glass"]);
        finds("e-mail \"wi\"* a\"b c\"d", &[" e  mail ", " wi", " a ", " b  c ", " d "]);
        finds("\"open end", &[" open  end "]);
        finds("* ** - \"\" '", &[]);
        finds("a OR b NOT & | <-> :* NEAR(c)", &[" a ", " or ", " b ", " not ", " near  c "]);
    }

    #[test]
    fn all_terms_must_be_there_in_any_of_the_texts() {
        let is_in = |query: &str, texts: &[&str]| SearchQuery::parse(query).is_in(texts);
        assert!(is_in("wine red", &["Red", "A glass of WINE"]));
        assert!(!is_in("wine white", &["Red", "A glass of wine"]));
        assert!(is_in("\"of wine\" gla*", &["A glass of wine"]));
        assert!(!is_in("\"glass wine\"", &["A glass of wine"]));
        assert!(!is_in("\"red a\"", &["Red", "A glass"]), "a phrase stays within a text");
        assert!(!is_in("win", &["wine"]));
        assert!(!is_in("", &["wine"]) && !is_in("!", &["wine"]));
    }

    #[test]
    fn relevance_grows_with_use_and_shrinks_with_length() {
        let of = |text: &str| relevance(&words(text), " a ");
        assert!((of("b") - 0.0).abs() < f64::EPSILON);
        assert!(of("a a") > of("a") && of("a") > of(&("a ".to_owned() + &"b ".repeat(100))));
    }
}
