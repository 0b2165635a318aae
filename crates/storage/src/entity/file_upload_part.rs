//! Table `file_upload_parts`.

use sea_orm::entity::prelude::*;

/// Some bytes of an upload that can be resumed.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file_upload_parts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub upload_id: String,
    pub provider: String,
    pub start: i64,
    pub size: i64,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
