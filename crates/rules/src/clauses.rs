//! A rule taken apart: the operands of its outer `&&` and `||`, with their places.

use crate::ast::Expr;
use crate::lexer::TokenKind;
use crate::parser::{Parser, SyntaxError};

/// How the parts of a clause are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// All must hold.
    And,
    /// One must hold.
    Or,
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Where it stands in the text: character offsets, `end` exclusive. Brackets around
    /// a group belong to it.
    pub start: usize,
    pub end: usize,
    pub expr: Expr,
    /// What it consists of, and how that is joined; `None` for what is not taken apart.
    pub parts: Option<(Join, Vec<Clause>)>,
}

/// Takes a rule apart.
///
/// # Errors
/// As [`parse`](crate::parse).
pub fn clauses(text: &str) -> Result<Clause, SyntaxError> {
    // The whole is judged first, so that a part cannot be read where the whole cannot.
    crate::parse(text)?;
    let mut parser = Parser::over(text)?;
    let end = parser.last();
    either(&mut parser, end)
}

/// The tokens from the current one up to `end`.
fn either(parser: &mut Parser, end: usize) -> Result<Clause, SyntaxError> {
    joined(parser, end, Join::Or, &TokenKind::Or, |parser, end| {
        joined(parser, end, Join::And, &TokenKind::And, one)
    })
}

fn joined(
    parser: &mut Parser,
    end: usize,
    join: Join,
    separator: &TokenKind,
    operand: impl Fn(&mut Parser, usize) -> Result<Clause, SyntaxError>,
) -> Result<Clause, SyntaxError> {
    let first = operand(parser, end)?;
    let mut parts = vec![first];
    while parser.index() < end && parser.take(separator) {
        parts.push(operand(parser, end)?);
    }
    if parts.len() == 1 {
        return Ok(parts.remove(0));
    }
    let (start, last) = (parts[0].start, parts[parts.len() - 1].end);
    let terms = parts.iter().map(|part| part.expr.clone()).collect();
    let expr = match join {
        Join::And => Expr::And(terms),
        Join::Or => Expr::Or(terms),
    };
    Ok(Clause { start, end: last, expr, parts: Some((join, parts)) })
}

fn one(parser: &mut Parser, _: usize) -> Result<Clause, SyntaxError> {
    let from = parser.index();
    let expr = parser.operand()?;
    let to = parser.index();
    let (start, end) = parser.place(from, to);
    if !matches!(expr, Expr::And(_) | Expr::Or(_)) {
        return Ok(Clause { start, end, expr, parts: None });
    }
    // Only brackets make a conjunction an operand: what is between them is taken apart.
    parser.go_to(from + 1);
    let inner = either(parser, to - 1)?;
    parser.go_to(to);
    Ok(Clause { start, end, expr: inner.expr, parts: inner.parts })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> String {
        fn write(text: &str, clause: &Clause) -> String {
            match &clause.parts {
                None => text.chars().skip(clause.start).take(clause.end - clause.start).collect(),
                Some((join, parts)) => {
                    let parts: Vec<_> = parts.iter().map(|part| write(text, part)).collect();
                    format!("{join:?}[{}]", parts.join(" | "))
                }
            }
        }
        let whole = clauses(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(crate::parse(text), Ok(whole.expr.clone()), "{text}");
        write(text, &whole)
    }

    #[test]
    fn rules_are_taken_apart_where_they_are_joined() {
        for (text, expected) in [
            ("a = 1", "a = 1"),
            ("a = 1 && b", "And[a = 1 | b]"),
            ("a || b && c || !d", "Or[a | And[b | c] | !d]"),
            ("(a || b) && ((c && d)) && (e)", "And[Or[a | b] | And[c | d] | (e)]"),
            ("!(a && b)", "!(a && b)"),
            ("é = \"&&\" || @m(a && b, \"||\")", "Or[é = \"&&\" | @m(a && b, \"||\")]"),
            ("(a + b) > 1 && (a && b) = true", "And[(a + b) > 1 | (a && b) = true]"),
        ] {
            assert_eq!(outline(text), expected, "{text}");
        }
        assert!(clauses("a &&").is_err());
        assert!(clauses("(a || b").is_err());
    }

    #[test]
    fn brackets_belong_to_the_group() {
        let whole = clauses("x && (a || b)").unwrap();
        let (_, parts) = whole.parts.unwrap();
        assert_eq!((parts[1].start, parts[1].end), (5, 13));
    }
}
