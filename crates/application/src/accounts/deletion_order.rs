//! In which order the records of an account go.
//!
//! A record that another one refers to may be kept by it, or may take it along. So
//! that no statement deletes more rows than it is told to, referring records go
//! first; where records refer to each other in a circle, references are cut before.

use std::collections::HashSet;
use std::sync::Arc;

use snackbase_domain::collection::Field;

use crate::catalog::Compiled;

/// A step: rows of a collection are changed until none is left.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A reference is set to null.
    Cut(Arc<Compiled>, Box<Field>),
    /// Records are deleted.
    Delete(Arc<Compiled>),
}

/// The steps that take all records of an account.
pub(super) fn steps(collections: Vec<Arc<Compiled>>) -> Vec<Step> {
    let mut left = collections;
    let mut steps = Vec::new();
    while !left.is_empty() {
        let referred: HashSet<String> = left.iter().flat_map(|from| targets_elsewhere(from)).collect();
        // Of a circle, any one may go first.
        let next = left.iter().position(|compiled| !referred.contains(compiled.name())).unwrap_or(0);
        let next = left.remove(next);
        let name = next.name().to_owned();
        for from in left.iter().chain([&next]) {
            let cut = from.collection.stored_fields().filter(|field| refers_to(field, &name));
            steps.extend(cut.map(|field| Step::Cut(Arc::clone(from), Box::new(field.clone()))));
        }
        steps.push(Step::Delete(next));
    }
    steps
}

fn refers_to(field: &Field, name: &str) -> bool {
    field.reference().is_some_and(|reference| reference.collection == name)
}

fn targets_elsewhere(from: &Compiled) -> impl Iterator<Item = String> {
    let references = from.collection.stored_fields().filter_map(Field::reference);
    references.map(|reference| reference.collection.clone()).filter(|target| target != from.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use snackbase_domain::CollectionId;
    use snackbase_domain::collection::{
        Collection, CollectionName, FieldDraft, RuleSet, SchemaContext, validate_fields,
    };

    fn collection(name: &str, targets: &[&str]) -> Arc<Compiled> {
        let fields = targets.iter().enumerate().map(|(n, target)| {
            serde_json::json!({"name": format!("f{n}"), "type": "reference", "collection": target,
                "on_delete": "cascade"})
        });
        let drafts: Vec<FieldDraft> = fields.map(|field| serde_json::from_value(field).unwrap()).collect();
        let trusting = SchemaContext { collection_exists: &|_| true, check_expression: &|_, _, _| Ok(()) };
        Arc::new(Compiled::new(Collection {
            id: CollectionId::new(uuid::Uuid::nil()),
            name: CollectionName::parse(name).unwrap(),
            fields: validate_fields(&drafts, &trusting).unwrap(),
            indexes: Vec::new(),
            rules: RuleSet::default(),
            created_at: chrono::DateTime::UNIX_EPOCH,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }))
    }

    fn order(collections: &[(&str, &[&str])]) -> Vec<String> {
        let collections = collections.iter().map(|(name, targets)| collection(name, targets)).collect();
        let text = |step: Step| match step {
            Step::Cut(from, field) => format!("cut {}.{}", from.name(), field.name),
            Step::Delete(from) => from.name().to_owned(),
        };
        steps(collections).into_iter().map(text).collect()
    }

    #[test]
    fn what_refers_goes_first() {
        let shop: &[(&str, &[&str])] = &[
            ("customers", &[]),
            ("items", &["orders", "products"]),
            ("orders", &["customers"]),
            ("products", &[]),
        ];
        assert_eq!(order(shop), ["items", "orders", "customers", "products"]);
    }

    #[test]
    fn circles_are_cut() {
        assert_eq!(order(&[("pages", &["pages"])]), ["cut pages.f0", "pages"]);
        let pair: &[(&str, &[&str])] = &[("a", &["b"]), ("b", &["a", "c"]), ("c", &[])];
        assert_eq!(order(pair), ["cut b.f0", "a", "b", "c"]);
    }
}
