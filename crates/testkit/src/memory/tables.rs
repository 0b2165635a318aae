//! The tables of records.

use std::collections::{BTreeMap, HashSet};

use async_trait::async_trait;
use snackbase_application::ports::{RecordTables, SchemaDiff, StoreError};
use snackbase_domain::AccountId;
use snackbase_domain::collection::{Collection, Field};
use snackbase_domain::record::{Value, check_value};

use super::Memory;
use super::row::unique_key;
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
        for field in altered.collection.stored_fields().filter(|field| field.unique) {
            if duplicates(&altered, field) {
                return conflict(field.name.as_str());
            }
        }
        *table = altered;
        Ok(())
    }

    async fn drop(&self, collection: &Collection) -> Result<(), StoreError> {
        let gone = self.state().tables.remove(collection.table().as_str());
        gone.map(drop).ok_or(StoreError::NoTable)
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

    async fn has_rows(&self, collection: &Collection, account: AccountId) -> Result<bool, StoreError> {
        Ok(self.state().table(collection)?.rows.values().any(|row| row.account_id == account))
    }
}
