//! Table `webhooks`.

use sea_orm::entity::prelude::*;

/// Where changes of records are told.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub url: String,
    pub collection: String,
    /// Words with commas between.
    pub events: String,
    pub filter: Option<String>,
    pub enabled: bool,
    /// A JSON object of texts.
    pub headers: Option<String>,
    /// Encrypted.
    pub secret: String,
    pub failures: i64,
    pub failing_since: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub created_by: String,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
