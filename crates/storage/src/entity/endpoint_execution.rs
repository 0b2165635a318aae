//! Table `endpoint_executions`.

use sea_orm::entity::prelude::*;

/// A call of a custom endpoint.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "endpoint_executions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub endpoint_id: String,
    pub account_id: String,
    pub status: String,
    pub http_status: i64,
    pub duration_ms: i64,
    /// An object as JSON text.
    pub request: String,
    /// JSON text.
    pub response: String,
    pub error: Option<String>,
    pub executed_at: DateTimeUtc,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
