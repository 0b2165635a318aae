//! The largest expressions, and the longest texts.

use snackbase_rules::{
    CompareOp, Expr, FieldDef, FieldKind, ReturnType, Schema, Scope, Typed, Value, elaborate,
};

use super::generate::{Random, Rows};
use super::{in_memory, on_postgres, on_sqlite, postgres};

/// What the parser lets through, the databases take.
#[test]
fn the_largest_expressions_are_within_the_limits_of_the_databases() {
    let parse = |text: &str| snackbase_rules::parse(text).expect("within the limits");
    let nested = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    let deep = nested("if(!(", "upper(t)", "), 't', u)", 30);
    let schema = Schema::new([
        FieldDef::new("t", FieldKind::Text),
        FieldDef::new("u", FieldKind::Text),
        FieldDef::new("n", FieldKind::Number),
        FieldDef::new("ok", FieldKind::Boolean),
        FieldDef::computed("deep", ReturnType::Text, parse(&deep)),
    ]);
    let texts = [
        vec!["ok"; 2000].join("&&"),
        vec!["n>1"; 1300].join("||"),
        format!("concat({}) = t", vec!["t"; 2000].join(",")),
        format!("coalesce({}) = t", vec!["t"; 100].join(",")),
        format!("n IN ({})", vec!["7"; 1000].join(",")),
        format!("t NOT IN ({})", vec!["u"; 1000].join(",")),
        vec!["n"; 99].join("+"),
        nested("!", "ok", "", 98),
        nested("-", "n", "", 98),
        nested("trim(", "deep", ")", 90),
        nested("concat(t,", "deep", ")", 90),
        nested("coalesce(nullif(", "deep", ",u),t)", 45),
        deep,
    ];
    let batch: Vec<Typed> = texts
        .iter()
        .map(|text| {
            elaborate(&parse(text), &schema, Scope::Filter)
                .unwrap_or_else(|error| panic!("{error}: {}", &text[..40]))
        })
        .collect();
    let mut random = Random(1);
    let rows = random.rows(2);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut db = runtime.block_on(postgres("agreement_limits"));
    for (typed, text) in batch.iter().zip(&texts) {
        let one = std::slice::from_ref(typed);
        let sqlite = on_sqlite(&rows, one);
        let postgres = db.as_mut().map(|db| runtime.block_on(on_postgres(db, &rows, one)));
        for row in 0..rows.rows.len() {
            let expected = in_memory(typed, &rows.get(row));
            assert_eq!(expected, sqlite[row][0], "{}", &text[..40]);
            if let Some(outcomes) = &postgres {
                assert_eq!(expected, outcomes[row][0], "{}", &text[..40]);
            }
        }
    }
}

/// What grows has an end, and texts without measure are no patterns.
#[test]
fn long_texts_mean_the_same() {
    let schema = Schema::new(["t", "u"].map(|name| FieldDef::new(name, FieldKind::Text)));
    let row = |t: String, u: String| [("t", Value::Text(t)), ("u", Value::Text(u))].into();
    let rows = Rows::of(vec![
        row("é".repeat(499_500), "a".repeat(1000)),
        row("é".repeat(499_500), "a".repeat(1001)),
        row("aB".repeat(2_500_000), "%b_".repeat(333)),
        row("aB".repeat(2_500_000), "%b_".repeat(334)),
        row("x".into(), "%".repeat(1000)),
        row("x".into(), "%".repeat(1001)),
    ]);
    let texts = [
        "length(concat(t, u))",
        "concat(u, 'b', t) IS NULL",
        "concat(concat(t, u), '') ~ '%a'",
        "length(concat(u, t, u, t, u, t, u))",
        "length(upper(concat(u, t)))",
        "length(trim(substring(t, 2)))",
        "t ~ u",
        "t !~ u",
        "u ~ u",
        "u ~ concat(u, '%')",
        "upper(t) ~ concat('%', lower(u))",
    ];
    let parse = |text: &str| snackbase_rules::parse(text).expect("an expression");
    let mut batch: Vec<Typed> =
        texts.map(|text| elaborate(&parse(text), &schema, Scope::Filter).expect(text)).into();
    // What bodies bring and rules compare with.
    for length in [1000, 1001] {
        let pattern = Expr::text("%".repeat(length));
        let like = Expr::compare(CompareOp::Like, Expr::field("t"), pattern);
        batch.push(elaborate(&like, &schema, Scope::Filter).expect("a condition"));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut db = runtime.block_on(postgres("agreement_long"));
    let sqlite = on_sqlite(&rows, &batch);
    let postgres = db.as_mut().map(|db| runtime.block_on(on_postgres(db, &rows, &batch)));
    for row in 0..rows.rows.len() {
        for (index, typed) in batch.iter().enumerate() {
            let expected = in_memory(typed, &rows.get(row));
            let shown = texts.get(index).unwrap_or(&"a constant pattern");
            // Texts of megabytes are told apart, not printed.
            assert!(expected == sqlite[row][index], "row {row} on SQLite: {shown}");
            if let Some(outcomes) = &postgres {
                assert!(expected == outcomes[row][index], "row {row} on PostgreSQL: {shown}");
            }
        }
    }
    let known = |index: usize, row: usize| in_memory(&batch[index], &rows.get(row)).value;
    assert_eq!((known(0, 0), known(0, 1)), (Value::Number(500_500.0), Value::Null));
    assert_eq!((known(6, 4), known(6, 5)), (Value::Bool(true), Value::Bool(false)));
}
