//! Table `hook_executions`.

use sea_orm::entity::prelude::*;

/// A run of a hook.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hook_executions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub hook_id: String,
    pub occasion: String,
    pub status: String,
    pub actions_executed: i64,
    pub error: Option<String>,
    pub duration_ms: i64,
    /// An object as JSON text.
    pub context: String,
    pub executed_at: DateTimeUtc,
    pub job_id: Option<String>,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
