//! Any text is an expression or is refused: nothing panics, canonical text means the same
//! tree, and what passes the check can be bound, elaborated, evaluated and lowered.

use crate::{NOW, Node, SCHEMA, Somebody, lowered};
use snackbase_rules::{
    Expr, Operation, Scope, Value, bind, check, elaborate, eval, eval_condition, parse, parse_condition,
};

fn used(expr: &Expr, scope: Scope) {
    if check(expr, &SCHEMA, scope).is_err() {
        // The check may be left out, but nothing breaks.
        let _ = elaborate(expr, &SCHEMA, scope);
        return;
    }
    let bound = match scope {
        Scope::Rule(_) => bind(expr, &Somebody).ok(),
        Scope::Filter | Scope::Computed => Some(expr.clone()),
    };
    if let Some(Ok(typed)) = bound.map(|expr| elaborate(&expr, &SCHEMA, scope)) {
        let value = eval(&typed, &Node, NOW);
        let truth = eval_condition(&typed, &Node, NOW);
        if let Value::Bool(value) = value {
            assert_eq!(truth, Some(value), "{expr}");
        }
        lowered(&typed);
    }
}

/// What holds for each text.
///
/// # Panics
/// When it does not.
pub fn hold(text: &str) {
    if let Ok(expr) = parse(text) {
        let canonical = expr.to_string();
        assert_eq!(parse(&canonical).as_ref(), Ok(&expr), "{canonical}");
        used(&expr, Scope::Filter);
        used(&expr, Scope::Rule(Operation::Update));
        used(&expr, Scope::Computed);
    }
    if let Ok(expr) = parse_condition(text) {
        let canonical = expr.to_string();
        assert_eq!(parse_condition(&canonical).as_ref(), Ok(&expr), "{canonical}");
    }
}
