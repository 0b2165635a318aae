//! The functions and the built-in macros: names, numbers of arguments, units.

use crate::ast::{Expr, Literal};

/// A scalar function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    Abs,
    Ceil,
    Coalesce,
    Concat,
    DateAdd,
    DateDiff,
    Floor,
    If,
    Length,
    Lower,
    Now,
    NullIf,
    Round,
    Substring,
    Trim,
    Upper,
}

const FUNCTIONS: [(&str, Function); 16] = [
    ("abs", Function::Abs),
    ("ceil", Function::Ceil),
    ("coalesce", Function::Coalesce),
    ("concat", Function::Concat),
    ("date_add", Function::DateAdd),
    ("date_diff", Function::DateDiff),
    ("floor", Function::Floor),
    ("if", Function::If),
    ("length", Function::Length),
    ("lower", Function::Lower),
    ("now", Function::Now),
    ("nullif", Function::NullIf),
    ("round", Function::Round),
    ("substring", Function::Substring),
    ("trim", Function::Trim),
    ("upper", Function::Upper),
];

impl Function {
    /// Resolves a call.
    ///
    /// # Errors
    /// The message for an unknown name or a wrong number of arguments.
    pub(crate) fn resolve(name: &str, args: &[Expr]) -> Result<Self, String> {
        let Some(&(_, function)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
            return Err(unknown_function(name));
        };
        function.arity().check(&format!("{name}()"), args.len())?;
        Ok(function)
    }

    fn arity(self) -> Arity {
        match self {
            Self::Now => Arity::Between(0, 0),
            Self::Abs | Self::Ceil | Self::Floor | Self::Length | Self::Lower | Self::Trim | Self::Upper => {
                Arity::Between(1, 1)
            }
            Self::Round => Arity::Between(1, 2),
            Self::NullIf => Arity::Between(2, 2),
            Self::Substring => Arity::Between(2, 3),
            Self::If | Self::DateAdd | Self::DateDiff => Arity::Between(3, 3),
            Self::Coalesce | Self::Concat => Arity::AtLeast(2),
        }
    }
}

pub(crate) fn unknown_function(name: &str) -> String {
    let names: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
    format!("Unknown function '{name}'. Supported functions: {}", names.join(", "))
}

enum Arity {
    Between(usize, usize),
    AtLeast(usize),
}

impl Arity {
    fn check(&self, call: &str, got: usize) -> Result<(), String> {
        match *self {
            Self::AtLeast(least) if got < least => Err(format!("{call} requires at least {least} arguments")),
            Self::Between(least, most) if !(least..=most).contains(&got) => Err(if least == most {
                format!("{call} requires exactly {least} argument(s), got {got}")
            } else {
                format!("{call} requires {least}–{most} arguments, got {got}")
            }),
            _ => Ok(()),
        }
    }
}

/// A unit of time in `date_diff` and `date_add`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Days,
    Hours,
    Minutes,
    Months,
    Seconds,
    Years,
}

impl Unit {
    /// All units, by name.
    pub const ALL: [Self; 6] =
        [Self::Days, Self::Hours, Self::Minutes, Self::Months, Self::Seconds, Self::Years];

    /// The name in expressions and in SQL, e.g. `days`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Months => "months",
            Self::Seconds => "seconds",
            Self::Years => "years",
        }
    }

    /// The unit of that name, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str().eq_ignore_ascii_case(name))
    }

    /// The unit argument of a call of `function`.
    ///
    /// # Errors
    /// The message for anything but the name of a unit as a text literal.
    pub(crate) fn from_argument(function: Function, argument: &Expr) -> Result<Self, String> {
        let call = if function == Function::DateAdd { "date_add()" } else { "date_diff()" };
        let Expr::Literal(Literal::Text(name)) = argument else {
            return Err(format!("{call} unit must be a string literal"));
        };
        Self::parse(name).ok_or_else(|| {
            let units = Self::ALL.map(Self::as_str).join(", ");
            format!("{call} unit '{name}' is not supported. Valid units: {units}")
        })
    }
}

/// The names (without `@`) of the macros that every installation has.
pub const BUILT_IN_MACROS: [&str; 7] =
    ["owns_record", "is_creator", "is_public", "has_role", "has_group", "in_time_range", "has_permission"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuiltIn {
    OwnsRecord,
    IsPublic,
    HasRole,
    HasGroup,
    InTimeRange,
    HasPermission,
}

impl BuiltIn {
    /// The built-in macro of that name, if the number of arguments fits.
    ///
    /// # Errors
    /// The message for a wrong number of arguments.
    pub(crate) fn resolve(name: &str, args: &[Expr]) -> Result<Option<Self>, String> {
        let (built_in, arity) = match name {
            "owns_record" => (Self::OwnsRecord, Arity::Between(0, 1)),
            "is_creator" => (Self::OwnsRecord, Arity::Between(0, 0)),
            "is_public" => (Self::IsPublic, Arity::Between(0, 0)),
            "has_role" => (Self::HasRole, Arity::Between(1, 1)),
            "has_group" => (Self::HasGroup, Arity::Between(1, 1)),
            "in_time_range" => (Self::InTimeRange, Arity::Between(2, 2)),
            "has_permission" => (Self::HasPermission, Arity::Between(2, 2)),
            _ => return Ok(None),
        };
        arity.check(&format!("@{name}()"), args.len())?;
        Ok(Some(built_in))
    }
}
