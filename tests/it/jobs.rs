//! Jobs: an embedder has them done, superadmins see them, and none is lost or done by two at once.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Map, Value, json};
use snackbase_application::jobs::{JobHandlers, NewJob};
use snackbase_application::ports::{JobFailure, JobHandler};
use snackbase_domain::JobId;
use snackbase_domain::job::Job;
use snackbase_server::settings::Settings;
use snackbase_server::startup::{Overrides, services};

use crate::client::Client;
use crate::on_each_database;
use crate::program::Program;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(
    only_superadmins_see_and_change_jobs,
    a_job_that_fails_is_tried_again_until_it_succeeds,
    a_dead_job_is_begun_anew_by_hand,
    what_takes_too_long_or_panics_fails_and_stops_nothing,
    a_job_that_has_not_begun_can_be_cancelled,
    lists_are_filtered_and_hide_secrets,
    a_job_of_a_lost_worker_is_done_by_another,
    jobs_go_with_their_account,
);

const JOBS: &str = "/api/v1/admin/jobs";

/// Does what the payload says, and notes which jobs it was given.
#[derive(Default)]
struct Obedient {
    given: Mutex<Vec<JobId>>,
}

impl Obedient {
    fn times(&self, id: JobId) -> u64 {
        self.given.lock().unwrap().iter().filter(|given| **given == id).count() as u64
    }
}

#[async_trait]
impl JobHandler for Obedient {
    async fn run(&self, job: &Job) -> Result<(), JobFailure> {
        self.given.lock().unwrap().push(job.id);
        match job.payload.get("do").and_then(Value::as_str) {
            Some("panic") => panic!("as it was told"),
            Some("hang") => std::future::pending().await,
            _ => {}
        }
        let fails = job.payload.get("fails").and_then(Value::as_u64).unwrap_or(0);
        match self.times(job.id) {
            n if n <= fails => Err(JobFailure(format!("failure {n}"))),
            _ => Ok(()),
        }
    }
}

/// A server of an embedder, whose handler goes by the name `obey`.
fn start(database: Database, others: &[(&str, &str)]) -> (Server, Arc<Obedient>) {
    start_on(Arc::new(database), others)
}

fn start_on(database: Arc<Database>, others: &[(&str, &str)]) -> (Server, Arc<Obedient>) {
    let handler = Arc::new(Obedient::default());
    let handlers = JobHandlers::default().with("obey", handler.clone());
    (Server::start_with_handlers(database, others, handlers), handler)
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// A job that is tried again at once.
fn new(handler: &str, payload: Value) -> NewJob {
    NewJob { retry_delay: 0, ..NewJob::new(handler, object(payload)) }
}

async fn enqueue(server: &Server, new: NewJob) -> String {
    server.services().jobs.enqueue(new).await.unwrap().to_string()
}

/// The job, once it has that status.
async fn becomes(superadmin: &Client, id: &str, status: &str) -> Value {
    let mut last = Value::Null;
    for _ in 0..400 {
        last = superadmin.get(&format!("{JOBS}/{id}")).await.expect(200).body;
        if last["status"] == status {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("job does not become {status}: {last}");
}

async fn only_superadmins_see_and_change_jobs(database: Database) {
    let (server, _) = start(database, &[("JOB_WORKER_ENABLED", "false")]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let account_id = Some(acme.id.parse().unwrap());
    let id = enqueue(&server, NewJob { account_id, ..new("obey", json!({})) }).await;
    let calls = [
        (Method::GET, JOBS.to_owned()),
        (Method::GET, format!("{JOBS}/stats")),
        (Method::GET, format!("{JOBS}/{id}")),
        (Method::POST, format!("{JOBS}/{id}/retry")),
        (Method::DELETE, format!("{JOBS}/{id}")),
        (Method::DELETE, format!("{JOBS}/x")),
    ];
    for (method, path) in calls {
        for client in [&acme.admin, &acme.user] {
            let refused = client.send(method.clone(), &path, None).await.expect(403);
            assert_eq!(refused.body, json!({ "detail": "Superadmin access required" }));
        }
        server.anonymous().send(method, &path, None).await.expect(401);
    }
    let job = superadmin.get(&format!("{JOBS}/{id}")).await.expect(200).body;
    assert_eq!((&job["status"], &job["account_id"]), (&json!("pending"), &json!(acme.id)));
}

async fn a_job_that_fails_is_tried_again_until_it_succeeds(database: Database) {
    let (server, obedient) = start(database, &[]);
    let superadmin = server.superadmin().await;
    let id = enqueue(&server, new("obey", json!({ "fails": 2 }))).await;
    let done = becomes(&superadmin, &id, "completed").await;
    assert_eq!(obedient.times(id.parse().unwrap()), 3);
    let expected = json!({
        "id": id, "queue": "default", "handler": "obey", "payload": { "fails": 2 }, "status": "completed",
        "priority": 0, "attempt_number": 2, "max_retries": 3, "retry_delay_seconds": 0, "error_message": null,
        "account_id": null, "created_by": null,
        "run_at": done["run_at"], "started_at": done["started_at"], "completed_at": done["completed_at"],
        "failed_at": done["failed_at"], "created_at": done["created_at"],
    });
    assert_eq!(done, expected);
    for key in ["started_at", "completed_at", "failed_at"] {
        assert!(done[key].is_string(), "{done}");
    }
    // One that waits between attempts says why, and until when.
    let slow = enqueue(&server, NewJob { retry_delay: 600, ..new("obey", json!({ "fails": 1 })) }).await;
    let waits = becomes(&superadmin, &slow, "retrying").await;
    assert_eq!((&waits["attempt_number"], &waits["error_message"]), (&json!(1), &json!("failure 1")));
    assert!(waits["run_at"].as_str() > waits["failed_at"].as_str(), "{waits}");
    let path = format!("{JOBS}/{slow}");
    let refused = superadmin.post(&format!("{path}/retry"), json!({})).await.expect(400);
    let text = "Job is in status 'retrying'; only dead or failed jobs can be retried";
    assert_eq!(refused.body, json!({ "detail": text }));
    let refused = superadmin.delete(&path).await.expect(400);
    let text = "Job is in status 'retrying'; only pending jobs can be cancelled";
    assert_eq!(refused.body, json!({ "detail": text }));
    // Its time comes.
    server.clock().pass(Duration::from_secs(601));
    becomes(&superadmin, &slow, "completed").await;
}

async fn a_dead_job_is_begun_anew_by_hand(database: Database) {
    let (server, _) = start(database, &[]);
    let superadmin = server.superadmin().await;
    let id = enqueue(&server, NewJob { max_attempts: 2, ..new("nobody", json!({})) }).await;
    let dead = becomes(&superadmin, &id, "dead").await;
    assert_eq!((&dead["attempt_number"], &dead["run_at"]), (&json!(2), &Value::Null));
    assert_eq!(dead["error_message"], "Unknown handler: nobody");
    superadmin.delete(&format!("{JOBS}/{id}")).await.expect(400);
    let stats = superadmin.get(&format!("{JOBS}/stats")).await.expect(200).body;
    assert_eq!((&stats["dead"], &stats["failure_rate"]), (&json!(1), &json!(1.0)));
    let anew = superadmin.post(&format!("{JOBS}/{id}/retry"), json!({})).await.expect(200).body;
    let expected = json!({ "status": "pending", "attempt_number": 0, "error_message": null, "run_at": null });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&anew[key], value, "{key}");
    }
    becomes(&superadmin, &id, "dead").await;
    let done = enqueue(&server, new("scheduled_task", json!({ "task_type": "x" }))).await;
    becomes(&superadmin, &done, "completed").await;
    let refused = superadmin.post(&format!("{JOBS}/{done}/retry"), json!({})).await.expect(400);
    let text = "Job is in status 'completed'; only dead or failed jobs can be retried";
    assert_eq!(refused.body, json!({ "detail": text }));
    let nobodys = superadmin.post(&format!("{JOBS}/nope/retry"), json!({})).await.expect(404);
    assert_eq!(nobodys.body, json!({ "detail": "Job nope not found" }));
    superadmin.get(&format!("{JOBS}/nope")).await.expect(404);
}

async fn what_takes_too_long_or_panics_fails_and_stops_nothing(database: Database) {
    let settings = [("JOB_EXECUTION_TIMEOUT", "0.5"), ("JOB_WORKER_CONCURRENCY", "1")];
    let (server, _) = start(database, &settings);
    let superadmin = server.superadmin().await;
    let once = |payload| NewJob { max_attempts: 1, ..new("obey", payload) };
    let hangs = enqueue(&server, once(json!({ "do": "hang" }))).await;
    let panics = enqueue(&server, once(json!({ "do": "panic" }))).await;
    let plain = enqueue(&server, once(json!({}))).await;
    becomes(&superadmin, &plain, "completed").await;
    assert_eq!(becomes(&superadmin, &hangs, "dead").await["error_message"], "Job timed out after 0.5s");
    let panicked = becomes(&superadmin, &panics, "dead").await;
    assert_eq!(panicked["error_message"], "The handler panicked: as it was told");
    let stats = superadmin.get(&format!("{JOBS}/stats")).await.expect(200).body;
    assert_eq!((&stats["completed"], &stats["dead"], &stats["failed"]), (&json!(1), &json!(2), &json!(0)));
    assert!(stats["avg_duration_seconds"].as_f64().is_some_and(|mean| mean < 5.0), "{stats}");
}

async fn a_job_that_has_not_begun_can_be_cancelled(database: Database) {
    let (server, obedient) = start(database, &[]);
    let superadmin = server.superadmin().await;
    let run_at = Some(chrono::DateTime::from_timestamp(4_000_000_000, 0).unwrap());
    let id = enqueue(&server, NewJob { run_at, ..new("obey", json!({})) }).await;
    let path = format!("{JOBS}/{id}");
    assert_eq!(superadmin.get(&path).await.expect(200).body["run_at"], "2096-10-02T07:06:40Z");
    superadmin.delete(&path).await.expect(204);
    for _ in 0..2 {
        let gone = superadmin.delete(&path).await.expect(404);
        assert_eq!(gone.body, json!({ "detail": format!("Job {id} not found") }));
    }
    assert_eq!(obedient.times(id.parse().unwrap()), 0);
}

async fn lists_are_filtered_and_hide_secrets(database: Database) {
    let (server, _) = start(database, &[("JOB_WORKER_ENABLED", "false")]);
    let superadmin = server.superadmin().await;
    let mut ids = Vec::new();
    for n in 0..4 {
        let queue = if n == 2 { "other" } else { "default" };
        let payload = json!({ "n": n, "webhook": { "Secret": "s3cr3t" }, "api_token": "s3cr3t" });
        let job = NewJob { queue: queue.to_owned(), ..new("obey", payload) };
        ids.push(json!(enqueue(&server, job).await));
    }
    ids.reverse();
    let all = superadmin.get(JOBS).await.expect(200);
    assert_eq!((all.each("id"), &all.body["total"]), (ids.clone(), &json!(4)));
    assert!(!all.text.contains("s3cr3t"), "{}", all.text);
    let hidden = json!({ "n": 3, "webhook": { "Secret": "********" }, "api_token": "********" });
    assert_eq!(all.items()[0]["payload"], hidden);
    let one = superadmin.get(&format!("{JOBS}/{}", ids[0].as_str().unwrap())).await.expect(200);
    assert_eq!(one.body["payload"], hidden);
    let page =
        superadmin.get(&format!("{JOBS}?limit=2&offset=1&status=pending&handler=obey")).await.expect(200);
    assert_eq!((page.each("id"), &page.body["total"]), (ids[1..3].to_vec(), &json!(4)));
    let other = superadmin.get(&format!("{JOBS}?queue=other")).await.expect(200);
    assert_eq!(other.each("id"), ids[1..2]);
    for nothing in ["status=bogus", "status=failed", "queue=none", "handler=none"] {
        let none = superadmin.get(&format!("{JOBS}?{nothing}")).await.expect(200);
        assert_eq!(none.body, json!({ "items": [], "total": 0 }));
    }
    for wrong in ["limit=0", "limit=201", "offset=-1", "limit=x"] {
        superadmin.get(&format!("{JOBS}?{wrong}")).await.expect(422);
    }
}

/// A server that ends at once leaves a job in its hands; as soon as its lease is over the next one does it.
async fn a_job_of_a_lost_worker_is_done_by_another(database: Database) {
    let (server, obedient) = start(database, &[]);
    let id = enqueue(&server, new("obey", json!({ "do": "hang" }))).await;
    let superadmin = server.superadmin().await;
    becomes(&superadmin, &id, "running").await;
    assert_eq!(obedient.times(id.parse().unwrap()), 1);
    let database = server.stop_after(async |_| {}).await;
    let payload = r#"UPDATE jobs SET payload = '{}', status = 'running', lease = 'of one that is gone',
        leased_until = due_at, started_at = due_at"#;
    database.execute(payload).await.unwrap();
    let (server, obedient) = start_on(database, &[]);
    let done = becomes(&server.superadmin().await, &id, "completed").await;
    assert_eq!((&done["attempt_number"], &done["error_message"]), (&json!(0), &Value::Null));
    assert_eq!(obedient.times(id.parse().unwrap()), 1);
}

async fn jobs_go_with_their_account(database: Database) {
    let (server, _) = start(database, &[("JOB_WORKER_ENABLED", "false")]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let account_id = Some(acme.id.parse().unwrap());
    let id = enqueue(&server, NewJob { account_id, ..new("obey", json!({})) }).await;
    let others = enqueue(&server, new("obey", json!({}))).await;
    superadmin.delete(&format!("/api/v1/accounts/{}", acme.id)).await.expect(204);
    superadmin.get(&format!("{JOBS}/{id}")).await.expect(404);
    superadmin.get(&format!("{JOBS}/{others}")).await.expect(200);
}

const MANY: u64 = 400;

/// Puts many jobs into the database of a program, beside it.
async fn fill(program: &Program) {
    let url = format!("sqlite:///{}", program.database().display());
    let variables = HashMap::from([("SNACKBASE_DATABASE_URL".to_owned(), url)]);
    let settings = Settings::load(variables, None).unwrap();
    let services = services(&settings, Overrides::default()).await.unwrap();
    for n in 0..MANY {
        services.jobs.enqueue(new("scheduled_task", json!({ "task_type": n.to_string() }))).await.unwrap();
    }
}

async fn stats(superadmin: &Client) -> (u64, u64) {
    let stats = superadmin.get(&format!("{JOBS}/stats")).await.expect(200).body;
    let [completed, dead, running, waiting] =
        ["completed", "dead", "running", "pending"].map(|key| stats[key].as_u64().unwrap());
    assert_eq!(completed + running + waiting, MANY, "none is lost: {stats}");
    assert_eq!(dead, 0);
    (completed, running)
}

#[tokio::test]
async fn jobs_survive_that_the_server_is_killed() {
    let Some(program) = Program::find("jobs: kill -9") else { return };
    let mut serving = program.serve_with(&[("JOB_WORKER_ENABLED", "false")]).await;
    fill(&program).await;
    assert_eq!(stats(&serving.superadmin().await).await, (0, 0));
    for _ in 0..3 {
        serving.kill();
        serving = program.serve_with(&[("JOB_WORKER_CONCURRENCY", "2")]).await;
        let superadmin = serving.superadmin().await;
        let before = stats(&superadmin).await.0;
        while stats(&superadmin).await.0 == before && before < MANY {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    serving.kill();
    // The leases of the dead are over.
    let database = rusqlite::Connection::open(program.database()).unwrap();
    database.execute("UPDATE jobs SET leased_until = created_at WHERE status = 'running'", []).unwrap();
    drop(database);
    // Now by a worker alone.
    let mut worker = program.command(&["worker", "--poll-interval", "0.1"]);
    let mut worker = worker.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let serving = program.serve_with(&[("JOB_WORKER_ENABLED", "false")]).await;
    let superadmin = serving.superadmin().await;
    for _ in 0..600 {
        if stats(&superadmin).await == (MANY, 0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(stats(&superadmin).await, (MANY, 0));
    let asked = Command::new("kill").args(["-TERM", &worker.id().to_string()]).status().unwrap();
    assert!(asked.success() && worker.wait().unwrap().success());
}
