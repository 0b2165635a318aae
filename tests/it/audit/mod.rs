//! The audit log: everything that people change is in it, and nobody can change what is in it unseen.

mod cascades;
mod chain;
mod reading;
mod tampering;
mod written;

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Client, Reply};
use crate::program::{Ended, Program};
use crate::server::Server;

const LOGS: &str = "/api/v1/audit-logs";

/// All entries after an id, oldest first.
async fn entries_after(superadmin: &Client, id: i64) -> Vec<Value> {
    let mut entries = Vec::new();
    loop {
        let path = format!("{LOGS}?sort_by=id&sort_order=asc&limit=500&skip={}", id + entries.len() as i64);
        let page = superadmin.get(&path).await.expect(200);
        if page.items().is_empty() {
            assert_eq!(page.body["total"], id + entries.len() as i64);
            return entries;
        }
        entries.extend_from_slice(page.items());
    }
}

/// Id of the last entry.
async fn last(superadmin: &Client) -> i64 {
    let page = superadmin.get(&format!("{LOGS}?sort_by=id&limit=1")).await.expect(200);
    page.items().first().map_or(0, |entry| entry["id"].as_i64().unwrap())
}

/// JSON in ASCII with sorted keys, `", "` and `": "`.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort();
            let pairs =
                keys.into_iter().map(|key| format!("{}: {}", canonical(&json!(key)), canonical(&map[key])));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::String(_) => {
            let mut out = String::new();
            for c in value.to_string().chars() {
                match c {
                    '\u{7f}' => out.push_str("\\u007f"),
                    c if c.is_ascii() => out.push(c),
                    c => c.encode_utf16(&mut [0; 2]).iter().for_each(|u| write!(out, "\\u{u:04x}").unwrap()),
                }
            }
            out
        }
        other => other.to_string(),
    }
}

/// A time without its zone; six digits of fractions, or none where they are zero.
fn without_zone(time: &Value) -> Value {
    let Some(time) = time.as_str() else { return Value::Null };
    let time = time.strip_suffix('Z').expect("times are in UTC");
    let (seconds, fraction) = time.split_once('.').unwrap_or((time, ""));
    let fraction = format!("{fraction:0<6}");
    if fraction == "000000" { json!(seconds) } else { json!(format!("{seconds}.{fraction}")) }
}

/// The checksum of an entry, worked out from what a reply shows of it.
fn checksum(entry: &Value) -> String {
    let mut text = entry.clone();
    let fields = text.as_object_mut().unwrap();
    fields.remove("id");
    fields.remove("checksum");
    for time in ["occurred_at", "es_timestamp"] {
        fields[time] = without_zone(&entry[time]);
    }
    assert_eq!(fields.len(), 19);
    Sha256::digest(canonical(&text)).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fails unless the entries, from the first of the log on, are a chain.
fn assert_chain(entries: &[Value]) {
    let mut previous = Value::Null;
    for (entry, id) in entries.iter().zip(1..) {
        assert_eq!(entry["id"], id, "no gap");
        assert_eq!(entry["previous_hash"], previous, "{entry}");
        assert_eq!(entry["checksum"], checksum(entry), "{entry}");
        previous = entry["checksum"].clone();
    }
}

async fn verify(superadmin: &Client) -> Reply {
    superadmin.get(&format!("{LOGS}/verify")).await.expect(200)
}

/// `snackbase audit verify` on the server's database; `None`, loudly, without a program.
fn verify_by_program(server: &Server, arguments: &[&str]) -> Option<Ended> {
    let program = Program::find("audit: verification by the program")?;
    let variables = server.database().variables();
    let settings: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.strip_prefix("SNACKBASE_").unwrap(), value.as_str()))
        .collect();
    Some(program.run(&[&["audit", "verify"], arguments].concat(), &settings, ""))
}

/// Fails unless the log holds, by all that can check it; answers its entries.
async fn assert_holds(server: &Server, superadmin: &Client) -> Vec<Value> {
    let entries = entries_after(superadmin, 0).await;
    assert_chain(&entries);
    let verdict = verify(superadmin).await;
    assert_eq!(verdict.body["problems"], json!([]));
    assert_eq!(verdict.body["valid"], true);
    assert_eq!(verdict.body["checked"], entries.len());
    let end = entries
        .last()
        .map_or((json!(0), json!("")), |entry| (entry["id"].clone(), entry["checksum"].clone()));
    assert_eq!((&verdict.body["head"]["id"], &verdict.body["head"]["checksum"]), (&end.0, &end.1));
    if let Some(ended) = verify_by_program(server, &[]) {
        let ended = ended.expect(0);
        assert!(ended.out.contains(&format!("{} entries", entries.len())), "{}", ended.out);
    }
    entries
}
