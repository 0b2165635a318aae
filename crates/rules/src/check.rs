//! Judging an expression against a schema.

use thiserror::Error;

use crate::ast::{CompareOp, Expr, Literal};
use crate::schema::{Astray, FieldKind, MAX_REFERENCES, Operation, Schema, Scope};
use crate::search::{MAX_TERMS, SearchQuery};
use crate::signature::{BuiltIn, Function, Unit, unknown_function};

/// Macros nested deeper than this are refused.
pub(crate) const MAX_MACRO_DEPTH: usize = 3;

const AUTH_VARIABLES: [&str; 4] =
    ["@request.auth.account_id", "@request.auth.email", "@request.auth.id", "@request.auth.role"];

const EQUALITY: &str = "!=, =, IN, IS NOT NULL, IS NULL";

/// What is wrong with `@@` after anything but a field.
pub(crate) const NO_FIELD: &str = "Operator '@@' needs a searchable field on its left";
/// What is wrong with `@@` before anything but words.
pub(crate) const NO_WORDS: &str = "Operator '@@' needs words in quotes on its right";

/// The message for `@@` with a field whose words are not indexed.
pub(crate) fn not_searchable(name: &str) -> String {
    format!("Field '{name}' is not searchable, so operator '@@' cannot be used")
}

/// An expression that does not fit its schema or scope.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", .messages.join("; "))]
pub struct CheckError {
    /// What is wrong, in the order of the text; each message once.
    pub messages: Vec<String>,
}

impl CheckError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { messages: vec![message.into()] }
    }
}

/// Checks names, numbers of arguments, units and, in filters, operators.
///
/// # Errors
/// All violations at once.
pub fn check(expr: &Expr, schema: &Schema, scope: Scope) -> Result<(), CheckError> {
    let mut checker = Checker { schema, scope, messages: Vec::new(), macro_depth: 0 };
    checker.visit(expr);
    if checker.messages.is_empty() { Ok(()) } else { Err(CheckError { messages: checker.messages }) }
}

/// The message for a name that the scope does not know.
pub(crate) fn unknown_field(name: &str, schema: &Schema, scope: Scope) -> String {
    if scope == Scope::Computed {
        return format!(
            "Unknown field '{name}' in computed expression. Computed fields cannot reference \
             other computed fields or non-existent fields."
        );
    }
    let available = match schema.path(name, scope) {
        Err(Astray::TooFar) => {
            return format!("Field '{name}' leads through more than {MAX_REFERENCES} references");
        }
        Err(Astray::Unknown { available }) => available,
        Ok(_) => String::new(),
    };
    format!("Field '{name}' does not exist in collection. Available fields: {available}")
}

struct Checker<'a> {
    schema: &'a Schema,
    scope: Scope,
    messages: Vec<String>,
    macro_depth: usize,
}

impl Checker<'_> {
    fn report(&mut self, message: String) {
        if !self.messages.contains(&message) {
            self.messages.push(message);
        }
    }

    fn visit(&mut self, expr: &Expr) {
        match expr {
            Expr::Literal(_) => {}
            Expr::Field { name, .. } => self.field(name),
            Expr::Variable { name, .. } => self.variable(name),
            Expr::Macro { name, args, .. } => self.macro_call(name, args),
            Expr::Call { name, args, .. } => self.call(name, args),
            Expr::Binary { op, left, right } => {
                self.visit(left);
                self.visit(right);
                self.masked_operands(op.symbol(), &[left, right]);
            }
            Expr::Compare { op: CompareOp::Matches, left, right } => self.matches(left, right),
            Expr::Compare { op, left, right } => {
                self.visit(left);
                self.visit(right);
                let null_test =
                    matches!(op, CompareOp::Eq | CompareOp::Ne) && **right == Expr::Literal(Literal::Null);
                if !null_test {
                    self.operator(op.symbol(), left);
                }
                if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
                    self.masked_operands(op.symbol(), &[left, right]);
                }
            }
            Expr::In { expr, list, negated } => {
                if self.scope == Scope::Computed {
                    self.report("IN is not supported in computed field expressions".into());
                }
                self.visit(expr);
                list.iter().for_each(|item| self.visit(item));
                self.operator(if *negated { "NOT IN" } else { "IN" }, expr);
            }
            Expr::Neg(inner) => {
                self.visit(inner);
                self.masked_operands("-", &[inner]);
            }
            Expr::Not(inner) => {
                self.visit(inner);
                self.masked_operands("!", &[inner]);
            }
            Expr::And(terms) => self.terms("&&", terms),
            Expr::Or(terms) => self.terms("||", terms),
            Expr::IsNull { expr, .. } | Expr::IsEmpty { expr, .. } => self.visit(expr),
        }
    }

    /// `field @@ "words"`.
    fn matches(&mut self, left: &Expr, right: &Expr) {
        self.visit(left);
        self.visit(right);
        if self.scope == Scope::Computed {
            return self.report("@@ is not supported in computed field expressions".into());
        }
        match left {
            Expr::Field { name, .. } => match self.schema.path(name, self.scope) {
                Ok(path) if !path.is_searchable() => self.report(not_searchable(name)),
                Ok(_) => self.masked_operands("@@", &[left]),
                Err(_) => {}
            },
            _ => self.report(NO_FIELD.into()),
        }
        match right {
            Expr::Literal(Literal::Text(text)) if SearchQuery::parse(text).terms.len() > MAX_TERMS => {
                self.report(format!("Operator '@@' looks for at most {MAX_TERMS} words and phrases"));
            }
            Expr::Literal(Literal::Text(_)) => {}
            Expr::Variable { name, .. } if name.contains('.') => {}
            _ => self.report(NO_WORDS.into()),
        }
    }

    fn terms(&mut self, symbol: &str, terms: &[Expr]) {
        terms.iter().for_each(|term| self.visit(term));
        self.masked_operands(symbol, &terms.iter().collect::<Vec<_>>());
    }

    fn field(&mut self, name: &str) {
        let known = match self.schema.field(name, self.scope) {
            Some(field) => self.scope != Scope::Computed || !matches!(field.kind, FieldKind::Computed(_)),
            None => false,
        };
        if !known {
            self.report(unknown_field(name, self.schema, self.scope));
        }
    }

    fn variable(&mut self, name: &str) {
        let operation = match self.scope {
            Scope::Filter => {
                return self.report(format!(
                    "Context variables are not allowed in filters: '{name}'. Use plain field \
                     names only (e.g., status, price, created_at)."
                ));
            }
            Scope::Computed => {
                return self.report(format!(
                    "Context variables are not allowed in computed field expressions: '{name}'"
                ));
            }
            Scope::Rule(operation) => operation,
        };
        if !name.contains('.') {
            self.macro_call(name.trim_start_matches('@'), &[]);
        } else if name.starts_with("@request.auth.") {
            if !AUTH_VARIABLES.contains(&name) {
                let valid = AUTH_VARIABLES.join(", ");
                self.report(format!("Invalid context variable '{name}'. Valid: {valid}"));
            }
        } else if name.starts_with("@request.data.") {
            if !matches!(operation, Operation::Create | Operation::Update) {
                let operation = operation.as_str();
                self.report(format!(
                    "'@request.data.*' can only be used in create/update rules, not in \
                     '{operation}' rules"
                ));
            }
        } else {
            self.report(unknown_field(name, self.schema, self.scope));
        }
    }

    fn macro_call(&mut self, name: &str, args: &[Expr]) {
        if !matches!(self.scope, Scope::Rule(_)) {
            return self.report(unknown_function(&format!("@{name}")));
        }
        if self.macro_depth == MAX_MACRO_DEPTH {
            return self.report(format!("Macros are nested more than {MAX_MACRO_DEPTH} levels deep"));
        }
        match BuiltIn::resolve(name, args) {
            Err(message) => return self.report(message),
            Ok(Some(BuiltIn::IsPublic)) => self.field("public"),
            Ok(Some(BuiltIn::OwnsRecord)) => match args {
                [Expr::Literal(Literal::Text(field))] => self.field(field),
                [] | [Expr::Field { .. }] => {}
                _ => self.report(format!("@{name}() argument must be the name of a field")),
            },
            Ok(Some(BuiltIn::HasPermission)) => self.permission(args),
            Ok(Some(_)) => {}
            Ok(None) => match self.schema.macro_arguments(name) {
                Some(wanted) if wanted == args.len() => {}
                Some(wanted) => {
                    let got = args.len();
                    return self
                        .report(format!("@{name}() requires exactly {wanted} argument(s), got {got}"));
                }
                None => return self.report(format!("Unknown macro '@{name}'")),
            },
        }
        self.macro_depth += 1;
        args.iter().for_each(|arg| self.visit(arg));
        self.macro_depth -= 1;
    }

    fn permission(&mut self, args: &[Expr]) {
        let [Expr::Literal(Literal::Text(operation)), Expr::Literal(Literal::Text(_))] = args else {
            return self.report("@has_permission() arguments must be string literals".into());
        };
        if Operation::parse(operation).is_none() {
            self.report(format!(
                "@has_permission() operation '{operation}' is not supported. Valid operations: \
                 create, delete, list, read, update, view"
            ));
        }
    }

    fn call(&mut self, name: &str, args: &[Expr]) {
        match Function::resolve(name, args) {
            Err(message) => return self.report(message),
            Ok(function @ (Function::DateAdd | Function::DateDiff)) => {
                if let Err(message) = Unit::from_argument(function, &args[2]) {
                    self.report(message);
                }
            }
            Ok(_) => {}
        }
        args.iter().for_each(|arg| self.visit(arg));
        self.masked_operands(&format!("{name}()"), &args.iter().collect::<Vec<_>>());
    }

    /// In a filter, whether the type of the field on the left has the operator.
    fn operator(&mut self, operator: &str, left: &Expr) {
        let Expr::Field { name, .. } = left else {
            return;
        };
        let Some(field) = self.schema.field(name, self.scope) else {
            return;
        };
        let (like, order, equality) = match field.kind {
            FieldKind::Text
            | FieldKind::Email
            | FieldKind::Url
            | FieldKind::File
            | FieldKind::Computed(_) => return,
            FieldKind::Number | FieldKind::Date | FieldKind::Datetime => (false, true, true),
            FieldKind::Boolean => (false, false, true),
            FieldKind::Reference => (false, false, true),
            FieldKind::Json => (false, false, false),
        };
        let list = field.kind != FieldKind::Boolean && equality;
        let allowed = match operator {
            "~" | "!~" => like,
            "<" | ">" | "<=" | ">=" => order,
            "IN" | "NOT IN" => list,
            _ => equality,
        };
        if self.scope != Scope::Filter || allowed {
            return;
        }
        let operators = match field.kind {
            FieldKind::Json => "IS NOT NULL, IS NULL",
            FieldKind::Boolean => "!=, =, IS NOT NULL, IS NULL",
            FieldKind::Reference => EQUALITY,
            _ => "!=, <, <=, =, >, >=, IN, IS NOT NULL, IS NULL",
        };
        let kind = field.kind.name();
        self.report(format!(
            "Operator '{operator}' is not supported for field '{name}' of type '{kind}'. Allowed \
             operators: {operators}"
        ));
    }

    /// Refuses masked fields as operands of anything that tells more than equality.
    fn masked_operands(&mut self, operator: &str, operands: &[&Expr]) {
        if self.scope != Scope::Filter {
            return;
        }
        for operand in operands {
            if let Expr::Field { name, .. } = operand
                && self.schema.is_masked(name)
            {
                self.report(format!(
                    "Operator '{operator}' is not supported for masked field '{name}'. Allowed \
                     operators: {EQUALITY}"
                ));
            }
        }
    }
}
