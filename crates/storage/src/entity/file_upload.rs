//! Table `file_uploads`.

use sea_orm::entity::prelude::*;

/// An upload that can be resumed.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file_uploads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub user_id: String,
    pub filename: String,
    pub mime_type: String,
    pub metadata: String,
    pub length: i64,
    pub received: i64,
    pub parts: i64,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub path: Option<String>,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
