//! Full-text search of records.

use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    lists_aggregates_and_exports_are_searched,
    rules_and_filters_look_for_words,
    what_is_not_searchable_is_told,
    words_follow_the_schema,
    what_is_refused_leaves_no_words,
    imported_collections_are_searched,
);

const BOOKS: &str = "/api/v1/records/books";

fn searched(name: &str) -> Value {
    json!({ "name": name, "type": "text", "options": { "searchable": true } })
}

fn text(name: &str) -> Value {
    json!({ "name": name, "type": "text" })
}

struct Stage {
    _server: Server,
    superadmin: Client,
    acme: Tenant,
    id: String,
}

impl Stage {
    async fn new(database: Database, schema: Value, rules: Value) -> Self {
        let server = Server::start(database);
        let superadmin = server.superadmin().await;
        let id = add_collection(&superadmin, "books", schema, rules).await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        Self { _server: server, superadmin, acme, id }
    }

    async fn add(&self, record: Value) -> String {
        self.acme.user.post(BOOKS, record).await.expect(201).str("id").to_owned()
    }

    async fn put(&self, schema: Value) -> Reply {
        self.superadmin.put(&format!("/api/v1/collections/{}", self.id), json!({ "schema": schema })).await
    }

    async fn list(&self, parameters: &[(&str, &str)]) -> Reply {
        self.acme.user.get_with(BOOKS, parameters).await
    }

    /// The titles of what is found, in order.
    async fn found(&self, parameters: &[(&str, &str)]) -> Vec<Value> {
        let page = self.list(parameters).await.expect(200);
        assert_eq!(page.body["total"], page.items().len(), "{parameters:?}");
        page.each("title")
    }
}

async fn lists_aggregates_and_exports_are_searched(database: Database) {
    let schema = json!([searched("title"), searched("body"), text("shelf")]);
    let stage = Stage::new(database, schema, json!({})).await;
    for (title, body, shelf) in [
        ("Wine", "All about wine: red wine, white wine.", "a"),
        ("Café Noir", "A glass of red wine.", "a"),
        ("Beer", "No grapes here, but wine", "b"),
        ("Tea", "Green; ALSO \u{00c9}arl grey", "b"),
    ] {
        stage.add(json!({ "title": title, "body": body, "shelf": shelf })).await;
    }
    let foreign = Tenant::create(&stage._server, &stage.superadmin, "Other").await;
    foreign.user.post(BOOKS, json!({ "title": "Foreign wine" })).await.expect(201);

    assert_eq!(stage.found(&[("search", "WINE")]).await[0], "Wine", "the most relevant first");
    assert_eq!(stage.found(&[("search", "wine"), ("sort", "+title")]).await, ["Beer", "Café Noir", "Wine"]);
    assert_eq!(stage.found(&[("search", "red wine cafe")]).await, ["Café Noir"], "all words, in any field");
    assert_eq!(stage.found(&[("search", "\"red wine\" gla*")]).await, ["Café Noir"]);
    assert_eq!(stage.found(&[("search", "\"grey earl\"")]).await, [""; 0]);
    assert_eq!(stage.found(&[("search", "earl")]).await, ["Tea"]);
    assert_eq!(stage.found(&[("search", "'; DROP TABLE books; -- tea\" OR *")]).await, [""; 0]);
    let both = [("search", "wine"), ("filter", "shelf = \"b\"")];
    assert_eq!(stage.found(&both).await, ["Beer"], "beside a filter");
    assert_eq!(stage.found(&[("search", "wine"), ("shelf", "b")]).await, ["Beer"]);
    assert_eq!(stage.found(&[("search", " ")]).await.len(), 4, "nothing to look for");
    let page = stage.list(&[("search", "wine"), ("limit", "1"), ("skip", "1")]).await.expect(200);
    assert_eq!((page.items().len(), &page.body["total"]), (1, &json!(3)));

    let (mut cursor, mut walked) = (String::new(), Vec::new());
    loop {
        let query =
            [("search", "wine"), ("limit", "1"), ("cursor", cursor.as_str()), ("include_count", "true")];
        let page = stage.list(&query).await.expect(200);
        assert_eq!(page.body["total"], 3);
        walked.extend(page.each("title"));
        if page.body["has_more"] == json!(false) {
            break;
        }
        page.str("next_cursor").clone_into(&mut cursor);
    }
    assert_eq!(walked, stage.found(&[("search", "wine")]).await, "walked in the same order");

    let path = format!("{BOOKS}/aggregate");
    let query = [("functions", "count(),min(title)"), ("group_by", "shelf"), ("search", "wine")];
    let groups = stage.acme.user.get_with(&path, &query).await.expect(200);
    let expected = json!([
        { "count": 2, "min_title": "Café Noir", "shelf": "a" }, { "count": 1, "min_title": "Beer", "shelf": "b" },
    ]);
    assert_eq!(groups.body["results"], expected);
    let path = format!("{BOOKS}/export");
    let export = stage.acme.user.get_with(&path, &[("search", "red wine")]).await.expect(200);
    let titles: Vec<_> = export.body["records"].as_array().unwrap().iter().map(|r| &r["title"]).collect();
    assert_eq!(titles, ["Wine", "Café Noir"]);
    let csv = stage.acme.user.get_with(&path, &[("search", "earl"), ("format", "csv")]).await.expect(200);
    assert!(csv.text.contains("Tea") && !csv.text.contains("Beer"), "{}", csv.text);
}

async fn rules_and_filters_look_for_words(database: Database) {
    let rules = json!({
        "list_rule": "!(title @@ \"secret\")",
        "create_rule": "title @@ @request.data.word || title @@ \"free\"",
    });
    let author =
        json!({ "name": "author", "type": "reference", "collection": "authors", "on_delete": "set_null" });
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let people = json!([searched("name"), searched("phone")]);
    add_collection(&superadmin, "authors", people, json!({ "view_fields": "[\"name\"]" })).await;
    add_collection(&superadmin, "books", json!([searched("title"), text("word"), author]), rules).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let ada = acme.user.post("/api/v1/records/authors", json!({ "name": "Ada", "phone": "555" })).await;
    let ada = ada.expect(201).str("id").to_owned();

    let add = async |record: Value, status: u16| acme.user.post(BOOKS, record).await.expect(status);
    add(json!({ "title": "Free one", "author": ada }), 201).await;
    add(json!({ "title": "Secret two", "word": "SECRET" }), 201).await;
    add(json!({ "title": "Three", "word": "four" }), 400).await;
    add(json!({ "title": "Three" }), 400).await;
    let found = async |filter: &str| {
        let page = acme.user.get_with(BOOKS, &[("filter", filter)]).await.expect(200);
        page.each("title")
    };
    assert_eq!(found("title @@ \"one\" || title @@ \"two\"").await, ["Free one"], "the rule hides one");
    assert_eq!(found("author.name @@ \"ada\"").await, ["Free one"]);
    let rule = json!({ "rule": "title @@ \"two\"", "operation": "list", "collectionFields": ["title"] });
    let valid = superadmin.post("/api/v1/rules/validate", rule).await.expect(200);
    assert_eq!(valid.body, json!({ "valid": true, "error": null }));
    for (title, allowed) in [("Secret two", true), ("Three", false)] {
        let trial = json!({ "rule": "title @@ \"two\"", "context": { "record": { "title": title } } });
        let told = superadmin.post("/api/v1/rules/test", trial).await.expect(200);
        assert_eq!(told.body, json!({ "allowed": allowed, "error": null }), "{title}");
    }
    let hidden = acme.user.get_with(BOOKS, &[("filter", "author.phone @@ \"555\"")]).await.expect(400);
    let told = hidden.str("message");
    assert!(told.starts_with("Field 'author.phone' does not exist in collection."), "{told}");
    let page = superadmin.get_with(BOOKS, &[("filter", "author.phone @@ \"555\"")]).await.expect(200);
    assert_eq!(page.body["total"], 1);
}

async fn what_is_not_searchable_is_told(database: Database) {
    let schema = json!([text("title"), { "name": "n", "type": "number", "options": { "searchable": true } }]);
    let stage = Stage::new(database, schema, json!({ "list_fields": "[\"title\"]" })).await;
    let refused = |reply: Reply, message: &str| assert_eq!(reply.expect(400).str("message"), message);
    let told = json!({
        "error": "Invalid search", "message": "Collection 'books' has no searchable fields",
    });
    for path in ["", "/export", "/aggregate"] {
        let mut query = vec![("search", "x")];
        query.extend((path == "/aggregate").then_some(("functions", "count()")));
        let reply = stage.acme.user.get_with(&format!("{BOOKS}{path}"), &query).await.expect(400);
        assert_eq!(reply.body, told, "{path}");
    }
    let told = "Field 'title' is not searchable, so operator '@@' cannot be used";
    refused(stage.list(&[("filter", "title @@ \"x\"")]).await, told);
    let rules = "/api/v1/collections/books/rules";
    let reply = stage.superadmin.put(rules, json!({ "list_rule": "n @@ \"x\"" })).await.expect(400);
    let told = "Invalid list_rule: Field 'n' is not searchable, so operator '@@' cannot be used";
    assert_eq!(reply.body["detail"], told);
    stage
        .put(json!([searched("title"), text("hidden"), { "name": "n", "type": "number" }]))
        .await
        .expect(200);
    let many = "x ".repeat(33);
    refused(stage.list(&[("search", &many)]).await, "At most 32 words and phrases can be searched for");
    let schema: Vec<_> = (0..9).map(|n| searched(&format!("f{n}"))).collect();
    let reply =
        stage.superadmin.post("/api/v1/collections", json!({ "name": "many", "schema": schema })).await;
    refused(
        reply,
        "Validation failed: schema: Collection cannot have more than 8 searchable fields (found 9)",
    );
    // To whom no searchable field is shown, there is none.
    stage.superadmin.put(rules, json!({ "list_fields": "[\"n\"]" })).await.expect(200);
    refused(stage.list(&[("search", "x")]).await, "Collection 'books' has no searchable fields");
}

async fn words_follow_the_schema(database: Database) {
    let stage = Stage::new(database, json!([text("title"), text("body")]), json!({})).await;
    let first = stage.add(json!({ "title": "Red", "body": "https://example.org/wine" })).await;
    stage.add(json!({ "title": "Blue", "body": "https://example.org/beer" })).await;
    stage.put(json!([searched("title"), searched("body")])).await.expect(200);
    assert_eq!(stage.found(&[("search", "wine red")]).await, ["Red"], "what was there before is found");

    // A rule that looks for words keeps its field searchable.
    let rules = "/api/v1/collections/books/rules";
    let rule = json!({ "view_rule": "title @@ \"red\"" });
    stage.superadmin.put(rules, rule).await.expect(200);
    let reply = stage.put(json!([text("title"), searched("body")])).await.expect(400);
    assert_eq!(
        reply.str("message"),
        "Schema validation failed: title: It must stay searchable for: view_rule of 'books'"
    );
    let change = async |change: Value| {
        let path = format!("/api/v1/collections/{}/changes", stage.id);
        stage.superadmin.post(&path, json!({ "changes": [change] })).await.expect(200);
    };
    change(json!({ "op": "rename_field", "from": "title", "to": "head" })).await;
    change(json!({ "op": "rename_field", "from": "head", "to": "title" })).await;
    let as_url = json!({ "name": "body", "type": "url", "options": { "searchable": true } });
    let converted =
        json!({ "op": "change_type", "field": "body", "type": "url", "options": { "searchable": true } });
    change(converted).await;
    assert_eq!(stage.found(&[("search", "wine red")]).await, ["Red"]);
    stage.acme.user.get(&format!("{BOOKS}/{first}")).await.expect(200);
    stage.acme.user.patch(&format!("{BOOKS}/{first}"), json!({ "title": "Pink" })).await.expect(200);
    stage.acme.user.get(&format!("{BOOKS}/{first}")).await.expect(404);
    assert_eq!(stage.found(&[("search", "wine pink")]).await, ["Pink"]);
    stage.superadmin.put(rules, json!({ "view_rule": "" })).await.expect(200);
    stage.put(json!([text("title"), as_url])).await.expect(200);
    assert_eq!(stage.found(&[("search", "pink")]).await, [""; 0]);
    assert_eq!(stage.found(&[("search", "wine")]).await, ["Pink"]);
    change(json!({ "op": "rename_collection", "to": "volumes" })).await;
    let page = stage.acme.user.get_with("/api/v1/records/volumes", &[("search", "beer")]).await.expect(200);
    assert_eq!(page.each("title"), ["Blue"]);
    change(json!({ "op": "drop_field", "field": "body", "confirm": true })).await;
    let page = stage.acme.user.get_with("/api/v1/records/volumes", &[("search", "beer")]).await.expect(400);
    assert_eq!(page.str("message"), "Collection 'volumes' has no searchable fields");

    // The next collection of a name knows nothing of the words of the one before.
    stage.put(json!([searched("title")])).await.expect(200);
    stage.superadmin.delete(&format!("/api/v1/collections/{}", stage.id)).await.expect(200);
    add_collection(&stage.superadmin, "volumes", json!([searched("title")]), json!({})).await;
    let page = stage.acme.user.get_with("/api/v1/records/volumes", &[("search", "pink")]).await.expect(200);
    assert_eq!(page.body["total"], 0);
}

async fn what_is_refused_leaves_no_words(database: Database) {
    let code = json!({ "name": "code", "type": "text", "unique": true });
    let stage = Stage::new(database, json!([searched("title"), code]), json!({})).await;
    let id = stage.add(json!({ "title": "Red", "code": "1" })).await;
    let records = json!({ "records": [{ "title": "Blue", "code": "2" }, { "title": "Green", "code": "1" }] });
    stage.acme.user.post(&format!("{BOOKS}/batch"), records).await.expect(400);
    for word in ["blue", "green"] {
        assert_eq!(stage.found(&[("search", word)]).await, [""; 0]);
    }
    let records =
        json!({ "records": [{ "id": id, "data": { "title": "Pink" } }, { "id": "nobody", "data": {} }] });
    stage.acme.user.patch(&format!("{BOOKS}/batch"), records).await.expect(404);
    assert_eq!(stage.found(&[("search", "pink")]).await, [""; 0]);
    assert_eq!(stage.found(&[("search", "red")]).await, ["Red"]);
}

async fn imported_collections_are_searched(database: Database) {
    let stage = Stage::new(database, json!([text("title")]), json!({})).await;
    stage.add(json!({ "title": "Old wine" })).await;
    let path = format!("/api/v1/collections/export?collection_ids={}", stage.id);
    let mut data = stage.superadmin.get(&path).await.expect(200).body;
    data["collections"][0]["schema"] = json!([searched("title")]);
    let body = json!({ "data": data, "strategy": "update" });
    stage.superadmin.post("/api/v1/collections/import", body).await.expect(200);
    assert_eq!(stage.found(&[("search", "wine")]).await, ["Old wine"]);
}
