//! Elaboration and evaluation.

use super::{Record, expr, schema, text, time};
use crate::{
    CompareOp, Expr, Literal, Node, Operation, Schema, Scope, Type, Value, elaborate, elaborate_condition,
    eval, eval_condition,
};

const RULE: Scope = Scope::Rule(Operation::View);
const NOW: i64 = 1_704_067_200_000_000;

fn record() -> Record {
    Record::new([
        ("title", text("Apple")),
        ("em", text("12")),
        ("n", Value::Number(2.0)),
        ("ok", Value::Bool(false)),
        ("at", time("2024-01-31T00:00:00.5Z")),
        ("d", time("2024-02-29")),
        ("j", Value::Json),
    ])
}

fn value_in(scope: Scope, source: &str) -> Value {
    let typed = elaborate(&expr(source), &schema(), scope).unwrap_or_else(|e| panic!("{source}: {e}"));
    eval(&typed, &record(), NOW)
}

fn value(source: &str) -> Value {
    value_in(RULE, source)
}

fn truth_in(scope: Scope, source: &str) -> Option<bool> {
    let typed = elaborate_condition(&expr(source), &schema(), scope).expect(source);
    eval_condition(&typed, &record(), NOW)
}

#[track_caller]
fn truths(expected: Option<bool>, sources: &[&str]) {
    for source in sources {
        assert_eq!(truth_in(RULE, source), expected, "{source}");
    }
}

#[test]
fn words_of_fields() {
    let schema = schema().with_searchable(["title", "em"]);
    for (source, expected) in [
        ("title @@ 'APPLE'", true),
        ("title @@ 'app*'", true),
        ("title @@ 'app'", false),
        ("title @@ 'apple pie'", false),
        ("title @@ '' || title @@ '!'", false),
        // What is not there has no words.
        ("file IS NULL && !(em @@ 'apple')", true),
    ] {
        for scope in [RULE, Scope::Filter] {
            let typed = elaborate_condition(&expr(source), &schema, scope).expect(source);
            assert_eq!(eval_condition(&typed, &record(), NOW), Some(expected), "{source}");
            assert!(eval_condition(&typed, &Record::new([]), NOW).is_some(), "never unknown: {source}");
        }
    }
    // A request's body may hold anything.
    for literal in [Literal::Null, Literal::Json, Literal::Number(2.0), Literal::Text("apple ".repeat(33))] {
        let expr = Expr::compare(CompareOp::Matches, Expr::field("title"), Expr::Literal(literal));
        let typed = elaborate_condition(&expr, &schema, RULE).expect("a condition");
        assert_eq!(eval_condition(&typed, &record(), NOW), Some(false));
    }
}

#[test]
fn comparisons_of_one_type() {
    truths(
        Some(true),
        &[
            "title = 'Apple'",
            "title != 'apple'",
            "'B' < 'a'",
            "'é' > 'z'",
            "n = 2",
            "n < 10",
            "ok = false",
            "ok < true",
            "at < d",
            "d = '2024-02-29T02:00+02:00'",
            "n = n",
            "(n = 2) = true",
            "0 = -0",
            "big = false",
            "dbl = 4",
            "label = '2'",
        ],
    );
    truths(Some(false), &["n >= 10", "title = 'apple'", "n != 2"]);
    truths(None, &["m = 1", "m != 1", "m = null", "n = null", "n != null", "!(m = 1)", "m = m"]);
}

#[test]
fn comparisons_across_types() {
    truths(Some(true), &["n = '2'", "'2.0' = n", "n IN ('x', '2')", "ok = 0", "1 != ok", "'5' = 5"]);
    truths(
        None,
        &[
            "n = 'two'",
            "n != 'two'",
            "em = 12",
            "em != 12",
            "n = em",
            "ok = 2",
            "ok = 'false'",
            "ok = n",
            "at = 1",
            "j = 1",
            "j = j",
            "j = 'x'",
            "n IN ('x')",
            "at = title",
            "true = n",
        ],
    );
    truths(Some(false), &["at = 'x'", "at < 'x'", "'x' >= at", "at IN ('x', '2020-01-01')"]);
    truths(Some(true), &["at != 'x'", "'x' != d", "at NOT IN ('x')"]);
    truths(None, &["created_at = 'x'", "created_at != 'x'", "created_at IN ('x')"]);
}

#[test]
fn conditions_of_any_type() {
    truths(Some(true), &["n", "title", "at", "j", "'true'", "1", "!0"]);
    truths(Some(false), &["ok", "0", "''", "'false'", "'0'", "n && ok"]);
    truths(None, &["m", "null", "created_at", "!m", "n && m", "ok || m"]);
    truths(Some(false), &["ok && m"]);
    truths(Some(true), &["n || m"]);
}

#[test]
fn null_tests() {
    truths(Some(true), &["m IS NULL", "n IS NOT NULL", "j IS NOT NULL", "m ?= null", "title ?!= null"]);
    truths(Some(true), &["trim('  ') ?= null", "null IS NULL", "created_by ?= null"]);
    for (source, expected) in [
        ("m = null", Some(true)),
        ("n = null", Some(false)),
        ("n != null", Some(true)),
        ("null = m", Some(true)),
        ("j != null", Some(true)),
        ("n IN (null)", None),
        ("n < null", None),
    ] {
        assert_eq!(truth_in(Scope::Filter, source), expected, "{source}");
    }
}

#[test]
fn membership() {
    truths(Some(true), &["n IN (1, 2)", "n NOT IN (1, 3)", "n IN (m, 2)", "d IN (at, '2024-02-29')"]);
    truths(None, &["n IN (1, m)", "n NOT IN (1, m)", "m IN (1)", "n IN (1, null)"]);
    truths(Some(false), &["title IN ('a', 'b')"]);
    // Text meets times as a time, and other text as text.
    truths(Some(true), &["coalesce(title, '') IN (at, 'Apple')"]);
}

#[test]
fn patterns() {
    truths(Some(true), &["title ~ 'a%'", "title ~ '_PPLE'", "n ~ '_'", "title !~ 'b%'", "at ~ '%.5Z'"]);
    truths(Some(false), &["title ~ 'pp'", "title ~ 'appl\\\\e'"]);
    truths(None, &["m ~ '%'", "j ~ '%'", "title ~ null"]);
}

#[test]
fn arithmetic() {
    for (source, expected) in [
        ("n + 1", 3.0),
        ("n - 1 - 1", 0.0),
        ("5 / n", 2.5),
        ("-n * 3", -6.0),
        ("7 % 4", 3.0),
        ("-7.9 % 4.9", -3.0),
        ("em + 1", 13.0),
        ("ok + true", 1.0),
        ("'1e2' * 1", 100.0),
    ] {
        assert_eq!(value(source), Value::Number(expected), "{source}");
    }
    for source in ["n / 0", "n % 0.5", "title + 1", "at + 1", "m + 1", "-m", "' 1' * 1"] {
        assert_eq!(value(source), Value::Null, "{source}");
    }
    let huge = "9".repeat(300);
    assert_eq!(value(&format!("{huge} * {huge}")), Value::Null);
    assert_eq!(value(&format!("{huge} % 7")), Value::Null);
}

#[test]
fn text_functions() {
    for (source, expected) in [
        ("concat(title, ' ', n, ok)", "Apple 2false"),
        ("concat(at, '')", "2024-01-31T00:00:00.5Z"),
        ("concat(due, '|')", "2024-02-01T00:00:00.500000+00:00|"),
        ("concat(date_add(d, 0, 'days'), '')", "2024-02-29T00:00:00+00:00"),
        ("upper('straße')", "STRASSE"),
        ("lower('ÀÉ')", "àé"),
        ("trim('  a b ')", "a b"),
        ("substring(title, 2, 3)", "ppl"),
        ("substring(title, 3)", "ple"),
        ("coalesce(m, 'none')", "none"),
        ("coalesce(n, 'none')", "2"),
        ("if(n > 1, 'many', 'few')", "many"),
        ("if(m, 'yes', 'no')", "no"),
        ("nullif(title, 'x')", "Apple"),
    ] {
        assert_eq!(value(source), text(expected), "{source}");
    }
    for source in ["concat(title, m)", "nullif(title, 'Apple')", "upper(m)", "concat(j, 'x')"] {
        assert_eq!(value(source), Value::Null, "{source}");
    }
}

#[test]
fn number_functions() {
    for (source, expected) in [
        ("length('né😀')", 3.0),
        ("round(2.675, 2)", 2.68),
        ("round(-2.5)", -3.0),
        ("round(1234, -2)", 1200.0),
        ("abs(-n)", 2.0),
        ("ceil(1.2)", 2.0),
        ("floor(-1.2)", -2.0),
        ("coalesce(m, '5')", 5.0),
        ("if(true, n, '3')", 2.0),
        ("date_diff(at, '2024-01-01', 'days')", 30.000_005_787_037_037),
        ("date_diff('2024-01-01', '2024-01-31', 'Months')", -1.0),
        ("date_diff(now(), '2024-01-01', 'seconds')", 0.0),
    ] {
        assert_eq!(value(source), Value::Number(expected), "{source}");
    }
    assert_eq!(value("length(m)"), Value::Null);
    assert_eq!(value("round(n, m)"), Value::Null);
    assert_eq!(value("date_diff(title, at, 'days')"), Value::Null);
}

#[test]
fn choices_bring_operands_to_one_type() {
    let ty = |source: &str| elaborate(&expr(source), &schema(), RULE).expect(source).ty;
    assert_eq!(ty("coalesce(n, m)"), Type::Number);
    assert_eq!(ty("coalesce(n, '1')"), Type::Number);
    assert_eq!(ty("coalesce(n, 'x')"), Type::Text);
    assert_eq!(ty("coalesce(at, '2024-01-01')"), Type::Instant);
    assert_eq!(ty("coalesce(at, d, 'x')"), Type::Text);
    assert_eq!(ty("coalesce(ok, 'true')"), Type::Text);
    assert_eq!(ty("coalesce(n, ok)"), Type::Text);
    assert_eq!(ty("if(ok, null, ok)"), Type::Bool);
    assert_eq!(ty("coalesce(null, null)"), Type::Null);
    assert_eq!(ty("coalesce(j, j)"), Type::Json);
    assert_eq!(ty("nullif(n, title)"), Type::Text);
    assert_eq!(value("nullif(j, j)"), Value::Json);
}

#[test]
fn computed_fields_convert_to_their_return_type() {
    assert_eq!(value("dbl"), Value::Number(4.0));
    assert_eq!(value("label"), text("2"));
    assert_eq!(value("big"), Value::Bool(false));
    truths(Some(true), &["due > at", "due = '2024-02-01T00:00:00.5Z'"]);
}

#[test]
fn constants_fold() {
    let node = |source: &str| elaborate(&expr(source), &schema(), RULE).expect(source).node;
    assert_eq!(node("1 + 2 * 3"), Node::Number(7.0));
    assert_eq!(node("upper('a') = 'A'"), Node::Bool(true));
    assert_eq!(node("n + null"), Node::Null);
    assert_eq!(node("ok && true && 1 = 1"), Node::Field("ok".into()));
    assert_eq!(node("ok || 1 = 1"), Node::Bool(true));
    assert_eq!(node("now()"), Node::Now);
}

#[test]
fn stored_macros_are_asked_of_the_row() {
    truths(Some(true), &["@is_one(1)", "@is_one(n - 1) && ok = false"]);
    truths(Some(false), &["@is_one(2)"]);
    truths(None, &["@other()", "!@other()"]);
}

#[test]
fn what_cannot_be_elaborated() {
    let error = |source: &str, scope| {
        elaborate(&expr(source), &schema().with_hidden(["n"]), scope).expect_err(source).to_string()
    };
    assert_eq!(error("@request.auth.id = 1", RULE), "'@request.auth.id' has no value here");
    assert_eq!(error("@is_public()", RULE), "'@is_public' has no value here");
    assert!(error("n = 1", Scope::Filter).starts_with("Field 'n' does not exist"));
    assert!(error("dbl", Scope::Computed).starts_with("Unknown field 'dbl'"));
    assert!(error("foo(1)", RULE).starts_with("Unknown function 'foo'"));
}

#[test]
fn what_grows_too_large_is_refused() {
    let many = vec!["n"; 200].join(" || ");
    let wide = super::FieldDef::computed("wide", super::ReturnType::Boolean, expr(&many));
    let schema = Schema::new([super::FieldDef::new("n", super::FieldKind::Number), wide]);
    let source = vec!["wide"; 60].join(" && ");
    let error = elaborate(&expr(&source), &schema, RULE).expect_err("too large");
    assert_eq!(error.to_string(), "Expression is too complex");
}

/// Texts that fields give are bounded where they are put together or compared.
#[test]
fn long_texts() {
    let record =
        |length: usize| Record::new([("title", text(&"a".repeat(length))), ("em", text(&"a".repeat(1000)))]);
    for (length, source, expected) in [
        (999_000, "length(concat(title, em)) = 1000000", Some(true)),
        (999_000, "length(concat(em, '', title)) = 1000000", Some(true)),
        (999_001, "concat(title, em) IS NULL", Some(true)),
        (999_001, "concat(concat(title, em), 'b') ~ '%b'", None),
        (999_001, "length(upper(title)) = 999001", Some(true)),
        (1000, "em ~ title", Some(true)),
        (1001, "title ~ title", Some(false)),
        (1001, "title !~ title", Some(true)),
        (1001, "title ~ concat(em, '%')", Some(false)),
        (999, "em ~ concat(title, '%')", Some(true)),
    ] {
        let typed = elaborate_condition(&expr(source), &schema(), RULE).expect(source);
        assert_eq!(eval_condition(&typed, &record(length), NOW), expected, "{length}: {source}");
    }
}
