//! Table `jobs`.

use sea_orm::entity::prelude::*;

/// Work that is to be done, or has been.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub queue: String,
    pub handler: String,
    pub payload: String,
    pub status: String,
    pub priority: i64,
    pub run_at: Option<DateTimeUtc>,
    pub due_at: DateTimeUtc,
    pub started_at: Option<DateTimeUtc>,
    pub completed_at: Option<DateTimeUtc>,
    pub failed_at: Option<DateTimeUtc>,
    pub error: Option<String>,
    pub attempts: i64,
    pub max_attempts: i64,
    pub retry_delay: i64,
    pub account_id: Option<String>,
    /// The account's id, or nothing: whose turn it is.
    pub lane: String,
    pub created_by: Option<String>,
    pub created_at: DateTimeUtc,
    pub unique_key: Option<String>,
    pub depth: i64,
    pub losses: i64,
    pub leased_until: Option<DateTimeUtc>,
    pub lease: Option<String>,
    pub micros_taken: Option<i64>,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
