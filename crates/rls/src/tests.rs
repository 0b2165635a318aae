//! The SQL of typical expressions.

use std::sync::Arc;

use sea_query::{
    Alias, Expr as Sql, IntoTableRef, PostgresQueryBuilder, Query, SqliteQueryBuilder, TableRef, Value,
};
use snackbase_rules::{
    FieldDef, FieldKind, Operation, ReturnType, Schema, Scope, Target, Targets, elaborate_condition, parse,
};

use crate::{Columns, Dialect, lower_condition};

struct Table;

impl Columns for Table {
    fn native(&self, field: &str) -> Sql {
        Sql::col(Alias::new(field))
    }

    fn text(&self, field: &str) -> Sql {
        Sql::col(Alias::new(format!("{field}_text")))
    }

    fn target(&self, collection: &str, alias: &str) -> Option<(TableRef, Box<dyn Columns>)> {
        let table = Alias::new(collection).into_table_ref().alias(Alias::new(alias));
        Some((table, Box::new(Aliased(alias.to_owned()))))
    }

    fn stored_macro(&self, name: &str, args: Vec<Sql>) -> Option<Sql> {
        let query = Sql::cust_with_exprs("(SELECT ?)", args);
        (name == "mine").then_some(query)
    }
}

struct Aliased(String);

impl Columns for Aliased {
    fn native(&self, field: &str) -> Sql {
        Sql::col((Alias::new(&self.0), Alias::new(field)))
    }

    fn text(&self, field: &str) -> Sql {
        self.native(&format!("{field}_text"))
    }

    fn target(&self, collection: &str, alias: &str) -> Option<(TableRef, Box<dyn Columns>)> {
        Table.target(collection, alias)
    }
}

fn where_clause(text: &str, dialect: Dialect) -> (String, Vec<Value>) {
    let computed = parse("n * 2").expect("an expression");
    let schema = Schema::new([
        FieldDef::new("t", FieldKind::Text),
        FieldDef::new("n", FieldKind::Number),
        FieldDef::new("ok", FieldKind::Boolean),
        FieldDef::new("at", FieldKind::Datetime),
        FieldDef::computed("dbl", ReturnType::Number, computed),
        FieldDef::reference("up", "nodes"),
    ]);
    let open = parse("ok").expect("an expression");
    let guard = elaborate_condition(&open, &schema, Scope::Rule(Operation::View)).ok();
    let targets = Targets::from([("nodes".to_owned(), Target { schema: schema.clone(), guard })]);
    let schema = schema.with_targets(Arc::new(targets));
    let expr = parse(text).expect(text);
    let scope = Scope::Rule(Operation::List);
    let typed = elaborate_condition(&expr, &schema, scope).expect(text);
    let mut select = Query::select();
    select.expr(Sql::cust("1")).and_where(lower_condition(&typed, &Table, dialect, 0));
    let (sql, values) = match dialect {
        Dialect::Sqlite => select.build(SqliteQueryBuilder),
        Dialect::Postgres => select.build(PostgresQueryBuilder),
    };
    let clause = sql.strip_prefix("SELECT 1 WHERE ").expect("a WHERE clause").to_owned();
    (clause, values.0)
}

#[track_caller]
fn lowers(text: &str, sqlite: &str, postgres: &str) {
    assert_eq!(where_clause(text, Dialect::Sqlite).0, sqlite);
    assert_eq!(where_clause(text, Dialect::Postgres).0, postgres);
}

#[test]
fn simple_comparisons_are_plain() {
    lowers("n > 5 && t = 'x'", r#""n" > ? AND "t" = ?"#, r#""n" > $1 AND "t" = $2"#);
    lowers("n IN ('1', 2)", r#""n" IN (?, ?)"#, r#""n" IN ($1, $2)"#);
    lowers("t NOT IN ('a', 'b')", r#""t" NOT IN (?, ?)"#, r#""t" NOT IN ($1, $2)"#);
    lowers("t IN ('a')", r#""t" = ?"#, r#""t" = $1"#);
    lowers("at >= '2024-01-01'", r#""at" >= ?"#, r#""at" >= $1"#);
    lowers("ok || n IS NULL", r#""ok" OR "n" IS NULL"#, r#""ok" OR "n" IS NULL"#);
    lowers("ok = true", r#""ok" = (TRUE)"#, r#""ok" = (TRUE)"#);
    lowers("t ?= null", r#""t" IS NULL OR "t" = ?"#, r#""t" IS NULL OR "t" = $1"#);
    lowers("1 = 1", "TRUE", "TRUE");
    lowers("n = 'x'", "CAST((NULL) AS INTEGER)", "CAST((NULL) AS BOOLEAN)");
}

#[test]
fn references_are_followed_within_the_account() {
    lowers(
        "up.t = 'x'",
        r#"(SELECT "r1"."t" FROM "nodes" AS "r1" WHERE "r1"."id" = "up" AND "r1"."account_id" = "account_id" AND "r1"."ok") = ?"#,
        r#"(SELECT "r1"."t" FROM "nodes" AS "r1" WHERE "r1"."id" = "up" AND "r1"."account_id" = "account_id" AND "r1"."ok") = $1"#,
    );
    lowers(
        "up.up.n IS NULL",
        r#"(SELECT (SELECT "r2"."n" FROM "nodes" AS "r2" WHERE "r2"."id" = "r1"."up" AND "r2"."account_id" = "r1"."account_id" AND "r2"."ok") FROM "nodes" AS "r1" WHERE "r1"."id" = "up" AND "r1"."account_id" = "account_id" AND "r1"."ok") IS NULL"#,
        r#"(SELECT (SELECT "r2"."n" FROM "nodes" AS "r2" WHERE "r2"."id" = "r1"."up" AND "r2"."account_id" = "r1"."account_id" AND "r2"."ok") FROM "nodes" AS "r1" WHERE "r1"."id" = "up" AND "r1"."account_id" = "account_id" AND "r1"."ok") IS NULL"#,
    );
    // A list of one is no list: a subquery in it would be a set of rows.
    let (sql, _) = where_clause("t IN (up.t)", Dialect::Sqlite);
    assert!(sql.starts_with(r#""t" = (SELECT "#), "{sql}");
}

#[test]
fn text_order_is_by_code_point() {
    lowers("t < 'x'", r#""t" < ?"#, r#"("t" COLLATE "C") < $1"#);
}

#[test]
fn patterns_ignore_ascii_case() {
    lowers("t ~ 'a%'", r#"sb_like("t", ?)"#, r#"sb_like("t", $1)"#);
    lowers("t !~ t", r#"NOT sb_like("t", "t")"#, r#"NOT sb_like("t", "t")"#);
}

#[test]
fn the_rest_calls_functions() {
    lowers("n + 1 > 2", r#"sb_add("n", ?) > ?"#, r#"sb_add("n", $1) > $2"#);
    lowers("dbl = 4", r#"sb_mul("n", ?) = ?"#, r#"sb_mul("n", $1) = $2"#);
    lowers(
        "concat(at, n) = ''",
        r#"sb_concat("at_text", sb_number_text("n")) = ?"#,
        r#"sb_concat("at_text", sb_number_text("n")) = $1"#,
    );
    lowers("now() > at", r#"? > "at""#, r#"$1 > "at""#);
    lowers(
        "if(ok, t, 'x') = t",
        r#"(CASE WHEN ("ok") THEN "t" ELSE ? END) = "t""#,
        r#"(CASE WHEN ("ok") THEN "t" ELSE $1 END) = "t""#,
    );
}

#[test]
fn values_are_bound_with_their_type() {
    let (_, values) = where_clause("n = 1 && t = 'a' && at > '1970-01-01T00:00:01Z'", Dialect::Sqlite);
    assert_eq!(values, [Value::from(1.0), Value::from("a"), Value::from(1_000_000_i64)]);
    let (_, values) = where_clause("at > '1970-01-01T00:00:01Z'", Dialect::Postgres);
    assert_eq!(values, [Value::from(chrono::DateTime::from_timestamp(1, 0))]);
}

#[test]
fn stored_macros_come_from_storage() {
    let sql = r#"((SELECT CAST("n" AS REAL))) OR "ok""#;
    assert_eq!(where_clause("@mine(n) || ok", Dialect::Sqlite).0, sql);
    assert_eq!(where_clause("@gone(n)", Dialect::Sqlite).0, "CAST((NULL) AS INTEGER)");
}

#[test]
fn long_chains_are_balanced() {
    let (sql, _) = where_clause(&vec!["ok"; 1024].join("&&"), Dialect::Sqlite);
    let mut depth = 0_i32;
    let mut deepest = 0;
    for c in sql.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        deepest = deepest.max(depth);
    }
    assert!(deepest <= 10, "{deepest}");
}
