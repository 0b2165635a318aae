//! The elaborated tree as a SQL expression.

use sea_query::{CaseStatement, Expr, ExprTrait, Func, Query, TableRef};
use snackbase_rules::search::{SearchQuery, Term};
use snackbase_rules::{ArithOp, CompareOp, Function, Node, Type, Typed};

use crate::dialect::Dialect;

/// The columns of a record table, as storage lays them out.
pub trait Columns {
    /// The column that holds a field as a value of its type: for a time an instant.
    fn native(&self, field: &str) -> Expr;

    /// The same column of a field that is known to be a time.
    fn instant(&self, field: &str) -> Expr {
        self.native(field)
    }

    /// The column that holds the text of a time field as it was sent.
    fn text(&self, field: &str) -> Expr;

    /// The column with the words of a searchable field, as
    /// [`words`](snackbase_rules::search::words) gives them.
    fn words(&self, field: &str) -> Expr {
        self.text(field)
    }

    /// A condition by an index that holds for all records in whose searchable fields the
    /// query is, and for few others. None: there is no index.
    fn candidates(&self, _query: &SearchQuery, _dialect: Dialect) -> Option<Expr> {
        None
    }

    /// The table of the collection that a reference leads to, and its columns under
    /// an alias. None: the collection cannot be looked into, and has no values.
    fn target(&self, _collection: &str, _alias: &str) -> Option<(TableRef, Box<dyn Columns + '_>)> {
        None
    }

    /// The condition of a stored macro with these arguments. None: the macro is
    /// unknown, and what depends on it does not match.
    fn stored_macro(&self, _name: &str, _args: Vec<Expr>) -> Option<Expr> {
        None
    }
}

/// Lowers an elaborated expression to a value: a double, a truth value, text, an
/// instant. `now_micros` is the value of `now()`, in microseconds since the epoch.
pub fn lower(typed: &Typed, columns: &dyn Columns, dialect: Dialect, now_micros: i64) -> Expr {
    Lowering { columns, dialect, now_micros, depth: 0 }.value(typed)
}

/// Lowers an elaborated expression to a condition, for a WHERE clause.
pub fn lower_condition(typed: &Typed, columns: &dyn Columns, dialect: Dialect, now_micros: i64) -> Expr {
    let lowering = Lowering { columns, dialect, now_micros, depth: 0 };
    if typed.ty == Type::Bool {
        lowering.value(typed)
    } else {
        lowering.value(&typed.clone().into_condition())
    }
}

struct Lowering<'a> {
    columns: &'a dyn Columns,
    dialect: Dialect,
    now_micros: i64,
    /// How many references the record is away.
    depth: usize,
}

impl Lowering<'_> {
    fn value(&self, typed: &Typed) -> Expr {
        match &typed.node {
            Node::Null => self.null(typed.ty),
            Node::Bool(true) => Expr::cust("TRUE"),
            Node::Bool(false) => Expr::cust("FALSE"),
            Node::Number(value) => Expr::val(*value),
            Node::Text(value) => Expr::val(value.as_str()),
            Node::Instant(micros) => self.dialect.instant(*micros),
            // Only its presence can be asked for, and that is folded away before.
            Node::Json => Expr::val("{}").cast_as(self.dialect.physical_type(Type::Json)),
            Node::Field(name) if typed.ty == Type::Instant => self.columns.instant(name),
            Node::Field(name) => self.columns.native(name),
            Node::FieldText(name) => self.columns.text(name),
            Node::Through { field, collection, guard, inner } => {
                let found = self.through(field, collection, guard.as_deref(), inner);
                found.unwrap_or_else(|| self.null(typed.ty))
            }
            Node::Now => self.dialect.instant(self.now_micros),
            Node::And(terms) => balanced(self.values(terms), &|left, right| left.and(right)),
            Node::Or(terms) => balanced(self.values(terms), &|left, right| left.or(right)),
            Node::Not(inner) => self.not(inner),
            Node::Compare { op, left, right } => self.compare(*op, left, right),
            Node::In { value, list } => match &list[..] {
                // A subquery alone in the list would be taken as a set of rows.
                [one] => self.value(value).eq(self.value(one)),
                _ => self.value(value).is_in(self.values(list)),
            },
            Node::Like { text, pattern } => self.dialect.like(self.value(text), self.value(pattern)),
            Node::Matches { fields, query } => self.matches(fields, query),
            Node::Relevance { fields, query } => self.relevance(fields, query),
            Node::IsNull(inner) => self.value(inner).is_null(),
            Node::WhenPresent { operand, outcome } => {
                let present = self.value(operand).is_not_null();
                CaseStatement::new().case(present, truth(*outcome)).into()
            }
            Node::NumberTruth(inner) => self.value(inner).ne(0.0),
            Node::TextTruth(inner) => self.value(inner).is_not_in(["", "false", "0"]),
            Node::BoolNumber(inner) => self.call("sb_bool_number", [inner.as_ref()]),
            Node::BoolText(inner) => self.call("sb_bool_text", [inner.as_ref()]),
            Node::TextNumber(inner) => self.call("sb_number", [inner.as_ref()]),
            Node::NumberText(inner) => self.call("sb_number_text", [inner.as_ref()]),
            Node::TextInstant(inner) => self.call("sb_instant", [inner.as_ref()]),
            Node::InstantText(inner) => self.call("sb_instant_text", [inner.as_ref()]),
            Node::Neg(inner) => Expr::val(0.0).sub(self.value(inner)),
            Node::Arith { op, left, right } => {
                let name = match op {
                    ArithOp::Add => "sb_add",
                    ArithOp::Sub => "sb_sub",
                    ArithOp::Mul => "sb_mul",
                    ArithOp::Div => "sb_div",
                    ArithOp::Rem => "sb_mod",
                };
                self.call(name, [left.as_ref(), right.as_ref()])
            }
            Node::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                CaseStatement::new()
                    .case(self.value(condition), self.value(then))
                    .finally(self.value(otherwise))
                    .into()
            }
            Node::Coalesce(options) => Func::coalesce(self.values(options)).into(),
            Node::NullIf(parts) => {
                Func::cust("NULLIF").args(parts.iter().map(|part| self.value(part))).into()
            }
            Node::Call { function, args } => self.function(*function, args),
            Node::DateDiff { unit, instants } => {
                let [to, from] = instants.as_ref();
                let args = [self.value(to), self.value(from), Expr::val(unit.as_str())];
                Func::cust("sb_date_diff").args(args).into()
            }
            Node::DateAdd { unit, instant, amount } => {
                let args = [self.value(instant), self.value(amount), Expr::val(unit.as_str())];
                Func::cust("sb_date_add").args(args).into()
            }
            Node::StoredMacro { name, args } => {
                // A statement is remembered by its text, which has to tell what it takes.
                let typed = |arg: &Typed| self.value(arg).cast_as(self.dialect.physical_type(arg.ty));
                let args = args.iter().map(typed).collect();
                self.columns.stored_macro(name, args).unwrap_or_else(|| self.null(Type::Bool))
            }
        }
    }

    /// A value of the record that a reference means, as a scalar subquery. It is
    /// looked for in the account of the record that refers, whoever asks.
    fn through(&self, field: &str, collection: &str, guard: Option<&Typed>, inner: &Typed) -> Option<Expr> {
        let depth = self.depth + 1;
        let (table, columns) = self.columns.target(collection, &format!("r{depth}"))?;
        let there = Lowering { columns: &*columns, depth, ..*self };
        let mut select = Query::select();
        select
            .expr(there.value(inner))
            .from(table)
            .and_where(columns.native("id").eq(self.columns.native(field)))
            .and_where(columns.native("account_id").eq(self.columns.native("account_id")));
        if let Some(guard) = guard {
            select.and_where(there.value(guard));
        }
        Some(Expr::SubQuery(None, Box::new(select.into())))
    }

    fn values(&self, terms: &[Typed]) -> Vec<Expr> {
        terms.iter().map(|term| self.value(term)).collect()
    }

    fn null(&self, ty: Type) -> Expr {
        Expr::cust("NULL").cast_as(self.dialect.physical_type(ty))
    }

    fn call<'t>(&self, name: &'static str, args: impl IntoIterator<Item = &'t Typed>) -> Expr {
        Func::cust(name).args(args.into_iter().map(|arg| self.value(arg))).into()
    }

    fn not(&self, inner: &Typed) -> Expr {
        match &inner.node {
            Node::IsNull(value) => self.value(value).is_not_null(),
            Node::In { value, list } if list.len() > 1 => self.value(value).is_not_in(self.values(list)),
            _ => self.value(inner).not(),
        }
    }

    fn compare(&self, op: CompareOp, left: &Typed, right: &Typed) -> Expr {
        let (mut low, high) = (self.value(left), self.value(right));
        let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
        if ordered && left.ty == Type::Text {
            low = self.dialect.ordered_text(low);
        }
        match op {
            CompareOp::Eq => low.eq(high),
            CompareOp::Ne => low.ne(high),
            CompareOp::Lt => low.lt(high),
            CompareOp::Gt => low.gt(high),
            CompareOp::Le => low.lte(high),
            CompareOp::Ge => low.gte(high),
            CompareOp::Like => self.dialect.like(low, high),
            CompareOp::NotLike => self.dialect.like(low, high).not(),
            // Has a node of its own.
            CompareOp::Matches => self.null(Type::Bool),
        }
    }

    /// The index finds candidates; what decides is the words themselves, so that the answer
    /// does not depend on how a database indexes.
    fn matches(&self, fields: &[String], query: &SearchQuery) -> Expr {
        if query.terms.is_empty() {
            return truth(false);
        }
        let in_field = |field: &String, needle: &str| {
            self.dialect.contains(self.columns.words(field), Expr::val(needle))
        };
        let in_any = |term: &Term| {
            let needle = term.needle();
            let fields = fields.iter().map(|field| in_field(field, &needle)).collect();
            balanced(fields, &|left, right| left.or(right))
        };
        let terms =
            self.columns.candidates(query, self.dialect).into_iter().chain(query.terms.iter().map(in_any));
        balanced(terms.collect(), &|left, right| left.and(right))
    }

    fn relevance(&self, fields: &[String], query: &SearchQuery) -> Expr {
        let of = |field: &String, needle: &str| -> Expr {
            Func::cust("sb_relevance").arg(self.columns.words(field)).arg(Expr::val(needle)).into()
        };
        // Added up in the order of the evaluator: sums of doubles depend on it.
        let parts = query.terms.iter().flat_map(|term| {
            let needle = term.needle();
            fields.iter().map(move |field| of(field, &needle))
        });
        parts.fold(Expr::val(0.0), |sum, part| sum.add(part))
    }

    fn function(&self, function: Function, args: &[Typed]) -> Expr {
        let name = match function {
            Function::Abs => "sb_abs",
            Function::Ceil => "sb_ceil",
            Function::Floor => "sb_floor",
            Function::Round => "sb_round",
            Function::Length => "sb_length",
            Function::Lower => "sb_lower",
            Function::Upper => "sb_upper",
            Function::Trim => "sb_trim",
            Function::Substring => "sb_substring",
            Function::Concat => {
                let join = |left, right| Func::cust("sb_concat").arg(left).arg(right).into();
                return balanced(self.values(args), &join);
            }
            // These have nodes of their own.
            Function::Coalesce
            | Function::NullIf
            | Function::If
            | Function::Now
            | Function::DateAdd
            | Function::DateDiff => return self.null(Type::Null),
        };
        self.call(name, args)
    }
}

fn truth(value: bool) -> Expr {
    Expr::cust(if value { "TRUE" } else { "FALSE" })
}

/// Joins terms as a balanced tree: databases limit how deep an expression nests.
fn balanced(terms: Vec<Expr>, join: &dyn Fn(Expr, Expr) -> Expr) -> Expr {
    let mut terms = terms;
    while terms.len() > 1 {
        let mut level = Vec::with_capacity(terms.len().div_ceil(2));
        let mut pending = terms.into_iter();
        while let Some(left) = pending.next() {
            level.push(match pending.next() {
                Some(right) => join(left, right),
                None => left,
            });
        }
        terms = level;
    }
    terms.pop().unwrap_or_else(|| truth(true))
}
