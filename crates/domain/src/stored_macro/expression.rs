//! Expressions of a macro's query.

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DataType, DuplicateTreatment, Expr, Function,
    FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, InTarget, TrimWhereField,
    UnaryOperator, Value,
};

use super::query::{Argument, QueryProblem};
use super::statement::{Writer, Written, only_part, unsupported};

/// Functions that only compute, on either database. None reads files, waits, changes
/// settings or makes values much larger than its arguments.
const FUNCTIONS: [&str; 59] = [
    "abs",
    "age",
    "array_length",
    "avg",
    "bool_and",
    "bool_or",
    "btrim",
    "ceil",
    "ceiling",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "date",
    "date_part",
    "date_trunc",
    "datetime",
    "every",
    "exp",
    "floor",
    "greatest",
    "group_concat",
    "ifnull",
    "iif",
    "instr",
    "json_array_length",
    "json_extract",
    "jsonb_array_length",
    "julianday",
    "least",
    "left",
    "length",
    "ln",
    "lower",
    "ltrim",
    "max",
    "min",
    "mod",
    "now",
    "nullif",
    "position",
    "power",
    "replace",
    "right",
    "round",
    "rtrim",
    "sign",
    "sqrt",
    "starts_with",
    "strftime",
    "string_agg",
    "strpos",
    "substr",
    "substring",
    "sum",
    "trim",
    "unixepoch",
    "upper",
];

/// Functions whose answer depends on the time, those without brackets last.
const TIME: [&str; 10] = [
    "age",
    "date",
    "datetime",
    "julianday",
    "now",
    "strftime",
    "unixepoch",
    "current_date",
    "current_time",
    "current_timestamp",
];
const WITHOUT_BRACKETS: &[&str] = &["current_date", "current_time", "current_timestamp"];

impl Writer<'_> {
    pub fn expr(&mut self, expr: &Expr) -> Written {
        self.nested(|writer| writer.unbounded(expr))
    }

    /// What stands in GROUP BY or ORDER BY: a name may be that of a result.
    pub fn by(&mut self, expr: &Expr) -> Written {
        match expr {
            Expr::Identifier(ident) => self.name(ident),
            _ => self.expr(expr),
        }
    }

    fn unbounded(&mut self, expr: &Expr) -> Written {
        Ok(match expr {
            Expr::Identifier(ident) => self.column(ident)?,
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] => self.column_of(table, column)?,
                _ => return unsupported(format!("the name '{expr}'")),
            },
            Expr::Value(value) => self.value(&value.value)?,
            // What needs brackets gets its own.
            Expr::Nested(inner) => self.expr(inner)?,
            Expr::Tuple(items) => format!("({})", self.list(items, Self::expr)?),
            Expr::IsNull(inner) => self.suffixed(inner, "IS NULL")?,
            Expr::IsNotNull(inner) => self.suffixed(inner, "IS NOT NULL")?,
            Expr::IsTrue(inner) => self.suffixed(inner, "IS TRUE")?,
            Expr::IsNotTrue(inner) => self.suffixed(inner, "IS NOT TRUE")?,
            Expr::IsFalse(inner) => self.suffixed(inner, "IS FALSE")?,
            Expr::IsNotFalse(inner) => self.suffixed(inner, "IS NOT FALSE")?,
            Expr::IsDistinctFrom(left, right) => self.infix(left, "IS DISTINCT FROM", right)?,
            Expr::IsNotDistinctFrom(left, right) => self.infix(left, "IS NOT DISTINCT FROM", right)?,
            Expr::BinaryOp { .. } => self.operators(expr)?,
            Expr::UnaryOp { op, expr } => {
                let op = match op {
                    UnaryOperator::Not => "NOT",
                    UnaryOperator::Minus => "-",
                    UnaryOperator::Plus => "+",
                    _ => return unsupported(format!("the operator '{op}'")),
                };
                format!("({op} {})", self.expr(expr)?)
            }
            Expr::In { expr, target, negated, global: false } => self.membership(expr, target, *negated)?,
            Expr::Between { expr, negated, low, high } => {
                let (low, high) = (self.expr(low)?, self.expr(high)?);
                format!("({} {}BETWEEN {low} AND {high})", self.expr(expr)?, not(*negated))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                self.like(*negated, "LIKE", expr, pattern, escape_char.as_deref())?
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like(*negated, "ILIKE", expr, pattern, escape_char.as_deref())?
            }
            Expr::Cast { kind: CastKind::Cast | CastKind::DoubleColon, expr, data_type, format: None } => {
                format!("CAST({} AS {})", self.expr(expr)?, cast_type(data_type)?)
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())?
            }
            Expr::Exists { subquery, negated } => {
                format!("({}EXISTS ({}))", not(*negated), self.query(subquery)?)
            }
            Expr::Subquery(query) => format!("({})", self.query(query)?),
            Expr::Function(function) => self.function(function)?,
            _ => self.special(expr)?,
        })
    }

    /// Functions that have a syntax of their own.
    fn special(&mut self, expr: &Expr) -> Written {
        Ok(match expr {
            Expr::Ceil {
                expr,
                field: CeilFloorKind::DateTimeField(sqlparser::ast::DateTimeField::NoDateTime),
            } => {
                format!("ceil({})", self.expr(expr)?)
            }
            Expr::Floor {
                expr,
                field: CeilFloorKind::DateTimeField(sqlparser::ast::DateTimeField::NoDateTime),
            } => {
                format!("floor({})", self.expr(expr)?)
            }
            Expr::Position { expr, r#in } => {
                format!("position({} IN {})", self.expr(expr)?, self.expr(r#in)?)
            }
            Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
                let mut sql = format!("substr({}, {}", self.expr(expr)?, self.expr(from)?);
                if let Some(count) = substring_for {
                    sql = format!("{sql}, {}", self.expr(count)?);
                }
                sql + ")"
            }
            Expr::Trim { trim_where, trim_what: None, expr, trim_characters: None } => {
                let name = match trim_where {
                    None | Some(TrimWhereField::Both) => "trim",
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                };
                format!("{name}({})", self.expr(expr)?)
            }
            Expr::Extract { field, expr, .. } => {
                let field = field.to_string();
                if !field.chars().all(|c| c.is_ascii_alphabetic() || c == '_') {
                    return unsupported(format!("the field '{field}'"));
                }
                format!("EXTRACT({field} FROM {})", self.expr(expr)?)
            }
            Expr::Interval(interval) => {
                let value = match interval.value.as_ref() {
                    Expr::Value(value) => match &value.value {
                        Value::SingleQuotedString(text) => literal(text)?,
                        _ => return unsupported("such an interval"),
                    },
                    _ => return unsupported("such an interval"),
                };
                if interval.leading_field.is_some() || interval.last_field.is_some() {
                    return unsupported("fields of an interval");
                }
                format!("CAST({value} AS INTERVAL)")
            }
            _ => {
                let text: String = expr.to_string().chars().take(60).collect();
                return unsupported(format!("'{text}'"));
            }
        })
    }

    /// A chain of operators, which the parser nests to the left.
    fn operators(&mut self, expr: &Expr) -> Written {
        let (mut first, mut rest) = (expr, Vec::new());
        while let Expr::BinaryOp { left, op, right } = first {
            rest.push((binary(op)?, right));
            first = left.as_ref();
        }
        let mut sql = "(".repeat(rest.len()) + &self.expr(first)?;
        for (operator, right) in rest.into_iter().rev() {
            sql = format!("{sql} {operator} {})", self.expr(right)?);
        }
        Ok(sql)
    }

    fn infix(&mut self, left: &Expr, operator: &str, right: &Expr) -> Written {
        Ok(format!("({} {operator} {})", self.expr(left)?, self.expr(right)?))
    }

    fn suffixed(&mut self, expr: &Expr, suffix: &str) -> Written {
        Ok(format!("({} {suffix})", self.expr(expr)?))
    }

    fn membership(&mut self, expr: &Expr, target: &InTarget, negated: bool) -> Written {
        let expr = self.expr(expr)?;
        let target = match target {
            InTarget::List(items) if !items.is_empty() => self.list(items, Self::expr)?,
            InTarget::Subquery(query) => self.query(query)?,
            _ => return unsupported("IN with anything but values or a subquery"),
        };
        Ok(format!("({expr} {}IN ({target}))", not(negated)))
    }

    fn like(
        &mut self,
        negated: bool,
        word: &str,
        expr: &Expr,
        pattern: &Expr,
        escape: Option<&Expr>,
    ) -> Written {
        let escape = match escape {
            None => String::new(),
            Some(escape) => format!(" ESCAPE {}", self.expr(escape)?),
        };
        let (expr, pattern) = (self.expr(expr)?, self.expr(pattern)?);
        Ok(format!("({expr} {}{word} {pattern}{escape})", not(negated)))
    }

    fn case(&mut self, operand: Option<&Expr>, whens: &[CaseWhen], otherwise: Option<&Expr>) -> Written {
        let mut sql = "CASE".to_owned();
        if let Some(operand) = operand {
            sql = format!("{sql} {}", self.expr(operand)?);
        }
        for CaseWhen { condition, result } in whens {
            sql = format!("{sql} WHEN {} THEN {}", self.expr(condition)?, self.expr(result)?);
        }
        if let Some(otherwise) = otherwise {
            sql = format!("{sql} ELSE {}", self.expr(otherwise)?);
        }
        Ok(sql + " END")
    }

    fn function(&mut self, function: &Function) -> Written {
        let refused = || QueryProblem::Function(function.name.to_string());
        let ident = only_part(&function.name).map_err(|_| refused())?;
        let name = ident.value.to_ascii_lowercase();
        if ident.quote_style.is_some() {
            return Err(refused());
        }
        self.uses_time |= TIME.contains(&name.as_str());
        let plain = !function.uses_odbc_syntax
            && function.parameters == FunctionArguments::None
            && function.within_group.is_empty()
            && function.null_treatment.is_none()
            && function.over.is_none();
        if !plain {
            return unsupported("OVER, WITHIN GROUP and the like");
        }
        let arguments = match &function.args {
            FunctionArguments::None if WITHOUT_BRACKETS.contains(&name.as_str()) => {
                return Ok(name.to_ascii_uppercase());
            }
            FunctionArguments::List(arguments) if FUNCTIONS.contains(&name.as_str()) => arguments,
            _ => return Err(refused()),
        };
        let FunctionArgumentList { duplicate_treatment, args, clauses } = arguments;
        if !clauses.is_empty() {
            return unsupported("clauses within the brackets of a function");
        }
        let distinct = match duplicate_treatment {
            Some(DuplicateTreatment::Distinct) => "DISTINCT ",
            Some(DuplicateTreatment::All) | None => "",
        };
        let args = self.list(args, |writer, arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => writer.expr(expr),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) if name == "count" => Ok("*".to_owned()),
            _ => unsupported("named arguments"),
        })?;
        let filter = match &function.filter {
            None => String::new(),
            Some(condition) => format!(" FILTER (WHERE {})", self.expr(condition)?),
        };
        Ok(format!("{name}({distinct}{args}){filter}"))
    }

    fn value(&mut self, value: &Value) -> Written {
        match value {
            Value::Number(digits, false)
                if digits.chars().all(|c| c.is_ascii_digit() || ".eE+-".contains(c)) =>
            {
                Ok(digits.clone())
            }
            Value::SingleQuotedString(text) => literal(text),
            Value::Boolean(true) => Ok("TRUE".to_owned()),
            Value::Boolean(false) => Ok("FALSE".to_owned()),
            Value::Null => Ok("NULL".to_owned()),
            Value::Placeholder(name) => self.placeholder(name),
            _ => unsupported(format!("the constant {value}")),
        }
    }

    fn placeholder(&mut self, text: &str) -> Written {
        let unknown = || QueryProblem::Parameter(text.to_owned());
        let argument = match text {
            "@request.auth.id" => Argument::AuthId,
            "@request.auth.email" => Argument::AuthEmail,
            "@request.auth.role" => Argument::AuthRole,
            "@request.auth.account_id" => Argument::AuthAccountId,
            _ => {
                let index = match (text.strip_prefix(':'), text.strip_prefix('$')) {
                    (Some(name), _) => self.parameters.iter().position(|known| known == name),
                    (_, Some(number)) => number.parse::<usize>().ok().and_then(|n| n.checked_sub(1)),
                    _ => None,
                };
                let index = index.filter(|index| *index < self.parameters.len());
                Argument::Parameter(index.ok_or_else(unknown)?)
            }
        };
        Ok(self.argument(argument))
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

/// A text constant. What follows a backslash means nothing to either database.
fn literal(text: &str) -> Written {
    if text.contains('\0') {
        return unsupported("the character NUL");
    }
    Ok(format!("'{}'", text.replace('\'', "''")))
}

fn binary(operator: &BinaryOperator) -> Result<&'static str, QueryProblem> {
    Ok(match operator {
        BinaryOperator::Plus => "+",
        BinaryOperator::Minus => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Modulo => "%",
        BinaryOperator::StringConcat => "||",
        BinaryOperator::Gt => ">",
        BinaryOperator::Lt => "<",
        BinaryOperator::GtEq => ">=",
        BinaryOperator::LtEq => "<=",
        BinaryOperator::Eq => "=",
        BinaryOperator::NotEq => "<>",
        BinaryOperator::And => "AND",
        BinaryOperator::Or => "OR",
        BinaryOperator::Arrow => "->",
        BinaryOperator::LongArrow => "->>",
        _ => return unsupported(format!("the operator '{operator}'")),
    })
}

fn cast_type(ty: &DataType) -> Written {
    Ok(match ty {
        DataType::Text | DataType::Varchar(None) => "TEXT",
        DataType::Boolean | DataType::Bool => "BOOLEAN",
        DataType::SmallInt(None) | DataType::Int(None) | DataType::Integer(None) => "INTEGER",
        DataType::BigInt(None) => "BIGINT",
        DataType::Real | DataType::Float(_) | DataType::Double(_) | DataType::DoublePrecision => {
            "DOUBLE PRECISION"
        }
        DataType::Numeric(_) | DataType::Decimal(_) => "NUMERIC",
        DataType::Date => "DATE",
        DataType::Timestamp(None, sqlparser::ast::TimezoneInfo::None) => "TIMESTAMP",
        DataType::Timestamp(None, _) => "TIMESTAMP WITH TIME ZONE",
        DataType::JSONB => "JSONB",
        _ => return unsupported(format!("the type {ty}")),
    }
    .to_owned())
}
