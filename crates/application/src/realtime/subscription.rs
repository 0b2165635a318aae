//! What somebody wants to hear of.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use serde_json::{Map, Value as Json, json};
use snackbase_domain::RecordId;
use snackbase_rules as rules;

use super::frame::timestamp;
use crate::ports::RecordOperation;

/// The collection name that stands for all.
pub const ALL_COLLECTIONS: &str = "*";
/// Subscriptions of a connection.
pub const MOST_SUBSCRIPTIONS: usize = 100;

/// A set of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operations(u8);

impl Operations {
    /// Create, update and delete.
    pub const ALL: Self = Self(0b111);

    /// The operations of these names; others are passed over.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let bits = names.into_iter().filter_map(RecordOperation::named).map(bit);
        Self(bits.fold(0, |all, bit| all | bit))
    }
}

fn bit(operation: RecordOperation) -> u8 {
    match operation {
        RecordOperation::Create => 0b001,
        RecordOperation::Update => 0b010,
        RecordOperation::Delete => 0b100,
    }
}

/// What a client asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// A name of the client's own, so that there can be several for one collection.
    pub name: Option<String>,
    /// A collection, or `*`.
    pub collection: String,
    pub operations: Operations,
    /// Only this record, by its view rule.
    pub record: Option<RecordId>,
    /// Only records that satisfy this expression.
    pub filter: Option<String>,
}

impl Request {
    /// All about a collection.
    pub fn about(collection: impl Into<String>) -> Self {
        Self {
            name: None,
            collection: collection.into(),
            operations: Operations::ALL,
            record: None,
            filter: None,
        }
    }
}

/// A filter that could be read.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub text: String,
    pub expr: rules::Expr,
}

/// A subscription of a connection.
#[derive(Debug)]
pub(super) struct Subscription {
    /// One for each of a process's life.
    pub number: u64,
    pub name: Option<String>,
    pub collection: String,
    pub record: Option<RecordId>,
    pub filter: Option<Filter>,
    operations: AtomicU8,
    /// Only what happened after this place of the log.
    after: AtomicU64,
    /// And up to this one.
    until: AtomicU64,
}

impl Subscription {
    pub fn new(request: Request, filter: Option<rules::Expr>) -> Self {
        static MADE: AtomicU64 = AtomicU64::new(0);
        Self {
            number: MADE.fetch_add(1, Ordering::Relaxed),
            name: request.name,
            collection: request.collection,
            record: request.record,
            filter: request.filter.zip(filter).map(|(text, expr)| Filter { text, expr }),
            operations: AtomicU8::new(request.operations.0),
            after: AtomicU64::new(0),
            until: AtomicU64::new(u64::MAX),
        }
    }

    /// Whether both go by one name, so that one takes the other's place.
    pub fn is_same(&self, name: Option<&str>, collection: &str, record: Option<&str>) -> bool {
        match (self.name.as_deref(), name) {
            (Some(own), Some(name)) => own == name,
            (None, None) => {
                self.collection == collection && self.record.as_ref().map(RecordId::as_str) == record
            }
            _ => false,
        }
    }

    /// Whether it takes an event from that place of the log.
    pub fn takes(&self, position: u64, operation: RecordOperation) -> bool {
        position > self.after.load(Ordering::Acquire)
            && position <= self.until.load(Ordering::Acquire)
            && self.wants(operation)
    }

    /// Whether it is about that operation.
    pub fn wants(&self, operation: RecordOperation) -> bool {
        self.operations.load(Ordering::Acquire) & bit(operation) != 0
    }

    /// It is about what happens after that place of the log.
    pub fn begin_after(&self, position: u64) {
        self.after.store(position, Ordering::Release);
    }

    /// It ends with that place of the log.
    pub fn end_at(&self, position: u64) {
        self.until.store(position, Ordering::Release);
    }

    /// Whether it goes on.
    pub fn goes_on(&self) -> bool {
        self.until.load(Ordering::Acquire) == u64::MAX
    }

    /// The keys that say which one it is.
    pub fn identified(&self, message: &mut Map<String, Json>) {
        message.insert("collection".into(), json!(self.collection));
        if let Some(name) = &self.name {
            message.insert("id".into(), json!(name));
        }
        if let Some(record) = &self.record {
            message.insert("record".into(), json!(record.as_str()));
        }
    }

    /// A message about it: `subscribed` and the like.
    pub fn status(&self, status: &str, now: chrono::DateTime<chrono::Utc>) -> Json {
        let mut message = Map::new();
        message.insert("status".into(), json!(status));
        self.identified(&mut message);
        message.insert("type".into(), json!(status));
        message.insert("timestamp".into(), json!(timestamp(now)));
        Json::Object(message)
    }

    /// That events may be missing.
    pub fn reset(&self) -> Json {
        let mut message = Map::new();
        message.insert("type".into(), json!("reset"));
        self.identified(&mut message);
        Json::Object(message)
    }

    /// That it is not, or no longer, allowed.
    pub fn denied(&self) -> Json {
        let mut message = Map::new();
        message.insert("error".into(), json!("Subscription denied"));
        self.identified(&mut message);
        Json::Object(message)
    }
}
