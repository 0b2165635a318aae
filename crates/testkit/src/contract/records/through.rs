//! Conditions and orders that look through references.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::access::{self, Access, Narrowing, Scoped, Tenant};
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{ListQuery, Sort, SortBy, Storage};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::collection::Operation;
use snackbase_rules::{Node, Typed};

use super::super::commit;
use super::{create, ids, insert, page, values};
use crate::builders::{NOW, changes, compiled, condition, superadmin};

fn scope(compiled: &Arc<Compiled>, tenant: Tenant, rule: Typed) -> Scoped {
    let (caller, narrowing) = (superadmin(), Narrowing::default());
    access::scope(compiled, Operation::View, &caller, tenant, Access::When(rule.into()), narrowing, NOW)
}

pub(super) async fn suite(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let land = compiled(json!({"name": "land", "fields": [
        {"name": "nm", "type": "text"},
        {"name": "free", "type": "boolean"},
    ]}));
    let town = compiled(json!({"name": "town", "fields": [
        {"name": "nm", "type": "text"},
        {"name": "land", "type": "reference", "collection": "land", "on_delete": "set_null"},
        {"name": "size", "type": "number"},
        {"name": "since", "type": "datetime"},
        {"name": "tags", "type": "json"},
        {"name": "twice", "type": "computed", "expression": "size * 2", "return_type": "number"},
    ]}));
    let folk = compiled(json!({"name": "folk", "fields": [
        {"name": "nm", "type": "text"},
        {"name": "home", "type": "reference", "collection": "town", "on_delete": "set_null"},
        {"name": "boss", "type": "reference", "collection": "folk", "on_delete": "set_null"},
    ]}));
    for collection in [&land, &town, &folk] {
        create(storage, collection).await;
    }
    insert(storage, &land, first, "l1", json!({"nm": "Norway", "free": true})).await;
    insert(storage, &land, first, "l2", json!({"nm": "Utopia"})).await;
    let oslo = json!({"nm": "Oslo", "land": "l1", "size": 7, "since": "1048-01-01T00:00:00Z", "tags": []});
    insert(storage, &town, first, "t1", oslo).await;
    insert(storage, &town, first, "t2", json!({"nm": "Amaurot", "land": "l2", "size": 3})).await;
    insert(storage, &town, second, "t3", json!({"nm": "Oslo", "size": 9})).await;
    insert(storage, &folk, first, "f1", json!({"nm": "Ada", "home": "t1"})).await;
    insert(storage, &folk, first, "f2", json!({"nm": "Bo", "home": "t2", "boss": "f1"})).await;
    insert(storage, &folk, first, "f3", json!({"nm": "Cy", "boss": "f2"})).await;
    // Nothing that is written through the API refers to another account.
    insert(storage, &folk, first, "f4", json!({"nm": "Di", "home": "t3"})).await;
    insert(storage, &folk, second, "f5", json!({"nm": "Ed", "home": "t3"})).await;

    let rule = |text: &str| condition(&folk, &[&land, &town, &folk], text);
    let found = async |text: &str| {
        let scope = scope(&folk, Tenant::Account(first.id), rule(text));
        ids(storage, &scope, &page(0, 9, &["id"])).await.0
    };
    for (text, expected) in [
        ("home.nm = 'Oslo'", &["f1"][..]),
        ("home.nm != 'Oslo'", &["f2"]),
        ("home.nm ~ 'A%'", &["f2"]),
        ("home.nm IS NULL", &["f3", "f4"]),
        ("!(home.nm = 'Oslo')", &["f2"]),
        ("home.id = home", &["f1", "f2"]),
        ("home.size IN (7, 8)", &["f1"]),
        ("home.size * 2 = home.twice", &["f1", "f2"]),
        ("home.twice = 6", &["f2"]),
        ("home.land.free", &["f1"]),
        ("home.land.nm < 'P' && home.nm > 'N'", &["f1"]),
        ("home.since < '1100-01-01'", &["f1"]),
        ("home.since ~ '%T00:00:00Z'", &["f1"]),
        ("home.created_at = created_at", &["f1", "f2"]),
        ("home.tags IS NOT NULL", &["f1"]),
        ("boss.home.land.nm = 'Norway'", &["f2"]),
        ("boss.nm = 'Ada' || boss.boss.nm = 'Ada'", &["f2", "f3"]),
        ("coalesce(boss.boss.nm, boss.nm) = 'Ada'", &["f2", "f3"]),
    ] {
        assert_eq!(found(text).await, expected, "{text}");
    }
    every_account_sees_its_own(storage, &folk, &rule("home.nm = 'Oslo'")).await;
    guards_hide(storage, &folk, first, rule("home.nm IS NULL"), rule("home.size > 5")).await;
    orders(storage, &folk, first, &rule("home.nm = nm")).await;
    changes_obey(storage, &folk, first, rule("home.nm = 'Oslo'")).await;
}

async fn every_account_sees_its_own(storage: &Arc<dyn Storage>, folk: &Arc<Compiled>, rule: &Typed) {
    let scope = scope(folk, Tenant::All, rule.clone());
    assert_eq!(ids(storage, &scope, &page(0, 9, &["id"])).await, (vec!["f1".into(), "f5".into()], 2));
}

/// A record that the guard leaves out is as good as absent.
async fn guards_hide(
    storage: &Arc<dyn Storage>,
    folk: &Arc<Compiled>,
    first: &Account,
    absent: Typed,
    large: Typed,
) {
    // The condition on the size, seen from the town itself.
    let Node::Compare { op, left, right } = large.node else { panic!("{large:?}") };
    let Node::Through { inner: size, .. } = left.node else { panic!("{left:?}") };
    let guard = Typed { ty: large.ty, node: Node::Compare { op, left: size, right } };
    let Node::IsNull(through) = absent.node else { panic!("{absent:?}") };
    let Node::Through { field, collection, inner, .. } = through.node else { panic!("{through:?}") };
    let node = Node::Through { field, collection, inner, guard: Some(Box::new(guard)) };
    let node = Node::IsNull(Box::new(Typed { ty: through.ty, node }));
    let scope = scope(folk, Tenant::Account(first.id), Typed { ty: absent.ty, node });
    assert_eq!(ids(storage, &scope, &page(0, 9, &["id"])).await.0, ["f2", "f3", "f4"]);
}

async fn orders(storage: &Arc<dyn Storage>, folk: &Arc<Compiled>, first: &Account, rule: &Typed) {
    let Node::Compare { left: name, .. } = &rule.node else { panic!("{rule:?}") };
    let everything = crate::builders::within(folk, first, "");
    for (descending, expected) in [(false, ["f3", "f4", "f2", "f1"]), (true, ["f1", "f2", "f4", "f3"])] {
        let sort = vec![Sort { by: SortBy::Expression(name.as_ref().clone()), descending }];
        let query = ListQuery { skip: 0, limit: 9, sort, count: true };
        assert_eq!(ids(storage, &everything, &query).await.0, expected);
    }
}

async fn changes_obey(storage: &Arc<dyn Storage>, folk: &Arc<Compiled>, first: &Account, rule: Typed) {
    let scope = scope(folk, Tenant::Account(first.id), rule);
    let change = changes(folk, json!({"nm": "New"}));
    for (id, within) in [("f1", true), ("f2", false), ("f4", false)] {
        let id = RecordId::new(id);
        let updated =
            commit(storage, async |store| store.records().update(&scope, &id, &change, NOW, "x").await).await;
        assert_eq!(updated.is_some(), within, "{id}");
        let deleted = commit(storage, async |store| store.records().delete(&scope, &id).await).await;
        assert_eq!(deleted.is_some(), within, "{id}");
        assert_eq!(values(storage, folk, first, id.as_str()).await.is_none(), within, "{id}");
    }
}
