//! The promises of `FileRepository` and `UploadRepository`, and of `RecordStore` about files.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;
use snackbase_application::access::{Tenant, scope_of_existence};
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{FileUpload, Storage, StoreError, UploadPart};
use snackbase_domain::account::Account;
use snackbase_domain::file::{FilePath, Provider, StoredFile};
use snackbase_domain::record::{Record, Value};
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, FileUploadId, RecordId};
use uuid::Uuid;

use super::{commit, refusal, seed};
use crate::builders::{collection, moment};

fn file(account: &Account, user: &User, n: u128, provider: Provider, at: i64) -> StoredFile {
    StoredFile {
        path: FilePath::new(provider, account.id, Uuid::from_u128(n), ".txt"),
        uploaded_by: user.id,
        filename: format!("{n}.txt"),
        size: 5,
        mime_type: "text/plain".to_owned(),
        sha256: "00".repeat(32),
        provider,
        created_at: moment(at),
    }
}

fn value(file: &StoredFile) -> Value {
    let path = file.path.as_str();
    Value::Text(json!({ "filename": "a", "size": 1, "mime_type": "t", "path": path }).to_string())
}

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, anna, ben) = seed(&storage).await;
    rows(&storage, &first, &anna).await;
    uses(&storage, &first, &anna).await;
    deletions(&storage, &first, &anna).await;
    uploads(&storage, &second, &ben).await;
    // An account's files go with it, and their bytes wait to be deleted.
    let gone = file(&second, &ben, 90, Provider::S3, 0);
    commit(&storage, async |store| store.files().insert(&gone).await).await;
    commit(&storage, async |store| store.accounts().hide(second.id, moment(0)).await).await;
    while commit(&storage, async |store| store.accounts().delete_some(second.id, 3).await).await >= 3 {}
    commit(&storage, async |store| store.accounts().delete(second.id).await).await;
    assert_eq!(find(&storage, &gone).await, None);
    let due = claim(&storage, moment(1)).await;
    assert!(due.contains(&(Provider::S3, gone.path.key().to_owned())), "{due:?}");
    let homeless = file(&second, &ben, 91, Provider::Local, 0);
    let refused = refusal(&storage, async |store| store.files().insert(&homeless).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
}

async fn find(storage: &Arc<dyn Storage>, file: &StoredFile) -> Option<StoredFile> {
    storage.read().files().find(file.path.as_str()).await.unwrap()
}

/// Claims all that is due; forgets it.
async fn claim(storage: &Arc<dyn Storage>, now: DateTime<Utc>) -> Vec<(Provider, String)> {
    commit(storage, async |store| {
        let claimed = store.files().claim_deletions(now, now, 100).await?;
        for waiting in &claimed {
            store.files().deletion_done(waiting.provider, &waiting.key).await?;
        }
        Ok(claimed.into_iter().map(|waiting| (waiting.provider, waiting.key)).collect())
    })
    .await
}

async fn rows(storage: &Arc<dyn Storage>, account: &Account, user: &User) {
    let (local, remote) =
        (file(account, user, 1, Provider::Local, 0), file(account, user, 2, Provider::S3, 0));
    commit(storage, async |store| {
        store.files().insert(&local).await?;
        store.files().insert(&remote).await
    })
    .await;
    assert_eq!(find(storage, &local).await.as_ref(), Some(&local));
    assert_eq!(storage.read().files().find("nothing").await, Ok(None));
    let elsewhere = async |provider, account: Option<AccountId>, after: Option<&str>| {
        storage.read().files().elsewhere(provider, account, after, 10).await.unwrap()
    };
    assert_eq!(elsewhere(Provider::S3, None, None).await, std::slice::from_ref(&local));
    let there = elsewhere(Provider::Local, Some(account.id), None).await;
    assert_eq!(there, std::slice::from_ref(&remote));
    assert_eq!(elsewhere(Provider::Local, Some(AccountId::SYSTEM), None).await, []);
    assert_eq!(elsewhere(Provider::Local, None, Some(remote.path.as_str())).await, []);
    // Who moves a file must know where it is; its former bytes go.
    let moved =
        async |to| commit(storage, async |store| store.files().moved(&local, to, moment(0)).await).await;
    assert!(moved(Provider::Gcs).await);
    assert!(!moved(Provider::Azure).await);
    assert_eq!(find(storage, &local).await.unwrap().provider, Provider::Gcs);
    assert_eq!(claim(storage, moment(0)).await, [(Provider::Local, local.path.key().to_owned())]);
    let delete =
        async || commit(storage, async |store| store.files().delete(&local.path, moment(5)).await).await;
    assert!(delete().await);
    assert!(!delete().await);
    assert_eq!(find(storage, &local).await, None);
    assert_eq!(claim(storage, moment(4)).await, []);
    assert_eq!(claim(storage, moment(5)).await, [(Provider::Gcs, local.path.key().to_owned())]);
    let keys = [remote.path.key().to_owned(), "unknown/key".to_owned()];
    let known = storage.read().files().known(Provider::S3, &keys).await.unwrap();
    assert_eq!(known, [remote.path.key()]);
}

fn record(account: &Account, n: u128, value: Value) -> Record {
    Record {
        id: RecordId::new(Uuid::from_u128(n).to_string()),
        account_id: account.id,
        created_at: 1,
        created_by: "x".to_owned(),
        updated_at: 1,
        updated_by: "x".to_owned(),
        values: vec![value],
    }
}

async fn uses(storage: &Arc<dyn Storage>, account: &Account, user: &User) {
    let papers = collection(json!({"name": "papers", "fields": [{"name": "scan", "type": "file"}]}));
    let compiled = Arc::new(Compiled::new(papers.clone()));
    commit(storage, async |store| {
        store.collections().insert(&papers, "rules").await?;
        store.tables().create(&papers).await
    })
    .await;
    let files: Vec<_> = (10..13).map(|n| file(account, user, n, Provider::Local, 0)).collect();
    let scoped = scope_of_existence(&compiled, Tenant::Account(account.id), 0);
    let elsewhere = scope_of_existence(&compiled, Tenant::Account(AccountId::SYSTEM), 0);
    commit(storage, async |store| {
        for file in &files {
            store.files().insert(file).await?;
        }
        store.records().insert(&scoped, &record(account, 1, value(&files[0]))).await?;
        store.records().insert(&scoped, &record(account, 2, value(&files[0]))).await?;
        store.records().insert(&scoped, &record(account, 3, Value::Null)).await
    })
    .await;
    let held = async |n: usize| storage.read().files().is_held(files[n].path.as_str()).await.unwrap();
    assert!(held(0).await && !held(1).await);
    let shows = async |scoped, n: usize, field: &str| {
        let records = storage.read().records();
        records.shows_file(scoped, files[n].path.as_str(), &[field]).await.unwrap()
    };
    assert!(shows(&scoped, 0, "scan").await);
    assert!(!shows(&scoped, 1, "scan").await);
    assert!(!shows(&scoped, 0, "other").await);
    assert!(!shows(&elsewhere, 0, "scan").await);
    let id = |n: u128| RecordId::new(Uuid::from_u128(n).to_string());
    let update = async |n, to: Value| {
        commit(storage, async |store| {
            store.records().update(&scoped, &id(n), &[Some(to.clone())], 2, "x").await
        })
        .await
    };
    update(1, value(&files[1])).await.unwrap();
    assert!(held(0).await && held(1).await);
    update(2, Value::Null).await.unwrap();
    assert!(!held(0).await);
    // What is undone leaves no note.
    let work = storage.begin().await.unwrap();
    let store = work.repositories();
    store.records().update(&scoped, &id(2), &[Some(value(&files[2]))], 3, "x").await.unwrap();
    work.rollback().await.unwrap();
    assert!(!held(2).await);
    // Old files that no record holds go, others stay.
    let removed =
        commit(storage, async |store| store.files().delete_unused(moment(1), 2, moment(9)).await).await;
    assert_eq!(removed, 2);
    while commit(storage, async |store| store.files().delete_unused(moment(1), 2, moment(9)).await).await > 0
    {
    }
    assert_eq!(find(storage, &files[1]).await.as_ref(), Some(&files[1]));
    assert_eq!((find(storage, &files[0]).await, find(storage, &files[2]).await), (None, None));
    commit(storage, async |store| store.records().delete(&scoped, &id(1)).await).await.unwrap();
    assert!(!held(1).await);
    commit(storage, async |store| store.files().forget_stale_uses(10).await).await;
    claim(storage, moment(9)).await;
}

async fn deletions(storage: &Arc<dyn Storage>, account: &Account, user: &User) {
    let announce = async |key: &str, at| {
        commit(storage, async |store| store.files().delete_bytes(Provider::Local, key, moment(at)).await)
            .await;
    };
    let keep = async |key: &str| {
        commit(storage, async |store| store.files().keep_bytes(Provider::Local, key).await).await
    };
    announce("a/1", 100).await;
    assert!(keep("a/1").await);
    assert!(!keep("a/1").await, "there is none any more");
    // Once somebody has claimed it nobody takes it back, and it is not claimed twice.
    announce("a/2", 100).await;
    let claimed = async |now, until| {
        commit(storage, async |store| store.files().claim_deletions(moment(now), moment(until), 9).await)
            .await
    };
    assert_eq!(claimed(99, 200).await, []);
    let first = claimed(100, 200).await;
    assert_eq!((first.len(), first[0].attempts, first[0].key.as_str()), (1, 1, "a/2"));
    assert_eq!(claimed(150, 300).await, []);
    announce("a/2", 0).await;
    assert!(!keep("a/2").await);
    assert_eq!(claimed(199, 300).await, []);
    commit(storage, async |store| store.files().delete_at(Provider::Local, "a/2", moment(190)).await).await;
    assert_eq!(claimed(199, 300).await[0].attempts, 2);
    commit(storage, async |store| store.files().deletion_done(Provider::Local, "a/2").await).await;
    assert_eq!(claimed(999, 999).await, []);
    // The bytes of a file are never claimed.
    let live = file(account, user, 20, Provider::Local, 0);
    commit(storage, async |store| store.files().insert(&live).await).await;
    announce(live.path.key(), 0).await;
    assert_eq!(claimed(999, 999).await, []);
    assert!(!keep(live.path.key()).await, "it was dropped");
}

async fn uploads(storage: &Arc<dyn Storage>, account: &Account, user: &User) {
    let upload = FileUpload {
        id: FileUploadId::new(Uuid::from_u128(1)),
        account_id: account.id,
        user_id: user.id,
        filename: "a.txt".to_owned(),
        mime_type: "text/plain".to_owned(),
        metadata: "filename YQ==".to_owned(),
        length: 10,
        offset: 0,
        parts: 0,
        created_at: moment(0),
        expires_at: moment(100),
        path: None,
    };
    let id = upload.id;
    commit(storage, async |store| store.file_uploads().insert(&upload).await).await;
    let find = async || storage.read().file_uploads().find(id).await.unwrap();
    assert_eq!(find().await.as_ref(), Some(&upload));
    assert_eq!(storage.read().file_uploads().count_open(account.id).await, Ok(1));
    let part = |n: u64, start| UploadPart {
        key: format!(".parts/x/{n}"),
        provider: Provider::Local,
        start,
        size: 5,
    };
    let append = async |part: UploadPart| {
        commit(storage, async |store| store.file_uploads().append(id, &part).await).await
    };
    assert!(append(part(1, 0)).await);
    assert!(!append(part(2, 0)).await, "another one was faster");
    assert!(append(part(3, 5)).await);
    let now = find().await.unwrap();
    assert_eq!((now.offset, now.parts), (10, 2));
    assert_eq!(storage.read().file_uploads().parts(id).await, Ok(vec![part(1, 0), part(3, 5)]));
    let keys = [".parts/x/1".to_owned(), ".parts/x/2".to_owned()];
    assert_eq!(storage.read().files().known(Provider::Local, &keys).await.unwrap(), keys[..1]);
    let finish =
        async || commit(storage, async |store| store.file_uploads().finish(id, "p", moment(7)).await).await;
    assert!(finish().await);
    assert!(!finish().await);
    assert_eq!(find().await.unwrap().path.as_deref(), Some("p"));
    assert_eq!(storage.read().file_uploads().count_open(account.id).await, Ok(0));
    assert_eq!(claim(storage, moment(7)).await.len(), 2, "the parts go");
    let expired = async |at| storage.read().file_uploads().expired(moment(at), 9).await.unwrap();
    assert_eq!((expired(99).await, expired(100).await), (vec![], vec![id]));
    assert!(commit(storage, async |store| store.file_uploads().delete(id, moment(8)).await).await);
    assert_eq!(find().await, None);
}
