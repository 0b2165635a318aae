//! What is computed over groups, alike in memory and on every database.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::access::Scoped;
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{AggregateQuery, Group, Measure, Storage};
use snackbase_domain::account::Account;
use snackbase_domain::aggregate::{Aggregate, Function, parse_having, result_schema};
use snackbase_domain::record::Value;
use snackbase_rules::{Expr, Scope, elaborate, elaborate_condition};

use super::{create, insert};
use crate::builders::{NOW, compiled, everywhere, within};

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let sales = compiled(json!({"name": "sales", "fields": [
        {"name": "item", "type": "text"},
        {"name": "n", "type": "number"},
        {"name": "ok", "type": "boolean"},
        {"name": "at", "type": "datetime"},
        {"name": "day", "type": "date"},
        {"name": "j", "type": "json"},
        {"name": "twice", "type": "computed", "expression": "n * 2", "return_type": "number"},
    ]}));
    create(storage, &sales).await;
    for (id, body) in [
        (
            "1",
            json!({"item": "b", "n": 0.1, "ok": true, "at": "2024-01-01T00:00:00Z", "day": "2024-01-02", "j": {"a": 1, "b": [2]}}),
        ),
        (
            "2",
            json!({"item": "B", "n": 0.2, "ok": true, "at": "2024-01-01", "day": "2024-01-03", "j": {"b": [2.0], "a": 1}}),
        ),
        ("3", json!({"item": "ä", "n": 0.3, "ok": false, "at": "2024-01-01T02:00:00+03:00", "j": "x"})),
        ("4", json!({"n": 7, "at": "0001-01-01"})),
        ("5", json!({"item": "b", "at": "9999-12-31"})),
    ] {
        insert(storage, &sales, first, id, body).await;
    }
    insert(storage, &sales, second, "6", json!({"item": "b", "n": 1e300})).await;
    insert(storage, &sales, second, "7", json!({"item": "b", "n": f64::MAX})).await;
    insert(storage, &sales, second, "8", json!({"item": "c", "n": f64::MAX})).await;
    insert(storage, &sales, second, "9", json!({"item": "c", "n": -1e300})).await;
    functions(storage, &sales, first).await;
    sums(storage, &sales, first, second).await;
    nothing_is_a_group(storage, &sales, first).await;
    groups_by_each_type(storage, &sales, first).await;
    conditions_about_groups(storage, &sales, first).await;
    groups_stay_within_reach(storage, &sales, first).await;
}

/// Results of `count`, `sum_n`, `count_twice` and the like.
fn measure(sales: &Compiled, alias: &str) -> (String, Measure) {
    let measure = match alias.split_once('_') {
        None => Measure::Rows,
        Some(("count", field)) => {
            Measure::Count(elaborate(&Expr::field(field), &sales.schema, Scope::Filter).unwrap())
        }
        Some(("sum", field)) => Measure::Sum(field.to_owned()),
        Some(("avg", field)) => Measure::Avg(field.to_owned()),
        Some(("min", field)) => Measure::Min(field.to_owned()),
        Some((_, field)) => Measure::Max(field.to_owned()),
    };
    (alias.to_owned(), measure)
}

fn query(sales: &Compiled, measures: &[&str], group_by: &[&str]) -> AggregateQuery {
    AggregateQuery {
        measures: measures.iter().map(|alias| measure(sales, alias)).collect(),
        group_by: group_by.iter().map(|name| (*name).to_owned()).collect(),
        having: None,
        earliest: false,
        limit: 100,
    }
}

async fn ask(storage: &Arc<dyn Storage>, scope: &Scoped, query: &AggregateQuery) -> Vec<Group> {
    storage.read().records().aggregate(scope, query).await.unwrap()
}

/// A value in few signs; what is neither null nor a number or truth value is quoted.
fn sign(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Text(text) | Value::Time { text, .. } => format!("'{text}'"),
        Value::Json(tree) => format!("'{tree}'"),
    }
}

/// Groups as `key key: result result`, sorted.
async fn lines(storage: &Arc<dyn Storage>, scope: &Scoped, query: &AggregateQuery) -> Vec<String> {
    let join = |values: &[Value]| values.iter().map(sign).collect::<Vec<_>>().join(" ");
    let groups = ask(storage, scope, query).await;
    let mut lines: Vec<_> =
        groups.iter().map(|group| format!("{}: {}", join(&group.keys), join(&group.measures))).collect();
    lines.sort();
    lines
}

async fn functions(storage: &Arc<dyn Storage>, sales: &Arc<Compiled>, first: &Account) {
    let all = within(sales, first, "");
    for (measures, expected) in [
        (
            &["count", "count_n", "count_ok", "count_j", "count_twice", "count_created_by"][..],
            ": 5 4 3 3 4 5",
        ),
        (&["sum_n", "avg_n", "min_n", "max_n"], ": 7.6 1.9 0.1 7"),
        (&["min_item", "max_item"], ": 'B' 'ä'"),
        (&["min_at", "max_at"], ": '0001-01-01' '9999-12-31'"),
        (&["min_day", "max_day"], ": '2024-01-02' '2024-01-03'"),
    ] {
        assert_eq!(lines(storage, &all, &query(sales, measures, &[])).await, [expected]);
    }
    // Of times at one instant the least and the greatest text.
    let times = within(sales, first, "n < 0.25");
    let found = lines(storage, &times, &query(sales, &["min_at", "max_at"], &[])).await;
    assert_eq!(found, [": '2024-01-01' '2024-01-01T00:00:00Z'"]);
    let found = ask(storage, &times, &query(sales, &["max_at"], &[])).await;
    let micros = 1_704_067_200_000_000;
    assert_eq!(found[0].measures, [Value::Time { text: "2024-01-01T00:00:00Z".to_owned(), micros }]);
}

async fn sums(storage: &Arc<dyn Storage>, sales: &Arc<Compiled>, first: &Account, second: &Account) {
    let tenths = within(sales, first, "n < 1");
    assert_eq!(
        lines(storage, &tenths, &query(sales, &["sum_n", "avg_n"], &[])).await,
        [": 0.6 0.19999999999999998"]
    );
    // Added exactly: what comes and goes leaves the rest, and what no double is near is infinite.
    let of = async |rule| lines(storage, &within(sales, second, rule), &query(sales, &["sum_n"], &[])).await;
    let most = f64::MAX;
    assert_eq!(of("id = '6' || id = '8' || id = '9'").await, [format!(": {most}")]);
    assert_eq!(of("id = '8' || id = '9'").await, [format!(": {}", most - 1e300)]);
    assert_eq!(of("id = '7' || id = '8'").await, [": inf"]);
    assert_eq!(of("").await, [": inf"]);
}

async fn nothing_is_a_group(storage: &Arc<dyn Storage>, sales: &Arc<Compiled>, first: &Account) {
    let nothing = within(sales, first, "n > 100");
    let all = ["count", "count_n", "sum_n", "avg_n", "min_item", "max_at"];
    assert_eq!(lines(storage, &nothing, &query(sales, &all, &[])).await, [": 0 0 - - - -"]);
    assert!(lines(storage, &nothing, &query(sales, &all, &["ok"])).await.is_empty());
}

async fn groups_by_each_type(storage: &Arc<dyn Storage>, sales: &Arc<Compiled>, first: &Account) {
    let all = within(sales, first, "");
    for (group_by, expected) in [
        (&["item"][..], &["'B': 1", "'b': 2", "'ä': 1", "-: 1"][..]),
        (&["n"], &["-: 1", "0.1: 1", "0.2: 1", "0.3: 1", "7: 1"]),
        (&["ok"], &["-: 2", "false: 1", "true: 2"]),
        // One instant, though written in two ways.
        (
            &["at"],
            &["'0001-01-01': 1", "'2024-01-01': 2", "'2024-01-01T02:00:00+03:00': 1", "'9999-12-31': 1"],
        ),
        (&["day"], &["'2024-01-02': 1", "'2024-01-03': 1", "-: 3"]),
        (&["j"], &["'\"x\"': 1", r#"'{"a":1,"b":[2]}': 2"#, "-: 2"]),
        (&["created_by", "ok"], &["'maker' -: 2", "'maker' false: 1", "'maker' true: 2"]),
        (&["created_at"], &["'2027-01-15T08:00:00.000001Z': 5"]),
    ] {
        assert_eq!(lines(storage, &all, &query(sales, &["count"], group_by)).await, expected, "{group_by:?}");
    }
    let limited = AggregateQuery { limit: 2, ..query(sales, &["count"], &["item"]) };
    assert_eq!(ask(storage, &all, &limited).await.len(), 2);
    let first_ones = AggregateQuery { earliest: true, ..query(sales, &["count"], &["ok"]) };
    let mut earliest: Vec<_> =
        ask(storage, &all, &first_ones).await.into_iter().map(|group| group.earliest.unwrap()).collect();
    earliest.sort();
    assert_eq!(earliest, [(NOW, "1".to_owned()), (NOW, "3".to_owned()), (NOW, "4".to_owned())]);
}

async fn conditions_about_groups(storage: &Arc<dyn Storage>, sales: &Arc<Compiled>, first: &Account) {
    let (all, measures) = (within(sales, first, ""), ["count", "sum_n", "min_item", "max_at"]);
    let aggregate = |function, field: Option<&str>| Aggregate { function, field: field.map(str::to_owned) };
    let aggregates = [
        aggregate(Function::Count, None),
        aggregate(Function::Sum, Some("n")),
        aggregate(Function::Min, Some("item")),
        aggregate(Function::Max, Some("at")),
    ];
    for (having, expected) in [
        ("count > 1", "- true"),
        ("count() = '1'", "false"),
        ("sum_n >= 0.3 AND sum_n <= 0.3", "false true"),
        ("sum_n != 0.3", "-"),
        ("min_item = 'b' OR count = 1", "- false"),
        ("min_item < 'b'", "true"),
        ("max_at > '2024-01-01'", "-"),
        ("max(at) = '2024-01-01'", "true"),
        ("max(at) != 'no time'", "- false true"),
        ("count = 1 OR count = 2 AND sum_n < 1", "false true"),
        ("(count = 1 OR count = 2) AND sum_n > 1", "-"),
        ("count > 5", ""),
        ("sum_n = 'x'", ""),
    ] {
        let expr = parse_having(having, &aggregates, &sales.schema).unwrap().unwrap();
        let schema = result_schema(&aggregates, &sales.schema);
        let having_typed = elaborate_condition(&expr, &schema, Scope::Filter).unwrap();
        let query = AggregateQuery { having: Some(having_typed), ..query(sales, &measures, &["ok"]) };
        let found = lines(storage, &all, &query).await;
        let keys: Vec<_> = found.iter().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(keys.join(" "), expected, "{having}");
    }
}

async fn groups_stay_within_reach(storage: &Arc<dyn Storage>, sales: &Arc<Compiled>, first: &Account) {
    let count = query(sales, &["count"], &[]);
    assert_eq!(lines(storage, &everywhere(sales), &count).await, [": 9"]);
    assert_eq!(lines(storage, &within(sales, first, "item = 'b'"), &count).await, [": 2"]);
    let by_account = query(sales, &["count"], &["account_id"]);
    assert_eq!(lines(storage, &within(sales, first, ""), &by_account).await, [format!("'{}': 5", first.id)]);
}
