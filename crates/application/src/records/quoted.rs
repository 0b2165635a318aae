//! Tells empty texts from absent values in a table (RFC 4180).
//!
//! A reader of tables gives the same for `""` and for nothing. So what is read here goes through
//! first: an empty field in quotes becomes a field that holds nothing but [`EMPTY`]. A mark of the
//! byte order at the beginning is left out.

use std::io::Read;

/// Stands for an empty field in quotes. No text that can be stored has this character.
pub(super) const EMPTY: &str = "\0";

/// Where in a row the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Nothing of the field was read.
    Start,
    /// Its first byte was a quote, and nothing else was read.
    Opened,
    /// The two bytes that were read are quotes.
    Empty,
    /// Within quotes.
    Quoted,
    /// Behind a quote within quotes.
    Closing,
    /// Behind the quotes, or in a field without.
    Plain,
}

/// A table whose empty fields in quotes hold [`EMPTY`].
pub(super) struct EmptyTexts<R> {
    table: R,
    at: At,
    /// What was read and changed, and how much of it was given on.
    ready: Vec<u8>,
    given: usize,
    buffer: Box<[u8]>,
    /// How much of a mark of the byte order was read; none when it cannot come any more.
    mark: Option<usize>,
    ended: bool,
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl<R> EmptyTexts<R> {
    pub fn new(table: R) -> Self {
        let buffer = vec![0; 16 * 1024].into_boxed_slice();
        Self { table, at: At::Start, ready: Vec::new(), given: 0, buffer, mark: Some(0), ended: false }
    }

    pub fn get_ref(&self) -> &R {
        &self.table
    }

    /// Whether a byte belongs to a mark of the byte order, which is left out.
    fn is_mark(&mut self, byte: u8) -> bool {
        let Some(place) = self.mark.take() else { return false };
        if BYTE_ORDER_MARK[place] != byte {
            self.push_mark(place);
            return false;
        }
        self.mark = Some(place + 1).filter(|next| *next < BYTE_ORDER_MARK.len());
        true
    }

    /// Gives on what looked like a mark and is none.
    fn push_mark(&mut self, length: usize) {
        if length > 0 {
            self.ready.extend_from_slice(&BYTE_ORDER_MARK[..length]);
            self.at = At::Plain;
        }
    }

    fn take(&mut self, byte: u8) {
        if self.is_mark(byte) {
            return;
        }
        let ends_field = matches!(byte, b',' | b'\r' | b'\n');
        if self.at == At::Empty {
            self.close_empty(ends_field);
        }
        self.at = match (self.at, byte) {
            (At::Start, b'"') => At::Opened,
            (At::Opened, b'"') => At::Empty,
            // `"""` begins a text with a quote.
            (At::Empty, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Closing,
            (At::Closing, b'"') => At::Quoted,
            (At::Opened | At::Quoted, _) => At::Quoted,
            (At::Start | At::Plain | At::Closing | At::Empty, _) if ends_field => At::Start,
            (At::Start | At::Plain | At::Closing | At::Empty, _) => At::Plain,
        };
        // The second quote waits for what follows it.
        if self.at != At::Empty {
            self.ready.push(byte);
        }
    }

    /// Gives on the second of two quotes, after what the field holds.
    fn close_empty(&mut self, ends_field: bool) {
        if ends_field {
            self.ready.extend_from_slice(EMPTY.as_bytes());
        }
        self.ready.push(b'"');
    }
}

impl<R: Read> Read for EmptyTexts<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.ready.clear();
            self.given = 0;
            let mut buffer = std::mem::take(&mut self.buffer);
            let read = self.table.read(&mut buffer);
            if let Ok(read) = read {
                buffer[..read].iter().for_each(|byte| self.take(*byte));
            }
            self.buffer = buffer;
            if read? == 0 {
                self.ended = true;
                let half = self.mark.take().unwrap_or_default();
                self.push_mark(half);
                if self.at == At::Empty {
                    self.close_empty(true);
                }
            }
        }
        let count = out.len().min(self.ready.len() - self.given);
        out[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table that comes a few bytes at a time.
    struct Drip<'a>(&'a [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.len().min(self.1).min(out.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn rows(table: &str, at_once: usize) -> Vec<Vec<String>> {
        let table = EmptyTexts::new(Drip(table.as_bytes(), at_once));
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table);
        reader.into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn only_empty_fields_in_quotes_are_marked() {
        for (table, expected) in [
            ("a,b\r\n\"\",\r\n", vec![vec!["a", "b"], vec![EMPTY, ""]]),
            (",\"\"\n\"\"", vec![vec!["", EMPTY], vec![EMPTY]]),
            ("\"\"\"\",\"a\"\"\",\"\"\"b\"", vec![vec!["\"", "a\"", "\"b"]]),
            ("\"x,\"\"\n\"\"\",\"\"", vec![vec!["x,\"\n\"", EMPTY]]),
            ("\"\"\"\"\"\",\"\"x,x\"\"", vec![vec!["\"\"", "x", "x\"\""]]),
            ("\u{feff}\"\",\"a\"", vec![vec![EMPTY, "a"]]),
            ("\u{fefe},\"\"", vec![vec!["\u{fefe}", EMPTY]]),
            ("\u{feff}\"a,\"\"\",\"\"", vec![vec!["a,\"", EMPTY]]),
        ] {
            for at_once in [1, 2, 3, 1000] {
                assert_eq!(rows(table, at_once), expected, "{table:?}, {at_once}");
            }
        }
    }

    #[test]
    fn other_tables_are_read_as_they_are() {
        // A walk through short tables of the bytes that matter: nothing but marks may differ.
        let bytes = ["\"", ",", "\n", "\r\n", "a"];
        for mut n in 0..5_usize.pow(6) {
            let mut table = String::new();
            for _ in 0..6 {
                table.push_str(bytes[n % 5]);
                n /= 5;
            }
            let plain =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table.as_bytes());
            let plain: Vec<Vec<String>> =
                plain.into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            let marked: Vec<Vec<String>> = rows(&table, 1000)
                .into_iter()
                .map(|row| row.into_iter().map(|cell| cell.replace(EMPTY, "")).collect())
                .collect();
            assert_eq!(marked, plain, "{table:?}");
        }
    }
}
