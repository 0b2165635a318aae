//! Table `audit_changes`.

use sea_orm::entity::prelude::*;

/// A changed row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub account_id: String,
    pub account_sequence: i64,
    pub operation: String,
    pub table_name: String,
    pub record_id: String,
    pub user_id: String,
    pub user_email: String,
    pub auth_method: String,
    pub es_username: Option<String>,
    pub es_reason: Option<String>,
    pub es_timestamp: Option<DateTimeUtc>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    pub occurred_at: DateTimeUtc,
    pub first_entry: i64,
    pub last_entry: i64,
    pub seal: String,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
