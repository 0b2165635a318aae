//! Records and the values of their fields.

mod canonical;
mod convert;
mod mask;
mod validate;
mod value;

pub use canonical::canonical;
pub use convert::convert;
pub use mask::mask;
pub use validate::{
    Draft, DraftMode, ReferenceToCheck, ValueFault, check_value, foreign_files, unknown_reference, validate,
};
pub use value::Value;

use crate::{AccountId, RecordId};

/// Who wrote a record that an anonymous caller made.
pub const ANONYMOUS: &str = "anonymous";

/// A record as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub id: RecordId,
    pub account_id: AccountId,
    /// Microseconds since the Unix epoch.
    pub created_at: i64,
    /// Id of the user who made it, or `anonymous`.
    pub created_by: String,
    /// Microseconds since the Unix epoch.
    pub updated_at: i64,
    pub updated_by: String,
    /// A value for each field that has a column, in schema order.
    pub values: Vec<Value>,
}
