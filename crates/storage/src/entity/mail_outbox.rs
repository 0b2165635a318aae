//! Table `mail_outbox`.

use sea_orm::entity::prelude::*;

/// A message that waits to be sent.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub template_type: String,
    pub locale: String,
    pub recipient: String,
    pub payload: String,
    pub attempts: i64,
    pub due_at: DateTimeUtc,
    pub leased_until: Option<DateTimeUtc>,
    pub lease: Option<String>,
    pub created_at: DateTimeUtc,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
