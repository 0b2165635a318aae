//! Whether an expression can ever be of the type that it is said to return.

use crate::ast::Expr;
use crate::check::CheckError;
use crate::elaborate::elaborate;
use crate::functions::{parse_instant, parse_number};
use crate::schema::{ReturnType, Schema, Scope};
use crate::signature::Function;
use crate::typed::{Node, Type, Typed};

/// Checks that the expression of a computed field can have a value of its return type. One that
/// has it for some records only, because text must be a number or a time, passes.
///
/// # Errors
/// What it gives instead; or as [`elaborate`].
pub fn check_return(expr: &Expr, schema: &Schema, returns: ReturnType) -> Result<(), CheckError> {
    let typed = elaborate(expr, schema, Scope::Computed)?;
    if may_be(&typed, returns) {
        return Ok(());
    }
    let gives = match typed.ty {
        Type::Null => "null",
        Type::Bool => "a truth value",
        Type::Number => "a number",
        Type::Text => "text",
        Type::Instant => "a time",
        Type::Json => "json",
    };
    let returns = returns.name();
    Err(CheckError::new(format!("Expression gives {gives}, which is never of return type '{returns}'")))
}

fn may_be(typed: &Typed, returns: ReturnType) -> bool {
    match (typed.ty, returns) {
        _ if typed.is_null() => true,
        (Type::Null, _) | (_, ReturnType::Boolean) => true,
        (Type::Json, _) => false,
        (_, ReturnType::Text)
        | (Type::Number | Type::Bool, ReturnType::Number)
        | (Type::Instant, ReturnType::Datetime) => true,
        (Type::Instant, ReturnType::Number) | (Type::Number | Type::Bool, ReturnType::Datetime) => false,
        (Type::Text, _) => text_may_be(typed, returns),
    }
}

/// Whether text may read as a number or a time. What is put together out of parts may.
fn text_may_be(text: &Typed, returns: ReturnType) -> bool {
    let time = returns == ReturnType::Datetime;
    let any = |parts: &[Typed]| parts.iter().any(|part| part.is_null() || text_may_be(part, returns));
    match &text.node {
        Node::Text(text) if time => parse_instant(text).is_some(),
        Node::Text(text) => parse_number(text).is_some(),
        Node::NumberText(_) => !time,
        Node::BoolText(_) => false,
        Node::InstantText(_) | Node::FieldText(_) => time,
        Node::Call { function: Function::Upper | Function::Lower | Function::Trim, args } => any(args),
        Node::Call { function: Function::Substring, args } => match args.first().map(|part| &part.node) {
            Some(Node::NumberText(_)) => !time,
            Some(Node::BoolText(_)) => false,
            _ => true,
        },
        Node::If(parts) => any(&parts[1..]),
        Node::Coalesce(parts) => any(parts),
        Node::NullIf(parts) => any(&parts[..1]),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::parse;
    use crate::schema::{FieldDef, FieldKind};

    #[test]
    fn only_what_never_converts_is_refused() {
        use ReturnType::{Boolean, Datetime, Number, Text};
        let fields = [
            ("n", FieldKind::Number),
            ("t", FieldKind::Text),
            ("ok", FieldKind::Boolean),
            ("at", FieldKind::Datetime),
            ("data", FieldKind::Json),
        ];
        let schema = Schema::new(fields.map(|(name, kind)| FieldDef::new(name, kind)));
        let check = |text: &str, returns| check_return(&parse(text).unwrap(), &schema, returns);
        for (text, returns) in [
            ("n", Text),
            ("n", Boolean),
            ("at", Boolean),
            ("data", Boolean),
            ("ok", Number),
            ("n > 1", Text),
            ("t", Number),
            ("t", Datetime),
            ("upper(t)", Datetime),
            ("upper(n)", Number),
            ("concat(n, \"-01-01\")", Datetime),
            ("substring(at, 1, 4)", Number),
            ("substring(at, 1, 10)", Datetime),
            ("if(ok, \"2024-01-01\", \"never\")", Datetime),
            ("if(ok, at, t)", Datetime),
            ("coalesce(t, \"none\")", Number),
            ("nullif(t, n)", Number),
            ("null", Datetime),
            ("1 / 0", Number),
            ("trim(\" 7 \")", Number),
        ] {
            assert_eq!(check(text, returns), Ok(()), "{text} {returns:?}");
        }
        for (text, returns, gives) in [
            ("upper(n)", Datetime, "text"),
            ("n + 1", Datetime, "a number"),
            ("ok", Datetime, "a truth value"),
            ("n > 1", Datetime, "a truth value"),
            ("at", Number, "a time"),
            ("date_add(at, 1, \"days\")", Number, "a time"),
            ("data", Text, "json"),
            ("data", Number, "json"),
            ("upper(ok)", Number, "text"),
            ("lower(at)", Number, "text"),
            ("if(ok, \"yes\", \"no\")", Number, "text"),
            ("substring(n, 1, 2)", Datetime, "text"),
            ("concat(\"a\", \"b\")", Datetime, "text"),
            ("coalesce(upper(n), \"none\")", Datetime, "text"),
        ] {
            let refused = check(text, returns).unwrap_err().to_string();
            let returns = returns.name();
            assert_eq!(
                refused,
                format!("Expression gives {gives}, which is never of return type '{returns}'")
            );
        }
    }
}
