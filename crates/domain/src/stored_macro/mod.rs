//! Stored macros: questions in SQL that rules ask by name.
//!
//! What a query may read is decided here, on its syntax tree: [`Query::read`] writes
//! the statement anew, node by node, and refuses what it does not know. The text that
//! somebody sent never reaches a database.

mod expression;
mod query;
mod statement;
#[cfg(test)]
mod tests;
mod tokens;

pub use query::{Argument, Query, QueryProblem, may_read};

use chrono::{DateTime, Utc};
use snackbase_rules::BUILT_IN_MACROS;

/// Longest name, in characters.
pub const MAX_NAME: usize = 255;

/// A macro as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMacro {
    /// Counted from 1.
    pub id: i64,
    /// An identifier; no other macro has it.
    pub name: String,
    pub description: Option<String>,
    /// As it was sent.
    pub sql_query: String,
    /// The names of the parameters, in the order of a call's arguments.
    pub parameters: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The id of the user who made it.
    pub created_by: Option<String>,
}

/// Whether a text can be a macro's name: ASCII letters, digits and `_`, no digit first.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether the name is that of a macro that every installation has.
pub fn is_built_in(name: &str) -> bool {
    BUILT_IN_MACROS.contains(&name)
}
