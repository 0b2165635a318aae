//! Row-level security: expressions of the rule language as SQL conditions.
//!
//! The input is an elaborated [`Typed`](snackbase_rules::Typed) tree, in which
//! types are resolved and conversions explicit, so that lowering is a translation
//! node by node. What SQL cannot say natively, or says differently on the two
//! databases, goes to functions named `sb_…` that exist on both: on SQLite they
//! are registered with each connection, on PostgreSQL a migration creates them.
//!
//! Values are always bound, never part of the text. Comparisons of a column with
//! a constant stay plain, so that an index can serve them.

mod dialect;
mod lower;
#[cfg(test)]
mod tests;

pub use dialect::Dialect;
pub use lower::{Columns, lower, lower_condition};
