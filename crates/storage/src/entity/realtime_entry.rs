//! Table `realtime_log`; `realtime_queue` has the same columns, with an id in place of the position.

use sea_orm::entity::prelude::*;

/// Something that happened, in its place.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "realtime_log")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub position: i64,
    pub kind: String,
    pub account_id: Option<String>,
    pub collection_id: Option<String>,
    pub record_id: Option<String>,
    pub operation: Option<String>,
    pub body: String,
    /// Microseconds since the Unix epoch.
    pub occurred_at: i64,
}

/// Relations are followed by id.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
