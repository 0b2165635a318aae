//! Names that files are sent with. They are shown again, but nothing is ever stored under them.

/// The most characters of a name.
const MOST: usize = 255;
/// The most characters of a suffix, without its point.
const MOST_SUFFIX: usize = 16;

/// Marks that turn the direction of text, so that a name seems to end otherwise than it does.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The last part of a name, without control characters, at most 255 characters; `unnamed` when
/// nothing is left.
pub fn clean_filename(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control() && !turns_text(*c)).take(MOST).collect();
    match clean.trim() {
        "" | "." | ".." => "unnamed".to_owned(),
        _ => clean,
    }
}

/// The suffix of a cleaned name, with its point: letters and digits, at most 16; else none.
pub fn suffix_of(filename: &str) -> &str {
    let Some(point) = filename.rfind('.') else {
        return "";
    };
    let (stem, suffix) = filename.split_at(point);
    let letters = &suffix[1..];
    let plain =
        (1..=MOST_SUFFIX).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphanumeric());
    // A name that is all suffix, such as `.profile`, has none.
    if plain && !stem.trim_start_matches('.').is_empty() { suffix } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_reduced_to_what_can_be_shown() {
        for (sent, kept) in [
            ("hello wörld.txt", "hello wörld.txt"),
            ("../../etc/passwd.png", "passwd.png"),
            ("C:\\docs\\a.pdf", "a.pdf"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("", "unnamed"),
            ("..", "unnamed"),
            ("x/", "unnamed"),
            ("\u{0}", "unnamed"),
        ] {
            assert_eq!(clean_filename(sent), kept, "{sent:?}");
        }
        assert_eq!(clean_filename(&"ä".repeat(300)).chars().count(), 255);
    }

    #[test]
    fn suffixes_are_letters_and_digits() {
        for (name, suffix) in [
            ("a.txt", ".txt"),
            ("a.tar.GZ", ".GZ"),
            ("README", ""),
            (".profile", ""),
            ("..x", ""),
            ("a.", ""),
            ("a.b c", ""),
            ("a.tüt", ""),
            ("a.0123456789abcdef", ".0123456789abcdef"),
            ("a.0123456789abcdefg", ""),
            ("a.p%20", ""),
        ] {
            assert_eq!(suffix_of(name), suffix, "{name}");
        }
    }
}
