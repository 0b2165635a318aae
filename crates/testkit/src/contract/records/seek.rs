//! Walking through a list from row to row.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::access::Scoped;
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{
    ListQuery, Position, SeekPage, SeekQuery, Sort, SortBy, Storage, StoreError,
};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::record::Record;
use snackbase_rules::{self as rules, Row as _};

use super::{create, delete, insert};
use crate::builders::{NOW, compiled, everywhere, within};
use crate::memory::row::MemoryRow;

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let rows = compiled(json!({"name": "rows", "fields": [
        {"name": "text", "type": "text"},
        {"name": "n", "type": "number"},
        {"name": "ok", "type": "boolean"},
        {"name": "at", "type": "datetime"},
        {"name": "low", "type": "computed", "expression": "lower(text)", "return_type": "text"},
        {"name": "half", "type": "computed", "expression": "n / 2", "return_type": "number"},
        {"name": "big", "type": "computed", "expression": "n > 1", "return_type": "boolean"},
        {"name": "next", "type": "computed", "expression": "date_add(at, 1, \"days\")", "return_type": "datetime"},
        {"name": "age", "type": "computed", "expression": "date_diff(now(), at, \"days\") % 7",
            "return_type": "number"},
    ]}));
    create(storage, &rows).await;
    for n in 0..24 {
        let mut body = json!({});
        if n % 4 != 0 {
            body["text"] = json!(["b", "B", "", "ä"][n % 3]);
        }
        if n % 5 != 0 {
            body["n"] = json!(n as f64 / 3.0 - 2.0);
        }
        if n % 3 != 0 {
            body["ok"] = json!(n % 2 == 0);
        }
        if n % 6 != 0 {
            body["at"] = json!(format!("2024-01-{:02}T00:00:00+0{}:00", 1 + n / 3, n % 3));
        }
        insert(storage, &rows, first, &format!("r{n:02}"), body).await;
    }
    insert(storage, &rows, second, "elsewhere", json!({"text": "b"})).await;
    walks_meet_each_row_once_in_order(storage, &rows, first).await;
    now_stands_still(storage, &rows, first).await;
    totals_are_those_of_the_list(storage, &rows, first).await;
    a_stream_is_the_list_as_of_one_moment(storage, &rows, first).await;
    others_do_not_move_a_walk(storage, &rows, first).await;
}

fn keys(rows: &Arc<Compiled>, names: &[&str]) -> Vec<Sort> {
    let key = |name: &&str| {
        let (plain, descending) = (name.trim_start_matches('-'), name.starts_with('-'));
        let position = rows.collection.fields.iter().position(|f| f.name.as_str() == plain);
        let computed = rows.computed.iter().find(|c| Some(c.index) == position);
        let by = match computed {
            Some(computed) => SortBy::Expression(computed.expression.clone()),
            None => SortBy::Field(plain.to_owned()),
        };
        Sort { by, descending }
    };
    names.iter().map(key).collect()
}

/// Where a record stands in an order.
fn position(rows: &Compiled, sort: &[Sort], record: &Record, now: i64) -> Position {
    let row = MemoryRow { state: None, collection: &rows.collection, record };
    let keys = sort.iter().map(|sort| match &sort.by {
        SortBy::Field(name) => row.get(name),
        SortBy::Expression(typed) => rules::eval(typed, &row, now),
    });
    Position { keys: keys.collect(), id: record.id.to_string() }
}

fn query(sort: &[Sort], from: Option<Position>, backwards: bool, limit: u64) -> SeekQuery {
    SeekQuery { sort: sort.to_vec(), as_of: NOW, from, backwards, limit, count: false }
}

fn ids(page: &SeekPage) -> Vec<String> {
    page.rows.iter().map(|row| row.record.id.to_string()).collect()
}

async fn seek(storage: &Arc<dyn Storage>, scope: &Scoped, query: &SeekQuery) -> SeekPage {
    storage.read().records().seek(scope, query).await.unwrap()
}

async fn walks_meet_each_row_once_in_order(
    storage: &Arc<dyn Storage>,
    rows: &Arc<Compiled>,
    account: &Account,
) {
    let scope = within(rows, account, "");
    for names in [
        &["created_at"][..],
        &["-created_at"],
        &["id"],
        &["-id"],
        &["text"],
        &["-text"],
        &["n"],
        &["-n"],
        &["ok"],
        &["-ok"],
        &["at"],
        &["-at"],
        &["low"],
        &["-low"],
        &["-half"],
        &["big"],
        &["-next"],
        &["text", "-n"],
        &["-ok", "text", "at"],
        &["created_at", "-n"],
        &["-created_at", "-updated_at"],
        &["ok", "-id"],
        &[],
    ] {
        let sort = keys(rows, names);
        let whole = ListQuery { skip: 0, limit: 100, sort: sort.clone(), count: true };
        let (whole, _) = storage.read().records().list(&scope, &whole).await.unwrap();
        let whole: Vec<_> = whole.iter().map(|row| row.record.id.to_string()).collect();
        assert_eq!(whole.len(), 24);
        for (backwards, limit) in [(false, 5), (true, 5), (false, 24), (true, 24), (false, 1)] {
            let mut seen: Vec<String> = Vec::new();
            let mut from = None;
            loop {
                let page = seek(storage, &scope, &query(&sort, from, backwards, limit)).await;
                let next = if backwards { page.rows.first() } else { page.rows.last() };
                from = next.map(|row| position(rows, &sort, &row.record, NOW));
                seen.splice(if backwards { 0..0 } else { seen.len()..seen.len() }, ids(&page));
                assert!(page.rows.len() as u64 <= limit);
                if !page.more {
                    break;
                }
                assert_eq!(page.rows.len() as u64, limit, "{names:?}");
            }
            assert_eq!(seen, whole, "{names:?}, backwards: {backwards}, {limit} at a time");
            let beyond = seek(storage, &scope, &query(&sort, from, backwards, limit)).await;
            assert!(beyond.rows.is_empty() && !beyond.more, "{names:?}");
        }
    }
}

async fn now_stands_still(storage: &Arc<dyn Storage>, rows: &Arc<Compiled>, account: &Account) {
    const DAY: i64 = 86_400_000_000;
    let (scope, sort) = (within(rows, account, ""), keys(rows, &["age"]));
    let at = async |as_of| {
        let query = SeekQuery { as_of, ..query(&sort, None, false, 100) };
        ids(&seek(storage, &scope, &query).await)
    };
    let (today, later) = (at(NOW).await, at(NOW + 2 * DAY).await);
    assert_ne!(today, later);
    assert_eq!(today, at(NOW).await);
}

async fn totals_are_those_of_the_list(storage: &Arc<dyn Storage>, rows: &Arc<Compiled>, account: &Account) {
    let sort = keys(rows, &["id"]);
    let from = Position { keys: vec![rules::Value::Text("r20".to_owned())], id: "r20".to_owned() };
    let query = SeekQuery { count: true, ..query(&sort, Some(from), false, 10) };
    for (scope, expected, total) in [
        (within(rows, account, ""), &["r21", "r22", "r23"][..], 24),
        (within(rows, account, "id != \"r22\""), &["r21", "r23"], 23),
        (everywhere(rows), &["r21", "r22", "r23"], 25),
    ] {
        let page = seek(storage, &scope, &query).await;
        assert_eq!(
            (ids(&page), page.total),
            (expected.iter().map(|id| (*id).to_owned()).collect(), Some(total))
        );
    }
    let uncounted = SeekQuery { count: false, ..query };
    assert_eq!(seek(storage, &everywhere(rows), &uncounted).await.total, None);
}

async fn a_stream_is_the_list_as_of_one_moment(
    storage: &Arc<dyn Storage>,
    rows: &Arc<Compiled>,
    account: &Account,
) {
    for n in 0..600 {
        insert(storage, rows, account, &format!("s{n:03}"), json!({"n": 1000 - n})).await;
    }
    let (scope, sort) = (within(rows, account, "n > 100"), keys(rows, &["n"]));
    let records = storage.read().records();
    let whole = ListQuery { skip: 0, limit: 1000, sort: sort.clone(), count: true };
    let (whole, _) = records.list(&scope, &whole).await.unwrap();
    let mut cursor = records.stream(&scope, &sort).await.unwrap();
    let mut found = cursor.next().await.unwrap();
    assert!(!found.is_empty() && found.len() < whole.len());
    // What is committed meanwhile is not in it.
    insert(storage, rows, account, "late", json!({"n": 999.5})).await;
    for n in 0..600 {
        assert!(delete(storage, rows, account, &format!("s{n:03}")).await.unwrap());
    }
    loop {
        let block = cursor.next().await.unwrap();
        if block.is_empty() {
            break;
        }
        found.extend(block);
    }
    assert_eq!(found, whole);
    // One that is dropped half-way holds nothing up.
    let mut cursor = records.stream(&scope, &keys(rows, &["-at"])).await.unwrap();
    assert!(!cursor.next().await.unwrap().is_empty());
    drop(cursor);
    assert!(delete(storage, rows, account, "late").await.unwrap());
    let gone =
        crate::builders::compiled(json!({"name": "gone", "fields": [{"name": "n", "type": "number"}]}));
    let scope = within(&gone, account, "");
    let nothing = match records.stream(&scope, &[]).await {
        Ok(mut cursor) => cursor.next().await.map(drop),
        Err(error) => Err(error),
    };
    assert_eq!(nothing, Err(StoreError::NoTable));
}

async fn others_do_not_move_a_walk(storage: &Arc<dyn Storage>, rows: &Arc<Compiled>, account: &Account) {
    let (scope, sort) = (within(rows, account, ""), keys(rows, &["id"]));
    let page = seek(storage, &scope, &query(&sort, None, false, 10)).await;
    let at = position(rows, &sort, &page.rows[9].record, NOW);
    // What is before the position, and even the row at it, may come and go.
    insert(storage, rows, account, "a", json!({})).await;
    for id in ["r03", "r09", "r11"] {
        assert!(delete(storage, rows, account, id).await.unwrap());
    }
    assert!(storage.read().records().view(&scope, &RecordId::new("r09")).await.unwrap().is_none());
    let after = seek(storage, &scope, &query(&sort, Some(at.clone()), false, 3)).await;
    assert_eq!(ids(&after), ["r10", "r12", "r13"]);
    let before = seek(storage, &scope, &query(&sort, Some(at), true, 3)).await;
    assert_eq!((ids(&before), before.more), (vec!["r06".into(), "r07".into(), "r08".into()], true));
}
