//! The syntax tree.

use std::collections::BTreeSet;

/// Where a name stands in the text: character offsets, `end` exclusive.
///
/// Spans never take part in comparisons: two trees that differ only in spans
/// are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Span {}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    /// Always finite when it comes from the parser.
    Number(f64),
    Text(String),
    /// An object or a list that a variable stood for: only its presence is known.
    /// There is no notation for it.
    Json,
}

/// An arithmetic operator of two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArithOp {
    Add,
    Sub,
    Mul,
    /// Real division.
    Div,
    /// Remainder of the truncated operands, with the sign of the dividend.
    Rem,
}

impl ArithOp {
    /// The notation, e.g. `+`.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
        }
    }
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Gt,
    Le,
    Ge,
    Like,
    NotLike,
    /// A searchable field has words.
    Matches,
}

impl CompareOp {
    /// The notation, e.g. `<=`.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Gt => ">",
            Self::Le => "<=",
            Self::Ge => ">=",
            Self::Like => "~",
            Self::NotLike => "!~",
            Self::Matches => "@@",
        }
    }
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Literal(Literal),
    /// A field of the record; the name may hold dots.
    Field {
        name: String,
        span: Span,
    },
    /// A name that begins with `@` and has no argument list, `@` included:
    /// a variable such as `@request.auth.id`, or a macro written without brackets.
    Variable {
        name: String,
        span: Span,
    },
    /// A function call; the name is in lower case.
    Call {
        name: String,
        args: Vec<Expr>,
        span: Span,
    },
    /// A macro call with an argument list; the name is without `@`.
    Macro {
        name: String,
        args: Vec<Expr>,
        span: Span,
    },
    Not(Box<Expr>),
    Neg(Box<Expr>),
    Binary {
        op: ArithOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Compare {
        op: CompareOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// At least two operands when parsed.
    And(Vec<Expr>),
    /// At least two operands when parsed.
    Or(Vec<Expr>),
    In {
        expr: Box<Expr>,
        list: Vec<Expr>,
        negated: bool,
    },
    IsNull {
        expr: Box<Expr>,
        negated: bool,
    },
    /// Null or, for text, empty (`?= null`, negated `?!= null`).
    IsEmpty {
        expr: Box<Expr>,
        negated: bool,
    },
}

impl Expr {
    /// A field reference without a position.
    pub fn field(name: impl Into<String>) -> Self {
        Self::Field { name: name.into(), span: Span::default() }
    }

    /// A text constant.
    pub fn text(value: impl Into<String>) -> Self {
        Self::Literal(Literal::Text(value.into()))
    }

    /// A truth value.
    pub fn bool(value: bool) -> Self {
        Self::Literal(Literal::Bool(value))
    }

    /// A comparison.
    pub fn compare(op: CompareOp, left: Expr, right: Expr) -> Self {
        Self::Compare { op, left: Box::new(left), right: Box::new(right) }
    }

    /// Both must hold; nested conjunctions are joined into one.
    #[must_use]
    pub fn and(self, other: Expr) -> Self {
        let mut terms = match self {
            Self::And(terms) => terms,
            term => vec![term],
        };
        match other {
            Self::And(more) => terms.extend(more),
            term => terms.push(term),
        }
        Self::And(terms)
    }

    /// Whether the value of this expression is a truth value by its form.
    pub fn is_condition(&self) -> bool {
        match self {
            Self::Literal(literal) => matches!(literal, Literal::Bool(_)),
            Self::Not(_)
            | Self::Compare { .. }
            | Self::And(_)
            | Self::Or(_)
            | Self::In { .. }
            | Self::IsNull { .. }
            | Self::IsEmpty { .. }
            | Self::Macro { .. } => true,
            _ => false,
        }
    }

    /// The operands, from left to right.
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            Self::Literal(_) | Self::Field { .. } | Self::Variable { .. } => Vec::new(),
            Self::Call { args, .. } | Self::Macro { args, .. } => args.iter().collect(),
            Self::Not(inner)
            | Self::Neg(inner)
            | Self::IsNull { expr: inner, .. }
            | Self::IsEmpty { expr: inner, .. } => vec![inner],
            Self::Binary { left, right, .. } | Self::Compare { left, right, .. } => {
                vec![left, right]
            }
            Self::And(terms) | Self::Or(terms) => terms.iter().collect(),
            Self::In { expr, list, .. } => std::iter::once(expr.as_ref()).chain(list.iter()).collect(),
        }
    }

    /// The operands, from left to right, to be changed.
    fn children_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Self::Literal(_) | Self::Field { .. } | Self::Variable { .. } => Vec::new(),
            Self::Call { args, .. } | Self::Macro { args, .. } => args.iter_mut().collect(),
            Self::Not(inner)
            | Self::Neg(inner)
            | Self::IsNull { expr: inner, .. }
            | Self::IsEmpty { expr: inner, .. } => vec![inner],
            Self::Binary { left, right, .. } | Self::Compare { left, right, .. } => {
                vec![left, right]
            }
            Self::And(terms) | Self::Or(terms) => terms.iter_mut().collect(),
            Self::In { expr, list, .. } => std::iter::once(expr.as_mut()).chain(list.iter_mut()).collect(),
        }
    }

    /// Calls `visit` for this expression and all below it, outer ones first; each may be changed.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        visit(self);
        for child in self.children_mut() {
            child.walk_mut(visit);
        }
    }

    /// Calls `visit` for this expression and all below it, outer ones first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }
}

/// The names of the fields that an expression mentions, macros' arguments included.
///
/// What a macro reads by itself (`@is_public()` reads `public`) is not listed
/// before [`bind`](crate::bind) has expanded it.
pub fn fields(expr: &Expr) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    expr.walk(&mut |e| {
        if let Expr::Field { name, .. } = e {
            names.insert(name.as_str());
        }
    });
    names
}

/// Whether the outcome depends on more than the record: on variables or macros.
pub fn uses_variables(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |e| found |= matches!(e, Expr::Variable { .. } | Expr::Macro { .. }));
    found
}
