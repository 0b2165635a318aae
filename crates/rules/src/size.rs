//! Whether a rule stays within the limits, whoever it is bound to.

use crate::ast::{Expr, Literal};
use crate::bind::{Context, bind_whole};
use crate::check::CheckError;
use crate::elaborate::elaborate_condition;
use crate::schema::{Operation, Schema, Scope};

/// Checks that a rule can be elaborated, all of it: for a caller of whom nothing is known, so that
/// no part of it is left out because of who asks. The rule is one that [`check`](crate::check) lets
/// pass.
///
/// # Errors
/// As [`elaborate`](crate::elaborate), above all `Expression is too complex` when inlined computed
/// fields make it grow too large.
pub fn check_size(rule: &Expr, schema: &Schema, scope: Scope) -> Result<(), CheckError> {
    let bound = bind_whole(rule, &Anybody).map_err(|error| CheckError::new(error.to_string()))?;
    elaborate_condition(&bound, schema, scope).map(drop)
}

/// A caller and a request that stand for all others: values are as large as any.
struct Anybody;

impl Context for Anybody {
    fn auth_id(&self) -> Option<&str> {
        Some("")
    }

    fn auth_email(&self) -> Option<&str> {
        Some("")
    }

    fn auth_role(&self) -> Option<&str> {
        Some("")
    }

    fn auth_account_id(&self) -> Option<&str> {
        Some("")
    }

    fn groups(&self) -> &[String] {
        const { &[String::new()] }
    }

    fn now_micros(&self) -> i64 {
        0
    }

    fn data(&self, _: &str) -> Literal {
        Literal::Text(String::new())
    }

    fn has_permission(&self, _: Operation, _: &str) -> bool {
        true
    }

    fn has_stored_macro(&self, _: &str) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::parse;
    use crate::schema::{FieldDef, FieldKind, ReturnType};

    #[test]
    fn no_part_of_a_rule_escapes_the_limit() {
        let joined = format!("concat({})", vec!["t"; 1000].join(", "));
        let large = FieldDef::computed("large", ReturnType::Text, parse(&joined).unwrap());
        let schema = Schema::new([FieldDef::new("t", FieldKind::Text), large]);
        let scope = Scope::Rule(Operation::Update);
        let check = |rule: &str| check_size(&parse(rule).unwrap(), &schema, scope);
        let times = |count| format!("concat({})", vec!["large"; count].join(", "));
        assert_eq!(check(&format!("{} > \"a\"", times(9))), Ok(()));
        for rule in [
            format!("{} > \"a\"", times(10)),
            format!("@request.auth.id IS NOT NULL && {} > \"a\"", times(10)),
            format!("@request.auth.role = \"admin\" || {} > @request.data.t", times(10)),
            format!("@has_group(\"g\") && {} > \"a\"", times(10)),
            format!("true || {} > \"a\"", times(10)),
        ] {
            assert_eq!(check(&rule).unwrap_err().to_string(), "Expression is too complex", "{rule}");
        }
    }
}
