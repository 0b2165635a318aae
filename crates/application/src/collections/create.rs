//! Use case: make a collection.

use snackbase_domain::CollectionId;
use snackbase_domain::collection::{
    Collection, CollectionName, FieldDraft, IndexDraft, Operation, Problem, RuleSet, validate_indexes,
};

use super::{Collections, check_fields, check_rule, check_update_check, refuse, rule_schema};
use crate::macros::{KnownMacro, known_macros};
use crate::ports::{Repositories, StoreError};
use crate::{AppError, Kind, Principal, tx};

/// A collection to be made, of the right shape but not checked yet.
#[derive(Clone, Debug)]
pub struct NewCollection {
    pub name: String,
    pub fields: Vec<FieldDraft>,
    pub indexes: Vec<IndexDraft>,
    /// The field lists in it are valid.
    pub rules: RuleSet,
}

impl Collections {
    /// Makes a collection with its table.
    pub async fn create(&self, by: &Principal, new: NewCollection) -> Result<Collection, AppError> {
        let _turn = self.changing.lock().await;
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.create_in(work.repositories(), new).await;
        let collection = tx::finish(work, outcome).await?;
        self.reload().await?;
        Ok(collection)
    }

    async fn create_in(&self, store: &dyn Repositories, new: NewCollection) -> Result<Collection, AppError> {
        store.collections().lock_schema().await?;
        let existing = store.collections().all().await?;
        let macros = known_macros(store).await?;
        let collection = self.check_new(new, &existing, &|_| false)?;
        check_rules(&collection, &existing, &macros)?;
        self.insert_description(store, &collection).await?;
        store.tables().create(&collection).await?;
        Ok(collection)
    }

    /// A collection that is to be made, when it is in order but for its rules. `beside` tells which
    /// names are made in the same transaction.
    pub(super) fn check_new(
        &self,
        new: NewCollection,
        existing: &[Collection],
        beside: &dyn Fn(&str) -> bool,
    ) -> Result<Collection, AppError> {
        let name = CollectionName::parse(&new.name);
        let known = |name: &str| name == new.name || beside(name);
        let fields = check_fields(&new.fields, 0, &known, existing);
        let (name, fields) = match (name, fields) {
            (Some(name), Ok(fields)) => (name, fields),
            (name, fields) => {
                let mut problems = fields.err().unwrap_or_default();
                if name.is_none() {
                    problems.insert(0, bad_name());
                }
                return Err(refuse("Validation failed", &problems));
            }
        };
        let indexes = validate_indexes(&new.indexes, &fields);
        let indexes = indexes.map_err(|problems| refuse("Validation failed", &problems))?;
        if existing.iter().any(|other| other.name.same_table(&name)) {
            return Err(already_exists(&new.name));
        }
        let now = self.clock.now();
        Ok(Collection {
            id: CollectionId::new(self.ids.new_id()),
            name,
            fields,
            indexes,
            rules: new.rules,
            created_at: now,
            updated_at: now,
        })
    }

    /// Stores a new collection, without its table; answers the revision.
    pub(super) async fn insert_description(
        &self,
        store: &dyn Repositories,
        collection: &Collection,
    ) -> Result<String, AppError> {
        let rules_id = self.ids.new_id().to_string();
        store.collections().insert(collection, &rules_id).await.map_err(|error| match error {
            StoreError::Conflict { .. } => already_exists(collection.name.as_str()),
            other => other.into(),
        })?;
        self.note_revision(store, format!("create collection {}", collection.name)).await
    }
}

/// Checks the rules of a collection that is to be made; through references they see the existing ones.
pub(super) fn check_rules<'a>(
    collection: &Collection,
    existing: impl IntoIterator<Item = &'a Collection>,
    macros: &[KnownMacro],
) -> Result<(), AppError> {
    let Collection { name, fields, rules, .. } = collection;
    let schema = rule_schema(name.as_str(), fields, existing).with_macros(macros.iter().cloned());
    let invalid = |text| AppError::titled(Kind::Invalid, "Validation error", text);
    for operation in Operation::ALL {
        if let Some(rule) = rules.rule(operation) {
            check_rule(&schema, operation, rule).map_err(invalid)?;
        }
    }
    match &rules.update_check_rule {
        Some(rule) => check_update_check(&schema, rule).map_err(invalid),
        None => Ok(()),
    }
}

fn bad_name() -> Problem {
    Problem {
        path: "name".to_owned(),
        text: "Collection name must start with a letter and contain only alphanumeric characters and underscores"
            .to_owned(),
    }
}

pub(super) fn already_exists(name: &str) -> AppError {
    AppError::titled_field(Kind::Conflict, "Conflict", format!("Collection '{name}' already exists"), "name")
}
