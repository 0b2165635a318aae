//! Use case: write collections out, as a file that [`Collections::import`] reads.
//!
//! The file is made piece by piece, so that its records are never in memory all
//! at once. Each record is as of the moment when its piece was read.
//!
//! [`Collections::import`]: super::Collections::import

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value as Json, json};
use snackbase_domain::RecordId;
use snackbase_domain::collection::{Collection, FieldDraft, IndexDraft, RuleSet};
use snackbase_domain::record::Record;

use super::Collections;
use crate::access::{self, Scoped};
use crate::catalog::Compiled;
use crate::ports::Storage;
use crate::records::stored_value;
use crate::{AppError, Principal, json as text};

/// The version that exports say they are of.
pub const EXPORT_VERSION: &str = "1.0";
/// How many records are read at a time.
const PART: u64 = 500;

/// What to export.
#[derive(Clone, Debug, Default)]
pub struct ExportRequest {
    /// Ids of collections; unknown ones are passed over. `None`: all.
    pub ids: Option<Vec<String>>,
    /// Whether the records of all accounts come along.
    pub include_records: bool,
}

/// An export, made while it is read.
pub struct Export {
    storage: Arc<dyn Storage>,
    /// When it was begun.
    pub exported_at: DateTime<Utc>,
    waiting: VecDeque<Collection>,
    include_records: bool,
    state: State,
}

enum State {
    /// What comes before the first collection.
    Head(String),
    /// Whether a collection was written already.
    Between(bool),
    /// Amid the records of a collection, after this one.
    Records(Box<Scoped>, Option<RecordId>),
    Done,
}

impl Collections {
    /// Begins an export.
    pub async fn export(&self, by: &Principal, request: ExportRequest) -> Result<Export, AppError> {
        let mut waiting = self.storage.read().collections().all().await?;
        if let Some(ids) = &request.ids {
            waiting.retain(|collection| ids.contains(&collection.id.to_string()));
        }
        let now = self.clock.now();
        let head = json!({
            "version": EXPORT_VERSION,
            "exported_at": now.to_rfc3339_opts(SecondsFormat::Micros, false),
            "exported_by": by.identity.email,
        });
        let mut head = head.to_string();
        head.pop();
        head.push_str(",\"collections\":[");
        Ok(Export {
            storage: Arc::clone(&self.storage),
            exported_at: now,
            waiting: waiting.into(),
            include_records: request.include_records,
            state: State::Head(head),
        })
    }
}

impl Export {
    /// The next piece of the file, `None` behind the last one.
    pub async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Head(head) => {
                self.state = State::Between(false);
                Ok(Some(head.into()))
            }
            State::Between(written) => {
                let Some(collection) = self.waiting.pop_front() else {
                    return Ok(Some(Bytes::from_static(b"]}")));
                };
                let mut out = if written { ",".to_owned() } else { String::new() };
                out.push_str(&described(&collection).to_string());
                self.state = State::Between(true);
                if self.include_records {
                    out.pop();
                    out.push_str(",\"records\":[");
                    let compiled = Arc::new(Compiled::new(collection));
                    self.state = State::Records(Box::new(access::scope_of_transfer(&compiled)), None);
                }
                Ok(Some(out.into()))
            }
            State::Records(scoped, after) => {
                let found = self.storage.read().records().scan(&scoped, after.as_ref(), PART).await?;
                let mut out = Vec::new();
                for record in &found {
                    if after.is_some() || !out.is_empty() {
                        out.push(b',');
                    }
                    write(&mut out, &scoped.compiled().collection, record);
                }
                self.state = match found.into_iter().last() {
                    Some(last) => State::Records(scoped, Some(last.id)),
                    None => {
                        out.extend_from_slice(b"]}");
                        State::Between(true)
                    }
                };
                Ok(Some(out.into()))
            }
            State::Done => Ok(None),
        }
    }
}

/// A collection without its records.
fn described(collection: &Collection) -> Json {
    let fields: Vec<_> = collection.fields.iter().map(FieldDraft::from).collect();
    let mut all =
        json!({ "name": collection.name.as_str(), "schema": fields, "rules": rules(&collection.rules) });
    if !collection.indexes.is_empty() {
        all["indexes"] = json!(collection.indexes.iter().map(IndexDraft::from).collect::<Vec<_>>());
    }
    all
}

fn rules(rules: &RuleSet) -> Json {
    let mut all = Map::new();
    for (key, rule) in rules.all() {
        // Exports say nothing of what is not in force, as files of other programs do.
        if rule.is_some() || key != RuleSet::UPDATE_CHECK {
            all.insert(key.to_owned(), rule.into());
        }
    }
    let lists = [
        ("list_fields", &rules.list_fields),
        ("view_fields", &rules.view_fields),
        ("create_fields", &rules.create_fields),
        ("update_fields", &rules.update_fields),
    ];
    all.extend(lists.map(|(key, list)| (key.to_owned(), list.as_str().into())));
    all.into()
}

/// Writes a record with all that is stored of it.
fn write(out: &mut Vec<u8>, collection: &Collection, record: &Record) {
    out.extend_from_slice(b"{\"id\":");
    text::string(out, record.id.as_str());
    out.extend_from_slice(b",\"account_id\":");
    text::string(out, &record.account_id.to_string());
    out.extend_from_slice(b",\"created_at\":");
    text::instant(out, record.created_at);
    out.extend_from_slice(b",\"created_by\":");
    text::string(out, &record.created_by);
    out.extend_from_slice(b",\"updated_at\":");
    text::instant(out, record.updated_at);
    out.extend_from_slice(b",\"updated_by\":");
    text::string(out, &record.updated_by);
    for (field, value) in collection.stored_fields().zip(&record.values) {
        out.push(b',');
        text::string(out, field.name.as_str());
        out.push(b':');
        stored_value(out, value);
    }
    out.push(b'}');
}
