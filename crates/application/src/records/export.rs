//! Use case: export the records of a list.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::list::Listing;
use super::render::{self, FileForm};
use super::{ListRequest, Records, cells};
use crate::ports::{Clock, RecordCursor, StoredRecord};
use crate::{AppError, Caller, Kind, Refusal, Says, json};

/// How many exports run at once; each holds a connection.
pub(super) const MOST_EXPORTS: usize = 4;
/// How long a further one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long an export may take, in microseconds.
const LONGEST: i64 = 30 * 60 * 1_000_000;

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    Json,
    Csv,
}

/// An export under way: its text, piece by piece, as it is read from the database.
pub struct Export {
    cursor: Box<dyn RecordCursor>,
    listing: Listing,
    format: ExportFormat,
    clock: Arc<dyn Clock>,
    /// Microseconds since the Unix epoch.
    started: i64,
    /// How many records were told.
    count: u64,
    /// What is to come before the next records; `None` after the last ones.
    opening: Option<Vec<u8>>,
    _turn: OwnedSemaphorePermit,
}

impl Records {
    /// Exports the records of a list, all as of one moment. Parts of the request that
    /// are about pages do not matter.
    pub(super) async fn attempt_export(
        &self,
        caller: &Caller,
        collection: &str,
        request: &ListRequest,
        format: ExportFormat,
    ) -> Result<Export, AppError> {
        let request = ListRequest { expand: None, ..request.clone() };
        let listing = self.listing(caller, collection, &request).await?;
        let turn = tokio::time::timeout(PATIENCE, self.exports.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            let says = Says::RetryAfter(PATIENCE.as_secs());
            return Err(AppError::Refused(Refusal { kind: Kind::TooManyRequests, says }));
        };
        let cursor = self.storage.read().records().stream(&listing.scoped, &listing.sort).await?;
        let started = listing.scoped.now();
        let mut opening = Vec::new();
        match format {
            ExportFormat::Json => {
                opening.extend_from_slice(b"{\"collection\":");
                json::string(&mut opening, collection);
                opening.extend_from_slice(b",\"exported_at\":");
                json::instant(&mut opening, started);
                opening.extend_from_slice(b",\"records\":[");
            }
            ExportFormat::Csv => {
                let names = cells::columns(listing.scoped.compiled(), listing.scoped.projection());
                cells::write_header(&mut opening, &names);
            }
        }
        let clock = self.clock.clone();
        Ok(Export { cursor, listing, format, clock, started, count: 0, opening: Some(opening), _turn: turn })
    }
}

impl Export {
    /// The next piece of the text; `None` at the end.
    ///
    /// # Errors
    /// When the one before was fetched too long ago, or all of it takes too long.
    pub async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        let Some(mut text) = self.opening.take() else {
            return Ok(None);
        };
        if self.clock.now().timestamp_micros() - self.started > LONGEST {
            return Err(AppError::Internal("an export took too long".to_owned()));
        }
        let rows = self.cursor.next().await?;
        if rows.is_empty() {
            if self.format == ExportFormat::Json {
                text.extend_from_slice(format!("],\"count\":{}}}", self.count).as_bytes());
            }
            return Ok(Some(text.into()));
        }
        match self.format {
            ExportFormat::Json => {
                for row in &rows {
                    if self.count > 0 {
                        text.push(b',');
                    }
                    self.write(&mut text, row);
                    self.count += 1;
                }
            }
            ExportFormat::Csv => {
                let collection = &self.listing.scoped.compiled().collection;
                for row in &rows {
                    let mut record = Vec::new();
                    self.write(&mut record, row);
                    let written = cells::write_record(&mut text, collection, &record);
                    written.map_err(|e| AppError::Internal(e.to_string()))?;
                }
            }
        }
        self.opening = Some(Vec::new());
        Ok(Some(text.into()))
    }

    fn write(&self, out: &mut Vec<u8>, row: &StoredRecord) {
        let scoped = &self.listing.scoped;
        let (compiled, projection, name) =
            (scoped.compiled(), scoped.projection(), row.account_name.as_deref());
        let (form, expansions) = (FileForm::Object, Default::default());
        render::record_with(out, compiled, &row.record, name, projection, &expansions, scoped.now(), form);
    }
}
