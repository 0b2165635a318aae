//! Table `webhook_deliveries`.

use sea_orm::entity::prelude::*;

/// A change that a webhook tells of.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub webhook_id: String,
    pub account_id: String,
    pub event_id: Option<String>,
    pub event: String,
    /// JSON text.
    pub payload: String,
    pub response_status: Option<i64>,
    pub response_body: Option<String>,
    pub attempts: i64,
    pub delivered_at: Option<DateTimeUtc>,
    pub next_retry_at: Option<DateTimeUtc>,
    pub status: String,
    pub created_at: DateTimeUtc,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
