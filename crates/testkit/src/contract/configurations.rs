//! The promises of `ConfigurationRepository`.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::ports::{ConfigurationCount, ConfigurationQuery, Storage, StoreError};
use snackbase_domain::ConfigurationId;
use snackbase_domain::account::Account;
use snackbase_domain::configuration::Configuration;

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{account, moment, system_account, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, _, _) = seed(&storage).await;
    let system = system_account();
    commit(&storage, async |store| store.accounts().insert(&system).await).await;
    rows_come_back_as_they_are(&storage, &first).await;
    a_provider_is_configured_once(&storage, &first, &second).await;
    there_is_one_default(&storage, &first, &second).await;
    lists_are_by_priority_then_newest(&storage, &system).await;
    enabled_ones_are_counted(&storage).await;
    they_go_one_by_one_or_with_the_account(&storage, &first).await;
}

fn configuration(account: &Account, n: u16, category: &str, provider: &str) -> Configuration {
    Configuration {
        id: ConfigurationId::new(uuid(n.into())),
        account_id: account.id,
        category: category.to_owned(),
        provider_name: provider.to_owned(),
        display_name: format!("Provider {n}"),
        logo_url: None,
        values: json!({}),
        enabled: true,
        is_builtin: false,
        is_default: false,
        priority: 0,
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
    }
}

async fn rows_come_back_as_they_are(storage: &Arc<dyn Storage>, first: &Account) {
    let stored = Configuration {
        logo_url: Some("/ü.svg".to_owned()),
        values: json!({ "port": 587, "use_tls": true, "scopes": ["a", "ß"], "nested": { "x": null } }),
        enabled: false,
        is_builtin: true,
        priority: -3,
        ..configuration(first, 1, "mail", "smtp")
    };
    commit(storage, async |store| store.configurations().insert(&stored).await).await;
    let found = async || storage.read().configurations().find(stored.id).await.unwrap();
    assert_eq!(found().await.as_ref(), Some(&stored));
    let locked = commit(storage, async |store| store.configurations().lock(stored.id).await).await;
    assert_eq!(locked.as_ref(), Some(&stored));
    let changed = Configuration {
        display_name: "Other".to_owned(),
        logo_url: None,
        values: json!({ "port": "x" }),
        enabled: true,
        is_default: true,
        priority: 9,
        updated_at: moment(500),
        ..stored.clone()
    };
    let and_what_stays =
        Configuration { provider_name: "z".to_owned(), category: "z".to_owned(), ..changed.clone() };
    commit(storage, async |store| store.configurations().update(&and_what_stays).await).await;
    assert_eq!(found().await, Some(changed));
    let unknown = configuration(first, 99, "mail", "unknown");
    commit(storage, async |store| store.configurations().update(&unknown).await).await;
    assert_eq!(storage.read().configurations().find(unknown.id).await.unwrap(), None);
}

async fn a_provider_is_configured_once(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    commit(storage, async |store| {
        store.configurations().insert(&configuration(first, 2, "mail", "resend")).await?;
        store.configurations().insert(&configuration(first, 3, "files", "smtp")).await?;
        store.configurations().insert(&configuration(second, 4, "mail", "smtp")).await
    })
    .await;
    let again = configuration(first, 5, "mail", "smtp");
    let error = refusal(storage, async |store| store.configurations().insert(&again).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let nowhere = configuration(&account(77), 5, "mail", "smtp");
    let error = refusal(storage, async |store| store.configurations().insert(&nowhere).await).await;
    assert_eq!(error, StoreError::ForeignKey);
}

async fn there_is_one_default(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let default = |configuration| Configuration { is_default: true, ..configuration };
    commit(storage, async |store| {
        store.configurations().update(&default(configuration(first, 3, "files", "smtp"))).await?;
        store.configurations().update(&default(configuration(second, 4, "mail", "smtp"))).await
    })
    .await;
    let second_default = default(configuration(first, 2, "mail", "resend"));
    let error = refusal(storage, async |store| store.configurations().update(&second_default).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let second_default = default(configuration(first, 6, "mail", "aws_ses"));
    let error = refusal(storage, async |store| store.configurations().insert(&second_default).await).await;
    assert!(is_conflict(&error), "{error:?}");
}

async fn lists_are_by_priority_then_newest(storage: &Arc<dyn Storage>, system: &Account) {
    let with = |priority, enabled, updated, configuration| Configuration {
        priority,
        enabled,
        updated_at: moment(updated),
        ..configuration
    };
    commit(storage, async |store| {
        let rows = [
            with(2, true, 1000, configuration(system, 10, "mail", "a")),
            with(1, false, 900, configuration(system, 11, "mail", "b")),
            with(1, true, 800, configuration(system, 12, "mail", "c")),
            with(0, true, 1100, configuration(system, 13, "files", "d")),
        ];
        for row in rows {
            store.configurations().insert(&row).await?;
        }
        Ok(())
    })
    .await;
    let names = |rows: Vec<Configuration>| rows.into_iter().map(|row| row.provider_name).collect::<Vec<_>>();
    let list = async |category: Option<&str>, enabled| {
        let query = ConfigurationQuery {
            account_id: Some(system.id),
            category: category.map(str::to_owned),
            enabled,
        };
        names(storage.read().configurations().list(&query).await.unwrap())
    };
    assert_eq!(list(None, None).await, ["d", "c", "b", "a"]);
    assert_eq!(list(Some("mail"), None).await, ["c", "b", "a"]);
    assert_eq!(list(Some("mail"), Some(true)).await, ["c", "a"]);
    assert_eq!(list(Some("mail"), Some(false)).await, ["b"]);
    assert_eq!(list(Some("nothing"), None).await, [""; 0]);
    let all = storage.read().configurations().list(&ConfigurationQuery::default()).await.unwrap();
    assert_eq!(all.len(), 8);
    assert_eq!(names(storage.read().configurations().recent(3).await.unwrap()), ["d", "a", "b"]);
    assert_eq!(names(storage.read().configurations().recent(0).await.unwrap()), [""; 0]);
}

async fn enabled_ones_are_counted(storage: &Arc<dyn Storage>) {
    let mut counts = storage.read().configurations().counts().await.unwrap();
    counts.sort_by_key(|count| (count.system, count.category.clone()));
    let count =
        |category: &str, system, count| ConfigurationCount { category: category.to_owned(), system, count };
    let expected =
        [count("files", false, 1), count("mail", false, 3), count("files", true, 1), count("mail", true, 2)];
    assert_eq!(counts, expected);
}

async fn they_go_one_by_one_or_with_the_account(storage: &Arc<dyn Storage>, first: &Account) {
    let id = ConfigurationId::new(uuid(2));
    assert!(commit(storage, async |store| store.configurations().delete(id).await).await);
    assert!(!commit(storage, async |store| store.configurations().delete(id).await).await);
    commit(storage, async |store| store.accounts().delete(first.id).await).await;
    let all = storage.read().configurations().list(&ConfigurationQuery::default()).await.unwrap();
    assert_eq!(all.len(), 5, "{all:?}");
    assert!(all.iter().all(|row| row.account_id != first.id));
}
