//! Any text is an expression or is refused: nothing panics, canonical text means the same
//! tree, and what passes the check can be bound, elaborated and evaluated.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use snackbase_rules::{
    Context, Expr, FieldDef, FieldKind, Literal, Operation, ReturnType, Row, Schema, Scope, Target, Targets,
    Value, bind, check, elaborate, eval, eval_condition, parse, parse_condition,
};

/// One field of each kind, and references to the collection itself.
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let computed = |text| parse(text).expect("an expression");
    let schema = Schema::new([
        FieldDef::new("t", FieldKind::Text),
        FieldDef::new("n", FieldKind::Number),
        FieldDef::new("ok", FieldKind::Boolean),
        FieldDef::new("at", FieldKind::Datetime),
        FieldDef::new("d", FieldKind::Date),
        FieldDef::new("em", FieldKind::Email),
        FieldDef::new("j", FieldKind::Json),
        FieldDef::new("f", FieldKind::File),
        FieldDef::new("public", FieldKind::Boolean),
        FieldDef::reference("up", "nodes"),
        FieldDef::computed("c", ReturnType::Number, computed("n * 2 + length(t)")),
        FieldDef::computed("due", ReturnType::Datetime, computed("date_add(at, n, 'days')")),
    ]);
    let targets = Targets::from([("nodes".to_owned(), Target { schema: schema.clone(), guard: None })]);
    schema.with_masked(["em"]).with_targets(Arc::new(targets))
});

struct Somebody;

impl Context for Somebody {
    fn auth_id(&self) -> Option<&str> {
        Some("me")
    }

    fn auth_email(&self) -> Option<&str> {
        Some("me@example.com")
    }

    fn auth_role(&self) -> Option<&str> {
        None
    }

    fn auth_account_id(&self) -> Option<&str> {
        Some("ours")
    }

    fn groups(&self) -> &[String] {
        &[]
    }

    fn now_micros(&self) -> i64 {
        1_700_000_000_000_000
    }

    fn data(&self, field: &str) -> Literal {
        if field == "j" { Literal::Json } else { Literal::Text(field.to_owned()) }
    }

    fn has_permission(&self, operation: Operation, _: &str) -> bool {
        operation == Operation::List
    }

    fn has_stored_macro(&self, _: &str) -> bool {
        false
    }
}

/// A row of what fields may hold; its `up` is one like it, as often as asked for.
struct Node;

impl Row for Node {
    fn get(&self, field: &str) -> Value {
        match field {
            "t" | "id" | "up" => Value::Text("Ünode 12%".to_owned()),
            "n" => Value::Number(-2.5),
            "ok" => Value::Bool(true),
            "at" => Value::Instant { micros: 1, text: Some("1970-01-01T00:00:00.000001Z".to_owned()) },
            "j" => Value::Json,
            _ => Value::Null,
        }
    }

    fn related(&self, field: &str) -> Option<Box<dyn Row + '_>> {
        (field == "up").then(|| Box::new(Node) as Box<dyn Row>)
    }
}

fn used(expr: &Expr, scope: Scope) {
    if check(expr, &SCHEMA, scope).is_err() {
        // The check may be left out, but nothing breaks.
        let _ = elaborate(expr, &SCHEMA, scope);
        return;
    }
    let bound = match scope {
        Scope::Rule(_) => bind(expr, &Somebody).ok(),
        Scope::Filter | Scope::Computed => Some(expr.clone()),
    };
    if let Some(Ok(typed)) = bound.map(|expr| elaborate(&expr, &SCHEMA, scope)) {
        let value = eval(&typed, &Node, 1_700_000_000_000_000);
        let truth = eval_condition(&typed, &Node, 1_700_000_000_000_000);
        if let Value::Bool(value) = value {
            assert_eq!(truth, Some(value), "{expr}");
        }
    }
}

fuzz_target!(|text: &str| {
    if let Ok(expr) = parse(text) {
        let canonical = expr.to_string();
        assert_eq!(parse(&canonical).as_ref(), Ok(&expr), "{canonical}");
        used(&expr, Scope::Filter);
        used(&expr, Scope::Rule(Operation::Update));
        used(&expr, Scope::Computed);
    }
    if let Ok(expr) = parse_condition(text) {
        let canonical = expr.to_string();
        assert_eq!(parse_condition(&canonical).as_ref(), Ok(&expr), "{canonical}");
    }
});
