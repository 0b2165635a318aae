//! Aggregates: what is computed over groups of records, as requests word it.

mod functions;
mod having;

pub use functions::{parse_functions, parse_group_by};
pub use having::parse_having;

use snackbase_rules as rules;

/// A function over the rows of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// How many rows there are, or values of a field.
    Count,
    Sum,
    Avg,
    Min,
    Max,
}

impl Function {
    /// The words of requests, as messages list them.
    pub const NAMES: &'static str = "avg, count, max, min, sum";

    /// The word in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    /// The function of that name, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Count, Self::Sum, Self::Avg, Self::Min, Self::Max]
            .into_iter()
            .find(|function| name.eq_ignore_ascii_case(function.name()))
    }
}

/// What is computed for each group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    pub function: Function,
    /// The field whose values are looked at; none: the rows are counted.
    pub field: Option<String>,
}

impl Aggregate {
    /// The key in results: `count`, `sum_price`.
    pub fn alias(&self) -> String {
        match &self.field {
            None => self.function.name().to_owned(),
            Some(field) => format!("{}_{field}", self.function.name()),
        }
    }
}

/// The results as fields that a condition about groups may name: numbers, but the
/// least and the greatest value are of their field's type.
pub fn result_schema(aggregates: &[Aggregate], schema: &rules::Schema) -> rules::Schema {
    rules::Schema::new(aggregates.iter().map(|aggregate| {
        let field = aggregate.field.as_deref().and_then(|name| schema.field(name, rules::Scope::Filter));
        let kind = match (aggregate.function, field) {
            (Function::Min | Function::Max, Some(field)) => field.kind,
            _ => rules::FieldKind::Number,
        };
        rules::FieldDef::new(aggregate.alias(), kind)
    }))
}
