//! What was acknowledged stays, however the server ends.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::program::Program;
use crate::tenant::add_collection;

const NOTES: &str = "/api/v1/records/notes";
const BATCH: usize = 10;

async fn add_notes(superadmin: &Client) {
    let title = json!({ "name": "title", "type": "text", "options": { "searchable": true } });
    let schema = json!([title, { "name": "batch", "type": "text" }]);
    add_collection(superadmin, "notes", schema, json!({})).await;
}

/// Many who create records at once, one by one and in batches, until the server goes away.
struct Storm {
    replies: Arc<AtomicUsize>,
    workers: Vec<JoinHandle<Vec<String>>>,
}

impl Storm {
    fn start(superadmin: &Client, workers: usize) -> Self {
        let replies = Arc::new(AtomicUsize::new(0));
        let work = |worker| create_while_it_lasts(superadmin.clone(), worker, Arc::clone(&replies));
        let workers = (0..workers).map(|worker| tokio::spawn(work(worker))).collect();
        Self { replies, workers }
    }

    /// Waits until so many requests have been answered.
    async fn answered(&self, replies: usize) {
        while self.replies.load(Ordering::SeqCst) < replies {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }

    /// The ids of the records that were acknowledged, once the server is gone.
    async fn acknowledged(self) -> HashSet<String> {
        let mut ids = HashSet::new();
        for worker in self.workers {
            ids.extend(worker.await.unwrap());
        }
        ids
    }
}

async fn create_while_it_lasts(superadmin: Client, worker: usize, replies: Arc<AtomicUsize>) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for n in 0.. {
        let name = format!("{worker}-{n}");
        let record = json!({ "title": "x".repeat(200), "batch": name });
        let (path, body) = match n % 5 {
            0 => (format!("{NOTES}/batch"), json!({ "records": vec![record; BATCH] })),
            _ => (NOTES.to_owned(), record),
        };
        let Some(reply) = superadmin.post_while_it_lasts(&path, body).await else {
            break;
        };
        let made = reply.expect(201).body;
        replies.fetch_add(1, Ordering::SeqCst);
        let ids = |record: &Value| record["id"].as_str().unwrap().to_owned();
        match made["created"].as_array() {
            Some(created) => acknowledged.extend(created.iter().map(ids)),
            None => acknowledged.push(ids(&made)),
        }
    }
    acknowledged
}

async fn all_notes(superadmin: &Client) -> Vec<Value> {
    let mut notes = Vec::new();
    loop {
        let page =
            superadmin.get(&format!("{NOTES}?sort=%2Bid&limit=100&skip={}", notes.len())).await.expect(200);
        if page.items().is_empty() {
            return notes;
        }
        notes.extend_from_slice(page.items());
    }
}

#[tokio::test]
async fn after_a_kill_every_acknowledged_record_is_there_and_no_batch_is_half() {
    let Some(program) = Program::find("durability: kill") else { return };
    let mut serving = program.serve().await;
    add_notes(&serving.superadmin().await).await;
    let mut acknowledged = HashSet::new();
    for replies in [50, 200, 500] {
        let superadmin = serving.superadmin().await;
        let storm = Storm::start(&superadmin, 8);
        storm.answered(replies).await;
        serving.kill();
        acknowledged.extend(storm.acknowledged().await);
        serving = program.serve().await;
        let notes = all_notes(&serving.superadmin().await).await;
        let there: HashSet<_> = notes.iter().map(|note| note["id"].as_str().unwrap().to_owned()).collect();
        let lost: Vec<_> = acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "{} of {} are lost", lost.len(), acknowledged.len());
        let found = serving.superadmin().await.get(&format!("{NOTES}?search=x*&limit=1")).await.expect(200);
        assert_eq!(found.body["total"], notes.len(), "the index of words has neither more nor less");
        let mut sizes = HashMap::<_, usize>::new();
        for note in &notes {
            *sizes.entry(note["batch"].as_str().unwrap()).or_default() += 1;
        }
        for (batch, size) in sizes {
            let whole =
                if batch.rsplit_once('-').unwrap().1.parse::<usize>().unwrap() % 5 == 0 { BATCH } else { 1 };
            assert_eq!(size % whole, 0, "batch {batch}");
        }
    }
}

/// Entries of the audit log about new notes, by id of the note: how many each has.
async fn audited_notes(superadmin: &Client) -> HashMap<String, usize> {
    let mut audited = HashMap::new();
    let path = "/api/v1/audit-logs?table_name=col_notes&sort_by=id&sort_order=asc&limit=500";
    for skip in (0..).step_by(500) {
        let page = superadmin.get(&format!("{path}&skip={skip}")).await.expect(200);
        for entry in page.items() {
            *audited.entry(entry["record_id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        if page.items().is_empty() {
            break;
        }
    }
    audited
}

#[tokio::test]
async fn after_a_kill_every_record_has_its_audit_entries_and_the_chain_holds() {
    let Some(program) = Program::find("durability: kill while auditing") else { return };
    let mut serving = program.serve().await;
    add_notes(&serving.superadmin().await).await;
    let mut acknowledged = HashSet::new();
    for replies in [40, 150, 300] {
        let superadmin = serving.superadmin().await;
        let storm = Storm::start(&superadmin, 8);
        storm.answered(replies).await;
        serving.kill();
        acknowledged.extend(storm.acknowledged().await);
        let verified = program.run(&["audit", "verify"], &[], "").expect(0);
        assert!(verified.out.contains("The audit log holds"), "{}", verified.out);
        serving = program.serve().await;
        let superadmin = serving.superadmin().await;
        let audited = audited_notes(&superadmin).await;
        let stored = all_notes(&superadmin).await;
        let stored: HashSet<_> = stored.iter().map(|note| note["id"].as_str().unwrap().to_owned()).collect();
        assert!(acknowledged.is_subset(&stored));
        // Neither a record without entries nor entries without their record: six columns of the system
        // and two fields.
        assert_eq!(audited.keys().cloned().collect::<HashSet<_>>(), stored);
        assert!(audited.values().all(|entries| *entries == 8));
        let verdict = superadmin.get("/api/v1/audit-logs/verify").await.expect(200);
        assert_eq!(verdict.body["problems"], json!([]));
    }
}

/// The ids of new notes in the realtime log, in the order of their places. Read from the file: the server is
/// gone.
fn told_notes(program: &Program) -> Vec<String> {
    let database = rusqlite::Connection::open(program.database()).unwrap();
    let sql = "SELECT record_id FROM realtime_log WHERE kind = 'record' AND operation = 'create'
        AND json_extract(body, '$.before') IS NULL AND json_extract(body, '$.after.id') = record_id
        ORDER BY position";
    let mut statement = database.prepare(sql).unwrap();
    let ids = statement.query_map((), |row| row.get(0)).unwrap();
    ids.collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn after_a_kill_every_record_has_its_entry_in_the_realtime_log() {
    let Some(program) = Program::find("durability: kill while telling") else { return };
    let mut serving = program.serve().await;
    add_notes(&serving.superadmin().await).await;
    let mut acknowledged = HashSet::new();
    let mut known = Vec::new();
    for replies in [40, 150, 300] {
        let superadmin = serving.superadmin().await;
        let storm = Storm::start(&superadmin, 8);
        storm.answered(replies).await;
        serving.kill();
        acknowledged.extend(storm.acknowledged().await);
        let told = told_notes(&program);
        assert!(told.starts_with(&known), "places are kept");
        known = told;
        serving = program.serve().await;
        let stored = all_notes(&serving.superadmin().await).await;
        let stored: HashSet<_> = stored.iter().map(|note| note["id"].as_str().unwrap().to_owned()).collect();
        assert!(acknowledged.is_subset(&stored));
        // Neither a record without an entry nor an entry without its record, and none twice.
        assert_eq!(known.iter().cloned().collect::<HashSet<_>>(), stored);
        assert_eq!(known.len(), stored.len());
    }
}

#[tokio::test]
async fn a_request_under_way_is_finished_when_the_server_is_asked_to_end() {
    let Some(program) = Program::find("durability: SIGTERM") else { return };
    let mut serving = program.serve().await;
    let superadmin = serving.superadmin().await;
    add_notes(&superadmin).await;
    let body = json!({ "title": "in time" }).to_string();
    let head = format!(
        "POST {NOTES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        superadmin.token(),
        body.len()
    );
    let mut socket = TcpStream::connect(serving.base().trim_start_matches("http://")).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    socket.read_exact(&mut go_on).await.unwrap();
    assert_eq!(go_on, *b"HTTP/1.1 100 Continue\r\n\r\n");
    socket.write_all(&body.as_bytes()[..5]).await.unwrap();
    serving.terminate();
    tokio::time::sleep(Duration::from_millis(500)).await;
    socket.write_all(&body.as_bytes()[5..]).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(serving.ended().await.success(), "{}", program.log());
    let serving = program.serve().await;
    let notes = all_notes(&serving.superadmin().await).await;
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0]["title"], "in time");
}

#[tokio::test]
async fn records_acknowledged_before_a_termination_are_there_afterwards() {
    let Some(program) = Program::find("durability: SIGTERM in a storm") else { return };
    let mut serving = program.serve().await;
    let superadmin = serving.superadmin().await;
    add_notes(&superadmin).await;
    let storm = Storm::start(&superadmin, 4);
    storm.answered(50).await;
    serving.terminate();
    let acknowledged = storm.acknowledged().await;
    assert!(serving.ended().await.success(), "{}", program.log());
    let serving = program.serve().await;
    let notes = all_notes(&serving.superadmin().await).await;
    let there: HashSet<_> = notes.iter().map(|note| note["id"].as_str().unwrap().to_owned()).collect();
    assert!(!acknowledged.is_empty() && acknowledged.is_subset(&there));
}
