//! Whoever asks with a schema that is no longer so is answered by the one that is.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use serde_json::json;
use snackbase_application::AppError;
use snackbase_application::ports::Storage;
use snackbase_application::records::{
    AggregateRequest, ExportFormat, ListRequest, Precondition, ViewRequest, WalkRequest,
};
use snackbase_domain::RecordId;
use snackbase_testkit::builders::{collection, moment, superadmin};

use support::{World, body};

/// Which calls fail for the reason that the catalog is out of date.
async fn failing(world: &World, calls: &str) -> Option<AppError> {
    let (by, records, list) = (superadmin(), &world.records, ListRequest::default());
    let id = RecordId::new("r1");
    let error = match calls {
        "list" => records.list(&by, "posts", &list).await.map(drop),
        "walk" => records.walk(&by, "posts", &list, &WalkRequest::default()).await.map(drop),
        "aggregate" => {
            let request = AggregateRequest { functions: "count()".to_owned(), ..AggregateRequest::default() };
            records.aggregate(&by, "posts", &request).await.map(drop)
        }
        "export" => records.export(&by, "posts", &list, ExportFormat::Json).await.map(drop),
        "view" => records.view(&by, "posts", &id, &ViewRequest::default()).await.map(drop),
        "create" => records.create(&by, "posts", &body(json!({}))).await.map(drop),
        "patch" => records.patch(&by, "posts", &id, &body(json!({}))).await.map(drop),
        "delete" => records.delete_if(&by, "posts", &id, &Precondition::None).await,
        other => panic!("{other}"),
    };
    error.err()
}

#[tokio::test]
async fn a_collection_that_is_gone_meanwhile_is_not_found() {
    for call in ["list", "walk", "aggregate", "export", "view", "create", "patch", "delete"] {
        let world = World::new().await;
        let posts = json!({"name": "posts", "fields": [{"name": "title", "type": "text"}]});
        world.define(posts.clone()).await;
        let known: BTreeSet<_> = world.catalog.all().iter().map(|known| known.name().to_owned()).collect();
        assert!(known.contains("posts"));
        // Another node deletes it, and this one has not heard of it.
        let work = world.storage.begin().await.unwrap();
        let (store, posts) = (work.repositories(), collection(posts));
        store.tables().set_aside(&posts, "000000000000", moment(0)).await.unwrap();
        store.collections().delete(posts.id).await.unwrap();
        work.commit().await.unwrap();
        let error = failing(&world, call).await;
        assert!(matches!(error, Some(AppError::Refused(_))), "{call}: {error:?}");
        assert!(world.catalog.get("posts").is_none(), "{call}: it has heard now");
    }
}
