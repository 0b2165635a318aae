//! Table `audit_heads`.

use sea_orm::entity::prelude::*;

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_heads")]
pub struct Model {
    /// Id of the account; empty for the whole log.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chain: String,
    pub changes: i64,
    pub entries: i64,
    pub checksum: String,
    pub seal: String,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
