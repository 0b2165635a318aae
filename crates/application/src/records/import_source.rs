//! Where the records of an import come from: a list, or a file that is read block by
//! block.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value as Json;
use snackbase_domain::FieldFault;
use snackbase_domain::collection::Collection;

use super::quoted::EmptyTexts;
use super::{Body, cells};
use crate::{AppError, Kind};

/// Records to be imported.
pub enum ImportSource {
    /// Objects.
    Records(Vec<Body>),
    /// A table with a header (RFC 4180). `columns` names the fields of columns that are
    /// called otherwise; one without a field is left out.
    Csv { file: Box<dyn Read + Send>, columns: HashMap<String, String> },
    /// An object in each line.
    Lines(Box<dyn Read + Send>),
}

/// A record as it was sent, or what is wrong with its form.
pub(super) type Item = Result<Body, FieldFault>;

/// The most bytes of a row or line.
const LONGEST: usize = 10 * 1024 * 1024;

/// Reads records one after the other.
pub(super) enum Reader {
    Records(std::vec::IntoIter<Body>),
    Csv {
        reader: Box<csv::Reader<EmptyTexts<Bounded>>>,
        names: Vec<Option<String>>,
        collection: Box<Collection>,
    },
    Lines(BufReader<Box<dyn Read + Send>>),
}

/// A file of which no more may be read at once than a row has.
pub(super) struct Bounded {
    file: Box<dyn Read + Send>,
    left: Arc<AtomicUsize>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(std::io::Error::other("a row is too long"));
        }
        let read = self.file.read(buffer)?;
        self.left.store(left.saturating_sub(read), Ordering::Relaxed);
        Ok(read)
    }
}

fn unreadable(why: impl ToString) -> AppError {
    AppError::titled(Kind::Invalid, "Invalid import", why.to_string())
}

fn malformed(why: String) -> FieldFault {
    FieldFault::new("", why, "malformed_record")
}

impl Reader {
    pub fn new(source: ImportSource, collection: &Collection) -> Result<Self, AppError> {
        Ok(match source {
            ImportSource::Records(records) => Self::Records(records.into_iter()),
            ImportSource::Lines(file) => Self::Lines(BufReader::new(file)),
            ImportSource::Csv { file, columns } => {
                let file = Bounded { file, left: Arc::new(AtomicUsize::new(LONGEST)) };
                let mut reader = csv::ReaderBuilder::new().from_reader(EmptyTexts::new(file));
                let header = reader.headers().map_err(unreadable)?;
                let names = names(header, columns)?;
                Self::Csv { reader: Box::new(reader), names, collection: Box::new(collection.clone()) }
            }
        })
    }

    /// The next records, at most as many; none at the end.
    pub fn block(&mut self, most: usize) -> Result<Vec<Item>, AppError> {
        let mut block = Vec::new();
        while block.len() < most
            && let Some(item) = self.next()?
        {
            block.push(item);
        }
        Ok(block)
    }

    fn next(&mut self) -> Result<Option<Item>, AppError> {
        match self {
            Self::Records(records) => Ok(records.next().map(Ok)),
            Self::Csv { reader, names, collection } => {
                reader.get_ref().get_ref().left.store(LONGEST, Ordering::Relaxed);
                let mut cells = csv::StringRecord::new();
                match reader.read_record(&mut cells) {
                    Ok(false) => Ok(None),
                    Ok(true) => Ok(Some(Ok(cells::body(collection, names, &cells)))),
                    Err(error) => match error.kind() {
                        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Ok(Some(Err(malformed(
                            format!("Row has {len} cells, the header has {expected_len}"),
                        )))),
                        csv::ErrorKind::Utf8 { .. } => {
                            Ok(Some(Err(malformed("Row is not UTF-8".to_owned()))))
                        }
                        _ => Err(unreadable(error)),
                    },
                }
            }
            Self::Lines(file) => loop {
                let mut line = Vec::new();
                file.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', &mut line).map_err(unreadable)?;
                if line.is_empty() {
                    return Ok(None);
                }
                if line.len() > LONGEST {
                    return Err(unreadable("a line is too long"));
                }
                // Blank lines are none.
                if !line.trim_ascii().is_empty() {
                    return Ok(Some(object(&line)));
                }
            },
        }
    }
}

fn object(line: &[u8]) -> Item {
    match serde_json::from_slice(line) {
        Ok(Json::Object(body)) => Ok(body),
        Ok(_) => Err(malformed("Line is no JSON object".to_owned())),
        Err(error) => Err(malformed(format!("Line is no JSON: {error}"))),
    }
}

/// The fields of the columns.
fn names(
    header: &csv::StringRecord,
    columns: HashMap<String, String>,
) -> Result<Vec<Option<String>>, AppError> {
    if let Some(missing) = columns.keys().find(|column| !header.iter().any(|name| name.trim() == *column)) {
        return Err(unreadable(format!("There is no column '{missing}'")));
    }
    let mut names: Vec<Option<String>> = Vec::new();
    for column in header {
        let column = column.trim_start_matches('\u{feff}').trim_matches('\0').trim();
        let name = columns.get(column).map_or(column, String::as_str);
        if !name.is_empty() && names.iter().flatten().any(|known| known == name) {
            return Err(unreadable(format!("Two columns are for '{name}'")));
        }
        names.push((!name.is_empty()).then(|| name.to_owned()));
    }
    Ok(names)
}
