//! Where the store fails, nothing is acknowledged and nothing is remembered.

#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use snackbase_application::AppError;
use snackbase_application::auth::{Auth, AuthPolicy, Identities, Throttle};
use snackbase_application::catalog::Catalog;
use snackbase_application::collections::{Collections, NewCollection, RuleChange};
use snackbase_application::ports::{Repositories, Storage, StoreError, UnitOfWork};
use snackbase_application::records::{Limits, ListRequest, Records};
use snackbase_domain::RecordId;
use snackbase_domain::collection::RuleSet;
use snackbase_testkit::builders::{member, superadmin, superadmin_principal};
use snackbase_testkit::{FakeKeySigner, FakeTokens, MemoryStorage, PlainCursors, SeededIds};

use support::{World, body, login};

/// A store that takes every change and loses it at the end.
struct Forgetful(Arc<MemoryStorage>);

struct ForgetfulWork(Box<dyn UnitOfWork>);

fn lost() -> StoreError {
    StoreError::Unavailable("the disk is full".to_owned())
}

#[async_trait]
impl Storage for Forgetful {
    fn read(&self) -> &dyn Repositories {
        self.0.read()
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(ForgetfulWork(self.0.begin().await?)))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.0.ping().await
    }
}

#[async_trait]
impl UnitOfWork for ForgetfulWork {
    fn repositories(&self) -> &dyn Repositories {
        self.0.repositories()
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.0.rollback().await?;
        Err(lost())
    }

    async fn begin_part(&self) -> Result<(), StoreError> {
        self.0.begin_part().await
    }

    async fn keep_part(&self) -> Result<(), StoreError> {
        self.0.keep_part().await
    }

    async fn undo_part(&self) -> Result<(), StoreError> {
        self.0.undo_part().await
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.0.rollback().await
    }
}

fn assert_lost<T>(outcome: Result<T, AppError>) {
    match outcome {
        Err(AppError::Store(error)) => assert_eq!(error, lost()),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("acknowledged what was not stored"),
    }
}

#[tokio::test]
async fn a_record_that_could_not_be_committed_is_not_acknowledged() {
    let world = World::new().await;
    let fields = json!([{"name": "title", "type": "text"}]);
    world.define(json!({"name": "posts", "fields": fields, "create_rule": "", "delete_rule": ""})).await;
    let id = RecordId::new(world.put(&world.first, "posts", json!({"title": "kept"})).await);
    let records = Records::new(
        Arc::new(Forgetful(world.storage.clone())),
        world.catalog.clone(),
        world.clock.clone(),
        Arc::new(SeededIds::new(3)),
        Arc::new(PlainCursors),
        Limits { max_expand_depth: 2, batch_max_size: 3 },
    );
    let (user, new) = (member(&world.first, 1), body(json!({"title": "lost"})));
    assert_lost(records.create(&user, "posts", &new).await);
    assert_lost(records.create_batch(&user, "posts", &[new.clone(), new.clone()]).await);
    assert_lost(records.patch(&superadmin(), "posts", &id, &new).await);
    assert_lost(records.delete(&user, "posts", &id).await);
    assert_lost(records.delete_batch(&user, "posts", std::slice::from_ref(&id)).await);
    let left = world.list(&superadmin(), "posts", ListRequest::default()).await.unwrap();
    assert_eq!(left.iter().map(|record| &record["title"]).collect::<Vec<_>>(), ["kept"]);
}

#[tokio::test]
async fn the_catalog_knows_only_what_was_committed() {
    let admin = superadmin_principal();
    let world = World::new().await;
    let fields = json!([{"name": "title", "type": "text"}]);
    world.define(json!({"name": "posts", "fields": fields.clone()})).await;
    let over = |storage: Arc<dyn Storage>, catalog: &Arc<Catalog>| {
        Collections::new(storage, catalog.clone(), world.clock.clone(), Arc::new(SeededIds::new(3)))
    };
    let collections = over(Arc::new(Forgetful(world.storage.clone())), &world.catalog);
    let id = world.catalog.get("posts").unwrap().collection.id.to_string();
    let drafts = |fields| serde_json::from_value::<Vec<_>>(fields).unwrap();
    let new = NewCollection {
        name: "ghosts".to_owned(),
        fields: drafts(fields.clone()),
        indexes: Vec::new(),
        rules: RuleSet::default(),
    };
    let wider = json!([{"name": "title", "type": "text"}, {"name": "ghost", "type": "text"}]);
    let open =
        || RuleChange { rules: std::array::from_fn(|_| Some(Some(String::new()))), ..Default::default() };
    assert_lost(collections.create(&admin, new).await);
    assert_lost(collections.update(&admin, &id, &drafts(wider), None).await);
    assert_lost(collections.update_rules(&admin, "posts", open()).await);
    assert_lost(collections.delete(&admin, &id).await);
    assert!(world.catalog.get("ghosts").is_none());
    let posts = world.catalog.get("posts").unwrap();
    assert_eq!(posts.collection.fields.len(), 1);
    assert_eq!(posts.collection.rules, RuleSet::default(), "still locked");
    over(world.storage.clone(), &world.catalog).update_rules(&admin, "posts", open()).await.unwrap();
    assert_ne!(world.catalog.get("posts").unwrap().collection.rules, RuleSet::default());
}

#[tokio::test]
async fn nobody_gets_tokens_that_are_not_stored() {
    let world = World::new().await;
    let known = world.add_user(1).await;
    let good = login(&world.first, &known);
    let pair = world.auth.login(&good).await.unwrap().tokens;
    let auth = Auth::new(
        Arc::new(Forgetful(world.storage.clone())),
        world.clock.clone(),
        Arc::new(SeededIds::new(3)),
        world.hasher.clone(),
        Arc::new(FakeTokens::default()),
        Arc::new(FakeKeySigner::default()),
        Arc::new(Identities::default()),
        Throttle::new(None, world.clock.clone()),
        AuthPolicy::default(),
    );
    assert_lost(auth.login(&good).await);
    assert_lost(auth.refresh(&pair.refresh_token).await);
    world.auth.refresh(&pair.refresh_token).await.expect("it was not used up");
}
