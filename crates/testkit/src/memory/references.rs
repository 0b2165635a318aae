//! References between records: targets exist, and deletions follow them.

use std::collections::BTreeSet;

use snackbase_application::ports::StoreError;
use snackbase_domain::AccountId;
use snackbase_domain::collection::{Collection, CollectionName, OnDelete, Reference};
use snackbase_domain::record::{Record, Value};

use super::state::State;

/// The table that a reference points into.
pub(super) fn target(reference: &Reference) -> Option<String> {
    CollectionName::parse(&reference.collection).map(|name| name.table().as_str().to_owned())
}

/// A row, by table and id.
type RowKey = (String, String);

impl State {
    /// The account and the targets of references have to be there.
    pub fn check_references(&self, collection: &Collection, record: &Record) -> Result<(), StoreError> {
        if !self.accounts.contains_key(&record.account_id) {
            return Err(StoreError::ForeignKey);
        }
        for (field, value) in collection.stored_fields().zip(&record.values) {
            let (Some(reference), Value::Text(id)) = (field.reference(), value) else {
                continue;
            };
            let table = target(reference).and_then(|name| self.tables.get(&name));
            let own = reference.collection.eq_ignore_ascii_case(collection.name.as_str())
                && id == record.id.as_str();
            if !own && !table.is_some_and(|table| table.rows.contains_key(id)) {
                return Err(StoreError::ForeignKey);
            }
        }
        Ok(())
    }

    /// Deletes all rows of an account.
    pub fn delete_rows_of(&mut self, account: AccountId) -> Result<(), StoreError> {
        let mut rows = BTreeSet::new();
        for (name, table) in &self.tables {
            let own = table.rows.values().filter(|record| record.account_id == account);
            rows.extend(own.map(|record| (name.clone(), record.id.to_string())));
        }
        self.delete_rows(rows)
    }

    /// Deletes rows with what depends on them, or nothing when a row that stays
    /// restricts it.
    pub fn delete_rows(&mut self, mut gone: BTreeSet<RowKey>) -> Result<(), StoreError> {
        let mut cleared: BTreeSet<(RowKey, usize)> = BTreeSet::new();
        let mut restricting = BTreeSet::new();
        let mut next: Vec<RowKey> = gone.iter().cloned().collect();
        while let Some((table, id)) = next.pop() {
            for (row, position, on_delete) in self.referrers(&table, &id) {
                match on_delete {
                    OnDelete::Restrict => drop(restricting.insert(row)),
                    OnDelete::SetNull => drop(cleared.insert((row, position))),
                    OnDelete::Cascade => {
                        if gone.insert(row.clone()) {
                            next.push(row);
                        }
                    }
                }
            }
        }
        if !restricting.is_subset(&gone) {
            return Err(StoreError::ForeignKey);
        }
        for ((table, id), position) in cleared {
            let row = self.tables.get_mut(&table).and_then(|table| table.rows.get_mut(&id));
            if let Some(value) = row.and_then(|record| record.values.get_mut(position)) {
                *value = Value::Null;
            }
        }
        for (table, id) in gone {
            if let Some(table) = self.tables.get_mut(&table) {
                table.rows.remove(&id);
            }
        }
        Ok(())
    }

    /// The rows that refer to a row, by which of their values, and what that means.
    fn referrers(&self, table: &str, id: &str) -> Vec<(RowKey, usize, OnDelete)> {
        let mut found = Vec::new();
        for (name, other) in &self.tables {
            for (position, field) in other.collection.stored_fields().enumerate() {
                let Some(reference) = field.reference().filter(|r| target(r).as_deref() == Some(table))
                else {
                    continue;
                };
                let referring = other
                    .rows
                    .values()
                    .filter(|row| row.values.get(position).and_then(Value::as_text) == Some(id));
                found.extend(
                    referring.map(|row| ((name.clone(), row.id.to_string()), position, reference.on_delete)),
                );
            }
        }
        found
    }
}
