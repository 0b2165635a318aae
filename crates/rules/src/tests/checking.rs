//! The wording of every message of the checker.

use super::{expr, schema};
use crate::{Operation, Schema, Scope, check};

const FILTER: Scope = Scope::Filter;
const LIST: Scope = Scope::Rule(Operation::List);
const CREATE: Scope = Scope::Rule(Operation::Create);
const COMPUTED: Scope = Scope::Computed;

const NAMES: &str = "account_id, at, big, created_at, created_by, d, dbl, due, em, file, id, j, \
                     label, m, n, ok, ref, title, updated_at, updated_by";
const FUNCTIONS: &str = "abs, ceil, coalesce, concat, date_add, date_diff, floor, if, length, \
                         lower, now, nullif, round, substring, trim, upper";

fn message_with(schema: &Schema, text: &str, scope: Scope) -> String {
    match check(&expr(text), schema, scope) {
        Ok(()) => String::new(),
        Err(error) => error.to_string(),
    }
}

fn message(text: &str, scope: Scope) -> String {
    message_with(&schema(), text, scope)
}

#[test]
fn unknown_fields_are_listed_with_the_known_ones() {
    let unknown =
        |name: &str| format!("Field '{name}' does not exist in collection. Available fields: {NAMES}");
    assert_eq!(message("zzz = 1", FILTER), unknown("zzz"));
    assert_eq!(message("TITLE = 'x'", LIST), unknown("TITLE"));
    assert_eq!(message("@auth.id = 'x'", LIST), unknown("@auth.id"));
    assert_eq!(message("@request.method = 'x'", CREATE), unknown("@request.method"));
    assert_eq!(message("@owns_record('boss')", LIST), unknown("boss"));
    assert_eq!(message("@is_public()", LIST), unknown("public"));
    let both = format!("{}; {}", unknown("y"), unknown("x"));
    assert_eq!(message("y = 1 || x = 1 || y = 2", FILTER), both);
}

#[test]
fn words_are_looked_for_in_searchable_fields() {
    let schema = schema().with_searchable(["title", "em"]).with_masked(["em"]);
    let message = |text: &str, scope| message_with(&schema, text, scope);
    for scope in [FILTER, LIST, CREATE] {
        assert_eq!(message("title @@ 'red wine' && !(title@@\"gla*\")", scope), "");
        let told = message("id @@ 'x' && n @@ 'x'", scope);
        assert_eq!(
            told,
            "Field 'id' is not searchable, so operator '@@' cannot be used; \
             Field 'n' is not searchable, so operator '@@' cannot be used"
        );
        assert_eq!(
            message("upper(title) @@ 'x'", scope),
            "Operator '@@' needs a searchable field on its left"
        );
        for right in ["title", "3", "null", "upper('x')"] {
            let told = message(&format!("title @@ {right}"), scope);
            assert_eq!(told, "Operator '@@' needs words in quotes on its right", "{right}");
        }
        let many = format!("title @@ '{}'", "x ".repeat(33));
        assert_eq!(message(&many, scope), "Operator '@@' looks for at most 32 words and phrases");
    }
    assert_eq!(message("title @@ @request.data.n || title @@ @request.auth.email", CREATE), "");
    assert!(
        message("em @@ 'x'", FILTER).starts_with("Operator '@@' is not supported for masked field 'em'.")
    );
    assert_eq!(message("em @@ 'x'", LIST), "");
    assert!(message("zzz @@ 'x'", FILTER).starts_with("Field 'zzz' does not exist in collection."));
    assert_eq!(message("title @@ 'x'", COMPUTED), "@@ is not supported in computed field expressions");
}

#[test]
fn operators_follow_the_type_on_the_left() {
    let order = "!=, <, <=, =, >, >=, IN, IS NOT NULL, IS NULL";
    for (text, operator, field, kind, allowed) in [
        ("ok > true", ">", "ok", "boolean", "!=, =, IS NOT NULL, IS NULL"),
        ("ok IN (true)", "IN", "ok", "boolean", "!=, =, IS NOT NULL, IS NULL"),
        ("j = 1", "=", "j", "json", "IS NOT NULL, IS NULL"),
        ("n ~ '1%'", "~", "n", "number", order),
        ("at !~ '1%'", "!~", "at", "datetime", order),
        ("d ~ '1%'", "~", "d", "date", order),
        ("created_at ~ '1%'", "~", "created_at", "datetime", order),
        ("ref < 'a'", "<", "ref", "reference", "!=, =, IN, IS NOT NULL, IS NULL"),
    ] {
        let expected = format!(
            "Operator '{operator}' is not supported for field '{field}' of type '{kind}'. Allowed \
             operators: {allowed}"
        );
        assert_eq!(message(text, FILTER), expected);
        assert_eq!(message(text, LIST), "", "rules are not checked for operators");
    }
    for text in [
        "title ~ 'a' && em > 'b' && file ~ 'c' && dbl ~ 'd' && label < 'e'",
        "ok = true && ok IS NULL && ok != false",
        "ref NOT IN ('a') && ref ?= null",
        "j = null && j IS NOT NULL && n ?!= null",
        "'a' ~ n && true < ok",
        "id ~ 'a' && account_id > 'b' && updated_at < '2024-01-01'",
    ] {
        assert_eq!(message(text, FILTER), "", "{text}");
    }
}

#[test]
fn filters_have_no_variables_and_no_macros() {
    for name in ["@request.auth.id", "@owns_record", "@x.y"] {
        let expected = format!(
            "Context variables are not allowed in filters: '{name}'. Use plain field names only \
             (e.g., status, price, created_at)."
        );
        assert_eq!(message(&format!("title = {name}"), FILTER), expected);
    }
    let expected = format!("Unknown function '@owns_record'. Supported functions: {FUNCTIONS}");
    assert_eq!(message("@owns_record()", FILTER), expected);
}

#[test]
fn hidden_fields_do_not_exist_for_filters() {
    let hidden = schema().with_hidden(["n", "title"]);
    let names = NAMES.replace(" n,", "").replace(" title,", "");
    let expected = format!("Field 'n' does not exist in collection. Available fields: {names}");
    assert_eq!(message_with(&hidden, "n = 1", FILTER), expected);
    assert_eq!(message_with(&hidden, "n = 1 && title = 'x'", LIST), "");
}

#[test]
fn masked_fields_tell_equality_only() {
    let masked = schema().with_masked(["em", "n"]);
    for (text, operator, field) in [
        ("em ~ 'a%'", "~", "em"),
        ("'a%' < em", "<", "em"),
        ("n + 1 = 2", "+", "n"),
        ("-n = 2", "-", "n"),
        ("upper(em) = 'A'", "upper()", "em"),
        ("dbl > 2", ">", "dbl"),
        ("!n", "!", "n"),
        ("ok || n", "||", "n"),
    ] {
        let expected = format!(
            "Operator '{operator}' is not supported for masked field '{field}'. Allowed \
             operators: !=, =, IN, IS NOT NULL, IS NULL"
        );
        assert_eq!(message_with(&masked, text, FILTER), expected);
    }
    for text in ["em = 'a'", "em != 'a' || 'b' = em", "n NOT IN (1)", "em IS NULL", "em ?= null"] {
        assert_eq!(message_with(&masked, text, FILTER), "", "{text}");
    }
    assert_eq!(message_with(&masked, "em ~ 'a%'", LIST), "");
}

#[test]
fn variables_of_rules() {
    assert_eq!(
        message("@request.auth.zzz = 1", LIST),
        "Invalid context variable '@request.auth.zzz'. Valid: @request.auth.account_id, \
         @request.auth.email, @request.auth.id, @request.auth.role"
    );
    assert_eq!(
        message("@request.data.t = 'x'", Scope::Rule(Operation::View)),
        "'@request.data.*' can only be used in create/update rules, not in 'view' rules"
    );
    assert_eq!(message("@request.data.zzz = @request.auth.email", CREATE), "");
    assert_eq!(message("@request.data.t != 'x'", Scope::Rule(Operation::Update)), "");
}

#[test]
fn macros_of_rules() {
    let with = schema().with_macros([("mine", 1), ("three", 3), ("none", 0)]);
    for (text, expected) in [
        ("@nosuch()", "Unknown macro '@nosuch'"),
        ("@nosuch", "Unknown macro '@nosuch'"),
        ("@has_role()", "@has_role() requires exactly 1 argument(s), got 0"),
        ("@is_creator(1)", "@is_creator() requires exactly 0 argument(s), got 1"),
        ("@owns_record(ref, n)", "@owns_record() requires 0–1 arguments, got 2"),
        ("@owns_record(1)", "@owns_record() argument must be the name of a field"),
        ("@has_permission('read', title)", "@has_permission() arguments must be string literals"),
        (
            "@has_permission('burn', 'posts')",
            "@has_permission() operation 'burn' is not supported. Valid operations: create, \
             delete, list, read, update, view",
        ),
        ("@mine()", "@mine() requires exactly 1 argument(s), got 0"),
        ("@mine(@mine(@mine(@none())))", "Macros are nested more than 3 levels deep"),
    ] {
        assert_eq!(message_with(&with, text, LIST), expected);
    }
    for text in [
        "@owns_record() || @owns_record || @owns_record(ref) || @owns_record('ref')",
        "@is_creator() && @has_group('g') && @in_time_range(9, 17)",
        "@has_role(title) || @has_permission('read', 'posts')",
        "@three(title, @request.auth.id, 1) && @none && @none()",
        "@mine(@mine(@none()))",
    ] {
        assert_eq!(message_with(&with, text, LIST), "", "{text}");
    }
}

#[test]
fn computed_fields() {
    for name in ["nope", "dbl"] {
        let expected = format!(
            "Unknown field '{name}' in computed expression. Computed fields cannot reference other \
             computed fields or non-existent fields."
        );
        assert_eq!(message(&format!("{name} + 1"), COMPUTED), expected);
    }
    assert_eq!(
        message("@request.auth.id", COMPUTED),
        "Context variables are not allowed in computed field expressions: '@request.auth.id'"
    );
    assert_eq!(message("n IN (1)", COMPUTED), "IN is not supported in computed field expressions");
    assert_eq!(message("id && title ~ 'a' && n IS NULL && !(n > -1)", COMPUTED), "");
}

#[test]
fn functions_in_every_scope() {
    let foo = format!("Unknown function 'foo'. Supported functions: {FUNCTIONS}");
    for scope in [FILTER, LIST, COMPUTED] {
        for (text, expected) in [
            ("FOO(1)", foo.as_str()),
            ("concat('a')", "concat() requires at least 2 arguments"),
            ("coalesce('a')", "coalesce() requires at least 2 arguments"),
            ("upper('a', 'b')", "upper() requires exactly 1 argument(s), got 2"),
            ("now(1)", "now() requires exactly 0 argument(s), got 1"),
            ("if(1, 2)", "if() requires exactly 3 argument(s), got 2"),
            ("nullif(1)", "nullif() requires exactly 2 argument(s), got 1"),
            ("substring('a')", "substring() requires 2–3 arguments, got 1"),
            ("round(1, 2, 3)", "round() requires 1–2 arguments, got 3"),
            (
                "date_diff(at, at, 'weeks')",
                "date_diff() unit 'weeks' is not supported. Valid units: days, hours, minutes, \
                 months, seconds, years",
            ),
            (
                "date_add(at, 1, 'day')",
                "date_add() unit 'day' is not supported. Valid units: days, hours, minutes, \
                 months, seconds, years",
            ),
            ("date_add(at, 1, title)", "date_add() unit must be a string literal"),
        ] {
            assert_eq!(message(text, scope), expected);
        }
        assert_eq!(message("date_diff(at, now(), 'DAYS') > round(n, 1)", scope), "");
    }
}
