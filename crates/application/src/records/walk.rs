//! Use case: walk through a list from row to row, by cursors.
//!
//! A cursor is a sealed [`Position`]: it tells its bearer nothing, and opens only for
//! the same collection, account and order. Sort keys are those that the caller may
//! see unmasked, so that no cursor stands at a value that he may not know.

use std::borrow::Cow;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use snackbase_domain::RecordId;
use snackbase_domain::record::Record;
use snackbase_rules::{self as rules, Row as _, Value};

use super::list::Listing;
use super::related::Related;
use super::{ListRequest, Records};
use crate::access;
use crate::ports::{Position, SeekQuery, Sort, SortBy, StoredRecord};
use crate::{AppError, Caller, Kind};

/// Where to walk on.
#[derive(Clone, Debug, Default)]
pub struct WalkRequest {
    /// After this cursor; empty: from the beginning.
    pub after: Option<String>,
    /// Before this cursor.
    pub before: Option<String>,
    /// Whether to count all records of the list.
    pub count: bool,
}

/// Records next to a cursor.
#[derive(Clone, Debug)]
pub struct WalkReply {
    /// The records as JSON text, separated by commas, without the brackets.
    pub items: Bytes,
    /// Stands at the last record; `None` where there is none.
    pub next: Option<String>,
    /// Stands at the first record.
    pub previous: Option<String>,
    /// Whether there are more in the direction of the walk.
    pub more: bool,
    /// How many match in all, where it was asked for.
    pub total: Option<u64>,
}

/// What a cursor holds.
#[derive(Serialize, Deserialize)]
struct Mark {
    /// The moment that `now()` means in computed sort keys.
    as_of: i64,
    id: String,
    /// `None` where a text is too long to be carried: then the record tells.
    keys: Option<Vec<MarkKey>>,
}

#[derive(Serialize, Deserialize)]
enum MarkKey {
    Null,
    Bool(bool),
    /// The bits of a double: nothing is lost.
    Number(u64),
    Text(String),
    Instant(i64),
}

/// The longest text that a cursor carries, in bytes: addresses have limits.
const LONGEST_TEXT: usize = 1024;

impl Records {
    /// The records next to a cursor.
    pub async fn walk(
        &self,
        caller: &Caller,
        collection: &str,
        request: &ListRequest,
        walk: &WalkRequest,
    ) -> Result<WalkReply, AppError> {
        let named = |cursor: &Option<String>| cursor.clone().filter(|text| !text.is_empty());
        let (after, before) = (named(&walk.after), named(&walk.before));
        if after.is_some() && before.is_some() {
            return Err(AppError::titled(
                Kind::Invalid,
                "Invalid pagination parameters",
                "Cannot specify both 'cursor' and 'cursor_before'",
            ));
        }
        let listing = self.listing(caller, collection, request).await?;
        let place = place(&listing);
        let backwards = before.is_some();
        let (as_of, from) = match after.or(before) {
            None => (listing.scoped.now(), None),
            Some(cursor) => {
                let (as_of, position) = self.opened(&listing, &place, &cursor, backwards).await?;
                (as_of, Some(position))
            }
        };
        let query = SeekQuery {
            sort: listing.sort.clone(),
            as_of,
            from,
            backwards,
            limit: request.limit,
            count: walk.count,
        };
        let page = self.storage.read().records().seek(&listing.scoped, &query).await?;
        let next = self.cursor(&listing, &place, page.rows.last(), as_of).await?;
        let previous = self.cursor(&listing, &place, page.rows.first(), as_of).await?;
        let items = self.rendered(caller, &listing, page.rows).await?.into();
        Ok(WalkReply { items, next, previous, more: page.more, total: page.total })
    }

    async fn cursor(
        &self,
        listing: &Listing,
        place: &str,
        row: Option<&StoredRecord>,
        as_of: i64,
    ) -> Result<Option<String>, AppError> {
        let Some(StoredRecord { record, .. }) = row else { return Ok(None) };
        let keys = self.position(listing, record, as_of).await?.keys;
        let keys = keys.into_iter().map(MarkKey::new).collect();
        let mark = Mark { as_of, id: record.id.to_string(), keys };
        let plain = serde_json::to_vec(&mark).expect("writing to memory cannot fail");
        Ok(Some(self.cursors.seal(&plain, place)))
    }

    async fn opened(
        &self,
        listing: &Listing,
        place: &str,
        cursor: &str,
        backwards: bool,
    ) -> Result<(i64, Position), AppError> {
        let invalid = |why: &'static str| {
            let title = if backwards { "Invalid cursor_before" } else { "Invalid cursor" };
            AppError::titled(Kind::Invalid, title, Cow::Owned(format!("Invalid cursor format: {why}")))
        };
        let mark = self.cursors.open(cursor, place).and_then(|plain| serde_json::from_slice(&plain).ok());
        let mark: Mark = mark.ok_or_else(|| invalid("it is not one of this list in this order"))?;
        if let Some(keys) = mark.keys {
            let keys = keys.into_iter().map(MarkKey::value).collect();
            return Ok((mark.as_of, Position { keys, id: mark.id }));
        }
        let scoped = &listing.scoped;
        let everything = access::scope_of_existence(scoped.compiled(), scoped.tenant(), scoped.now());
        let record = self.storage.read().records().view(&everything, &RecordId::new(mark.id)).await?;
        let record = record.ok_or_else(|| invalid("the record that it stands at is gone"))?;
        Ok((mark.as_of, self.position(listing, &record, mark.as_of).await?))
    }

    /// Where a record stands in an order.
    async fn position(&self, listing: &Listing, record: &Record, as_of: i64) -> Result<Position, AppError> {
        let (compiled, store) = (listing.scoped.compiled(), self.storage.read());
        let expressions = listing.sort.iter().filter_map(|sort| match &sort.by {
            SortBy::Expression(typed) => Some(typed),
            SortBy::Field(_) => None,
        });
        let related = Related::load(store, &self.catalog, compiled, record, expressions, as_of).await?;
        let row = related.row(compiled, record);
        let key = |sort: &Sort| match &sort.by {
            SortBy::Field(name) => row.get(name),
            SortBy::Expression(typed) => rules::eval(typed, &row, as_of),
        };
        Ok(Position { keys: listing.sort.iter().map(key).collect(), id: record.id.to_string() })
    }
}

impl MarkKey {
    /// `None` for what is too long.
    fn new(value: Value) -> Option<Self> {
        Some(match value {
            Value::Null | Value::Json => Self::Null,
            Value::Bool(b) => Self::Bool(b),
            Value::Number(n) => Self::Number(n.to_bits()),
            Value::Text(text) if text.len() > LONGEST_TEXT => return None,
            Value::Text(text) => Self::Text(text),
            Value::Instant { micros, .. } => Self::Instant(micros),
        })
    }

    fn value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(b) => Value::Bool(b),
            Self::Number(bits) => Value::Number(f64::from_bits(bits)),
            Self::Text(text) => Value::Text(text),
            Self::Instant(micros) => Value::Instant { micros, text: None },
        }
    }
}

/// What cursors of a list in its order are bound to. A computed key is told by its
/// expression: when that changes, the order does.
fn place(listing: &Listing) -> String {
    let collection = listing.scoped.compiled().collection.id;
    format!("cursor|{collection}|{:?}|{:?}", listing.scoped.tenant(), listing.sort)
}
