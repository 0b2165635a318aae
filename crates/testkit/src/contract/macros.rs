//! The promises of `MacroRepository`.

use std::sync::Arc;

use snackbase_application::ports::{MacroCall, MacroCaller, Storage, StoreError};
use snackbase_domain::stored_macro::{Query, StoredMacro};
use snackbase_rules::{Type, Value};

use super::{commit, is_conflict, refusal};
use crate::builders::{NOW, moment};

fn stored(name: &str) -> StoredMacro {
    StoredMacro {
        id: 77,
        name: name.to_owned(),
        description: Some("what it asks".to_owned()),
        sql_query: "  select 1".to_owned(),
        parameters: vec!["b".to_owned(), "a".to_owned()],
        created_at: moment(1),
        updated_at: moment(2),
        created_by: Some("somebody".to_owned()),
    }
}

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    rows(&storage).await;
    answers(&storage).await;
}

async fn rows(storage: &Arc<dyn Storage>) {
    let macros = || storage.read().macros();
    assert_eq!(macros().all().await.unwrap(), []);
    let first = commit(storage, async |store| store.macros().insert(&stored("zeta")).await).await;
    assert_eq!(first, StoredMacro { id: 1, ..stored("zeta") }, "ids count from 1");
    let second = commit(storage, async |store| store.macros().insert(&stored("Alpha")).await).await;
    let third = commit(storage, async |store| store.macros().insert(&stored("beta")).await).await;
    assert_eq!((second.id, third.id), (2, 3));
    let names = |all: Vec<StoredMacro>| all.into_iter().map(|m| m.name).collect::<Vec<_>>();
    assert_eq!(names(macros().all().await.unwrap()), ["Alpha", "beta", "zeta"], "by name, as code points");
    assert_eq!(names(macros().page(1, 1).await.unwrap()), ["beta"]);
    assert_eq!(macros().page(0, 0).await.unwrap(), []);
    assert_eq!(macros().find(1).await.unwrap(), Some(first.clone()));
    for unknown in [0, 4, -1, i64::MAX] {
        assert_eq!(macros().find(unknown).await.unwrap(), None);
    }

    let error = refusal(storage, async |store| store.macros().insert(&stored("zeta")).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let taken = StoredMacro { name: "beta".to_owned(), ..first.clone() };
    let error = refusal(storage, async |store| store.macros().update(&taken).await).await;
    assert!(is_conflict(&error), "{error:?}");

    let changed = StoredMacro {
        name: "eta".to_owned(),
        description: None,
        sql_query: "SELECT 2".to_owned(),
        parameters: Vec::new(),
        updated_at: moment(9),
        ..first
    };
    let sent = StoredMacro { created_at: moment(8), created_by: None, ..changed.clone() };
    commit(storage, async |store| store.macros().update(&sent).await).await;
    assert_eq!(macros().find(1).await.unwrap(), Some(changed), "the making stays as it was");

    assert!(commit(storage, async |store| store.macros().delete(third.id).await).await);
    assert!(!commit(storage, async |store| store.macros().delete(third.id).await).await);
    let fourth = commit(storage, async |store| store.macros().insert(&stored("beta")).await).await;
    assert!(fourth.id > third.id, "ids are given once");
}

/// What constants and arguments answer.
async fn answers(storage: &Arc<dyn Storage>) {
    let caller = MacroCaller { id: Some("me".to_owned()), ..MacroCaller::default() };
    let text = |text: &str| Value::Text(text.to_owned());
    let cases: [(&str, Value, Option<bool>); 14] = [
        ("SELECT 1", Value::Null, Some(true)),
        ("SELECT 0", Value::Null, Some(false)),
        ("SELECT 0.0", Value::Null, Some(false)),
        ("SELECT NULL", Value::Null, None),
        ("SELECT TRUE", Value::Null, Some(true)),
        ("SELECT FALSE", Value::Null, Some(false)),
        ("SELECT 'no'", Value::Null, Some(true)),
        ("SELECT ''", Value::Null, Some(false)),
        ("SELECT :a", text("false"), Some(false)),
        ("SELECT $1", text("0"), Some(false)),
        ("SELECT :a", Value::Number(0.5), Some(true)),
        ("SELECT :a", Value::Bool(false), Some(false)),
        ("SELECT @request.auth.id", Value::Null, Some(true)),
        ("SELECT @request.auth.role", Value::Null, None),
    ];
    for (sql, argument, truth) in cases {
        let query = Query::read(sql, &["a".to_owned()]).unwrap();
        let arguments = [argument];
        let types: Vec<_> = arguments.iter().map(type_of).collect();
        let call =
            MacroCall { query: &query, arguments: &arguments, types: &types, caller: &caller, now: NOW };
        assert_eq!(storage.read().macros().holds(&call).await, Ok(truth), "{sql} {arguments:?}");
        let work = storage.begin().await.unwrap();
        assert_eq!(work.repositories().macros().holds(&call).await, Ok(truth), "{sql} {arguments:?}");
        work.rollback().await.unwrap();
        let answer = storage.read().macros().answer(&call).await.unwrap();
        assert_eq!(answer.is_none(), truth.is_none(), "{sql}: {answer:?}");
    }
    let query = Query::read("SELECT :a", &["a".to_owned()]).unwrap();
    let arguments = [text("'; DROP TABLE users; --")];
    let types: Vec<_> = arguments.iter().map(type_of).collect();
    let call = MacroCall { query: &query, arguments: &arguments, types: &types, caller: &caller, now: NOW };
    let answer = storage.read().macros().answer(&call).await;
    assert_eq!(answer.unwrap().as_deref(), Some("'; DROP TABLE users; --"));

    let missing = Query::read("SELECT id FROM col_nowhere", &[]).unwrap();
    let call = MacroCall { query: &missing, arguments: &[], types: &[], caller: &caller, now: NOW };
    let failed = storage.read().macros().holds(&call).await;
    assert!(matches!(failed, Err(StoreError::Macro(_))), "{failed:?}");
    let failed = storage.read().macros().answer(&call).await;
    assert!(matches!(failed, Err(StoreError::Macro(_))), "{failed:?}");
}

/// The type that an argument of that value has in a rule.
fn type_of(value: &Value) -> Type {
    match value {
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::Instant { .. } => Type::Instant,
        Value::Json => Type::Json,
        Value::Text(_) | Value::Null => Type::Text,
    }
}
