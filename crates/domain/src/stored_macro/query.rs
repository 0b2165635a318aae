//! A macro's query, and what it may read.

use std::collections::BTreeSet;

use sqlparser::ast::LimitClause;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use thiserror::Error;

use super::statement::Writer;
use super::tokens::tokens;

/// Longer queries are refused, in characters.
const MAX_CHARS: usize = 4096;
/// Deeper nesting is refused: the parser and what is here recurse. A chain of operators is
/// not nested.
pub(super) const MAX_DEPTH: usize = 32;

/// The tables of the system that queries may read, and their columns.
pub(super) const OPEN_TABLES: [(&str, &[&str]); 4] = [
    ("users", &["id", "email", "account_id", "role_id", "is_active"]),
    ("accounts", &["id", "slug", "name"]),
    ("groups", &["id", "account_id", "name", "description", "created_at", "updated_at"]),
    ("users_groups", &["user_id", "group_id"]),
];

/// Whether queries may read a column of a table; without a name it is the presence of
/// rows that is read.
pub fn may_read(table: &str, column: &str) -> bool {
    let open = OPEN_TABLES.into_iter().find(|(open, _)| *open == table);
    match open {
        Some((_, columns)) => column.is_empty() || columns.contains(&column),
        None => is_record_table(table),
    }
}

pub(super) fn is_record_table(name: &str) -> bool {
    name.starts_with("col_")
}

/// Why a query is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QueryProblem {
    #[error("Macro query must be a SELECT statement")]
    NotSelect,
    #[error("Macro query cannot contain forbidden keyword: {0}")]
    Keyword(&'static str),
    #[error("Macro query must be a single statement")]
    NotSingle,
    #[error("Macro query cannot read table '{0}'")]
    Table(String),
    #[error("Macro query cannot call function '{0}'")]
    Function(String),
    #[error("Macro query cannot use {0}")]
    Unsupported(String),
    #[error("Macro query uses '{0}', which is not among its parameters")]
    Parameter(String),
    #[error("Macro query cannot be read: {0}")]
    Unreadable(String),
    #[error("Macro query is too complex")]
    TooComplex,
}

/// A value that a query asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Argument {
    /// An argument of the call, counted from 0.
    Parameter(usize),
    /// Of the caller: his id.
    AuthId,
    AuthEmail,
    /// The name of his role.
    AuthRole,
    AuthAccountId,
}

impl Argument {
    /// The column that holds it, beside the query.
    pub fn column(self) -> String {
        match self {
            Self::Parameter(index) => format!("p{index}"),
            Self::AuthId => "auth_id".to_owned(),
            Self::AuthEmail => "auth_email".to_owned(),
            Self::AuthRole => "auth_role".to_owned(),
            Self::AuthAccountId => "auth_account_id".to_owned(),
        }
    }
}

/// A query that may be asked: one SELECT over tables of collections and what
/// [`OPEN_TABLES`] holds, by functions that only compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The statement over the records of all accounts. It holds no values of a call: those
    /// are columns of a row called [`Query::ARGUMENTS`] that is to stand around it.
    pub sql: String,
    /// The same over the records of the caller's account alone, which rules ask.
    pub within_account: String,
    /// What both ask for, each once.
    pub arguments: Vec<Argument>,
    /// Whether the answer depends on the time.
    pub uses_time: bool,
    /// The tables of records that it reads, in lower case.
    pub tables: BTreeSet<String>,
}

impl Query {
    /// The name of the row that holds the arguments.
    pub const ARGUMENTS: &'static str = "sb_arguments";

    /// Reads and judges a query with parameters of these names. It answers one row at
    /// the most, unless it says another limit.
    ///
    /// # Errors
    /// The first of: no SELECT, a forbidden word, several statements, and what is not
    /// known to be harmless.
    pub fn read(text: &str, parameters: &[String]) -> Result<Self, QueryProblem> {
        let tokens = tokens(text)?;
        if text.chars().count() > MAX_CHARS {
            return Err(QueryProblem::TooComplex);
        }
        let dialect = PostgreSqlDialect {};
        let mut parser = Parser::new(&dialect).with_recursion_limit(MAX_DEPTH).with_tokens(tokens);
        let unreadable = |error: sqlparser::parser::ParserError| QueryProblem::Unreadable(error.to_string());
        let mut query = parser.parse_query().map_err(unreadable)?;
        if parser.peek_token().token != sqlparser::tokenizer::Token::EOF {
            let found = parser.peek_token().token;
            return Err(QueryProblem::Unreadable(format!("unexpected {found}")));
        }
        if query.limit_clause.is_none() {
            let one = sqlparser::ast::Value::Number("1".into(), false).with_empty_span();
            let limit = Some(sqlparser::ast::Expr::Value(one));
            query.limit_clause = Some(LimitClause::LimitOffset { limit, offset: None, limit_by: Vec::new() });
        }
        let mut writer = Writer::new(parameters);
        let sql = writer.query(&query)?;
        writer.within_account = true;
        let within_account = writer.query(&query)?;
        let Writer { arguments, uses_time, tables, .. } = writer;
        Ok(Self { sql, within_account, arguments, uses_time, tables })
    }
}
