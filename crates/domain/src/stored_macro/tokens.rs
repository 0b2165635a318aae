//! What can be told of a query by its tokens alone.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer, Word};

use super::query::QueryProblem;

/// Words that no query holds outside of strings, comments and quoted names, in the
/// order in which they are looked for.
const FORBIDDEN: [&str; 8] = ["INSERT", "UPDATE", "DELETE", "DROP", "ALTER", "TRUNCATE", "GRANT", "REVOKE"];

/// The tokens of one SELECT statement, without blanks, comments and the semicolon at
/// its end; `:name` and `@request.auth.…` are placeholders of that name.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryProblem> {
    let text = text.trim_start();
    let (first, rest) = text.split_at_checked(6).unwrap_or((text, ""));
    let goes_on = rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if !first.eq_ignore_ascii_case("SELECT") || goes_on {
        return Err(QueryProblem::NotSelect);
    }
    let found = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize();
    let found = found.map_err(|error| QueryProblem::Unreadable(error.to_string()))?;
    let is = |token: &Token, word: &str| unquoted(token).is_some_and(|w| w.eq_ignore_ascii_case(word));
    if let Some(word) = FORBIDDEN.into_iter().find(|word| found.iter().any(|token| is(token, word))) {
        return Err(QueryProblem::Keyword(word));
    }
    let mut found = placeholders(found);
    found.retain(|token| !matches!(token, Token::Whitespace(_)));
    if found.last() == Some(&Token::SemiColon) {
        found.pop();
    }
    if found.contains(&Token::SemiColon) {
        return Err(QueryProblem::NotSingle);
    }
    Ok(found)
}

fn unquoted(token: &Token) -> Option<&str> {
    match token {
        Token::Word(Word { value, quote_style: None, .. }) => Some(value),
        _ => None,
    }
}

/// Makes one token of what stands for a value. There must be no blank within.
fn placeholders(tokens: Vec<Token>) -> Vec<Token> {
    let mut found = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let (token, after) = match (first, after) {
            (Token::Colon, [name, after @ ..]) if unquoted(name).is_some() => {
                (Token::Placeholder(format!(":{}", unquoted(name).unwrap_or_default())), after)
            }
            (Token::AtSign, [a, Token::Period, b, Token::Period, c, after @ ..]) => {
                match (unquoted(a), unquoted(b), unquoted(c)) {
                    (Some(a), Some(b), Some(c)) => (Token::Placeholder(format!("@{a}.{b}.{c}")), after),
                    _ => (first.clone(), &rest[1..]),
                }
            }
            _ => (first.clone(), after),
        };
        found.push(token);
        rest = after;
    }
    found
}
