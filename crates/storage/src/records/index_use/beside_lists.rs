//! Totals, single records, aggregates, exports and looks through references.

use sea_query::ExprTrait as _;
use snackbase_application::access::Scoped;
use snackbase_application::ports::{AggregateQuery, Measure, Sort, SortBy};
use snackbase_domain::RecordId;
use snackbase_domain::record::Value;
use snackbase_rls::Dialect;

use super::super::{aggregate, read, write};
use super::{plan, reads_all, sorts, when};
use crate::driver::Stmt;
use crate::records::column;
use crate::store::Store;

/// The step of a plan that finds records by their ids, in the table or under an alias.
fn by_id(dialect: Dialect, alias: &str) -> String {
    match (dialect, alias) {
        (Dialect::Sqlite, alias) => format!("SEARCH {alias} USING INDEX sqlite_autoindex_col_posts_1 (id=?)"),
        (Dialect::Postgres, "col_posts") => "Index Scan using col_posts_pkey on col_posts ".to_owned(),
        (Dialect::Postgres, alias) => format!("Index Scan using col_posts_pkey on col_posts {alias} "),
    }
}

pub(super) async fn are_found_by_indexes(store: &Store, everything: &Scoped) {
    totals(store, everything).await;
    single_records(store, everything).await;
    aggregates(store, everything).await;
    exports(store, everything).await;
    through_references(store, everything).await;
}

/// A total without a condition is kept; with one it is counted by the index of the condition.
async fn totals(store: &Store, everything: &Scoped) {
    let dialect = store.session().dialect();
    let total = read::total(everything, 0, 30, dialect);
    let counted = plan(store, total.count).await;
    assert!(total.kept && !counted.contains("col_posts"), "{counted}");
    for (rule, index) in [
        ("status = \"s3\"", "cx_col_posts$by_price"),
        ("status = \"s3\" && price > 990", "cx_col_posts$by_price"),
        ("created_by = \"user-7\"", "own_col_posts"),
        ("parent = \"r17\"", "ix_col_posts$parent"),
        ("code = \"c17\"", "_col_posts$code"),
        ("sku = \"k17\"", "cx_col_posts$by_sku"),
    ] {
        let total = read::total(&when(everything, rule), 0, 30, dialect);
        let counted = plan(store, total.count).await;
        assert!(!total.kept && counted.contains(index) && !reads_all(&counted), "{rule}:\n{counted}");
    }
}

/// Whatever the rule says, a record that is meant by its id is found by it.
async fn single_records(store: &Store, everything: &Scoped) {
    let dialect = store.session().dialect();
    let id = RecordId::new("r17");
    for rule in ["", "created_by = \"user-7\"", "status = \"s3\" || parent.status = \"s1\"", "code != \"x\""]
    {
        let scope = when(everything, rule);
        let (mut view, _) = read::select_json(&scope);
        read::restrict(&mut view, &scope, dialect);
        view.and_where(column(&scope, "id").eq(id.as_str()));
        let fields = scope.compiled().collection.stored_fields();
        let changes: Vec<_> =
            fields.map(|field| (field.name.as_str() == "title").then(|| Value::Text("y".into()))).collect();
        let conditions = || read::reach(&scope, dialect);
        for (name, stmt) in [
            ("view", Stmt::build(dialect, &view)),
            ("take", write::take(&scope, &id, dialect)),
            ("reached", write::reached(&scope, &id, dialect)),
            ("update", write::update(&scope, &id, &changes, 1, "me", conditions(), dialect)),
            ("delete", write::delete(&scope, &id, conditions(), dialect)),
        ] {
            let plan = plan(store, stmt).await;
            assert!(
                plan.contains(&by_id(dialect, "col_posts")) && !reads_all(&plan),
                "{name}, {rule}:\n{plan}"
            );
        }
    }
}

async fn aggregates(store: &Store, everything: &Scoped) {
    let dialect = store.session().dialect();
    for (rule, group_by, index) in [
        ("status = \"s3\"", Vec::new(), "cx_col_posts$by_price"),
        ("status = \"s3\" && price >= 990", vec!["title".to_owned()], "cx_col_posts$by_price"),
        ("parent = \"r17\"", vec!["status".to_owned()], "ix_col_posts$parent"),
        ("", vec!["status".to_owned()], "_col_posts"),
    ] {
        let measures =
            vec![("count".to_owned(), Measure::Rows), ("sum_price".to_owned(), Measure::Sum("price".into()))];
        let query = AggregateQuery { measures, group_by, having: None, earliest: false, limit: 100 };
        let plan = plan(store, aggregate::statement(&when(everything, rule), &query, dialect)).await;
        assert!(plan.contains(index) && !reads_all(&plan), "{rule}:\n{plan}");
    }
}

/// Rows leave in the order of an index, so that the first ones need not wait for the last.
async fn exports(store: &Store, everything: &Scoped) {
    let dialect = store.session().dialect();
    for (rule, sort, index) in [
        ("", "-created_at", "list_col_posts"),
        ("", "created_at", "list_col_posts"),
        ("status = \"s3\"", "-price", "cx_col_posts$by_price"),
    ] {
        let by = SortBy::Field(sort.trim_start_matches('-').to_owned());
        let sort = [Sort { by, descending: sort.starts_with('-') }];
        let plan =
            plan(store, Stmt::build(dialect, &read::all(&when(everything, rule), &sort, dialect))).await;
        assert!(plan.contains(index) && !reads_all(&plan), "{rule} by {sort:?}:\n{plan}");
        // For some hundred rows PostgreSQL would rather sort than go through the table in another order.
        assert!(dialect == Dialect::Postgres || !sorts(&plan), "{rule} by {sort:?}:\n{plan}");
    }
}

/// Each record that a reference leads to is found by its id.
async fn through_references(store: &Store, everything: &Scoped) {
    let dialect = store.session().dialect();
    for (rule, aliases) in [
        ("parent.code = \"c17\"", &["r1"][..]),
        ("status = \"s3\" && parent.status = \"s1\"", &["r1"]),
        ("parent.parent.created_by = \"user-7\"", &["r1", "r2"]),
    ] {
        let plan = plan(store, super::list(&when(everything, rule), "-created_at", dialect)).await;
        for alias in aliases {
            assert!(plan.contains(&by_id(dialect, alias)), "{rule}, {alias}:\n{plan}");
        }
        assert!(!reads_all(&plan), "{rule}:\n{plan}");
    }
}
