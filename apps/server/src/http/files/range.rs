//! Ranges of bytes (RFC 9110, section 14). One range is served; a request for several gets the whole
//! file, as the RFC allows, so that nobody makes the server send the same bytes many times.

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    Part(Range<u64>),
    /// Nothing that the file has.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `size` bytes. What cannot be read counts as absent.
pub fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some(header) = header else { return Wanted::Whole };
    let Some((unit, set)) = header.split_once('=') else { return Wanted::Whole };
    let set = set.trim();
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Wanted::Whole;
    }
    let Some((first, last)) = set.split_once('-') else { return Wanted::Whole };
    let number = |text: &str| {
        let text = text.trim();
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // What is beyond all files is the end of each.
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    match (number(first), number(last), first.trim().is_empty(), last.trim().is_empty()) {
        (Some(first), None, _, true) if first < size => Wanted::Part(first..size),
        (Some(_), None, _, true) => Wanted::Unsatisfiable,
        (Some(first), Some(last), ..) if first > last => Wanted::Whole,
        (Some(first), Some(last), ..) if first < size => {
            Wanted::Part(first..last.saturating_add(1).min(size))
        }
        (Some(_), Some(_), ..) => Wanted::Unsatisfiable,
        (None, Some(0), true, _) => Wanted::Unsatisfiable,
        (None, Some(_), true, _) if size == 0 => Wanted::Unsatisfiable,
        (None, Some(length), true, _) => Wanted::Part(size.saturating_sub(length)..size),
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        for (header, expected) in [
            ("bytes=0-4", Wanted::Part(0..5)),
            ("bytes=5-", Wanted::Part(5..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=9-99999999999999999999", Wanted::Part(9..10)),
            ("Bytes = 1 - 2", Wanted::Part(1..3)),
            ("bytes=10-", Wanted::Unsatisfiable),
            ("bytes=10-20", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
            ("nonsense", Wanted::Whole),
        ] {
            assert_eq!(wanted(Some(header), 10), expected, "{header}");
        }
        assert_eq!(wanted(None, 10), Wanted::Whole);
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Unsatisfiable);
        assert_eq!(wanted(Some("bytes=-1"), 0), Wanted::Unsatisfiable);
    }

    proptest! {
        #[test]
        fn a_part_lies_within_the_file(header in "(bytes)?=?[-0-9, a-z]{0,30}", size in 0u64..100) {
            if let Wanted::Part(range) = wanted(Some(&header), size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }

        #[test]
        fn any_text_is_read(header in ".{0,60}", size: u64) {
            if let Wanted::Part(range) = wanted(Some(&header), size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }
    }
}
