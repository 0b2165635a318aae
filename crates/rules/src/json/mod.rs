//! Conditions on JSON: the grammar of rules, evaluated in memory on one object without a schema.
//!
//! Unlike in rules there is no third truth value: a condition holds or it does not. A missing field
//! is null, and null equals null.

mod eval;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::ast::{CompareOp, Expr, Span};
use crate::parser::{SyntaxError, parse_condition};
use crate::signature::{Function, Unit};

/// What the names in a condition stand for.
pub trait Names {
    /// The value of a name, its dots included; none counts as null. Names with `@` are never asked for.
    fn value(&self, path: &str) -> Option<Cow<'_, Value>>;
}

/// A condition of an event, a webhook, an endpoint or a workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    expr: Expr,
}

impl Condition {
    /// Reads a condition; blank text is none.
    ///
    /// # Errors
    /// What [`parse_condition`] refuses; functions that do not exist, with a wrong number of arguments
    /// or with a unit of time that is none; macros, `now()` and `@@`, which mean nothing here.
    pub fn parse(text: &str) -> Result<Option<Self>, SyntaxError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let expr = parse_condition(text)?;
        let mut fault = None;
        expr.walk(&mut |part| {
            if fault.is_none() {
                fault = check(part).err();
            }
        });
        match fault {
            Some(fault) => Err(fault),
            None => Ok(Some(Self { text: text.to_owned(), expr })),
        }
    }

    /// The text that was parsed, unchanged.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the condition is true of these names.
    pub fn holds(&self, names: &dyn Names) -> bool {
        eval::is_true(&eval::value(&self.expr, names))
    }
}

/// Judges one node of the tree by itself.
fn check(part: &Expr) -> Result<(), SyntaxError> {
    let fault = |message: String, span: &Span| Err(SyntaxError::at(message, span.start));
    match part {
        Expr::Macro { name, span, .. } => fault(format!("Macro '@{name}' is not available here"), span),
        Expr::Compare { op: CompareOp::Matches, .. } => {
            Err(SyntaxError { message: "'@@' is not available here".to_owned(), position: None })
        }
        Expr::Call { name, args, span } => {
            let checked = Function::resolve(name, args).and_then(|function| match function {
                Function::Now => Err("now() is not available here".to_owned()),
                Function::DateAdd | Function::DateDiff => {
                    Unit::from_argument(function, &args[2]).map(|_| function)
                }
                _ => Ok(function),
            });
            checked.map(|_| ()).or_else(|message| fault(message, span))
        }
        _ => Ok(()),
    }
}

/// The fields of an object. `record.` and `trigger.` before a name mean the object itself; dots descend
/// into objects and, as numbers from 0, into lists. A key that holds the dots itself comes first.
impl Names for Map<String, Value> {
    fn value(&self, path: &str) -> Option<Cow<'_, Value>> {
        let own = path.strip_prefix("record.").or_else(|| path.strip_prefix("trigger."));
        own.and_then(|own| field(self, own)).or_else(|| field(self, path)).map(Cow::Borrowed)
    }
}

fn field<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    let (first, rest) = path.split_once('.')?;
    descend(object.get(first)?, rest)
}

/// The value that a path with dots leads to: keys of objects and, from 0, places in lists. An empty
/// path leads nowhere.
pub fn descend<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, step| match value {
        Value::Object(object) => object.get(step),
        Value::Array(items) if step.bytes().all(|b| b.is_ascii_digit()) => {
            items.get(step.parse::<usize>().ok()?)
        }
        _ => None,
    })
}
