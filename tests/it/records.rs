//! /records: what a newcomer does first.

use serde_json::json;

use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(a_user_creates_lists_filters_expands_updates_and_deletes_records);

async fn a_user_creates_lists_filters_expands_updates_and_deletes_records(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let signed_in = json!({
        "list_rule": "@request.auth.id != \"\"", "view_rule": "@request.auth.id != \"\"",
        "create_rule": "created_by = @request.auth.id", "update_rule": "created_by = @request.auth.id",
        "delete_rule": "created_by = @request.auth.id",
    });
    let authors = json!([{ "name": "name", "type": "text", "required": true }]);
    add_collection(&superadmin, "authors", authors, signed_in.clone()).await;
    let posts = json!([
        { "name": "title", "type": "text", "required": true },
        { "name": "views", "type": "number", "default": 0 },
        { "name": "live", "type": "boolean" },
        { "name": "at", "type": "datetime" },
        { "name": "author", "type": "reference", "collection": "authors", "on_delete": "restrict" },
    ]);
    add_collection(&superadmin, "posts", posts, signed_in).await;
    let (acme, other) = (
        Tenant::create(&server, &superadmin, "Acme").await,
        Tenant::create(&server, &superadmin, "Other").await,
    );
    let user = &acme.user;

    let author = user.post("/api/v1/records/authors", json!({ "name": "Ann" })).await.expect(201);
    let author = author.str("id");
    let mut ids = Vec::new();
    for n in 1..=5 {
        let body = json!({ "title": format!("Post {n}"), "views": n, "live": n % 2 == 0, "author": author });
        let made = user.post("/api/v1/records/posts", body).await.expect(201);
        assert_eq!(made.body["created_by"], acme.user_id.as_str());
        assert_eq!(made.body["account_id"], acme.id.as_str());
        ids.push(made.str("id").to_owned());
    }
    let path = |id: &str| format!("/api/v1/records/posts/{id}");

    let page = user
        .get_with("/api/v1/records/posts", &[("filter", "views > 1 && live = false"), ("sort", "+views")])
        .await
        .expect(200);
    assert_eq!(page.each("title"), ["Post 3", "Post 5"]);
    assert_eq!((&page.body["total"], &page.body["limit"]), (&json!(2), &json!(30)));
    assert_eq!(page.items()[0]["account_name"], "Acme");
    let page = user
        .get("/api/v1/records/posts?sort=-views&skip=1&limit=2&expand=author&fields=author")
        .await
        .expect(200);
    assert_eq!(page.body["total"], 5);
    assert_eq!(page.each("id"), [ids[3].as_str(), ids[2].as_str()]);
    assert_eq!(page.items()[0]["author"]["name"], "Ann");
    assert!(page.items()[0].get("title").is_none());

    let one = user.get(&format!("{}?expand=author", path(&ids[0]))).await.expect(200);
    assert_eq!((&one.body["author"]["name"], &one.body["at"]), (&json!("Ann"), &json!(null)));
    let put =
        user.put(&path(&ids[0]), json!({ "title": "New", "at": "2026-01-02T03:04:05Z" })).await.expect(200);
    assert_eq!((&put.body["title"], &put.body["views"]), (&json!("New"), &json!(0)));
    assert_eq!(put.body["author"], author);
    let patch = user.patch(&path(&ids[0]), json!({ "views": 7.5 })).await.expect(200);
    assert_eq!((&patch.body["title"], &patch.body["views"]), (&json!("New"), &json!(7.5)));
    assert_eq!(patch.body["updated_by"], acme.user_id.as_str());
    let seen = user.get(&path(&ids[0])).await.expect(200);
    assert_eq!(seen.body, patch.body);

    for stranger in [&other.user, &other.admin] {
        assert_eq!(stranger.get("/api/v1/records/posts").await.expect(200).body["total"], 0);
        stranger.get(&path(&ids[0])).await.expect(404);
        stranger.patch(&path(&ids[0]), json!({ "title": "Mine" })).await.expect(404);
        stranger.delete(&path(&ids[0])).await.expect(404);
        let stolen = json!({ "title": "x", "author": author });
        let refused = stranger.post("/api/v1/records/posts", stolen).await.expect(400);
        assert_eq!(refused.body["details"][0]["code"], "invalid_reference");
    }
    acme.admin.delete(&path(&ids[0])).await.expect(404);
    user.delete(&format!("/api/v1/records/authors/{author}")).await.expect(409);
    for id in &ids {
        assert_eq!(user.delete(&path(id)).await.expect(204).text, "");
        user.get(&path(id)).await.expect(404);
    }
    user.delete(&format!("/api/v1/records/authors/{author}")).await.expect(204);
    assert_eq!(user.get("/api/v1/records/posts").await.expect(200).body["total"], 0);
}
