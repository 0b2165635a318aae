//! Table `endpoints`.

use sea_orm::entity::prelude::*;

/// A custom endpoint that an account has defined.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub name: String,
    pub description: Option<String>,
    pub path: String,
    pub method: String,
    pub auth_required: bool,
    pub condition: Option<String>,
    /// An array of objects as JSON text.
    pub actions: String,
    /// An object as JSON text.
    pub response_template: Option<String>,
    pub enabled: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: String,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
