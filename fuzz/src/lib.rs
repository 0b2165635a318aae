//! What the targets share: a collection, somebody who asks, a row, and the SQL of an expression.

pub mod aggregate;
pub mod expression;
pub mod macro_query;

use std::sync::{Arc, LazyLock};

use sea_query::{
    Alias, Expr as Sql, ExprTrait, Func, IntoTableRef, PostgresQueryBuilder, Query, SelectStatement,
    SqliteQueryBuilder, TableRef,
};
use snackbase_rls::{Columns, Dialect, lower, lower_condition};
use snackbase_rules::{
    Context, FieldDef, FieldKind, Literal, Operation, ReturnType, Row, Schema, Target, Targets, Typed, Value,
    parse,
};

/// The moment of all evaluations, in microseconds since the epoch.
pub const NOW: i64 = 1_700_000_000_000_000;

/// One field of each kind, and references to the collection itself. Two fields are searchable,
/// one of them only for who may see it, and there are stored macros.
pub static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
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
    let schema = schema.with_searchable(["t", "em"]);
    let targets = Targets::from([("nodes".to_owned(), Target { schema: schema.clone(), guard: None })]);
    let macros = [("mine", 0), ("near", 2)];
    schema.with_masked(["em"]).with_targets(Arc::new(targets)).with_macros(macros)
});

/// A caller.
pub struct Somebody;

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
        NOW
    }

    fn data(&self, field: &str) -> Literal {
        if field == "j" { Literal::Json } else { Literal::Text(field.to_owned()) }
    }

    fn has_permission(&self, operation: Operation, _: &str) -> bool {
        operation == Operation::List
    }

    fn has_stored_macro(&self, name: &str) -> bool {
        matches!(name, "mine" | "near")
    }
}

/// A row of what fields may hold; its `up` is one like it, as often as asked for.
pub struct Node;

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

    fn stored_macro(&self, name: &str, args: &[Value]) -> Option<bool> {
        (name == "mine").then_some(true).or_else(|| args.first().map(|first| *first != Value::Null))
    }
}

/// The columns of the table `nodes`, by name or under an alias.
struct Table(String);

impl Columns for Table {
    fn native(&self, field: &str) -> Sql {
        Sql::col((Alias::new(&self.0), Alias::new(field)))
    }

    fn text(&self, field: &str) -> Sql {
        self.native(&format!("{field}_text"))
    }

    fn target(&self, collection: &str, alias: &str) -> Option<(TableRef, Box<dyn Columns>)> {
        let table = Alias::new(collection).into_table_ref().alias(Alias::new(alias));
        Some((table, Box::new(Self(alias.to_owned()))))
    }

    fn stored_macro(&self, name: &str, args: Vec<Sql>) -> Option<Sql> {
        (name != "gone").then(|| Func::cust("sb_truth").args(args).into())
    }
}

/// Lowers an expression for both databases.
///
/// # Panics
/// When a statement has not as many places for values as values.
pub fn lowered(typed: &Typed) {
    let table = Table("nodes".to_owned());
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let mut select = Query::select();
        select
            .expr(lower(typed, &table, dialect, NOW))
            .and_where(lower_condition(typed, &table, dialect, NOW).is_not_null());
        let (sql, places, values) = built(&select, dialect);
        assert_eq!(places, values, "{sql}");
    }
}

/// The text of a statement, how many places for values it has, and how many values. No text of
/// the expression stands in it, but in the quotes of names.
fn built(select: &SelectStatement, dialect: Dialect) -> (String, usize, usize) {
    let (sql, values) = match dialect {
        Dialect::Sqlite => select.build(SqliteQueryBuilder),
        Dialect::Postgres => select.build(PostgresQueryBuilder),
    };
    let mark = match dialect {
        Dialect::Sqlite => '?',
        Dialect::Postgres => '$',
    };
    let places = sql.matches(mark).count();
    (sql, places, values.0.len())
}
