//! Collections: schemas that are defined at run time.

mod field;
mod index;
mod name;
mod rule_set;
mod schema;

pub use field::{Computed, Field, FieldDraft, FieldType, MaskType, OnDelete, Reference, ReturnType};
pub use index::{INDEXED_SYSTEM_FIELDS, Index, IndexColumn, IndexDraft, validate_indexes};
pub use name::{CollectionName, FieldName, IndexName, TableName};
pub use rule_set::{FieldList, FieldListFault, Operation, RuleSet};
pub use schema::{
    ExpressionCheck, ExpressionFault, MAX_COMPUTED_FIELDS, Problem, SchemaContext, change_problems,
    too_many_fields, validate_fields,
};

use chrono::{DateTime, Utc};

use crate::CollectionId;

/// Longest name of a collection or field, in characters.
pub const MAX_NAME: usize = 64;
/// Shortest name of a collection, in characters.
pub const MIN_NAME: usize = 3;

/// Columns that every collection has, in the order of its table.
pub const SYSTEM_FIELDS: [&str; 6] =
    ["id", "account_id", "created_at", "created_by", "updated_at", "updated_by"];

/// A key that list replies carry beside the system fields.
pub const ACCOUNT_NAME: &str = "account_name";

/// A collection: a named list of fields, shared by all accounts, and its rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    pub id: CollectionId,
    pub name: CollectionName,
    /// Fields in the order in which they were given.
    pub fields: Vec<Field>,
    /// Besides those that fields have by themselves.
    pub indexes: Vec<Index>,
    pub rules: RuleSet,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Collection {
    /// The name of its table.
    pub fn table(&self) -> TableName {
        self.name.table()
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name.as_str() == name)
    }

    /// The fields whose words can be searched for, in order.
    pub fn searchable_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_searchable())
    }

    /// The fields that have a column, in order.
    pub fn stored_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|f| !f.is_computed())
    }
}
