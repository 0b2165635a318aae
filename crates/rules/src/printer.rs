//! A syntax tree to its canonical text.

use std::fmt::{self, Display, Formatter};

use crate::ast::{ArithOp, Expr, Literal};

/// How tightly a form binds; an operand that binds less tightly than its place
/// asks for is put in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Atom,
}

fn level(expr: &Expr) -> Level {
    match expr {
        Expr::Or(terms) if terms.len() == 1 => level(&terms[0]),
        Expr::And(terms) if terms.len() == 1 => level(&terms[0]),
        Expr::Or(terms) | Expr::And(terms) if terms.is_empty() => Level::Atom,
        Expr::Or(_) => Level::Or,
        Expr::And(_) => Level::And,
        Expr::Not(_) => Level::Not,
        Expr::Compare { .. } | Expr::In { .. } | Expr::IsNull { .. } | Expr::IsEmpty { .. } => Level::Compare,
        Expr::Binary { op: ArithOp::Add | ArithOp::Sub, .. } => Level::Sum,
        Expr::Binary { .. } => Level::Product,
        Expr::Literal(_)
        | Expr::Field { .. }
        | Expr::Variable { .. }
        | Expr::Call { .. }
        | Expr::Macro { .. }
        | Expr::Neg(_) => Level::Atom,
    }
}

/// An expression in a place that needs at least the given level.
struct At<'a>(Level, &'a Expr);

impl Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if level(self.1) < self.0 { write!(f, "({})", self.1) } else { write!(f, "{}", self.1) }
    }
}

/// Canonical text: parsing it gives the same tree. Of trees that the parser never
/// makes (a bound object, an empty conjunction) it gives readable text only.
impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => literal.fmt(f),
            Self::Field { name, .. } | Self::Variable { name, .. } => f.write_str(name),
            Self::Call { name, args, .. } => call(f, "", name, args),
            Self::Macro { name, args, .. } => call(f, "@", name, args),
            Self::Not(inner) => write!(f, "!{}", At(Level::Not, inner)),
            Self::Neg(inner) if matches!(**inner, Self::Literal(Literal::Number(_))) => {
                write!(f, "-({inner})")
            }
            Self::Neg(inner) => write!(f, "-{}", At(Level::Atom, inner)),
            Self::Binary { op, left, right } => {
                let here = level(self);
                let tighter = if here == Level::Sum { Level::Product } else { Level::Atom };
                write!(f, "{} {} {}", At(here, left), op.symbol(), At(tighter, right))
            }
            Self::Compare { op, left, right } => {
                write!(f, "{} {} {}", At(Level::Sum, left), op.symbol(), At(Level::Sum, right))
            }
            Self::And(terms) => join(f, terms, " && ", Level::Not, "true"),
            Self::Or(terms) => join(f, terms, " || ", Level::And, "false"),
            Self::In { expr, list, negated } => {
                let not = if *negated { "NOT " } else { "" };
                write!(f, "{} {not}IN (", At(Level::Sum, expr))?;
                join(f, list, ", ", Level::Sum, "")?;
                f.write_str(")")
            }
            Self::IsNull { expr, negated } => {
                let not = if *negated { "NOT " } else { "" };
                write!(f, "{} IS {not}NULL", At(Level::Sum, expr))
            }
            Self::IsEmpty { expr, negated } => {
                let op = if *negated { "?!=" } else { "?=" };
                write!(f, "{} {op} null", At(Level::Sum, expr))
            }
        }
    }
}

fn call(f: &mut Formatter<'_>, prefix: &str, name: &str, args: &[Expr]) -> fmt::Result {
    write!(f, "{prefix}{name}(")?;
    join(f, args, ", ", Level::Or, "")?;
    f.write_str(")")
}

fn join(
    f: &mut Formatter<'_>,
    items: &[Expr],
    separator: &str,
    least: Level,
    when_empty: &str,
) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        At(least, item).fmt(f)?;
    }
    if items.is_empty() { f.write_str(when_empty) } else { Ok(()) }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(value) => {
                f.write_str("\"")?;
                for c in value.chars() {
                    if matches!(c, '"' | '\\') {
                        f.write_str("\\")?;
                    }
                    write!(f, "{c}")?;
                }
                f.write_str("\"")
            }
            Self::Json => f.write_str("<json>"),
        }
    }
}
