//! Lists are sorted, and pages follow each other without gaps.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{ListQuery, Sort, SortBy, Storage};
use snackbase_domain::account::Account;

use super::super::commit;
use super::{create, ids, insert, page};
use crate::builders::{NOW, compiled, everywhere, record, within};

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let items = compiled(json!({"name": "items", "fields": [
        {"name": "text", "type": "text"},
        {"name": "n", "type": "number"},
        {"name": "ok", "type": "boolean"},
        {"name": "at", "type": "datetime"},
        {"name": "neg", "type": "computed", "expression": "0 - n", "return_type": "number"},
        {"name": "low", "type": "computed", "expression": "lower(text)", "return_type": "text"},
        {"name": "later", "type": "computed", "expression": "date_add(at, 1, \"days\")", "return_type": "datetime"},
    ]}));
    create(storage, &items).await;
    for (id, body) in [
        ("1", json!({"text": "b", "n": 10, "ok": true, "at": "2024-01-01T00:00:00+05:00"})),
        ("2", json!({"text": "B", "n": 9, "ok": false, "at": "2024-01-01T00:00:00-05:00"})),
        ("3", json!({"text": "ä", "n": -1.5, "ok": true, "at": "2024-01-01"})),
        ("4", json!({})),
        ("5", json!({"text": "b", "n": 10, "ok": false, "at": "2023-12-31T19:00:00Z"})),
    ] {
        insert(storage, &items, first, id, body).await;
    }
    sorted_by_each_type(storage, &items, first).await;
    sorted_by_expressions(storage, &items, first).await;
    pages_do_not_overlap(storage, &items, first, second).await;
}

async fn sorted(
    storage: &Arc<dyn Storage>,
    items: &Arc<Compiled>,
    account: &Account,
    query: ListQuery,
) -> String {
    ids(storage, &within(items, account, ""), &query).await.0.concat()
}

async fn sorted_by_each_type(storage: &Arc<dyn Storage>, items: &Arc<Compiled>, first: &Account) {
    // Nulls come first ascending and last descending; ties go by id in the
    // direction of the first key.
    for (sort, expected) in [
        (&["text"][..], "42153"),
        (&["-text"], "35124"),
        (&["n"], "43215"),
        (&["-n"], "51234"),
        (&["ok"], "42513"),
        (&["-ok"], "31524"),
        (&["at"], "41532"),
        (&["-at"], "23514"),
        (&["id"], "12345"),
        (&["-id"], "54321"),
        (&["created_at"], "12345"),
        (&["-created_at"], "54321"),
        (&["-account_id"], "54321"),
        (&["text", "-n", "-id"], "42513"),
        (&["-ok", "text"], "13254"),
        (&["-ok", "-text", "id"], "31524"),
        (&["ok", "-n"], "45213"),
        (&["n", "-ok"], "43215"),
        (&[], "12345"),
    ] {
        let found = sorted(storage, items, first, page(0, 10, sort)).await;
        assert_eq!(found, expected, "{sort:?}");
    }
}

async fn sorted_by_expressions(storage: &Arc<dyn Storage>, items: &Arc<Compiled>, first: &Account) {
    for (name, ascending, descending) in
        [("neg", "41523", "32514"), ("low", "41253", "35214"), ("later", "41532", "23514")]
    {
        let computed = items.computed.iter().find(|c| items.collection.fields[c.index].name.as_str() == name);
        let by = SortBy::Expression(computed.unwrap().expression.clone());
        for (descending, expected) in [(false, ascending), (true, descending)] {
            let query = ListQuery {
                skip: 0,
                limit: 10,
                sort: vec![Sort { by: by.clone(), descending }],
                count: true,
            };
            assert_eq!(sorted(storage, items, first, query).await, expected, "{name}, {descending}");
        }
    }
}

async fn pages_do_not_overlap(
    storage: &Arc<dyn Storage>,
    items: &Arc<Compiled>,
    first: &Account,
    second: &Account,
) {
    commit(storage, async |store| {
        for n in 0..23 {
            let mut record = record(items, second, &format!("p{n:02}"), json!({"n": n % 3}));
            record.created_at = NOW + n / 10;
            store.records().insert(&within(items, second, ""), &record).await?;
        }
        Ok(())
    })
    .await;
    for sort in [&["n"][..], &["-n"], &["-created_at"], &["created_at", "-n"], &["text"]] {
        let mut seen = Vec::new();
        for skip in (0..30).step_by(5) {
            let (page, total) = ids(storage, &within(items, second, ""), &page(skip, 5, sort)).await;
            assert_eq!(total, 23);
            seen.extend(page);
        }
        let (whole, _) = ids(storage, &within(items, second, ""), &page(0, 100, sort)).await;
        assert_eq!(seen, whole, "{sort:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 23, "{sort:?}");
    }
    let (page, total) = ids(storage, &within(items, second, "n = 1"), &page(6, 5, &["id"])).await;
    assert_eq!((page, total), (vec!["p19".to_owned(), "p22".to_owned()], 8));
    let (found, total) = ids(storage, &everywhere(items), &super::page(4, 2, &["id"])).await;
    assert_eq!((found, total), (vec!["5".to_owned(), "p00".to_owned()], 28));
    let (nothing, total) = ids(storage, &within(items, first, ""), &super::page(0, 0, &["id"])).await;
    assert_eq!((nothing, total), (Vec::new(), 5));
}
