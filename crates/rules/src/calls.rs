//! What an expression without a schema may call.

use crate::ast::{CompareOp, Expr};
use crate::signature::{Function, Unit};

/// Checks the calls of an expression whose fields have no known types: functions must be there and get
/// as many arguments as they take, and there are neither macros nor search.
///
/// # Errors
/// The message for the first call that cannot be.
pub fn check_calls(expr: &Expr) -> Result<(), String> {
    match expr {
        Expr::Literal(_) | Expr::Field { .. } | Expr::Variable { .. } => Ok(()),
        Expr::Macro { name, .. } => Err(format!("Macro '@{name}' is not available here")),
        Expr::Call { name, args, .. } => {
            let function = Function::resolve(name, args)?;
            if matches!(function, Function::DateAdd | Function::DateDiff) {
                Unit::from_argument(function, &args[2])?;
            }
            args.iter().try_for_each(check_calls)
        }
        Expr::Not(inner) | Expr::Neg(inner) => check_calls(inner),
        Expr::IsNull { expr, .. } | Expr::IsEmpty { expr, .. } => check_calls(expr),
        Expr::Compare { op: CompareOp::Matches, .. } => Err("'@@' is not available here".to_owned()),
        Expr::Binary { left, right, .. } | Expr::Compare { left, right, .. } => {
            check_calls(left)?;
            check_calls(right)
        }
        Expr::And(terms) | Expr::Or(terms) => terms.iter().try_for_each(check_calls),
        Expr::In { expr, list, .. } => {
            check_calls(expr)?;
            list.iter().try_for_each(check_calls)
        }
    }
}
