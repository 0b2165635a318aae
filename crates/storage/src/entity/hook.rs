//! Table `hooks`.

use sea_orm::entity::prelude::*;

/// A hook that an account has defined.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub name: String,
    pub description: Option<String>,
    pub trigger_type: String,
    /// An object as JSON text.
    pub trigger: String,
    pub event: Option<String>,
    pub collection: Option<String>,
    pub condition: Option<String>,
    /// An array of objects as JSON text.
    pub actions: String,
    pub enabled: bool,
    pub last_run_at: Option<DateTimeUtc>,
    pub next_run_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: String,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
