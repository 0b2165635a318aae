//! Table `users`.

use sea_orm::entity::prelude::*;

/// A user.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub email: String,
    pub email_key: String,
    pub password_hash: String,
    pub role_id: i64,
    pub is_active: bool,
    pub auth_provider: String,
    pub auth_provider_name: Option<String>,
    pub external_id: Option<String>,
    pub external_email: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub profile_data: Option<Json>,
    pub email_verified: bool,
    pub email_verified_at: Option<DateTimeUtc>,
    pub password_changed_at: DateTimeUtc,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub last_login: Option<DateTimeUtc>,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
