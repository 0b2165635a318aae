//! The rules by which values of different types meet, one function a construct.

use crate::ast::{CompareOp, Literal};
use crate::functions::{parse_instant, parse_number};
use crate::schema::ReturnType;
use crate::typed::{Node, Type, Typed};

/// An operand and whether it was written as a literal: only literals are
/// converted to the type of what they are compared with.
pub(crate) struct Operand {
    pub typed: Typed,
    pub literal: bool,
}

pub(crate) fn constant(literal: &Literal) -> Typed {
    let (ty, node) = match literal {
        Literal::Null => (Type::Null, Node::Null),
        Literal::Bool(value) => (Type::Bool, Node::Bool(*value)),
        Literal::Number(value) if !value.is_finite() => (Type::Number, Node::Null),
        Literal::Number(value) => (Type::Number, Node::Number(*value)),
        Literal::Text(value) => (Type::Text, Node::Text(value.clone())),
        Literal::Json => (Type::Json, Node::Json),
    };
    Typed { ty, node }
}

pub(crate) fn negate(condition: Typed) -> Typed {
    Typed::new(Type::Bool, Node::Not(Box::new(condition)))
}

pub(crate) fn is_null(value: Typed) -> Typed {
    Typed::new(Type::Bool, Node::IsNull(Box::new(value)))
}

/// Whether a value equals one of a list; none for an empty list.
pub(crate) fn is_in(value: Typed, list: Vec<Typed>) -> Option<Typed> {
    let node = Node::In { value: Box::new(value), list };
    let some = matches!(&node, Node::In { list, .. } if !list.is_empty());
    some.then(|| Typed::new(Type::Bool, node))
}

pub(crate) fn is_empty(value: Typed) -> Typed {
    if value.ty != Type::Text {
        return is_null(value);
    }
    let empty = Typed { ty: Type::Text, node: Node::Text(String::new()) };
    let equals = |left: Typed| {
        let (left, right) = (Box::new(left), Box::new(empty.clone()));
        Typed::new(Type::Bool, Node::Compare { op: CompareOp::Eq, left, right })
    };
    // The plain form for a field, so that an index can serve it; anything larger
    // is not written twice.
    if matches!(value.node, Node::Field(_)) {
        return disjunction(vec![is_null(value.clone()), equals(value)]);
    }
    equals(Typed::new(Type::Text, Node::Coalesce(vec![value, empty.clone()])))
}

pub(crate) fn conjunction(mut terms: Vec<Typed>) -> Typed {
    if terms.iter().any(|term| term.node == Node::Bool(false)) {
        return Typed::bool(false);
    }
    terms.retain(|term| term.node != Node::Bool(true));
    match terms.len() {
        0 => Typed::bool(true),
        1 => terms.remove(0),
        _ => Typed::new(Type::Bool, Node::And(terms)),
    }
}

pub(crate) fn disjunction(mut terms: Vec<Typed>) -> Typed {
    if terms.iter().any(|term| term.node == Node::Bool(true)) {
        return Typed::bool(true);
    }
    terms.retain(|term| term.node != Node::Bool(false));
    match terms.len() {
        0 => Typed::bool(false),
        1 => terms.remove(0),
        _ => Typed::new(Type::Bool, Node::Or(terms)),
    }
}

/// A comparison of two values of any types; unknown where the types cannot meet.
pub(crate) fn compare(op: CompareOp, left: Operand, right: Operand) -> Typed {
    let unknown = Typed::null(Type::Bool);
    if matches!(op, CompareOp::Like | CompareOp::NotLike) {
        let text = Box::new(left.typed.into_text());
        let pattern = Box::new(right.typed.into_text());
        if text.is_null() || pattern.is_null() {
            return unknown;
        }
        let like = Typed::new(Type::Bool, Node::Like { text, pattern });
        return if op == CompareOp::NotLike { negate(like) } else { like };
    }
    if left.typed.is_null() || right.typed.is_null() {
        return unknown;
    }
    let pair = match (left.typed.ty, right.typed.ty) {
        (Type::Json, _) | (_, Type::Json) => return unknown,
        (a, b) if a == b => Some((left.typed, right.typed)),
        (Type::Number, Type::Text) => literal_number(right).map(|r| (left.typed, r)),
        (Type::Text, Type::Number) => literal_number(left).map(|l| (l, right.typed)),
        (Type::Bool, Type::Number) => literal_bool(right).map(|r| (left.typed, r)),
        (Type::Number, Type::Bool) => literal_bool(left).map(|l| (l, right.typed)),
        (Type::Instant, Type::Text) => match operand_instant(right) {
            Some(right) => Some((left.typed, right)),
            None => return no_instant(op, left.typed),
        },
        (Type::Text, Type::Instant) => match operand_instant(left) {
            Some(left) => Some((left, right.typed)),
            None => return no_instant(op, right.typed),
        },
        _ => None,
    };
    let Some((left, right)) = pair else {
        return unknown;
    };
    let node = Node::Compare { op, left: Box::new(left), right: Box::new(right) };
    Typed::new(Type::Bool, node)
}

fn literal_number(operand: Operand) -> Option<Typed> {
    operand.literal.then(|| operand.typed.into_number()).filter(|number| !number.is_null())
}

fn literal_bool(operand: Operand) -> Option<Typed> {
    match operand.typed.node {
        Node::Number(value) if operand.literal && value == 0.0 => Some(Typed::bool(false)),
        Node::Number(value) if operand.literal && value == 1.0 => Some(Typed::bool(true)),
        _ => None,
    }
}

/// Text as an instant; none for a literal that is no time.
fn operand_instant(operand: Operand) -> Option<Typed> {
    let literal = operand.literal;
    Some(operand.typed.into_instant()).filter(|instant| !literal || !instant.is_null())
}

/// A time compared with something that is never one: unequal.
fn no_instant(op: CompareOp, instant: Typed) -> Typed {
    let outcome = op == CompareOp::Ne;
    Typed::new(Type::Bool, Node::WhenPresent { operand: Box::new(instant), outcome })
}

/// Brings operands to one type: that of those which are no text literals, if they
/// agree and the text literals convert to it, else text.
pub(crate) fn unify(operands: Vec<Operand>) -> (Type, Vec<Typed>) {
    let text_literal = |o: &&Operand| o.literal && o.typed.ty == Type::Text;
    let mut types: Vec<Type> = operands
        .iter()
        .filter(|o| !text_literal(o) && o.typed.ty != Type::Null)
        .map(|o| o.typed.ty)
        .collect();
    types.dedup();
    let converts = |ty: Type| {
        operands.iter().filter(text_literal).all(|o| match (&o.typed.node, ty) {
            (_, Type::Text) => true,
            (Node::Text(text), Type::Number) => parse_number(text).is_some(),
            (Node::Text(text), Type::Instant) => parse_instant(text).is_some(),
            _ => false,
        })
    };
    let ty = match types[..] {
        [] if operands.iter().any(|o| o.typed.ty == Type::Text) => Type::Text,
        [] => Type::Null,
        [ty] if converts(ty) => ty,
        _ => Type::Text,
    };
    let values = operands.into_iter().map(|o| o.typed.into_type(ty)).collect();
    (ty, values)
}

impl Typed {
    /// The truth of a value: numbers other than 0, text other than `""`, `"false"`
    /// and `"0"`, present times and objects are true; null is unknown.
    #[must_use]
    pub fn into_condition(self) -> Self {
        match self.ty {
            Type::Bool => self,
            Type::Null => Self::null(Type::Bool),
            Type::Number => Self::new(Type::Bool, Node::NumberTruth(Box::new(self))),
            Type::Text => Self::new(Type::Bool, Node::TextTruth(Box::new(self))),
            Type::Instant | Type::Json => {
                let node = Node::WhenPresent { operand: Box::new(self), outcome: true };
                Self::new(Type::Bool, node)
            }
        }
    }

    pub(crate) fn into_text(self) -> Self {
        match self.ty {
            Type::Text => self,
            Type::Null | Type::Json => Self::null(Type::Text),
            Type::Bool => Self::new(Type::Text, Node::BoolText(Box::new(self))),
            Type::Number => Self::new(Type::Text, Node::NumberText(Box::new(self))),
            Type::Instant => match self.node {
                Node::Field(name) => Self { ty: Type::Text, node: Node::FieldText(name) },
                Node::Through { field, collection, guard, inner } => {
                    let inner = Box::new(inner.into_text());
                    Self { ty: Type::Text, node: Node::Through { field, collection, guard, inner } }
                }
                _ => Self::new(Type::Text, Node::InstantText(Box::new(self))),
            },
        }
    }

    pub(crate) fn into_number(self) -> Self {
        match self.ty {
            Type::Number => self,
            Type::Null | Type::Instant | Type::Json => Self::null(Type::Number),
            Type::Bool => Self::new(Type::Number, Node::BoolNumber(Box::new(self))),
            Type::Text => Self::new(Type::Number, Node::TextNumber(Box::new(self))),
        }
    }

    pub(crate) fn into_instant(self) -> Self {
        match self.ty {
            Type::Instant => self,
            Type::Text => Self::new(Type::Instant, Node::TextInstant(Box::new(self))),
            Type::Null | Type::Bool | Type::Number | Type::Json => Self::null(Type::Instant),
        }
    }

    fn into_type(self, ty: Type) -> Self {
        match ty {
            Type::Bool => self.into_condition(),
            Type::Number => self.into_number(),
            Type::Text => self.into_text(),
            Type::Instant => self.into_instant(),
            Type::Json | Type::Null if self.ty == Type::Null => Self::null(ty),
            Type::Json | Type::Null => self,
        }
    }

    pub(crate) fn into_return_type(self, returns: ReturnType) -> Self {
        match returns {
            ReturnType::Text => self.into_text(),
            ReturnType::Number => self.into_number(),
            ReturnType::Boolean => self.into_condition(),
            ReturnType::Datetime => self.into_instant(),
        }
    }
}
