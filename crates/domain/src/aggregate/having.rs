//! The parameter `having`: a condition about groups.
//!
//! ```text
//! or   := and ( (OR | "||") and )*
//! and  := term ( (AND | "&&") term )*
//! term := "(" or ")" | result ("=" | "!=" | "<" | ">" | "<=" | ">=") value
//! ```
//!
//! A result is named by its key (`sum_n`) or its call (`sum(n)`); a value is a
//! number or a text in quotes.

use snackbase_rules::{CompareOp, Expr, Literal, Schema};

use super::{Aggregate, Function};
use crate::limits::{MAX_EXPRESSION_CHARS, MAX_EXPRESSION_DEPTH};

const OPERATORS: &str = "!=, <, <=, =, >, >=";

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Word,
    Number(f64),
    Text(String),
    Operator(CompareOp),
    And,
    Or,
    Open,
    Close,
}

/// A token and the text it was read from.
#[derive(Clone, Debug)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
}

/// Reads a condition over the keys of `aggregates`; none when the text is blank.
/// `schema` tells which fields the caller sees masked: what is computed of their
/// values may not be compared, for that would tell it.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse_having(text: &str, aggregates: &[Aggregate], schema: &Schema) -> Result<Option<Expr>, String> {
    if text.chars().count() > MAX_EXPRESSION_CHARS {
        return Err(too_complex());
    }
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, aggregates, schema };
    let condition = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok(Some(condition)),
        Some(token) => Err(unexpected(token.text)),
    }
}

fn too_complex() -> String {
    "Expression is too complex".to_owned()
}

fn unexpected(token: &str) -> String {
    format!("Unexpected token '{token}' in HAVING expression")
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            '\'' | '"' => quoted(rest, first)?,
            c if c.is_ascii_digit() || (c == '-' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) => {
                number(rest)?
            }
            c if c.is_alphabetic() || c == '_' => word(rest),
            c => symbol(rest, c)?,
        };
        tokens.push(Token { kind, text: &rest[..length] });
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// A text with the escapes of filters: `\"`, `\'` and `\\`.
fn quoted(rest: &str, quote: char) -> Result<(Kind, usize), String> {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let escaped = chars.peek().map(|(_, next)| *next).filter(|next| matches!(next, '"' | '\'' | '\\'));
        match (c, escaped) {
            (c, _) if c == quote => return Ok((Kind::Text(value), at + c.len_utf8())),
            ('\\', Some(escaped)) => {
                value.push(escaped);
                chars.next();
            }
            _ => value.push(c),
        }
    }
    Err("Unterminated string literal in HAVING expression".to_owned())
}

fn number(rest: &str) -> Result<(Kind, usize), String> {
    let sign = usize::from(rest.starts_with('-'));
    let digits = rest[sign..].find(|c: char| !c.is_ascii_digit() && c != '.');
    let length = digits.map_or(rest.len(), |digits| digits + sign);
    match rest[..length].parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Kind::Number(value), length)),
        _ => Err(unexpected(&rest[..length])),
    }
}

fn word(rest: &str) -> (Kind, usize) {
    let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let kind = match &rest[..length] {
        word if word.eq_ignore_ascii_case("and") => Kind::And,
        word if word.eq_ignore_ascii_case("or") => Kind::Or,
        _ => Kind::Word,
    };
    (kind, length)
}

fn symbol(rest: &str, first: char) -> Result<(Kind, usize), String> {
    let two = [
        ("!=", Kind::Operator(CompareOp::Ne)),
        ("<=", Kind::Operator(CompareOp::Le)),
        (">=", Kind::Operator(CompareOp::Ge)),
        ("&&", Kind::And),
        ("||", Kind::Or),
    ];
    if let Some((_, kind)) = two.into_iter().find(|(symbol, _)| rest.starts_with(symbol)) {
        return Ok((kind, 2));
    }
    let kind = match first {
        '=' => Kind::Operator(CompareOp::Eq),
        '<' => Kind::Operator(CompareOp::Lt),
        '>' => Kind::Operator(CompareOp::Gt),
        '(' => Kind::Open,
        ')' => Kind::Close,
        other => return Err(format!("Unexpected character '{other}' in HAVING expression")),
    };
    Ok((kind, 1))
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    depth: usize,
    aggregates: &'a [Aggregate],
    schema: &'a Schema,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<&'a Token<'a>> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|token| token.kind == *kind);
        if found {
            self.at += 1;
        }
        found
    }

    fn or(&mut self) -> Result<Expr, String> {
        let mut terms = vec![self.and()?];
        while self.take(&Kind::Or) {
            terms.push(self.and()?);
        }
        Ok(joined(terms, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut terms = vec![self.term()?];
        while self.take(&Kind::And) {
            terms.push(self.term()?);
        }
        Ok(joined(terms, Expr::And))
    }

    fn term(&mut self) -> Result<Expr, String> {
        let Some(token) = self.next() else {
            return Err("Unexpected end of HAVING expression".to_owned());
        };
        match token.kind {
            Kind::Word => self.comparison(token.text),
            Kind::Open if self.depth == MAX_EXPRESSION_DEPTH => Err(too_complex()),
            Kind::Open => {
                self.depth += 1;
                let inner = self.or()?;
                self.depth -= 1;
                match self.next() {
                    Some(Token { kind: Kind::Close, .. }) => Ok(inner),
                    Some(token) => Err(unexpected(token.text)),
                    None => Err("Expected ')' in HAVING expression".to_owned()),
                }
            }
            _ => Err(unexpected(token.text)),
        }
    }

    fn comparison(&mut self, word: &str) -> Result<Expr, String> {
        let alias = self.alias(word)?;
        let operator = self.next();
        let Some(Token { kind: Kind::Operator(op), text }) = operator else {
            let got = operator.map_or("end of expression", |token| token.text);
            return Err(format!(
                "Expected operator after '{alias}' but got '{got}'. Valid operators: {OPERATORS}"
            ));
        };
        let value = match self.next().map(|token| &token.kind) {
            Some(Kind::Number(value)) => Literal::Number(*value),
            Some(Kind::Text(value)) => Literal::Text(value.clone()),
            _ => return Err(format!("Expected a value after operator '{text}' in HAVING expression")),
        };
        Ok(Expr::compare(*op, Expr::field(alias), Expr::Literal(value)))
    }

    /// The key that a word means, or a call that begins with it.
    fn alias(&mut self, word: &str) -> Result<String, String> {
        let mut named = word.to_owned();
        if self.take(&Kind::Open) {
            let field = match self.tokens.get(self.at) {
                Some(Token { kind: Kind::Word | Kind::And | Kind::Or, text }) => {
                    self.at += 1;
                    Some((*text).to_owned())
                }
                _ => None,
            };
            if !self.take(&Kind::Close) {
                return Err("Expected ')' in HAVING expression".to_owned());
            }
            named = match (Function::parse(word), field) {
                (Some(function), field) => Aggregate { function, field }.alias(),
                (None, Some(field)) => format!("{word}_{field}"),
                (None, None) => named,
            };
        }
        let Some(aggregate) = self.aggregates.iter().find(|aggregate| aggregate.alias() == named) else {
            let mut valid: Vec<_> = self.aggregates.iter().map(Aggregate::alias).collect();
            valid.sort();
            return Err(format!(
                "Unknown aggregate alias '{named}' in HAVING expression. Valid aliases: {}",
                valid.join(", ")
            ));
        };
        match &aggregate.field {
            Some(field) if aggregate.function != Function::Count && self.schema.is_masked(field) => {
                Err(format!("Field '{field}' is masked: '{named}' cannot be used in HAVING expression"))
            }
            _ => Ok(named),
        }
    }
}

fn joined(mut terms: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match terms.pop() {
        Some(only) if terms.is_empty() => only,
        last => {
            terms.extend(last);
            join(terms)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snackbase_rules::{FieldDef, FieldKind};

    fn aggregate(function: Function, field: Option<&str>) -> Aggregate {
        Aggregate { function, field: field.map(str::to_owned) }
    }

    fn having(text: &str) -> Result<Option<String>, String> {
        let schema =
            Schema::new([FieldDef::new("n", FieldKind::Number), FieldDef::new("em", FieldKind::Email)]);
        let aggregates = [
            aggregate(Function::Count, None),
            aggregate(Function::Sum, Some("n")),
            aggregate(Function::Min, Some("em")),
            aggregate(Function::Count, Some("em")),
        ];
        parse_having(text, &aggregates, &schema.with_masked(["em"])).map(|e| e.map(|e| e.to_string()))
    }

    #[test]
    fn conditions_are_read() {
        for (text, meaning) in [
            ("count() > 1", "count > 1"),
            ("COUNT( ) >= 1", "count >= 1"),
            ("sum_n<-2.5", "sum_n < -2.5"),
            ("Sum( n ) != '5'", "sum_n != \"5\""),
            ("count=1 or count = 2 AND count_em = 3", "count = 1 || count = 2 && count_em = 3"),
            ("(count = 1 || count = 2) && count(em) = 3", "(count = 1 || count = 2) && count_em = 3"),
            (r#"sum_n = "a\"b\\c""#, r#"sum_n = "a\"b\\c""#),
        ] {
            assert_eq!(having(text).unwrap().unwrap(), meaning, "{text}");
        }
        assert_eq!(having("  "), Ok(None));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let unknown = "in HAVING expression. Valid aliases: count, count_em, min_em, sum_n";
        let operators = "Valid operators: !=, <, <=, =, >, >=";
        for (text, message) in [
            ("zzz > 1", format!("Unknown aggregate alias 'zzz' {unknown}")),
            ("sum() > 1", format!("Unknown aggregate alias 'sum' {unknown}")),
            ("zzz(n) > 1", format!("Unknown aggregate alias 'zzz_n' {unknown}")),
            ("count 1", format!("Expected operator after 'count' but got '1'. {operators}")),
            ("count()", format!("Expected operator after 'count' but got 'end of expression'. {operators}")),
            ("count() >", "Expected a value after operator '>' in HAVING expression".into()),
            ("count() > count()", "Expected a value after operator '>' in HAVING expression".into()),
            ("count() = 1 ) x", "Unexpected token ')' in HAVING expression".into()),
            ("(count = 1", "Expected ')' in HAVING expression".into()),
            ("count = 1 AND", "Unexpected end of HAVING expression".into()),
            ("count = 1.2.3", "Unexpected token '1.2.3' in HAVING expression".into()),
            ("count() ! 1", "Unexpected character '!' in HAVING expression".into()),
            ("count = 'x", "Unterminated string literal in HAVING expression".into()),
            ("min(em) = 'x'", "Field 'em' is masked: 'min_em' cannot be used in HAVING expression".into()),
        ] {
            assert_eq!(having(text).unwrap_err(), message, "{text}");
        }
    }

    #[test]
    fn size_is_bounded() {
        let nested = |depth| format!("{}count = 1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(having(&nested(MAX_EXPRESSION_DEPTH)).is_ok());
        assert_eq!(having(&nested(MAX_EXPRESSION_DEPTH + 1)).unwrap_err(), "Expression is too complex");
        assert_eq!(having(&" ".repeat(MAX_EXPRESSION_CHARS + 1)).unwrap_err(), "Expression is too complex");
    }
}
