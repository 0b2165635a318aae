//! From syntax to meaning: types are resolved and conversions made explicit.
//!
//! Both the evaluator and the SQL lowering walk only what comes out of here, so
//! that each rule of conversion is written once.

use crate::ast::{CompareOp, Expr, Literal};
use crate::check::{CheckError, NO_FIELD, NO_WORDS, not_searchable, unknown_field};
use crate::conversion::{
    Operand, compare, conjunction, constant, disjunction, is_empty, is_in, is_null, negate, unify,
};
use crate::limits::MAX_EXPRESSION_NODES;
use crate::schema::{FieldDef, FieldKind, Hop, Schema, Scope};
use crate::search::{MAX_TERMS, SearchQuery};
use crate::signature::{BUILT_IN_MACROS, Function, Unit};
use crate::typed::{Node, Type, Typed};

/// Elaborates an expression to a value.
///
/// Variables and built-in macros must have been replaced by
/// [`bind`](crate::bind); stored macros stay calls.
///
/// # Errors
/// Names that the scope does not know, wrong calls of functions, variables that
/// are left, and `Expression is too complex` when inlined computed fields make it
/// grow too large.
pub fn elaborate(expr: &Expr, schema: &Schema, scope: Scope) -> Result<Typed, CheckError> {
    Elaborator { schema, scope, nodes: 0 }.value(expr)
}

/// Elaborates an expression to a truth value.
///
/// # Errors
/// As [`elaborate`].
pub fn elaborate_condition(expr: &Expr, schema: &Schema, scope: Scope) -> Result<Typed, CheckError> {
    Ok(elaborate(expr, schema, scope)?.into_condition())
}

struct Elaborator<'a> {
    schema: &'a Schema,
    scope: Scope,
    nodes: usize,
}

impl<'a> Elaborator<'a> {
    fn value(&mut self, expr: &Expr) -> Result<Typed, CheckError> {
        self.nodes += 1;
        if self.nodes > MAX_EXPRESSION_NODES {
            return Err(CheckError::new("Expression is too complex"));
        }
        Ok(match expr {
            Expr::Literal(literal) => constant(literal),
            Expr::Field { name, .. } => self.field(name)?,
            Expr::Variable { name, .. } => return Err(unbound(name)),
            Expr::Macro { name, args, .. } => self.stored_macro(name, args)?,
            Expr::Call { name, args, .. } => self.call(name, args)?,
            Expr::Not(inner) => negate(self.condition(inner)?),
            Expr::Neg(inner) => {
                let operand = self.value(inner)?.into_number();
                Typed::new(Type::Number, Node::Neg(Box::new(operand)))
            }
            Expr::Binary { op, left, right } => {
                let left = Box::new(self.value(left)?.into_number());
                let right = Box::new(self.value(right)?.into_number());
                Typed::new(Type::Number, Node::Arith { op: *op, left, right })
            }
            Expr::Compare { op, left, right } => self.comparison(*op, left, right)?,
            Expr::And(terms) => conjunction(self.conditions(terms)?),
            Expr::Or(terms) => disjunction(self.conditions(terms)?),
            Expr::In { expr, list, negated } => {
                let found = self.membership(expr, list)?;
                if *negated { negate(found) } else { found }
            }
            Expr::IsNull { expr, negated } => {
                let null = is_null(self.value(expr)?);
                if *negated { negate(null) } else { null }
            }
            Expr::IsEmpty { expr, negated } => {
                let empty = is_empty(self.value(expr)?);
                if *negated { negate(empty) } else { empty }
            }
        })
    }

    fn condition(&mut self, expr: &Expr) -> Result<Typed, CheckError> {
        Ok(self.value(expr)?.into_condition())
    }

    fn conditions(&mut self, terms: &[Expr]) -> Result<Vec<Typed>, CheckError> {
        terms.iter().map(|term| self.condition(term)).collect()
    }

    fn operand(&mut self, expr: &Expr) -> Result<Operand, CheckError> {
        let literal = matches!(expr, Expr::Literal(_));
        Ok(Operand { typed: self.value(expr)?, literal })
    }

    /// A field of the record, or of one that references lead to.
    fn field(&mut self, name: &str) -> Result<Typed, CheckError> {
        let root = self.schema;
        let unknown = || CheckError::new(unknown_field(name, root, self.scope));
        let path = root.path(name, self.scope).map_err(|_| unknown())?;
        self.schema = path.schema;
        let found = self.own_field(path.field);
        self.schema = root;
        self.through(path.hops, found?)
    }

    /// A value of the record where references lead.
    fn through(&mut self, hops: Vec<Hop<'_>>, value: Typed) -> Result<Typed, CheckError> {
        let mut found = value;
        for hop in hops.into_iter().rev() {
            let guard = match &hop.target.guard {
                Some(guard) => Some(Box::new(self.copy(guard)?)),
                None => None,
            };
            let (field, collection) = (hop.field.to_owned(), hop.collection.to_owned());
            let ty = found.ty;
            found = Typed { ty, node: Node::Through { field, collection, guard, inner: Box::new(found) } };
        }
        Ok(found)
    }

    fn own_field(&mut self, field: &FieldDef) -> Result<Typed, CheckError> {
        let name = field.name.as_str();
        let ty = match field.kind {
            FieldKind::Text | FieldKind::Email | FieldKind::Url | FieldKind::Reference | FieldKind::File => {
                Type::Text
            }
            FieldKind::Number => Type::Number,
            FieldKind::Boolean => Type::Bool,
            FieldKind::Datetime | FieldKind::Date => Type::Instant,
            FieldKind::Json => Type::Json,
            FieldKind::Computed(_) if self.scope == Scope::Computed => {
                return Err(CheckError::new(unknown_field(name, self.schema, self.scope)));
            }
            FieldKind::Computed(returns) => {
                let expression = field
                    .expression
                    .as_ref()
                    .ok_or_else(|| CheckError::new(format!("Computed field '{name}' has no expression")))?;
                let outer = std::mem::replace(&mut self.scope, Scope::Computed);
                let inlined = self.value(expression);
                self.scope = outer;
                return Ok(inlined?.into_return_type(returns));
            }
        };
        Ok(Typed { ty, node: Node::Field(name.to_owned()) })
    }

    fn stored_macro(&mut self, name: &str, args: &[Expr]) -> Result<Typed, CheckError> {
        if !matches!(self.scope, Scope::Rule(_)) || BUILT_IN_MACROS.contains(&name) {
            return Err(unbound(&format!("@{name}")));
        }
        let args = args.iter().map(|arg| self.value(arg)).collect::<Result<_, _>>()?;
        Ok(Typed { ty: Type::Bool, node: Node::StoredMacro { name: name.to_owned(), args } })
    }

    /// `field @@ "words"`; anything but text has no words to look for.
    fn matches(&mut self, left: &Expr, right: &Expr) -> Result<Typed, CheckError> {
        let Expr::Field { name, .. } = left else {
            return Err(CheckError::new(NO_FIELD));
        };
        let root = self.schema;
        let path = root.path(name, self.scope);
        let path = path.map_err(|_| CheckError::new(unknown_field(name, root, self.scope)))?;
        if !path.is_searchable() {
            return Err(CheckError::new(not_searchable(name)));
        }
        let found = match right {
            Expr::Literal(Literal::Text(text)) => {
                let mut query = SearchQuery::parse(text);
                // More can only come out of a request's body: a condition nothing satisfies.
                if query.terms.len() > MAX_TERMS {
                    query.terms.clear();
                }
                Typed::matches(vec![path.field.name.clone()], query)
            }
            Expr::Literal(_) => return Ok(Typed::bool(false)),
            _ => return Err(CheckError::new(NO_WORDS)),
        };
        self.through(path.hops, found)
    }

    fn comparison(&mut self, op: CompareOp, left: &Expr, right: &Expr) -> Result<Typed, CheckError> {
        if op == CompareOp::Matches {
            return self.matches(left, right);
        }
        let null = Expr::Literal(Literal::Null);
        let null_test = self.scope == Scope::Filter
            && matches!(op, CompareOp::Eq | CompareOp::Ne)
            && (*left == null || *right == null);
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        if null_test {
            // One side is null, so both are null exactly when the other one is.
            let other = if left.typed.is_null() { right.typed } else { left.typed };
            let test = is_null(other);
            return Ok(if op == CompareOp::Ne { negate(test) } else { test });
        }
        Ok(compare(op, left, right))
    }

    fn membership(&mut self, value: &Expr, list: &[Expr]) -> Result<Typed, CheckError> {
        let Operand { typed: value, literal } = self.operand(value)?;
        // Stands for the value, which may be large, while each item is looked at.
        let stand_in = if value.is_constant() {
            value.clone()
        } else {
            Typed { ty: value.ty, node: Node::Field(String::new()) }
        };
        let (mut same, mut instants, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for item in list {
            let item = self.operand(item)?;
            let term = compare(CompareOp::Eq, Operand { typed: stand_in.clone(), literal }, item);
            match term.node {
                Node::Compare { left, right, .. } if *left == stand_in => same.push(*right),
                Node::Compare { right, .. } if !value.is_constant() => instants.push(*right),
                _ => others.push(term),
            }
        }
        if value.is_constant() {
            others.extend(is_in(value, same));
            return Ok(disjunction(others));
        }
        // What is left is unknown, or a time compared with text that is no time:
        // false, when the time is there.
        let unknown = others.iter().any(Typed::is_null);
        let absent = same.is_empty() && others.iter().any(|term| !term.is_null());
        let mut terms = Vec::new();
        if !instants.is_empty() {
            let copy = self.copy(&value)?;
            terms.extend(is_in(copy.into_instant(), instants));
        }
        if absent {
            let operand = Box::new(self.copy(&value)?);
            terms.push(Typed::new(Type::Bool, Node::WhenPresent { operand, outcome: false }));
        }
        terms.extend(is_in(value, same));
        if unknown {
            terms.push(Typed::null(Type::Bool));
        }
        Ok(disjunction(terms))
    }

    /// A copy, which counts as part of the result.
    fn copy(&mut self, typed: &Typed) -> Result<Typed, CheckError> {
        fn size(typed: &Typed) -> usize {
            typed.children().into_iter().map(size).sum::<usize>() + 1
        }
        self.nodes += size(typed);
        if self.nodes > MAX_EXPRESSION_NODES {
            return Err(CheckError::new("Expression is too complex"));
        }
        Ok(typed.clone())
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Result<Typed, CheckError> {
        let function = Function::resolve(name, args).map_err(CheckError::new)?;
        let number = |args: Vec<Typed>| {
            let args = args.into_iter().map(Typed::into_number).collect();
            Typed::new(Type::Number, Node::Call { function, args })
        };
        let text = |ty, args: Vec<Typed>| {
            let args = args.into_iter().map(Typed::into_text).collect();
            Typed::new(ty, Node::Call { function, args })
        };
        match function {
            Function::Now => {
                return Ok(Typed { ty: Type::Instant, node: Node::Now });
            }
            Function::If | Function::Coalesce | Function::NullIf => {
                return self.choice(function, args);
            }
            Function::DateAdd => {
                let unit = Unit::from_argument(function, &args[2]).map_err(CheckError::new)?;
                let instant = Box::new(self.value(&args[0])?.into_instant());
                let amount = Box::new(self.value(&args[1])?.into_number());
                return Ok(Typed::new(Type::Instant, Node::DateAdd { unit, instant, amount }));
            }
            Function::DateDiff => {
                let unit = Unit::from_argument(function, &args[2]).map_err(CheckError::new)?;
                let to = self.value(&args[0])?.into_instant();
                let from = self.value(&args[1])?.into_instant();
                let instants = Box::new([to, from]);
                return Ok(Typed::new(Type::Number, Node::DateDiff { unit, instants }));
            }
            _ => {}
        }
        let mut values = args.iter().map(|arg| self.value(arg)).collect::<Result<Vec<_>, _>>()?;
        Ok(match function {
            Function::Abs | Function::Ceil | Function::Floor | Function::Round => number(values),
            Function::Length => text(Type::Number, values),
            Function::Substring => {
                let subject = values.remove(0).into_text();
                let bounds = values.into_iter().map(Typed::into_number);
                let args = std::iter::once(subject).chain(bounds).collect();
                Typed::new(Type::Text, Node::Call { function, args })
            }
            _ => text(Type::Text, values),
        })
    }

    /// `if`, `coalesce` and `nullif`: the operands are brought to one type.
    fn choice(&mut self, function: Function, args: &[Expr]) -> Result<Typed, CheckError> {
        let (condition, args) = match function {
            Function::If => (Some(self.condition(&args[0])?), &args[1..]),
            _ => (None, args),
        };
        let operands = args.iter().map(|arg| self.operand(arg)).collect::<Result<Vec<_>, _>>()?;
        let (ty, mut values) = unify(operands);
        if let Some(condition) = condition {
            let (otherwise, then) = (values.pop(), values.pop());
            let (Some(then), Some(otherwise)) = (then, otherwise) else {
                return Err(CheckError::new("if() requires exactly 3 argument(s)"));
            };
            return Ok(match condition.node {
                Node::Bool(true) => then,
                Node::Bool(false) | Node::Null => otherwise,
                _ => Typed { ty, node: Node::If(Box::new([condition, then, otherwise])) },
            });
        }
        if function == Function::Coalesce {
            return Ok(Typed::new(ty, Node::Coalesce(values)));
        }
        let (second, first) = (values.pop(), values.pop());
        let (Some(first), Some(second)) = (first, second) else {
            return Err(CheckError::new("nullif() requires exactly 2 argument(s)"));
        };
        // Nothing equals an object or a null.
        if matches!(ty, Type::Json | Type::Null) {
            return Ok(first);
        }
        Ok(Typed::new(ty, Node::NullIf(Box::new([first, second]))))
    }
}

fn unbound(name: &str) -> CheckError {
    CheckError::new(format!("'{name}' has no value here"))
}
