//! Every change of a collection, for every kind of field, with every kind of rows.
//!
//! What comes of it stands in `schema_matrix.txt`, one line for each, the same on both databases:
//! the status, and either why it was refused, after which rows and schema must be as before, or what
//! the rows hold now. `UPDATE_SNAPSHOTS=1` writes the file anew from what SQLite does.

use std::fmt::Write as _;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(changes_meet_all_kinds_of_fields_and_rows);

const EXPECTED: &str = include_str!("schema_matrix.txt");

/// Fields, with two values of theirs, and one that hardly anything converts from.
fn kinds() -> Vec<(&'static str, Value, [Value; 2], Value)> {
    let plain = |ty: &str| json!({ "type": ty });
    let reference =
        |on_delete: &str| json!({ "type": "reference", "collection": "towns", "on_delete": on_delete });
    vec![
        ("text", plain("text"), [json!("1"), json!("2")], json!("pear")),
        ("required", json!({ "type": "text", "required": true }), [json!("1"), json!("2")], json!("pear")),
        ("unique", json!({ "type": "text", "unique": true }), [json!("1"), json!("2")], json!("pear")),
        ("number", plain("number"), [json!(1), json!(2)], json!(1.5)),
        ("boolean", plain("boolean"), [json!(true), json!(false)], json!(true)),
        (
            "datetime",
            plain("datetime"),
            [json!("2024-01-01T00:00:00Z"), json!("2024-02-01")],
            json!("2024-01-01T10:30:00Z"),
        ),
        ("date", plain("date"), [json!("2024-01-01"), json!("2024-02-01")], json!("2024-03-01")),
        ("email", plain("email"), [json!("a@b.de"), json!("c@d.de")], json!("e@f.de")),
        ("json", plain("json"), [json!("1"), json!(2)], json!({ "a": [1] })),
        ("cascade", reference("cascade"), [json!("{t0}"), json!("{t1}")], json!("{t0}")),
        ("set_null", reference("set_null"), [json!("{t0}"), json!("{t1}")], json!("{t0}")),
        ("restrict", reference("restrict"), [json!("{t0}"), json!("{t1}")], json!("{t0}")),
    ]
}

/// Which rows there are.
const ROWS: [&str; 5] = ["none", "fitting", "nulls", "duplicates", "odd"];

/// The changes of a field, by name: as calls of `/changes`, or as the field's new description in PUT.
const CHANGES: [&str; 15] = [
    "mark required",
    "unmark required",
    "mark unique",
    "unmark unique",
    "require",
    "require, fill",
    "to text",
    "to number",
    "to boolean",
    "to date",
    "to json",
    "to reference",
    "rename",
    "drop",
    "add beside",
];

fn change(name: &str, field: &str, fill: &Value) -> Value {
    let to = |ty: &str| json!({ "op": "change_type", "field": field, "type": ty });
    match name {
        "require" => json!({ "op": "require", "field": field }),
        "require, fill" => json!({ "op": "require", "field": field, "backfill": fill }),
        "to reference" => json!({
            "op": "change_type", "field": field, "type": "reference", "collection": "towns", "on_delete": "restrict",
        }),
        "rename" => json!({ "op": "rename_field", "from": field, "to": format!("{field}_now") }),
        "drop" => json!({ "op": "drop_field", "field": field, "confirm": true }),
        other => to(other.strip_prefix("to ").unwrap()),
    }
}

struct Stage {
    superadmin: Client,
    user: Client,
    towns: [String; 2],
}

impl Stage {
    /// A text in which ids of towns are replaced by their names, or the other way round.
    fn named(&self, text: &str, to_ids: bool) -> String {
        let names = ["{t0}", "{t1}"];
        names.iter().zip(&self.towns).fold(text.to_owned(), |text, (name, id)| match to_ids {
            true => text.replace(name, id),
            false => text.replace(id.as_str(), name),
        })
    }

    /// The rows of a collection, of which `nth` is how many values of a field they have.
    fn row(&self, rows: &str, nth: usize) -> Value {
        let mut row = json!({ "n": nth });
        for (name, described, values, odd) in kinds() {
            let same = rows == "duplicates" && described["unique"] != true;
            let value = match (rows, nth) {
                ("odd", 1) => odd,
                ("nulls", 1) if described["required"] != true => Value::Null,
                (_, 1) if same => values[0].clone(),
                (_, nth) => values[nth].clone(),
            };
            row[name] = value;
        }
        serde_json::from_str(&self.named(&row.to_string(), true)).unwrap()
    }

    /// The values of a field in the order of rows.
    async fn values(&self, field: &str) -> Vec<Value> {
        self.user.get("/api/v1/records/rows?sort=%2Bn").await.expect(200).each(field)
    }

    async fn all(&self) -> Vec<Value> {
        self.user.get("/api/v1/records/rows?sort=%2Bn").await.expect(200).items().to_vec()
    }

    /// Makes the change; answers the reply and the name of the field afterwards.
    async fn make(&self, path: &str, name: &str, field: &str, fill: &Value) -> (Reply, String) {
        let now = if name == "rename" { format!("{field}_now") } else { field.to_owned() };
        let described = name.split_once(' ').filter(|(verb, _)| ["mark", "unmark", "add"].contains(verb));
        let Some((verb, key)) = described else {
            let fill = serde_json::from_str(&self.named(&fill.to_string(), true)).unwrap();
            let body = json!({ "changes": [change(name, field, &fill)] });
            return (self.superadmin.post(&format!("{path}/changes"), body).await, now);
        };
        let mut schema = self.superadmin.get(path).await.expect(200).body["schema"].clone();
        let fields = schema.as_array_mut().unwrap();
        let own = fields.iter_mut().find(|own| own["name"] == field).unwrap();
        if verb == "add" {
            // The same once more, under another name and with a default where there can be one.
            let mut twin = own.clone();
            twin["name"] = json!(format!("{field}_twin"));
            if own["type"] != "reference" && own["unique"] != true {
                twin["default"] = fill.clone();
            }
            fields.push(twin);
            let reply = self.superadmin.send(Method::PUT, path, Some(json!({ "schema": schema }))).await;
            return (reply, format!("{field}_twin"));
        }
        own[key] = json!(verb == "mark");
        (self.superadmin.send(Method::PUT, path, Some(json!({ "schema": schema }))).await, now)
    }
}

async fn changes_meet_all_kinds_of_fields_and_rows(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    add_collection(&superadmin, "towns", json!([{ "name": "title", "type": "text" }]), json!({})).await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let mut towns = Vec::new();
    for title in ["0", "1"] {
        let made = acme.user.post("/api/v1/records/towns", json!({ "title": title })).await.expect(201);
        towns.push(made.str("id").to_owned());
    }
    let stage = Stage { superadmin, user: acme.user, towns: towns.try_into().unwrap() };
    let mut schema = vec![json!({ "name": "n", "type": "number" })];
    for (name, mut described, ..) in kinds() {
        described["name"] = json!(name);
        schema.push(described);
    }
    let mut told = String::new();
    for name in CHANGES {
        for rows in ROWS {
            let id = add_collection(&stage.superadmin, "rows", json!(schema), json!({})).await;
            let path = format!("/api/v1/collections/{id}");
            for nth in (0..2).filter(|_| rows != "none") {
                stage.user.post("/api/v1/records/rows", stage.row(rows, nth)).await.expect(201);
            }
            for (field, _, values, _) in kinds() {
                let described = stage.superadmin.get(&path).await.expect(200).body;
                let before = stage.all().await;
                let (reply, now) = stage.make(&path, name, field, &values[1]).await;
                let outcome = if reply.status == 200 {
                    let after = if name == "drop" { Vec::new() } else { stage.values(&now).await };
                    assert_eq!(stage.all().await.len(), before.len(), "{name} {field} {rows}");
                    if name == "drop" {
                        assert!(stage.all().await.iter().all(|row| row.get(field).is_none()));
                    }
                    json!(after).to_string()
                } else {
                    assert_eq!(stage.all().await, before, "{name} {field} {rows}: rows are as before");
                    let known = stage.superadmin.get(&path).await.expect(200).body;
                    assert_eq!(known, described, "{name} {field} {rows}: the schema is as before");
                    // Which records are named depends on their ids.
                    let message = reply.str("message");
                    message.split_once(", of the records").map_or(message, |(words, _)| words).to_owned()
                };
                let outcome = stage.named(&outcome, false);
                writeln!(told, "{name} | {field} | {rows}: {} {outcome}", reply.status).unwrap();
            }
            stage.superadmin.delete(&path).await.expect(200);
        }
    }
    renamed_with_its_rows(&stage, &schema).await;
    if std::env::var("UPDATE_SNAPSHOTS").is_ok() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/it/schema_matrix.txt");
        std::fs::write(path, &told).unwrap();
        return;
    }
    for (told, expected) in told.lines().zip(EXPECTED.lines()) {
        assert_eq!(told, expected);
    }
    assert_eq!(told.lines().count(), EXPECTED.lines().count());
}

/// A collection under another name has the rows that it had, whatever they are.
async fn renamed_with_its_rows(stage: &Stage, schema: &[Value]) {
    for rows in ROWS {
        let id = add_collection(&stage.superadmin, "rows", json!(schema), json!({})).await;
        let path = format!("/api/v1/collections/{id}");
        for nth in (0..2).filter(|_| rows != "none") {
            stage.user.post("/api/v1/records/rows", stage.row(rows, nth)).await.expect(201);
        }
        let before = stage.all().await;
        let rename = |to: &str| json!({ "changes": [{ "op": "rename_collection", "to": to }] });
        stage.superadmin.post(&format!("{path}/changes"), rename("towns")).await.expect(409);
        assert_eq!(stage.all().await, before);
        stage.superadmin.post(&format!("{path}/changes"), rename("lines")).await.expect(200);
        let after = stage.user.get("/api/v1/records/lines?sort=%2Bn").await.expect(200);
        assert_eq!(after.items(), before);
        stage.superadmin.delete(&path).await.expect(200);
    }
}
