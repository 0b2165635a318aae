//! The descriptions of collections.

use async_trait::async_trait;
use snackbase_application::ports::{
    CollectionQuery, CollectionRepository, CollectionSort, RuleRow, StoreError,
};
use snackbase_domain::CollectionId;
use snackbase_domain::collection::Collection;

use super::Memory;
use super::state::{conflict, cut, matches, sort_by};

fn with_rules((collection, row): &(Collection, RuleRow)) -> Collection {
    Collection { rules: row.rules.clone(), ..collection.clone() }
}

#[async_trait]
impl CollectionRepository for Memory {
    async fn all(&self) -> Result<Vec<Collection>, StoreError> {
        let mut all: Vec<_> = self.state().collections.values().map(with_rules).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    async fn find(&self, id: CollectionId) -> Result<Option<Collection>, StoreError> {
        Ok(self.state().collections.get(&id).map(with_rules))
    }

    async fn page(&self, query: &CollectionQuery) -> Result<(Vec<Collection>, u64), StoreError> {
        let mut found = self.all().await?;
        found.retain(|c| matches(query.search.as_deref(), &[c.name.to_string(), c.id.to_string()]));
        let order = |a: &Collection, b: &Collection| match query.sort {
            CollectionSort::Id => a.id.cmp(&b.id),
            CollectionSort::Name => a.name.cmp(&b.name),
            CollectionSort::CreatedAt => a.created_at.cmp(&b.created_at),
            CollectionSort::UpdatedAt => a.updated_at.cmp(&b.updated_at),
        };
        sort_by(&mut found, query.descending, order, |collection| collection.id);
        let total = found.len() as u64;
        Ok((cut(found, query.skip, query.limit), total))
    }

    async fn insert(&self, collection: &Collection, rules_id: &str) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.collections.values().any(|(known, _)| known.name.same_table(&collection.name)) {
            return conflict("collections.name_key");
        }
        let row = RuleRow {
            id: rules_id.to_owned(),
            collection_id: collection.id,
            rules: collection.rules.clone(),
            created_at: collection.created_at,
            updated_at: collection.created_at,
        };
        state.collections.insert(collection.id, (collection.clone(), row));
        state.schema_version += 1;
        Ok(())
    }

    async fn update(&self, collection: &Collection) -> Result<(), StoreError> {
        let mut state = self.state();
        if let Some((known, _)) = state.collections.get_mut(&collection.id) {
            known.name.clone_from(&collection.name);
            known.fields.clone_from(&collection.fields);
            known.indexes.clone_from(&collection.indexes);
            known.updated_at = collection.updated_at;
        }
        state.schema_version += 1;
        Ok(())
    }

    async fn delete(&self, id: CollectionId) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.schema_version += 1;
        Ok(state.collections.remove(&id).is_some())
    }

    async fn rules(&self, id: CollectionId) -> Result<Option<RuleRow>, StoreError> {
        Ok(self.state().collections.get(&id).map(|(_, row)| row.clone()))
    }

    async fn update_rules(&self, row: &RuleRow) -> Result<(), StoreError> {
        let mut state = self.state();
        if let Some((_, known)) = state.collections.get_mut(&row.collection_id) {
            known.clone_from(row);
        }
        state.schema_version += 1;
        Ok(())
    }

    /// Units of work take turns anyway.
    async fn lock_schema(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn version(&self) -> Result<u64, StoreError> {
        Ok(self.state().schema_version)
    }

    async fn mark_changed(&self) -> Result<(), StoreError> {
        self.state().schema_version += 1;
        Ok(())
    }
}
