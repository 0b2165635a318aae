//! Use cases: read and change the rules of a collection.

use snackbase_domain::collection::{Collection, Operation, RuleSet};
use snackbase_rules as rules;

use super::{Collections, rule_schema};
use crate::catalog;
use crate::macros::with_macros;
use crate::ports::{Repositories, RuleRow};
use crate::{AppError, Kind, Principal, tx};

/// What to change of the rules; the outer `None` stays.
#[derive(Clone, Debug, Default)]
pub struct RuleChange {
    /// In the order of [`Operation::ALL`]; an inner `None` locks.
    pub rules: [Option<Option<String>>; 5],
    /// An inner `None` takes the check away.
    pub update_check_rule: Option<Option<String>>,
    pub list_fields: Option<String>,
    pub view_fields: Option<String>,
    pub create_fields: Option<String>,
    pub update_fields: Option<String>,
}

impl RuleChange {
    pub(super) fn apply(self, to: &mut RuleSet) {
        for (operation, change) in Operation::ALL.into_iter().zip(self.rules) {
            if let Some(rule) = change {
                *to.rule_mut(operation) = rule;
            }
        }
        if let Some(rule) = self.update_check_rule {
            to.update_check_rule = rule;
        }
        let lists = [
            (&mut to.list_fields, self.list_fields),
            (&mut to.view_fields, self.view_fields),
            (&mut to.create_fields, self.create_fields),
            (&mut to.update_fields, self.update_fields),
        ];
        for (list, change) in lists {
            if let Some(change) = change {
                *list = change;
            }
        }
    }
}

impl Collections {
    /// The rules of the collection of that name. A row that is missing is made, locked.
    pub async fn rules(&self, by: &Principal, name: &str) -> Result<RuleRow, AppError> {
        let store = self.storage.read();
        let collection = named(store, name).await?;
        match store.collections().rules(collection.id).await? {
            Some(row) => Ok(row),
            None => self.update_rules(by, name, RuleChange::default()).await,
        }
    }

    /// Changes rules; they hold from the next request on.
    pub async fn update_rules(
        &self,
        by: &Principal,
        name: &str,
        change: RuleChange,
    ) -> Result<RuleRow, AppError> {
        let _turn = self.changing.lock().await;
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = self.update_rules_in(work.repositories(), name, change).await;
        let row = tx::finish(work, outcome).await?;
        self.reload().await?;
        Ok(row)
    }

    pub(super) async fn update_rules_in(
        &self,
        store: &dyn Repositories,
        name: &str,
        change: RuleChange,
    ) -> Result<RuleRow, AppError> {
        // Macros that the rules call must not go meanwhile.
        store.collections().lock_schema().await?;
        let collection = named(store, name).await?;
        let existing = store.collections().all().await?;
        let schema = with_macros(store, rule_schema(name, &collection.fields, &existing)).await?;
        for (operation, rule) in Operation::ALL.into_iter().zip(&change.rules) {
            if let Some(Some(rule)) = rule {
                check_rule(&schema, operation, rule).map_err(|text| AppError::detail(Kind::Invalid, text))?;
            }
        }
        if let Some(Some(rule)) = &change.update_check_rule {
            check_update_check(&schema, rule).map_err(|text| AppError::detail(Kind::Invalid, text))?;
        }
        let now = self.clock.now();
        let stored = store.collections().rules(collection.id).await?;
        let mut row = stored.clone().unwrap_or_else(|| RuleRow {
            id: self.ids.new_id().to_string(),
            collection_id: collection.id,
            rules: RuleSet::default(),
            created_at: now,
            updated_at: now,
        });
        change.apply(&mut row.rules);
        if stored.is_none_or(|stored| stored.rules != row.rules) {
            row.updated_at = now;
            store.collections().update_rules(&row).await?;
        }
        Ok(row)
    }
}

/// Checks a rule against a schema: the text after `Invalid` when it is no good.
pub fn check_rule(schema: &rules::Schema, operation: Operation, rule: &str) -> Result<(), String> {
    let scope = match operation {
        Operation::List => rules::Operation::List,
        Operation::View => rules::Operation::View,
        Operation::Create => rules::Operation::Create,
        Operation::Update => rules::Operation::Update,
        Operation::Delete => rules::Operation::Delete,
    };
    check(schema, scope, operation.rule_key(), rule)
}

/// Checks a rule about records as an update leaves them, like [`check_rule`].
pub fn check_update_check(schema: &rules::Schema, rule: &str) -> Result<(), String> {
    check(schema, rules::Operation::Update, RuleSet::UPDATE_CHECK, rule)
}

fn check(schema: &rules::Schema, operation: rules::Operation, key: &str, rule: &str) -> Result<(), String> {
    if rule.is_empty() {
        return Ok(());
    }
    let invalid = |text: String| format!("Invalid {key}: {text}");
    let expr = rules::parse(rule).map_err(|e| invalid(e.to_string()))?;
    let scope = rules::Scope::Rule(operation);
    rules::check(&expr, schema, scope).map_err(|e| invalid(e.to_string()))?;
    // Computed fields stand for their expressions: it may be too large only with these.
    rules::check_size(&expr, schema, scope).map_err(|e| invalid(e.to_string()))
}

/// The rules of all collections that a change of one makes too large, because its computed fields
/// stand in them, e.g. `list_rule of 'posts'`.
pub(super) fn outgrown(before: &[Collection], after: &[Collection]) -> Vec<String> {
    let too_large = |all: &[Collection]| {
        let schemas = all.iter().map(|c| (c.name.as_str(), catalog::schema(&c.fields)));
        let targets = catalog::targets(schemas);
        let mut found = Vec::new();
        for collection in all {
            let schema = catalog::schema(&collection.fields).with_targets(targets.clone());
            for (key, rule) in collection.rules.all() {
                // What it stands for is the same in all operations.
                let scope = rules::Scope::Rule(rules::Operation::Update);
                if let Some(expr) = rule.and_then(|rule| rules::parse(rule).ok())
                    && rules::check_size(&expr, &schema, scope).is_err()
                {
                    found.push(format!("{key} of '{}'", collection.name));
                }
            }
        }
        found
    };
    let known = too_large(before);
    too_large(after).into_iter().filter(|rule| !known.contains(rule)).collect()
}

async fn named(store: &dyn Repositories, name: &str) -> Result<Collection, AppError> {
    let all = store.collections().all().await?;
    all.into_iter()
        .find(|c| c.name.as_str() == name)
        .ok_or_else(|| AppError::not_found(format!("Collection '{name}' not found")))
}
