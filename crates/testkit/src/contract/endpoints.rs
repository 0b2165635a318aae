//! The promises of `EndpointRepository`.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use snackbase_application::ports::{EndpointQuery, Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::endpoint::{Endpoint, EndpointExecution, EndpointMethod, KEPT_EXECUTIONS};
use snackbase_domain::hook::ExecutionStatus;
use snackbase_domain::{AccountId, EndpointExecutionId, EndpointId};

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{self, moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, _, _) = seed(&storage).await;
    an_endpoint_is_kept_and_changed(&storage, &first).await;
    a_place_is_taken_once(&storage, &first, &second).await;
    they_are_listed_and_found(&storage, &first, &second).await;
    executions_are_kept_up_to_a_number(&storage, &first).await;
    they_go_with_their_account(&storage, &first, &second).await;
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn endpoint(account: &Account, n: u16) -> Endpoint {
    Endpoint {
        id: EndpointId::new(uuid(0xe9d_0000 + u128::from(n))),
        account_id: account.id,
        name: format!("Endpoint {n}"),
        description: None,
        path: format!("/p{n}/:id"),
        method: EndpointMethod::Get,
        auth_required: true,
        condition: None,
        actions: Vec::new(),
        response_template: None,
        enabled: true,
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
        created_by: builders::user(account, 1).id,
    }
}

fn execution(of: &Endpoint, n: u32) -> EndpointExecution {
    EndpointExecution {
        id: EndpointExecutionId::new(uuid(0xe8e_0000 + u128::from(n))),
        endpoint_id: of.id,
        account_id: of.account_id,
        status: ExecutionStatus::Success,
        http_status: 200,
        duration_ms: 7,
        request: object(json!({ "method": "GET", "body": [1, "é\u{0}"] })),
        response: json!({ "b": 1, "a": ["x", null] }),
        error: None,
        executed_at: moment(n.into()),
    }
}

async fn add(storage: &Arc<dyn Storage>, endpoint: &Endpoint) {
    commit(storage, async |store| store.endpoints().insert(endpoint).await).await;
}

async fn remove(storage: &Arc<dyn Storage>, endpoint: &Endpoint) -> bool {
    commit(storage, async |store| store.endpoints().delete(endpoint.id).await).await
}

async fn find(storage: &Arc<dyn Storage>, endpoint: &Endpoint) -> Option<Endpoint> {
    storage.read().endpoints().find(endpoint.id).await.unwrap()
}

async fn an_endpoint_is_kept_and_changed(storage: &Arc<dyn Storage>, first: &Account) {
    let nowhere = Endpoint { account_id: AccountId::new(uuid(404)), ..endpoint(first, 1) };
    let refused = refusal(storage, async |store| store.endpoints().insert(&nowhere).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
    let made = endpoint(first, 1);
    let changed = Endpoint {
        name: "Other".to_owned(),
        description: Some(String::new()),
        path: "/other".to_owned(),
        method: EndpointMethod::Delete,
        auth_required: false,
        condition: Some("request.query.a = 1".to_owned()),
        actions: vec![object(json!({ "type": "transform", "output": ["é", 1.5, null] })), Map::new()],
        response_template: Some(object(json!({ "status": "{{x}}", "body": [null] }))),
        enabled: false,
        updated_at: moment(8),
        ..made.clone()
    };
    let update = async || commit(storage, async |store| store.endpoints().update(&changed).await).await;
    assert!(!update().await);
    add(storage, &made).await;
    assert_eq!(find(storage, &made).await, Some(made.clone()));
    assert!(update().await);
    assert_eq!(find(storage, &made).await, Some(changed.clone()));
    assert!(remove(storage, &made).await);
    assert!(!remove(storage, &made).await);
    assert_eq!(find(storage, &made).await, None);
}

async fn a_place_is_taken_once(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let made = endpoint(first, 2);
    add(storage, &made).await;
    let same = Endpoint { path: made.path.clone(), ..endpoint(first, 3) };
    let refused = refusal(storage, async |store| store.endpoints().insert(&same).await).await;
    assert!(is_conflict(&refused), "{refused:?}");
    let other_method = Endpoint { method: EndpointMethod::Post, ..same.clone() };
    let other_account = Endpoint { path: made.path.clone(), ..endpoint(second, 4) };
    add(storage, &other_method).await;
    add(storage, &other_account).await;
    let refused = refusal(storage, async |store| store.endpoints().update(&same).await).await;
    assert!(is_conflict(&refused), "{refused:?}");
    assert!(commit(storage, async |store| store.endpoints().update(&made).await).await, "its own place");
    for one in [made, other_method, other_account] {
        assert!(remove(storage, &one).await);
    }
}

async fn they_are_listed_and_found(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let disabled = Endpoint { enabled: false, ..endpoint(first, 11) };
    let posted = Endpoint { method: EndpointMethod::Post, ..endpoint(first, 12) };
    let same_time = Endpoint { created_at: moment(12), ..endpoint(first, 13) };
    let all = [endpoint(first, 10), disabled, posted, same_time, endpoint(second, 14)];
    for one in &all {
        add(storage, one).await;
    }
    let store = storage.read().endpoints();
    let names = |found: Vec<Endpoint>| -> Vec<_> { found.into_iter().map(|one| one.name).collect() };
    let numbered = |numbers: &[u16]| -> Vec<_> { numbers.iter().map(|n| format!("Endpoint {n}")).collect() };
    let page = async |method: Option<&str>, enabled, offset, limit| {
        let query = EndpointQuery { method: method.map(str::to_owned), enabled, offset, limit };
        let page = store.page(first.id, &query).await.unwrap();
        (names(page.items), page.total)
    };
    assert_eq!(page(None, None, 0, 10).await, (numbered(&[13, 12, 11, 10]), 4));
    assert_eq!(page(None, None, 1, 2).await, (numbered(&[12, 11]), 4));
    assert_eq!(page(Some("POST"), Some(true), 0, 10).await, (numbered(&[12]), 1));
    assert_eq!(page(None, Some(false), 0, 10).await, (numbered(&[11]), 1));
    assert_eq!(page(Some("NONE"), None, 0, 10).await, (numbered(&[]), 0));
    assert_eq!(names(store.enabled(first.id).await.unwrap()), numbered(&[10, 12, 13]));
    assert_eq!(store.count(first.id).await, Ok(4));
    for one in &all {
        assert!(remove(storage, one).await);
    }
}

async fn executions_are_kept_up_to_a_number(storage: &Arc<dyn Storage>, first: &Account) {
    let (one, two) = (endpoint(first, 20), endpoint(first, 21));
    let refused =
        refusal(storage, async |store| store.endpoints().insert_execution(&execution(&one, 1)).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
    add(storage, &one).await;
    add(storage, &two).await;
    let failed = EndpointExecution {
        status: ExecutionStatus::Partial,
        http_status: 504,
        error: Some("it took too long".to_owned()),
        response: Value::Null,
        ..execution(&two, 0)
    };
    let store = storage.read().endpoints();
    let most = u32::try_from(KEPT_EXECUTIONS).unwrap();
    commit(storage, async |store| {
        store.endpoints().insert_execution(&failed).await?;
        for n in 1..=most + 3 {
            store.endpoints().insert_execution(&execution(&one, n)).await?;
        }
        Ok(())
    })
    .await;
    let of_other = store.executions(two.id, 0, 10).await.unwrap();
    assert_eq!((of_other.items, of_other.total), (vec![failed], 1));
    let seen = async |offset, limit| {
        let page = store.executions(one.id, offset, limit).await.unwrap();
        assert_eq!(page.total, KEPT_EXECUTIONS);
        page.items
    };
    let newest: Vec<_> = [most + 2, most + 1].map(|n| execution(&one, n)).into();
    let oldest = vec![execution(&one, 4)];
    // Those beyond the number are not shown, whether they are removed yet or not.
    assert_eq!((seen(1, 2).await, seen(KEPT_EXECUTIONS - 1, 5).await), (newest.clone(), oldest.clone()));
    assert_eq!(seen(KEPT_EXECUTIONS, 5).await, []);
    for _ in 0..2 {
        commit(storage, async |store| store.endpoints().trim_executions(one.id).await).await;
        assert_eq!((seen(1, 2).await, seen(KEPT_EXECUTIONS - 1, 5).await), (newest.clone(), oldest.clone()));
    }
    commit(storage, async |store| store.endpoints().trim_executions(two.id).await).await;
    assert_eq!(store.executions(two.id, 0, 10).await.unwrap().total, 1);
    assert!(remove(storage, &one).await);
    assert_eq!(store.executions(one.id, 0, 10).await.unwrap().total, 0);
    assert!(remove(storage, &two).await);
}

async fn they_go_with_their_account(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let (one, two) = (endpoint(first, 40), endpoint(second, 41));
    for (n, one) in [(50, &one), (51, &two)] {
        add(storage, one).await;
        commit(storage, async |store| store.endpoints().insert_execution(&execution(one, n)).await).await;
    }
    commit(storage, async |store| store.accounts().hide(first.id, moment(60)).await).await;
    assert_eq!(find(storage, &one).await, None, "as soon as the account is hidden");
    commit(storage, async |store| {
        while store.accounts().delete_some(first.id, 100).await? > 0 {}
        store.accounts().delete(first.id).await
    })
    .await;
    assert_eq!(storage.read().endpoints().count(first.id).await, Ok(0));
    assert_eq!(storage.read().endpoints().executions(one.id, 0, 10).await.unwrap().total, 0);
    assert_eq!(find(storage, &two).await, Some(two.clone()));
    assert_eq!(storage.read().endpoints().executions(two.id, 0, 10).await.unwrap().total, 1);
}
