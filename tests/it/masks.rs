//! Each kind of mask in each reply, and who sees past them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    every_reply_masks_every_kind,
    what_was_masked_is_not_written_back,
    masks_tell_nothing_of_records_that_rules_keep_away,
    a_repeated_create_shows_what_its_caller_may_see_by_now,
);

const PEOPLE: &str = "/api/v1/records/people";

/// Field (named like its kind of mask), a value, and what is shown of it.
const KINDS: [(&str, &str, &str); 6] = [
    ("email", "john@example.com", "j***@example.com"),
    ("ssn", "123-45-6789", "***-**-****"),
    ("phone", "+49-555-123-4567", "+49-***-***-4567"),
    ("name", "John van Dyke", "J*** v*** D***"),
    ("full", "buried", "******"),
    ("custom", "treasure", "********"),
];

/// A record of all kinds; `masked` as it is shown to others.
fn john(masked: bool) -> Value {
    let fields =
        KINDS.map(|(field, value, mask)| (field.to_owned(), json!(if masked { mask } else { value })));
    Value::Object(fields.into_iter().collect())
}

struct Stage {
    _server: Server,
    superadmin: Client,
    key: Client,
    acme: Tenant,
    members: String,
}

impl Stage {
    async fn new(database: Database) -> Self {
        let server = Server::start(database);
        let superadmin = server.superadmin().await;
        let field = |(name, ..): (&str, _, _)| {
            let ty = if name == "email" { "email" } else { "text" };
            json!({ "name": name, "type": ty, "pii": true, "mask_type": name })
        };
        let mut schema = KINDS.map(field).to_vec();
        schema.push(json!({ "name": "title", "type": "text" }));
        schema.push(
            json!({ "name": "boss", "type": "reference", "collection": "people", "on_delete": "set_null" }),
        );
        add_collection(&superadmin, "people", schema.into(), json!({})).await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        let group = acme.admin.post("/api/v1/groups", json!({ "name": "pii_access" })).await.expect(201);
        let made = superadmin.post("/api/v1/admin/api-keys", json!({ "name": "reader" })).await.expect(201);
        Self {
            key: server.anonymous().with_header("x-api-key", made.str("key")),
            members: format!("/api/v1/groups/{}/users", group.str("id")),
            _server: server,
            superadmin,
            acme,
        }
    }

    /// Lets the user see what is masked, or not any more.
    async fn may_see(&self, may: bool) {
        let user = &self.acme.user_id;
        match may {
            true => drop(self.acme.admin.post(&self.members, json!({ "user_id": user })).await.expect(201)),
            false => drop(self.acme.admin.delete(&format!("{}/{user}", self.members)).await.expect(204)),
        }
    }

    async fn stored(&self, id: &str) -> Value {
        let mut record = self.superadmin.get(&format!("{PEOPLE}/{id}")).await.expect(200).body;
        record.as_object_mut().unwrap().retain(|key, _| KINDS.iter().any(|(field, ..)| key == field));
        record
    }
}

/// The replies of a caller that show records, by what was asked; aggregates last.
async fn replies(by: &Client, id: &str, writes: bool) -> Vec<(String, String)> {
    let one = format!("{PEOPLE}/{id}");
    let mut replies = Vec::new();
    if writes {
        let john = john(false);
        for (name, method, path, body) in [
            ("create", Method::POST, PEOPLE.to_owned(), john.clone()),
            ("patch", Method::PATCH, one.clone(), json!({ "title": "a" })),
            ("put", Method::PUT, one.clone(), john.clone()),
            ("batch create", Method::POST, format!("{PEOPLE}/batch"), json!({ "records": [john] })),
            (
                "batch update",
                Method::PATCH,
                format!("{PEOPLE}/batch"),
                json!({ "records": [{ "id": id, "data": { "title": "b" } }] }),
            ),
        ] {
            let reply = by.send(method, &path, Some(body)).await;
            assert!(reply.status < 300, "{name}: {}", reply.text);
            replies.push((name.to_owned(), reply.text));
        }
    }
    by.patch(&one, json!({ "boss": id })).await.expect(200);
    for (name, path) in [
        ("get", one.clone()),
        ("get, expanded", format!("{one}?expand=boss&fields=boss")),
        ("list", PEOPLE.to_owned()),
        ("page by cursor", format!("{PEOPLE}?cursor=")),
        ("export", format!("{PEOPLE}/export?format=json")),
        ("export of csv", format!("{PEOPLE}/export?format=csv")),
    ] {
        replies.push((name.to_owned(), by.get(&path).await.expect(200).text));
    }
    for (field, ..) in KINDS {
        for query in [
            format!("functions=count(),min({field}),max({field})"),
            format!("functions=count()&group_by={field}"),
        ] {
            let reply = by.get(&format!("{PEOPLE}/aggregate?{query}")).await.expect(200);
            replies.push((format!("aggregate {query}"), reply.text));
        }
    }
    replies
}

fn assert_shown(replies: &[(String, String)], masked: bool) {
    for (name, text) in replies {
        for (field, value, mask) in KINDS {
            if let Some((_, query)) = name.split_once("aggregate ")
                && !query.contains(field)
            {
                continue;
            }
            let aggregate = name.starts_with("aggregate");
            assert_eq!(text.contains(value), !masked, "{name}, {field}: {text}");
            assert!(!masked || aggregate || text.contains(mask), "{name}, {field}: {text}");
        }
    }
}

async fn every_reply_masks_every_kind(database: Database) {
    let stage = Stage::new(database).await;
    let user = &stage.acme.user;
    let made = user.post(PEOPLE, john(false)).await.expect(201);
    let id = made.str("id");
    assert_shown(&replies(user, id, true).await, true);
    stage.may_see(true).await;
    assert_shown(&replies(user, id, true).await, false);
    stage.may_see(false).await;
    assert_shown(&replies(user, id, false).await, true);
    // Keys act as their superadmins.
    assert_shown(&replies(&stage.superadmin, id, false).await, false);
    assert_shown(&replies(&stage.key, id, false).await, false);
    // Nor does an admin of the account see more than its group lets him.
    assert_shown(&replies(&stage.acme.admin, id, false).await, true);
}

async fn what_was_masked_is_not_written_back(database: Database) {
    let stage = Stage::new(database).await;
    let user = &stage.acme.user;
    let made = user.post(PEOPLE, john(false)).await.expect(201);
    let (id, one) = (made.str("id"), format!("{PEOPLE}/{}", made.str("id")));
    let batch = json!({ "records": [{ "id": id, "data": john(true) }] });
    for (method, path, body) in [
        (Method::PUT, one.as_str(), john(true)),
        (Method::PATCH, one.as_str(), john(true)),
        (Method::PATCH, "/api/v1/records/people/batch", batch),
    ] {
        let reply = user.send(method.clone(), path, Some(body)).await.expect(200);
        assert!(reply.text.contains("j***@example.com"));
        assert_eq!(stage.stored(id).await, john(false), "{method} {path}");
    }
    // A mask that is another one's is a value like any other, and not one of an e-mail address's form.
    user.patch(&one, json!({ "email": "x***@example.com" })).await.expect(400);
    user.patch(&one, json!({ "full": "*******" })).await.expect(200);
    assert_eq!(stage.stored(id).await["full"], "*******");
    // Who sees the values means what he sends.
    stage.may_see(true).await;
    user.patch(&one, json!({ "name": "J*** v*** D***" })).await.expect(200);
    assert_eq!(stage.stored(id).await["name"], "J*** v*** D***");
}

/// Whoever may not update a record gets one answer, whether he sends what its mask is or not.
async fn masks_tell_nothing_of_records_that_rules_keep_away(database: Database) {
    let stage = Stage::new(database).await;
    let user = &stage.acme.user;
    let rules = json!({ "update_rule": "title = \"open\"", "view_rule": null, "list_rule": null });
    stage.superadmin.put("/api/v1/collections/people/rules", rules).await.expect(200);
    let mut ids = Vec::new();
    for (title, mail) in
        [("closed", "john@example.com"), ("closed", "xena@example.org"), ("open", "john@example.com")]
    {
        let mut body = john(false);
        (body["title"], body["email"]) = (json!(title), json!(mail));
        ids.push(user.post(PEOPLE, body).await.expect(201).str("id").to_owned());
    }
    let [closed, other, open] = &ids[..] else { panic!("three records") };
    let other_values = json!({
        "ssn": "98-7", "phone": "12", "name": "X", "full": "x", "custom": "yy", "title": "closed",
    });
    stage.superadmin.patch(&format!("{PEOPLE}/{other}"), other_values).await.expect(200);
    let mut guesses: Vec<Value> = KINDS.map(|(field, _, mask)| json!({ field: mask })).into();
    guesses.extend(KINDS.map(|(field, ..)| json!({ field: "x***@example.org" })));
    guesses.extend([
        john(true),
        json!({ "email": "j***@example.com", "nothing": 1 }),
        json!({ "ssn": null }),
    ]);
    let told = |reply: crate::client::Reply, id: &str| (reply.status, reply.text.replace(id, "{id}"));
    for guess in guesses {
        for method in [Method::PATCH, Method::PUT] {
            let [a, b] = [closed, other].map(|id| (id, format!("{PEOPLE}/{id}")));
            let right = user.send(method.clone(), &a.1, Some(guess.clone())).await;
            let wrong = user.send(method.clone(), &b.1, Some(guess.clone())).await;
            assert!(matches!(right.status, 400 | 404), "{guess}: {}", right.text);
            assert_eq!(told(right, a.0), told(wrong, b.0), "{method} {guess}");
        }
        let batch = |id: &str| json!({ "records": [{ "id": id, "data": guess }] });
        let path = format!("{PEOPLE}/batch");
        let right = user.patch(&path, batch(closed)).await;
        let wrong = user.patch(&path, batch(other)).await;
        assert_eq!(told(right, closed), told(wrong, other), "{guess}");
    }
    // Who may update it sends masks back as ever.
    let one = format!("{PEOPLE}/{open}");
    user.patch(&one, john(true)).await.expect(200);
    assert_eq!(stage.stored(open).await, john(false));
}

async fn a_repeated_create_shows_what_its_caller_may_see_by_now(database: Database) {
    let stage = Stage::new(database).await;
    let user = &stage.acme.user;
    let (one, many) =
        (user.with_header("idempotency-key", "one"), user.with_header("idempotency-key", "many"));
    let batch = json!({ "records": [john(false), john(false)] });
    let path = format!("{PEOPLE}/batch");
    let both = async || [one.post(PEOPLE, john(false)).await, many.post(&path, batch.clone()).await];
    stage.may_see(true).await;
    let made = both().await.map(|reply| reply.expect(201));
    for (first, again) in made.iter().zip(both().await) {
        assert_eq!(
            (&first.text, &again.headers["idempotency-replayed"]),
            (&again.text, &"true".parse().unwrap())
        );
    }
    stage.may_see(false).await;
    for (first, again) in made.iter().zip(both().await) {
        let again = again.expect(201);
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert_shown(&[("again".to_owned(), again.text.clone())], true);
        let ids = |body: &Value| match body.get("created") {
            Some(records) => records.as_array().unwrap().iter().map(|record| record["id"].clone()).collect(),
            None => vec![body["id"].clone()],
        };
        assert_eq!(ids(&first.body), ids(&again.body));
    }
    // What was masked then stays so.
    let masked = user.with_header("idempotency-key", "masked");
    let first = masked.post(PEOPLE, john(false)).await.expect(201);
    stage.may_see(true).await;
    assert_eq!(masked.post(PEOPLE, john(false)).await.expect(201).text, first.text);
    // Fields that he may not read any more are left out; who may create nothing any more is refused.
    let rules = "/api/v1/collections/people/rules";
    let fields = "[\"email\",\"ssn\",\"phone\",\"name\",\"full\",\"custom\"]";
    stage.superadmin.put(rules, json!({ "create_fields": fields })).await.expect(200);
    for again in both().await {
        let again = again.expect(201);
        assert!(
            !again.text.contains("\"title\"") && again.text.contains("john@example.com"),
            "{}",
            again.text
        );
    }
    for (rule, status) in
        [(json!(null), 403), (json!("@has_role(\"admin\")"), 400), (json!("email != \"\""), 201)]
    {
        stage.superadmin.put(rules, json!({ "create_rule": rule })).await.expect(200);
        for again in both().await {
            again.expect(status);
        }
    }
}
