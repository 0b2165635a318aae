//! The records.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use async_trait::async_trait;
use bytes::Bytes;
use snackbase_application::access::{AccountName, Scoped, Tenant};
use snackbase_application::ports::{
    AggregateQuery, Group, JsonPage, ListQuery, RecordCursor, RecordStore, Referring, SeekPage, SeekQuery,
    Sort, SortBy, StoreError, StoredRecord,
};
use snackbase_domain::record::{Record, Value};
use snackbase_domain::{AccountId, RecordId};
use snackbase_rules::{self as rules, Row as _};

use super::row::{MemoryRow, index_key, order, unique_key};
use super::state::{State, Table, conflict, cut};
use super::{Memory, aggregate, files, json};

/// Whether a record is within reach.
fn reaches(state: &State, scoped: &Scoped, record: &Record) -> bool {
    let row = MemoryRow { state: Some(state), collection: &scoped.compiled().collection, record };
    let holds = |typed| rules::eval_condition(typed, &row, scoped.now()) == Some(true);
    scoped.predicate().is_none_or(holds)
        && scoped.versions().is_none_or(|versions| versions.contains(&record.updated_at))
        && match scoped.tenant() {
            Tenant::All => true,
            Tenant::Account(account) => record.account_id == account,
        }
}

/// The records within reach, by id.
fn reached(state: &State, scoped: &Scoped) -> Result<Vec<Record>, StoreError> {
    let rows = state.table(&scoped.compiled().collection)?.rows.values();
    Ok(rows.filter(|record| reaches(state, scoped, record)).cloned().collect())
}

/// The values that a record is sorted by, with the id as the last one.
fn sort_keys(state: &State, scoped: &Scoped, sort: &[Sort], now: i64, record: &Record) -> Vec<rules::Value> {
    let row = MemoryRow { state: Some(state), collection: &scoped.compiled().collection, record };
    let keys = sort.iter().map(|sort| match &sort.by {
        SortBy::Field(name) => row.get(name),
        SortBy::Expression(typed) => rules::eval(typed, &row, now),
    });
    keys.chain([row.get("id")]).collect()
}

/// How two rows of keys follow each other; the id follows in the direction of the first.
fn compare(sort: &[Sort], a: &[rules::Value], b: &[rules::Value]) -> Ordering {
    let first = sort.first().is_some_and(|sort| sort.descending);
    let directions = sort.iter().map(|sort| sort.descending).chain([first]);
    let orders = a.iter().zip(b).zip(directions).map(|((a, b), descending)| match descending {
        true => order(b, a),
        false => order(a, b),
    });
    orders.fold(Ordering::Equal, Ordering::then)
}

type Keyed = (Vec<rules::Value>, Record);

/// The records within reach in an order, with what they are sorted by.
fn sorted(state: &State, scoped: &Scoped, sort: &[Sort], now: i64) -> Result<Vec<Keyed>, StoreError> {
    let found = reached(state, scoped)?.into_iter();
    let mut keyed: Vec<_> =
        found.map(|record| (sort_keys(state, scoped, sort, now, &record), record)).collect();
    keyed.sort_by(|(a, _), (b, _)| compare(sort, a, b));
    Ok(keyed)
}

fn stored(state: &State, scoped: &Scoped, (_, record): Keyed) -> StoredRecord {
    let named = scoped.projection().account_name == AccountName::OfEach;
    let account = state.accounts.get(&record.account_id).filter(|_| named);
    StoredRecord { account_name: account.map(|account| account.name.clone()), record }
}

fn page(
    state: &State,
    scoped: &Scoped,
    query: &ListQuery,
) -> Result<(Vec<StoredRecord>, Option<u64>), StoreError> {
    let found = sorted(state, scoped, &query.sort, scoped.now())?;
    let total = query.count.then_some(found.len() as u64);
    let rows = cut(found, query.skip, query.limit);
    Ok((rows.into_iter().map(|row| stored(state, scoped, row)).collect(), total))
}

/// Refuses what another record of the account has in a unique field or index.
fn check_unique(table: &Table, record: &Record) -> Result<(), StoreError> {
    for (position, field) in table.collection.stored_fields().enumerate().filter(|(_, f)| f.unique) {
        let key = |record: &Record| record.values.get(position).and_then(unique_key);
        let Some(own) = key(record) else { continue };
        let same = |other: &Record| {
            other.id != record.id
                && other.account_id == record.account_id
                && key(other).as_ref() == Some(&own)
        };
        if table.rows.values().any(same) {
            return conflict(field.name.as_str());
        }
    }
    for index in table.collection.indexes.iter().filter(|index| index.unique) {
        let key = |record: &Record| index_key(&table.collection, index, record);
        let Some(own) = key(record) else { continue };
        let mut others = table.rows.values().filter(|other| other.id != record.id);
        if others.any(|other| other.account_id == record.account_id && key(other).as_ref() == Some(&own)) {
            return conflict(&index.fields().join(","));
        }
    }
    Ok(())
}

/// Rows to be fetched, some at a time.
struct Rows(Vec<StoredRecord>);

#[async_trait]
impl RecordCursor for Rows {
    async fn next(&mut self) -> Result<Vec<StoredRecord>, StoreError> {
        let most = self.0.len().min(10);
        Ok(self.0.drain(..most).collect())
    }
}

#[async_trait]
impl RecordStore for Memory {
    async fn list_json(&self, scoped: &Scoped, query: &ListQuery) -> Result<JsonPage, StoreError> {
        let (rows, total) = page(&self.state(), scoped, query)?;
        let mut items = Vec::new();
        for StoredRecord { record, account_name } in &rows {
            if !items.is_empty() {
                items.push(b',');
            }
            json::write(&mut items, scoped, record, account_name.as_deref());
        }
        Ok(JsonPage { items: items.into(), total })
    }

    async fn list(
        &self,
        scoped: &Scoped,
        query: &ListQuery,
    ) -> Result<(Vec<StoredRecord>, Option<u64>), StoreError> {
        page(&self.state(), scoped, query)
    }

    async fn seek(&self, scoped: &Scoped, query: &SeekQuery) -> Result<SeekPage, StoreError> {
        let state = self.state();
        let mut found = sorted(&state, scoped, &query.sort, query.as_of)?;
        let total = query.count.then_some(found.len() as u64);
        if let Some(from) = &query.from {
            let id = rules::Value::Text(from.id.clone());
            let from: Vec<_> = from.keys.iter().cloned().chain([id]).collect();
            let side = if query.backwards { Ordering::Less } else { Ordering::Greater };
            found.retain(|(keys, _)| compare(&query.sort, keys, &from) == side);
        }
        if query.backwards {
            found.reverse();
        }
        let more = found.len() as u64 > query.limit;
        let mut rows: Vec<_> =
            cut(found, 0, query.limit).into_iter().map(|row| stored(&state, scoped, row)).collect();
        if query.backwards {
            rows.reverse();
        }
        Ok(SeekPage { rows, more, total })
    }

    async fn stream(&self, scoped: &Scoped, sort: &[Sort]) -> Result<Box<dyn RecordCursor>, StoreError> {
        let state = self.state();
        let found = sorted(&state, scoped, sort, scoped.now())?;
        Ok(Box::new(Rows(found.into_iter().map(|row| stored(&state, scoped, row)).collect())))
    }

    async fn view_json(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Bytes>, StoreError> {
        Ok(self.view(scoped, id).await?.map(|record| {
            let mut out = Vec::new();
            json::write(&mut out, scoped, &record, None);
            out.into()
        }))
    }

    async fn view(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        Ok(reached(&self.state(), scoped)?.into_iter().find(|record| record.id == *id))
    }

    async fn find_many(&self, scoped: &Scoped, ids: &[String]) -> Result<Vec<Record>, StoreError> {
        self.lookups().push(format!("find_many {}", scoped.compiled().name()));
        let state = self.state();
        let table = state.table(&scoped.compiled().collection)?;
        let ids: BTreeSet<&String> = ids.iter().collect();
        let found = ids.into_iter().filter_map(|id| table.rows.get(id));
        Ok(found.filter(|record| reaches(&state, scoped, record)).cloned().collect())
    }

    async fn account_of(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<AccountId>, StoreError> {
        Ok(self.view(scoped, id).await?.map(|record| record.account_id))
    }

    async fn shows_file(&self, scoped: &Scoped, path: &str, fields: &[&str]) -> Result<bool, StoreError> {
        let rows = reached(&self.state(), scoped)?;
        let collection = &scoped.compiled().collection;
        Ok(rows.iter().any(|record| {
            files::held(collection, record).any(|(field, of)| of == path && fields.contains(&field))
        }))
    }

    async fn existing(&self, scoped: &Scoped, ids: &[String]) -> Result<Vec<String>, StoreError> {
        self.lookups().push(format!("existing {}", scoped.compiled().name()));
        let mut found = reached(&self.state(), scoped)?;
        found.retain(|record| ids.iter().any(|id| id == record.id.as_str()));
        Ok(found.into_iter().map(|record| record.id.to_string()).collect())
    }

    async fn scan(
        &self,
        scoped: &Scoped,
        after: Option<&RecordId>,
        limit: u64,
    ) -> Result<Vec<Record>, StoreError> {
        let mut found = reached(&self.state(), scoped)?;
        found.retain(|record| after.is_none_or(|after| record.id.as_str() > after.as_str()));
        Ok(cut(found, 0, limit))
    }

    async fn aggregate(&self, scoped: &Scoped, query: &AggregateQuery) -> Result<Vec<Group>, StoreError> {
        Ok(aggregate::groups(scoped, query, &reached(&self.state(), scoped)?))
    }

    async fn take(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        self.view(scoped, id).await
    }

    async fn take_referring(
        &self,
        scoped: &Scoped,
        field: &str,
        targets: &[String],
        limit: u64,
    ) -> Result<Vec<Referring>, StoreError> {
        let fields = scoped.compiled().collection.stored_fields();
        let position = fields.into_iter().position(|known| known.name.as_str() == field);
        let mut found = Vec::new();
        let state = self.state();
        for record in state.table(&scoped.compiled().collection)?.rows.values() {
            let target = position.and_then(|position| record.values.get(position)).and_then(Value::as_text);
            let target = target.filter(|target| targets.iter().any(|id| id == target));
            if let Some(target) = target.filter(|_| reaches(&state, scoped, record)) {
                found.push(Referring { id: record.id.to_string(), target: target.to_owned() });
            }
        }
        Ok(cut(found, 0, limit))
    }

    async fn hold(&self, _scoped: &Scoped, _id: &RecordId) -> Result<(), StoreError> {
        // One unit of work at a time.
        Ok(())
    }

    async fn insert(&self, scoped: &Scoped, record: &Record) -> Result<(), StoreError> {
        let mut state = self.state();
        let collection = &scoped.compiled().collection;
        let table = state.table(collection)?;
        if table.rows.contains_key(record.id.as_str()) {
            return conflict("id");
        }
        check_unique(table, record)?;
        state.check_references(collection, record)?;
        state.table_mut(collection)?.rows.insert(record.id.to_string(), record.clone());
        Ok(())
    }

    async fn update(
        &self,
        scoped: &Scoped,
        id: &RecordId,
        changes: &[Option<Value>],
        updated_at: i64,
        updated_by: &str,
    ) -> Result<Option<Record>, StoreError> {
        let mut state = self.state();
        let collection = &scoped.compiled().collection;
        let table = state.table(collection)?;
        let Some(old) = table.rows.get(id.as_str()).filter(|record| reaches(&state, scoped, record)) else {
            return Ok(None);
        };
        let updated_at = updated_at.max(old.updated_at + 1);
        let mut record = Record { updated_at, updated_by: updated_by.to_owned(), ..old.clone() };
        for (value, change) in record.values.iter_mut().zip(changes) {
            if let Some(change) = change {
                value.clone_from(change);
            }
        }
        check_unique(table, &record)?;
        state.check_references(collection, &record)?;
        state.table_mut(collection)?.rows.insert(id.to_string(), record.clone());
        Ok(Some(record))
    }

    /// Of the predicate there is no text here.
    fn condition(&self, scoped: &Scoped) -> String {
        scoped.predicate().map_or(String::new(), |_| "TRUE".to_owned())
    }

    async fn delete(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        let mut state = self.state();
        let collection = &scoped.compiled().collection;
        let found = state.table(collection)?.rows.get(id.as_str());
        let Some(found) = found.filter(|record| reaches(&state, scoped, record)).cloned() else {
            return Ok(None);
        };
        let row = (collection.table().as_str().to_owned(), id.to_string());
        state.delete_rows(BTreeSet::from([row]))?;
        Ok(Some(found))
    }

    async fn clear_references(
        &self,
        scoped: &Scoped,
        fields: &[usize],
        records: &[Record],
        updated_at: i64,
        updated_by: &str,
    ) -> Result<Vec<Record>, StoreError> {
        let mut state = self.state();
        let table = state.table_mut(&scoped.compiled().collection)?;
        let mut changed = Vec::new();
        for known in records {
            let Some(record) = table.rows.get_mut(known.id.as_str()) else { continue };
            for field in fields {
                record.values[*field] = Value::Null;
            }
            record.updated_at = updated_at.max(record.updated_at + 1);
            record.updated_by = updated_by.to_owned();
            changed.push(record.clone());
        }
        Ok(changed)
    }

    async fn cut_references(&self, scoped: &Scoped, field: usize, ids: &[String]) -> Result<(), StoreError> {
        let mut state = self.state();
        let table = state.table_mut(&scoped.compiled().collection)?;
        for id in ids {
            if let Some(record) = table.rows.get_mut(id) {
                record.values[field] = Value::Null;
            }
        }
        Ok(())
    }

    async fn delete_taken(&self, scoped: &Scoped, records: &[Record]) -> Result<(), StoreError> {
        let table = scoped.compiled().collection.table().as_str().to_owned();
        let rows = records.iter().map(|record| (table.clone(), record.id.to_string()));
        self.state().delete_rows(rows.collect())
    }
}
