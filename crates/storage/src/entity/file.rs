//! Table `files`.

use sea_orm::entity::prelude::*;

/// A file that was uploaded whole.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub path: String,
    pub account_id: String,
    pub uploaded_by: String,
    pub filename: String,
    pub size: i64,
    pub mime_type: String,
    pub sha256: String,
    pub provider: String,
    pub created_at: DateTimeUtc,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
