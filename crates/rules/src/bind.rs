//! Variables and built-in macros to values.

use thiserror::Error;

use crate::ast::{CompareOp, Expr, Literal, Span};
use crate::check::MAX_MACRO_DEPTH;
use crate::elaborate::elaborate_condition;
use crate::eval::{Row, Value, eval_condition};
use crate::schema::{Operation, Schema, Scope};
use crate::signature::BuiltIn;

/// The caller and the request that a rule is bound to.
pub trait Context {
    /// The caller's user id; none for an anonymous caller (so for the next three).
    fn auth_id(&self) -> Option<&str>;
    fn auth_email(&self) -> Option<&str>;
    /// The name of the caller's role.
    fn auth_role(&self) -> Option<&str>;
    fn auth_account_id(&self) -> Option<&str>;
    /// The names of the caller's groups in his account.
    fn groups(&self) -> &[String];
    /// Microseconds since the epoch.
    fn now_micros(&self) -> i64;
    /// A field of the request body; [`Literal::Null`] when it was not sent.
    fn data(&self, field: &str) -> Literal;
    /// Whether the rule of that collection for the operation is not locked for the caller.
    fn has_permission(&self, operation: Operation, collection: &str) -> bool;
    /// Whether there is a stored macro of that name (without `@`).
    fn has_stored_macro(&self, name: &str) -> bool;
}

/// A rule that cannot be evaluated (any more): access is to be denied.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BindError {
    #[error("Unknown macro '@{0}'")]
    UnknownMacro(String),
    #[error("Unknown variable '{0}'")]
    UnknownVariable(String),
    #[error("Macros are nested more than {MAX_MACRO_DEPTH} levels deep")]
    TooDeep,
    #[error("{0}")]
    InvalidCall(String),
}

/// Replaces variables by literals and expands built-in macros, innermost first;
/// calls of stored macros stay, with bound arguments. Then parts that no longer
/// depend on the record are folded, so that a rule which is always true ends as
/// `true`. The tree stands for a condition: where only the truth of a part
/// matters it may be replaced by another of the same truth.
///
/// # Errors
/// Names that do not exist (any more) and macro calls that cannot be expanded.
pub fn bind(expr: &Expr, context: &dyn Context) -> Result<Expr, BindError> {
    Ok(simplify(bind_whole(expr, context)?))
}

/// The same without folding: no part is left out.
pub(crate) fn bind_whole(expr: &Expr, context: &dyn Context) -> Result<Expr, BindError> {
    Binder { context, depth: 0 }.bind(expr)
}

struct Binder<'a> {
    context: &'a dyn Context,
    depth: usize,
}

impl Binder<'_> {
    fn bind(&mut self, expr: &Expr) -> Result<Expr, BindError> {
        Ok(match expr {
            Expr::Literal(_) | Expr::Field { .. } => expr.clone(),
            Expr::Variable { name, span } => self.variable(name, *span)?,
            Expr::Macro { name, args, span } => self.expand(name, args, *span)?,
            Expr::Call { name, args, span } => {
                Expr::Call { name: name.clone(), args: self.all(args)?, span: *span }
            }
            Expr::Not(inner) => Expr::Not(self.boxed(inner)?),
            Expr::Neg(inner) => Expr::Neg(self.boxed(inner)?),
            Expr::Binary { op, left, right } => {
                Expr::Binary { op: *op, left: self.boxed(left)?, right: self.boxed(right)? }
            }
            Expr::Compare { op, left, right } => {
                Expr::Compare { op: *op, left: self.boxed(left)?, right: self.boxed(right)? }
            }
            Expr::And(terms) => Expr::And(self.all(terms)?),
            Expr::Or(terms) => Expr::Or(self.all(terms)?),
            Expr::In { expr, list, negated } => {
                Expr::In { expr: self.boxed(expr)?, list: self.all(list)?, negated: *negated }
            }
            Expr::IsNull { expr, negated } => Expr::IsNull { expr: self.boxed(expr)?, negated: *negated },
            Expr::IsEmpty { expr, negated } => Expr::IsEmpty { expr: self.boxed(expr)?, negated: *negated },
        })
    }

    fn boxed(&mut self, expr: &Expr) -> Result<Box<Expr>, BindError> {
        self.bind(expr).map(Box::new)
    }

    fn all(&mut self, exprs: &[Expr]) -> Result<Vec<Expr>, BindError> {
        exprs.iter().map(|expr| self.bind(expr)).collect()
    }

    fn variable(&mut self, name: &str, span: Span) -> Result<Expr, BindError> {
        let value = match name {
            "@request.auth.id" => self.context.auth_id(),
            "@request.auth.email" => self.context.auth_email(),
            "@request.auth.role" => self.context.auth_role(),
            "@request.auth.account_id" => self.context.auth_account_id(),
            _ => {
                if let Some(field) = name.strip_prefix("@request.data.") {
                    return Ok(Expr::Literal(self.context.data(field)));
                }
                if name.contains('.') {
                    return Err(BindError::UnknownVariable(name.to_owned()));
                }
                return self.expand(name.trim_start_matches('@'), &[], span);
            }
        };
        Ok(optional_text(value))
    }

    fn expand(&mut self, name: &str, args: &[Expr], span: Span) -> Result<Expr, BindError> {
        if self.depth == MAX_MACRO_DEPTH {
            return Err(BindError::TooDeep);
        }
        self.depth += 1;
        let bound = self.all(args);
        self.depth -= 1;
        let mut bound = bound?;
        let built_in = BuiltIn::resolve(name, args).map_err(BindError::InvalidCall)?;
        let author = optional_text(self.context.auth_id());
        let equal = |left, right| Expr::compare(CompareOp::Eq, left, right);
        Ok(match built_in {
            None if self.context.has_stored_macro(name) => {
                Expr::Macro { name: name.to_owned(), args: bound, span }
            }
            None => return Err(BindError::UnknownMacro(name.to_owned())),
            Some(BuiltIn::OwnsRecord) => match bound.pop() {
                None => equal(Expr::field("created_by"), author),
                Some(Expr::Literal(Literal::Text(field))) => equal(Expr::field(field), author),
                Some(field @ Expr::Field { .. }) => equal(field, author),
                Some(_) => {
                    let message = format!("@{name}() argument must be the name of a field");
                    return Err(BindError::InvalidCall(message));
                }
            },
            Some(BuiltIn::IsPublic) => equal(Expr::field("public"), Expr::bool(true)),
            Some(BuiltIn::HasRole) => equal(optional_text(self.context.auth_role()), bound.remove(0)),
            Some(BuiltIn::HasGroup) => {
                let groups = self.context.groups();
                if groups.is_empty() {
                    return Ok(Expr::bool(false));
                }
                let list = groups.iter().map(Expr::text).collect();
                Expr::In { expr: Box::new(bound.remove(0)), list, negated: false }
            }
            Some(BuiltIn::InTimeRange) => self.time_range(bound.remove(0), bound.remove(0)),
            Some(BuiltIn::HasPermission) => match &bound[..] {
                [Expr::Literal(Literal::Text(operation)), Expr::Literal(Literal::Text(collection))] => {
                    let operation = Operation::parse(operation).ok_or_else(|| {
                        BindError::InvalidCall(format!(
                            "@has_permission() operation '{operation}' is not supported"
                        ))
                    })?;
                    Expr::bool(self.context.has_permission(operation, collection))
                }
                _ => {
                    let message = "@has_permission() arguments must be string literals".to_owned();
                    return Err(BindError::InvalidCall(message));
                }
            },
        })
    }

    /// Whether the current hour (UTC) is in `[start, end)`, over midnight when
    /// `start` is greater than `end`.
    fn time_range(&self, start: Expr, end: Expr) -> Expr {
        let hour = self.context.now_micros().div_euclid(3_600_000_000).rem_euclid(24);
        let hour = || Expr::Literal(Literal::Number(hour as f64));
        let after = Expr::compare(CompareOp::Le, start.clone(), hour());
        let before = Expr::compare(CompareOp::Lt, hour(), end.clone());
        let both = Expr::And(vec![after.clone(), before.clone()]);
        let either = Expr::Or(vec![after, before]);
        let wraps = Expr::compare(CompareOp::Gt, start, end);
        let plain = Expr::Not(Box::new(wraps.clone()));
        Expr::Or(vec![Expr::And(vec![plain, both]), Expr::And(vec![wraps, either])])
    }
}

fn optional_text(value: Option<&str>) -> Expr {
    value.map_or(Expr::Literal(Literal::Null), Expr::text)
}

/// Folds what is constant in a condition.
fn simplify(expr: Expr) -> Expr {
    if let Some(truth) = constant_truth(&expr) {
        return Expr::Literal(truth.map_or(Literal::Null, Literal::Bool));
    }
    match expr {
        Expr::Not(inner) => Expr::Not(Box::new(simplify(*inner))),
        Expr::And(terms) => terms_of(terms, true, Expr::And),
        Expr::Or(terms) => terms_of(terms, false, Expr::Or),
        other => other,
    }
}

/// Simplifies the operands of a conjunction (`neutral` true) or disjunction (false).
fn terms_of(terms: Vec<Expr>, neutral: bool, build: fn(Vec<Expr>) -> Expr) -> Expr {
    let mut kept = Vec::with_capacity(terms.len());
    for term in terms {
        match simplify(term) {
            Expr::Literal(Literal::Bool(truth)) if truth == neutral => {}
            Expr::Literal(Literal::Bool(decisive)) => return Expr::bool(decisive),
            term => kept.push(term),
        }
    }
    match kept.len() {
        0 => Expr::bool(neutral),
        1 => kept.remove(0),
        _ => build(kept),
    }
}

/// The truth of a condition that does not depend on the record or the time; the
/// outer option is none for one that does.
fn constant_truth(expr: &Expr) -> Option<Option<bool>> {
    let mut constant = true;
    expr.walk(&mut |e| {
        constant &= match e {
            Expr::Field { .. } | Expr::Variable { .. } | Expr::Macro { .. } => false,
            Expr::Call { name, .. } => name != "now",
            _ => true,
        }
    });
    if !constant {
        return None;
    }
    // Which operation it is makes no difference without variables.
    let scope = Scope::Rule(Operation::View);
    let typed = elaborate_condition(expr, &Schema::default(), scope).ok()?;
    Some(eval_condition(&typed, &NoRow, 0))
}

/// The row of an expression that has no fields.
struct NoRow;

impl Row for NoRow {
    fn get(&self, _: &str) -> Value {
        Value::Null
    }
}
