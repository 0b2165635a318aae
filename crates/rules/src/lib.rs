//! The SnackBase expression language.
//!
//! Collection rules, list filters and computed fields share one grammar and one
//! meaning. An expression goes through these steps:
//!
//! 1. [`parse`] turns text into an [`Expr`]; printing an `Expr` gives text that
//!    parses to the same tree.
//! 2. [`check`] judges it against a [`Schema`] in a [`Scope`] and words what is
//!    wrong with it.
//! 3. [`bind`] replaces variables by values and expands macros (rules only).
//! 4. [`elaborate`] resolves types and makes each conversion explicit: the
//!    resulting [`Typed`] tree is the only definition of what an expression means.
//! 5. [`eval`] computes that tree in memory; the `rls` crate lowers the same tree
//!    to SQL.
//!
//! Logic is three-valued, as in SQL: a condition is true, false or unknown.

mod ast;
mod bind;
mod calls;
mod check;
mod clauses;
mod conversion;
mod elaborate;
mod eval;
pub mod functions;
pub mod json;
mod lexer;
pub mod limits;
mod parser;
mod printer;
mod returns;
mod schema;
pub mod search;
mod signature;
mod size;
#[cfg(test)]
mod tests;
mod typed;

pub use ast::{ArithOp, CompareOp, Expr, Literal, Span, fields, uses_variables};
pub use bind::{BindError, Context, bind};
pub use calls::check_calls;
pub use check::{CheckError, check};
pub use clauses::{Clause, Join, clauses};
pub use elaborate::{elaborate, elaborate_condition};
pub use eval::{Row, Value, eval, eval_condition};
pub use parser::{SyntaxError, parse, parse_condition};
pub use returns::check_return;
pub use schema::{
    FieldDef, FieldKind, MAX_REFERENCES, Operation, ReturnType, Schema, Scope, Target, Targets,
};
pub use signature::{BUILT_IN_MACROS, Function, Unit};
pub use size::check_size;
pub use typed::{Node, Type, Typed};
