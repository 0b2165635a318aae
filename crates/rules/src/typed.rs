//! The elaborated tree: static types resolved, each conversion a node of its own.

use crate::ast::{ArithOp, CompareOp};
use crate::eval::{Row, Value, eval};
use crate::search::SearchQuery;
use crate::signature::{Function, Unit};

/// The static type of a value. Every type has null besides its own values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// The type of an untyped null.
    Null,
    Bool,
    /// A finite double.
    Number,
    Text,
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instant,
    /// An object or list of which only the presence is known.
    Json,
}

/// An expression with its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    pub ty: Type,
    pub node: Node,
}

/// What is to be computed. Unless said otherwise a null operand gives null.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// Microseconds since the epoch.
    Instant(i64),
    /// A present object or list.
    Json,
    /// A stored field as a value of its type.
    Field(String),
    /// The text of a stored time, as it was sent.
    FieldText(String),
    /// The value of `inner` for the record of a collection that a reference means;
    /// null when there is none in the same account, or none that satisfies `guard`.
    Through {
        field: String,
        collection: String,
        guard: Option<Box<Typed>>,
        inner: Box<Typed>,
    },
    /// The instant of evaluation.
    Now,
    /// Three-valued conjunction of truth values.
    And(Vec<Typed>),
    /// Three-valued disjunction of truth values.
    Or(Vec<Typed>),
    Not(Box<Typed>),
    /// Operands of one type, none of them `Json` or `Null`; never `Like`.
    /// Numbers by value, text by code point, false before true.
    Compare {
        op: CompareOp,
        left: Box<Typed>,
        right: Box<Typed>,
    },
    /// Whether a value equals one of several of its type; unknown if it equals
    /// none and one of them is null.
    In {
        value: Box<Typed>,
        list: Vec<Typed>,
    },
    /// Text against a pattern: `%` any run, `_` one code point, ASCII letters in any case.
    Like {
        text: Box<Typed>,
        pattern: Box<Typed>,
    },
    /// Whether each term is in one of the searchable fields. Never null itself.
    Matches {
        fields: Vec<String>,
        query: SearchQuery,
    },
    /// How much the searchable fields are about the terms: a number, the sum over terms and
    /// fields of [`relevance`](crate::search::relevance), in this order. Never null itself.
    Relevance {
        fields: Vec<String>,
        query: SearchQuery,
    },
    /// Never null itself.
    IsNull(Box<Typed>),
    /// `outcome` when the operand is not null.
    WhenPresent {
        operand: Box<Typed>,
        outcome: bool,
    },
    /// Number to truth value: not zero.
    NumberTruth(Box<Typed>),
    /// Text to truth value: none of `""`, `"false"`, `"0"`.
    TextTruth(Box<Typed>),
    /// Truth value to 1 or 0.
    BoolNumber(Box<Typed>),
    /// Truth value to `true` or `false`.
    BoolText(Box<Typed>),
    /// Text to number; null when it is none.
    TextNumber(Box<Typed>),
    NumberText(Box<Typed>),
    /// Text to instant; null when it is none.
    TextInstant(Box<Typed>),
    InstantText(Box<Typed>),
    Neg(Box<Typed>),
    /// Null when the result is not finite or the divisor zero.
    Arith {
        op: ArithOp,
        left: Box<Typed>,
        right: Box<Typed>,
    },
    /// The second when the condition is true, else the third.
    If(Box<[Typed; 3]>),
    /// The first that is not null; all of one type.
    Coalesce(Vec<Typed>),
    /// Null when both are equal, else the first; both of one type.
    NullIf(Box<[Typed; 2]>),
    /// Numeric and text functions; arguments have the types the function takes.
    Call {
        function: Function,
        args: Vec<Typed>,
    },
    /// From the second instant to the first, in units.
    DateDiff {
        unit: Unit,
        instants: Box<[Typed; 2]>,
    },
    /// An instant moved by a number of units.
    DateAdd {
        unit: Unit,
        instant: Box<Typed>,
        amount: Box<Typed>,
    },
    /// The truth of a stored macro's query.
    StoredMacro {
        name: String,
        args: Vec<Typed>,
    },
}

impl Typed {
    pub(crate) fn null(ty: Type) -> Self {
        Self { ty, node: Node::Null }
    }

    pub(crate) fn bool(value: bool) -> Self {
        Self { ty: Type::Bool, node: Node::Bool(value) }
    }

    /// Folded to a constant if all operands are constants, or one is a null that
    /// makes the whole null.
    pub(crate) fn new(ty: Type, node: Node) -> Self {
        let typed = Self { ty, node };
        if typed.is_strict() && typed.children().into_iter().any(Self::is_null) {
            Self::null(ty)
        } else if typed.foldable() {
            typed.fold()
        } else {
            typed
        }
    }

    /// Whether this is a constant.
    pub fn is_constant(&self) -> bool {
        matches!(
            self.node,
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::Instant(_) | Node::Json
        )
    }

    /// Whether each term is in one of the searchable fields.
    pub fn matches(fields: Vec<String>, query: SearchQuery) -> Self {
        Self { ty: Type::Bool, node: Node::Matches { fields, query } }
    }

    /// How much the searchable fields are about the terms.
    pub fn relevance(fields: Vec<String>, query: SearchQuery) -> Self {
        Self { ty: Type::Number, node: Node::Relevance { fields, query } }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.node == Node::Null
    }

    /// The operands, from left to right. Those of `Through` are about another record.
    pub fn children(&self) -> Vec<&Typed> {
        match &self.node {
            Node::Through { guard, inner, .. } => guard.as_deref().into_iter().chain([&**inner]).collect(),
            Node::Null
            | Node::Bool(_)
            | Node::Number(_)
            | Node::Text(_)
            | Node::Instant(_)
            | Node::Json
            | Node::Field(_)
            | Node::FieldText(_)
            | Node::Matches { .. }
            | Node::Relevance { .. }
            | Node::Now => Vec::new(),
            Node::And(terms) | Node::Or(terms) | Node::Coalesce(terms) => terms.iter().collect(),
            Node::Not(inner)
            | Node::IsNull(inner)
            | Node::WhenPresent { operand: inner, .. }
            | Node::NumberTruth(inner)
            | Node::TextTruth(inner)
            | Node::BoolNumber(inner)
            | Node::BoolText(inner)
            | Node::TextNumber(inner)
            | Node::NumberText(inner)
            | Node::TextInstant(inner)
            | Node::InstantText(inner)
            | Node::Neg(inner) => vec![inner],
            Node::Compare { left, right, .. }
            | Node::Arith { left, right, .. }
            | Node::Like { text: left, pattern: right }
            | Node::DateAdd { instant: left, amount: right, .. } => vec![left, right],
            Node::In { value, list } => std::iter::once(value.as_ref()).chain(list.iter()).collect(),
            Node::If(parts) => parts.iter().collect(),
            Node::NullIf(parts) | Node::DateDiff { instants: parts, .. } => parts.iter().collect(),
            Node::Call { args, .. } | Node::StoredMacro { args, .. } => args.iter().collect(),
        }
    }

    /// Whether a null operand makes this null.
    fn is_strict(&self) -> bool {
        match self.node {
            Node::Not(_)
            | Node::Compare { .. }
            | Node::Like { .. }
            | Node::WhenPresent { .. }
            | Node::NumberTruth(_)
            | Node::TextTruth(_)
            | Node::BoolNumber(_)
            | Node::BoolText(_)
            | Node::TextNumber(_)
            | Node::NumberText(_)
            | Node::TextInstant(_)
            | Node::InstantText(_)
            | Node::Neg(_)
            | Node::Arith { .. }
            | Node::Call { .. }
            | Node::DateDiff { .. }
            | Node::DateAdd { .. } => true,
            Node::Null
            | Node::Bool(_)
            | Node::Number(_)
            | Node::Text(_)
            | Node::Instant(_)
            | Node::Json
            | Node::Field(_)
            | Node::FieldText(_)
            | Node::Matches { .. }
            | Node::Relevance { .. }
            | Node::Through { .. }
            | Node::Now
            | Node::And(_)
            | Node::Or(_)
            | Node::In { .. }
            | Node::IsNull(_)
            | Node::If(_)
            | Node::Coalesce(_)
            | Node::NullIf(_)
            | Node::StoredMacro { .. } => false,
        }
    }

    fn foldable(&self) -> bool {
        let own = matches!(
            self.node,
            Node::Field(_)
                | Node::FieldText(_)
                | Node::Through { .. }
                | Node::Matches { .. }
                | Node::Relevance { .. }
                | Node::Now
                | Node::StoredMacro { .. }
        );
        !own && !self.is_constant() && self.children().into_iter().all(Self::is_constant)
    }

    /// The value of an expression over constants.
    fn fold(self) -> Self {
        let node = match eval(&self, &NoRow, 0) {
            Value::Null => Node::Null,
            Value::Bool(value) => Node::Bool(value),
            Value::Number(value) => Node::Number(value),
            Value::Text(value) => Node::Text(value),
            Value::Instant { micros, .. } => Node::Instant(micros),
            Value::Json => Node::Json,
        };
        Self { ty: self.ty, node }
    }
}

/// The row of an expression that has no fields.
struct NoRow;

impl Row for NoRow {
    fn get(&self, _: &str) -> Value {
        Value::Null
    }
}
