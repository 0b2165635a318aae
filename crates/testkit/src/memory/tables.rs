//! The tables of records.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{RecordTables, RowsFound, SchemaDiff, StoreError};
use snackbase_domain::collection::{Collection, Field, FieldName, FieldType, Index};
use snackbase_domain::record::{Record, Value, check_value};
use snackbase_domain::{AccountId, RecordId};

use super::Memory;
use super::row::{index_key, unique_key};
use super::state::{Table, conflict, cut};

/// Whether two rows of an account have the same value in a field.
fn duplicates(table: &Table, field: &Field) -> bool {
    let position = table.collection.stored_fields().position(|f| f.name == field.name);
    let mut seen = HashSet::new();
    table.rows.values().any(|row| {
        let value = position.and_then(|position| row.values.get(position));
        value.and_then(unique_key).is_some_and(|key| !seen.insert((row.account_id, key)))
    })
}

/// Rows whose values of an index another row of the account has, too.
fn collisions<'a>(table: &'a Table, index: &Index) -> Vec<&'a Record> {
    let keyed = table
        .rows
        .values()
        .filter_map(|row| Some(((row.account_id, index_key(&table.collection, index, row)?), row)));
    let mut same: HashMap<_, Vec<_>> = HashMap::new();
    for (key, row) in keyed {
        same.entry(key).or_default().push(row);
    }
    same.into_values().filter(|rows| rows.len() > 1).flatten().collect()
}

fn found(mut rows: Vec<&Record>) -> RowsFound {
    rows.sort_by_key(|row| (row.created_at, row.id.as_str()));
    let first = rows.iter().take(5).map(|row| row.id.to_string()).collect();
    RowsFound { count: rows.len() as u64, first }
}

/// Refuses rows that the unique fields and indexes of a table forbid.
fn check_unique(table: &Table) -> Result<(), StoreError> {
    for field in table.collection.stored_fields().filter(|field| field.unique) {
        if duplicates(table, field) {
            return conflict(field.name.as_str());
        }
    }
    match table.collection.indexes.iter().find(|index| index.unique && !collisions(table, index).is_empty()) {
        Some(index) => conflict(&index.fields().join(",")),
        None => Ok(()),
    }
}

/// Brings rows to another list of fields; `named` tells what a field was called before.
fn reshape(table: &mut Table, after: &Collection, named: impl Fn(&str) -> String) {
    for row in table.rows.values_mut() {
        let old = table.collection.stored_fields().map(|f| f.name.to_string()).zip(row.values.drain(..));
        let mut old: BTreeMap<_, _> = old.collect();
        let values = after.stored_fields().map(|f| old.remove(&named(f.name.as_str())));
        row.values = values.map(|value| value.unwrap_or(Value::Null)).collect();
    }
    table.collection = after.clone();
}

#[async_trait]
impl RecordTables for Memory {
    async fn create(&self, collection: &Collection) -> Result<(), StoreError> {
        let mut state = self.state();
        let name = collection.table().as_str().to_owned();
        if state.tables.contains_key(&name) {
            return Err(StoreError::Other(format!("there is a table '{name}'")));
        }
        state.tables.insert(name, Table { collection: collection.clone(), rows: BTreeMap::new() });
        Ok(())
    }

    async fn alter(&self, diff: &SchemaDiff) -> Result<(), StoreError> {
        let mut state = self.state();
        let table = state.table_mut(&diff.before)?;
        let mut altered = Table { collection: diff.after.clone(), rows: table.rows.clone() };
        for row in altered.rows.values_mut() {
            let old = table.collection.stored_fields().map(|f| f.name.as_str()).zip(row.values.drain(..));
            let mut old: BTreeMap<_, _> = old.collect();
            row.values = altered
                .collection
                .stored_fields()
                .map(|field| match old.remove(field.name.as_str()) {
                    Some(value) => value,
                    None => check_value(&field.ty, &field.default).unwrap_or(Value::Null),
                })
                .collect();
        }
        check_unique(&altered)?;
        *table = altered;
        Ok(())
    }

    async fn rename_field(
        &self,
        before: &Collection,
        after: &Collection,
        (from, to): (&FieldName, &FieldName),
    ) -> Result<(), StoreError> {
        let named = |name: &str| if name == to.as_str() { from.to_string() } else { name.to_owned() };
        reshape(self.state().table_mut(before)?, after, named);
        Ok(())
    }

    async fn drop_field(&self, before: &Collection, after: &Collection, _: &Field) -> Result<(), StoreError> {
        reshape(self.state().table_mut(before)?, after, str::to_owned);
        Ok(())
    }

    async fn rename(&self, before: &Collection, after: &Collection) -> Result<(), StoreError> {
        let mut state = self.state();
        let mut table = state.tables.remove(before.table().as_str()).ok_or(StoreError::NoTable)?;
        table.collection = after.clone();
        // Foreign keys follow the table, whatever the descriptions of others say by now.
        let renamed = |field: &mut Field| match &mut field.ty {
            FieldType::Reference(reference) if reference.collection == before.name.as_str() => {
                reference.collection = after.name.to_string();
            }
            _ => {}
        };
        state.tables.values_mut().flat_map(|other| &mut other.collection.fields).for_each(renamed);
        state.tables.insert(after.table().as_str().to_owned(), table);
        Ok(())
    }

    async fn fill(
        &self,
        collection: &Collection,
        field: &Field,
        values: &[(RecordId, Value)],
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let position = collection.stored_fields().position(|f| f.name == field.name).unwrap_or(usize::MAX);
        for (id, value) in values {
            let row = state.table_mut(collection)?.rows.get_mut(id.as_str());
            let place = row.and_then(|row| row.values.get_mut(position));
            if let Some(place) = place {
                place.clone_from(value);
            }
        }
        check_unique(state.table(collection)?)
    }

    async fn set_aside(
        &self,
        collection: &Collection,
        revision: &str,
        _: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let gone = state.tables.remove(collection.table().as_str()).ok_or(StoreError::NoTable)?;
        state.aside.push((revision.to_owned(), gone));
        Ok(())
    }

    async fn aside(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.state().aside.iter().map(|(revision, _)| revision.clone()).collect())
    }

    async fn count_aside(&self, revision: &str) -> Result<u64, StoreError> {
        let state = self.state();
        let table = state.aside.iter().find(|(known, _)| known == revision);
        Ok(table.map_or(0, |(_, table)| table.rows.len() as u64))
    }

    async fn remove_aside(&self, revision: &str, _: u64) -> Result<bool, StoreError> {
        self.state().aside.retain(|(known, _)| known != revision);
        Ok(true)
    }

    async fn count(&self, collection: &Collection) -> Result<u64, StoreError> {
        Ok(self.state().table(collection)?.rows.len() as u64)
    }

    async fn count_all(&self, collections: &[&Collection]) -> Result<u64, StoreError> {
        let state = self.state();
        collections.iter().map(|collection| Ok(state.table(collection)?.rows.len() as u64)).sum()
    }

    async fn fold_counts(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn delete_some(
        &self,
        collection: &Collection,
        account: AccountId,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let mut state = self.state();
        let rows = state.table(collection)?.rows.values().filter(|row| row.account_id == account);
        let ids = cut(rows.map(|row| row.id.to_string()).collect(), 0, limit);
        let table = collection.table().as_str().to_owned();
        let deleted = ids.len() as u64;
        state.delete_rows(ids.into_iter().map(|id| (table.clone(), id)).collect())?;
        Ok(deleted)
    }

    async fn cut_some(
        &self,
        collection: &Collection,
        field: &Field,
        account: AccountId,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let mut state = self.state();
        let position = collection.stored_fields().position(|f| f.name == field.name).unwrap_or(usize::MAX);
        let rows = state.table_mut(collection)?.rows.values_mut();
        let values = rows
            .filter(|row| row.account_id == account)
            .filter_map(|row| row.values.get_mut(position))
            .filter(|value| !value.is_null())
            .take(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(values.map(|value| *value = Value::Null).count() as u64)
    }

    async fn has_duplicates(&self, collection: &Collection, field: &Field) -> Result<bool, StoreError> {
        Ok(duplicates(self.state().table(collection)?, field))
    }

    async fn collisions(&self, collection: &Collection, index: &Index) -> Result<RowsFound, StoreError> {
        let state = self.state();
        Ok(found(collisions(state.table(collection)?, index)))
    }

    async fn overlong(&self, collection: &Collection, index: &Index) -> Result<RowsFound, StoreError> {
        let state = self.state();
        let table = state.table(collection)?;
        let limit = index.text_limit(&collection.fields);
        let bounded = |field: &Field| field.holds_text() && index.contains(&field.name);
        let is_long = |row: &&Record| {
            let mut values = collection.stored_fields().zip(&row.values);
            values.any(|(field, value)| bounded(field) && value.as_text().is_some_and(|t| t.len() > limit))
        };
        Ok(found(table.rows.values().filter(is_long).collect()))
    }

    async fn has_rows(&self, collection: &Collection, account: AccountId) -> Result<bool, StoreError> {
        Ok(self.state().table(collection)?.rows.values().any(|row| row.account_id == account))
    }
}
