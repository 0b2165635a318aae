//! Variables, macros and what folds.

use super::expr;
use crate::{BindError, Context, Expr, Literal, Operation, bind};

struct Caller {
    id: Option<&'static str>,
    groups: Vec<String>,
    hour: i64,
}

impl Context for Caller {
    fn auth_id(&self) -> Option<&str> {
        self.id
    }

    fn auth_email(&self) -> Option<&str> {
        self.id.map(|_| "u@example.com")
    }

    fn auth_role(&self) -> Option<&str> {
        self.id.map(|_| "admin")
    }

    fn auth_account_id(&self) -> Option<&str> {
        Some("acc")
    }

    fn groups(&self) -> &[String] {
        &self.groups
    }

    fn now_micros(&self) -> i64 {
        // 2023-11-15, a midnight.
        self.hour * 3_600_000_000 + 1_700_006_400_000_000
    }

    fn data(&self, field: &str) -> Literal {
        match field {
            "st" => Literal::Text("x".into()),
            "tags" => Literal::Json,
            _ => Literal::Null,
        }
    }

    fn has_permission(&self, operation: Operation, collection: &str) -> bool {
        operation == Operation::List && collection == "posts"
    }

    fn has_stored_macro(&self, name: &str) -> bool {
        name == "mine"
    }
}

fn caller() -> Caller {
    Caller { id: Some("u1"), groups: vec!["team".into(), "ops".into()], hour: 10 }
}

fn bound(text: &str) -> String {
    bind(&expr(text), &caller()).unwrap_or_else(|e| panic!("{text}: {e}")).to_string()
}

#[test]
fn variables_become_literals() {
    for (text, expected) in [
        ("created_by = @request.auth.id", "created_by = \"u1\""),
        ("a = @request.auth.email && b = @request.auth.role", "a = \"u@example.com\" && b = \"admin\""),
        ("account_id = @request.auth.account_id", "account_id = \"acc\""),
        ("a = @request.data.st || a = @request.data.other", "a = \"x\" || a = null"),
        ("a IN (upper(@request.data.st), -b)", "a IN (upper(\"x\"), -b)"),
        ("(a ?= null) = (@request.data.tags IS NULL)", "(a ?= null) = (<json> IS NULL)"),
    ] {
        assert_eq!(bound(text), expected);
    }
}

#[test]
fn built_in_macros_expand() {
    for (text, expected) in [
        ("@owns_record()", "created_by = \"u1\""),
        ("@owns_record", "created_by = \"u1\""),
        ("@is_creator()", "created_by = \"u1\""),
        ("@owns_record(boss)", "boss = \"u1\""),
        ("@owns_record(\"boss\")", "boss = \"u1\""),
        ("@is_public()", "public = true"),
        ("@has_role('admin')", "true"),
        ("@has_role('user')", "false"),
        ("@has_role(wanted)", "\"admin\" = wanted"),
        ("@has_group('team')", "true"),
        ("@has_group('x')", "false"),
        ("@has_group(g)", "g IN (\"team\", \"ops\")"),
        ("@has_permission('read', 'posts')", "true"),
        ("@has_permission('view', 'posts')", "false"),
        ("@mine(k, @request.auth.id)", "@mine(k, \"u1\")"),
        ("@mine", "@mine()"),
    ] {
        assert_eq!(bound(text), expected);
    }
}

#[test]
fn time_ranges_wrap_over_midnight() {
    let at = |hour, text: &str| {
        let caller = Caller { hour, ..caller() };
        bind(&expr(text), &caller).expect(text) == Expr::bool(true)
    };
    for (hour, start, end, inside) in [
        (8, 9, 17, false),
        (9, 9, 17, true),
        (16, 9, 17, true),
        (17, 9, 17, false),
        (23, 22, 6, true),
        (5, 22, 6, true),
        (6, 22, 6, false),
        (12, 0, 24, true),
        (0, 24, 25, false),
        (12, 12, 12, false),
    ] {
        assert_eq!(at(hour, &format!("@in_time_range({start}, {end})")), inside, "{hour} {start} {end}");
    }
}

#[test]
fn what_does_not_depend_on_the_record_folds() {
    for (text, expected) in [
        ("@request.auth.id != \"\"", "true"),
        ("@request.auth.id = \"u2\" && a = 1", "false"),
        ("@request.auth.role = 'admin' && a = 1", "a = 1"),
        ("@request.auth.role = 'admin' || a = 1", "true"),
        ("@request.auth.role = 'user' || a = 1 || b = 2", "a = 1 || b = 2"),
        ("!(@request.auth.id IS NULL)", "true"),
        ("1", "true"),
        ("'0'", "false"),
        ("null", "null"),
        ("@request.data.other != 'locked'", "null"),
        ("@request.data.other IS NULL && a", "a"),
        ("now() > '2024-01-01'", "now() > \"2024-01-01\""),
        ("upper('a') = 'A'", "true"),
    ] {
        assert_eq!(bound(text), expected);
    }
}

#[test]
fn anonymous_callers_have_nulls() {
    let nobody = Caller { id: None, groups: Vec::new(), hour: 0 };
    for (text, expected) in [
        ("created_by = @request.auth.id", "created_by = null"),
        ("@request.auth.id IS NULL", "true"),
        ("@has_role('admin')", "null"),
        ("@has_group('team')", "false"),
    ] {
        assert_eq!(bind(&expr(text), &nobody).expect(text).to_string(), expected);
    }
}

#[test]
fn what_cannot_be_bound() {
    let error = |text: &str| bind(&expr(text), &caller()).expect_err(text);
    assert_eq!(error("@gone() || true"), BindError::UnknownMacro("gone".into()));
    assert_eq!(error("@gone").to_string(), "Unknown macro '@gone'");
    assert_eq!(error("@request.x.y = 1").to_string(), "Unknown variable '@request.x.y'");
    assert_eq!(error("@mine(@mine(@mine(@mine())))"), BindError::TooDeep);
    let call = |text: &str| error(text).to_string();
    assert_eq!(call("@has_role()"), "@has_role() requires exactly 1 argument(s), got 0");
    assert_eq!(call("@owns_record(1)"), "@owns_record() argument must be the name of a field");
    assert_eq!(call("@has_permission(a, b)"), "@has_permission() arguments must be string literals");
    assert_eq!(call("@has_permission('burn', 'b')"), "@has_permission() operation 'burn' is not supported");
}
