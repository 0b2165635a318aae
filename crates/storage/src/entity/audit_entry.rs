//! Table `audit_log`.

use sea_orm::entity::prelude::*;

/// A column of a changed row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub change_id: i64,
    pub column_name: String,
    pub old_value: Option<String>,
    pub new_value: Option<String>,
    pub checksum: String,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
