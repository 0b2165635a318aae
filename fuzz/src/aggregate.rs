//! Any text asks for an aggregate or is refused: functions, fields to group by and a condition about
//! groups, a line each. What is not refused can be elaborated, evaluated and lowered.

use snackbase_domain::aggregate::{parse_functions, parse_group_by, parse_having, result_schema};
use crate::{NOW, Node, SCHEMA, lowered};
use snackbase_rules::{Scope, elaborate_condition, eval_condition};

/// What holds for each text.
///
/// # Panics
/// When it does not.
pub fn hold(text: &str) {
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let Ok(aggregates) = parse_functions(line(), &SCHEMA) else { return };
    for aggregate in &aggregates {
        let field = aggregate.field.as_deref();
        assert!(field.is_none_or(|name| SCHEMA.field(name, Scope::Filter).is_some()), "{aggregate:?}");
    }
    if let Ok(names) = parse_group_by(line(), &aggregates, &SCHEMA) {
        assert!(names.iter().all(|name| SCHEMA.field(name, Scope::Filter).is_some()), "{names:?}");
    }
    if let Ok(Some(having)) = parse_having(line(), &aggregates, &SCHEMA) {
        let results = result_schema(&aggregates, &SCHEMA);
        if let Ok(typed) = elaborate_condition(&having, &results, Scope::Filter) {
            let _ = eval_condition(&typed, &Node, NOW);
            lowered(&typed);
        }
    }
}
