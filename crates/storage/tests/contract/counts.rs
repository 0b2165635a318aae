//! Counts of records are made up for where tables are older than they.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::ports::{ListQuery, Storage, UnitOfWork};
use snackbase_storage::{DowngradeTo, Store};
use snackbase_testkit::builders::{account, compiled, record, within};

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use super::{Postgres, Sqlite, skipped};

async fn commit(work: Box<dyn UnitOfWork>) {
    work.commit().await.unwrap();
}

async fn older_tables_are_counted(store: Arc<Store>) {
    let (posts, owner) =
        (compiled(json!({"name": "posts", "fields": [{"name": "a", "type": "text"}]})), account(1));
    let work = store.begin().await.unwrap();
    work.repositories().accounts().insert(&owner).await.unwrap();
    work.repositories().collections().insert(&posts.collection, "rules").await.unwrap();
    work.repositories().tables().create(&posts.collection).await.unwrap();
    commit(work).await;
    store.downgrade(&DowngradeTo::Revision("m0022_schema_revisions".to_owned())).await.unwrap();
    let scope = within(&posts, &owner, "");
    let insert = async |id: &str| {
        let work = store.begin().await.unwrap();
        let row = record(&posts, &owner, id, json!({}));
        work.repositories().records().insert(&scope, &row).await.unwrap();
        commit(work).await;
    };
    insert("1").await;
    insert("2").await;
    let total = async || {
        let query = ListQuery { skip: 0, limit: 1, sort: Vec::new(), count: true };
        store.read().records().list(&scope, &query).await.unwrap().1.unwrap()
    };
    for _ in 0..2 {
        store.migrate().await.unwrap();
        assert_eq!(total().await, 2);
    }
    insert("3").await;
    assert_eq!(total().await, 3);
}

#[tokio::test]
async fn older_tables_are_counted_on_sqlite() {
    let database = Sqlite::new();
    older_tables_are_counted(database.open().await).await;
}

#[tokio::test]
async fn older_tables_are_counted_on_postgres() {
    match Postgres::new().await {
        Some(database) => {
            older_tables_are_counted(database.open().await).await;
            database.remove().await;
        }
        None => skipped("counts of older tables on PostgreSQL"),
    }
}

/// Backends of PostgreSQL count for themselves; what those leave that have ended is gathered.
#[tokio::test]
async fn parts_of_ended_backends_are_gathered() {
    let Some(database) = Postgres::new().await else {
        return skipped("gathering of counts on PostgreSQL");
    };
    let posts = compiled(json!({"name": "posts", "fields": [{"name": "a", "type": "text"}]}));
    let owner = account(1);
    let first = database.open().await;
    let work = first.begin().await.unwrap();
    work.repositories().accounts().insert(&owner).await.unwrap();
    work.repositories().tables().create(&posts.collection).await.unwrap();
    let row = record(&posts, &owner, "1", json!({}));
    work.repositories().records().insert(&within(&posts, &owner, ""), &row).await.unwrap();
    commit(work).await;
    let parts = async || -> Vec<(i64, i64)> {
        let mut connection = PgConnection::connect(&database.url()).await.unwrap();
        let rows =
            connection.fetch_all("SELECT part, records FROM record_counts ORDER BY part").await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    };
    first.read().tables().fold_counts().await.unwrap();
    let [(part, 1)] = parts().await[..] else { panic!("one part: {:?}", parts().await) };
    assert_ne!(part, 0, "the backend is still there");
    drop(first);
    database.end_connections().await;
    let second = database.open().await;
    second.read().tables().fold_counts().await.unwrap();
    assert_eq!(parts().await, [(0, 1)]);
    assert_eq!(second.read().tables().count(&posts.collection).await, Ok(1));
    database.remove().await;
}
