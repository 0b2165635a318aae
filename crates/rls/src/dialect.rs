//! How the databases differ.

use chrono::DateTime;
use sea_query::{Expr, Func};
use snackbase_rules::Type;

/// A database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The column type that holds values of a type: what a null is cast to.
    ///
    /// Truth values are INTEGER 0 and 1 on SQLite, times microseconds since the epoch.
    pub fn physical_type(self, ty: Type) -> &'static str {
        match (self, ty) {
            (Self::Sqlite, Type::Bool | Type::Instant) => "INTEGER",
            (Self::Sqlite, Type::Number) => "REAL",
            (_, Type::Text | Type::Null) | (Self::Sqlite, Type::Json) => "TEXT",
            (Self::Postgres, Type::Bool) => "BOOLEAN",
            (Self::Postgres, Type::Number) => "DOUBLE PRECISION",
            (Self::Postgres, Type::Instant) => "TIMESTAMPTZ",
            (Self::Postgres, Type::Json) => "JSONB",
        }
    }

    /// An instant, given in microseconds since the epoch, as a bound value.
    pub fn instant(self, micros: i64) -> Expr {
        match self {
            Self::Sqlite => Expr::val(micros),
            Self::Postgres => Expr::val(DateTime::from_timestamp_micros(micros)),
        }
    }

    /// Text in a place where its order matters: by code point, whatever the
    /// collation of the database.
    pub fn ordered_text(self, text: Expr) -> Expr {
        match self {
            Self::Sqlite => text,
            Self::Postgres => Expr::cust_with_expr("$1 COLLATE \"C\"", text),
        }
    }

    /// Text against a pattern of `%` and `_`, ASCII letters in any case.
    ///
    /// SQLite's LIKE does just that, but looks at each character of a text once for each of the
    /// pattern's, and nothing interrupts it meanwhile.
    pub fn like(self, text: Expr, pattern: Expr) -> Expr {
        Func::cust("sb_like").arg(text).arg(pattern).into()
    }

    /// Whether a text is part of another; no text holds nothing.
    pub fn contains(self, text: Expr, part: Expr) -> Expr {
        match self {
            Self::Sqlite => Expr::cust_with_exprs("COALESCE(instr(?, ?) > 0, FALSE)", [text, part]),
            Self::Postgres => Expr::cust_with_exprs("COALESCE(strpos($1, $2) > 0, FALSE)", [text, part]),
        }
    }
}
