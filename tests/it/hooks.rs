//! Hooks that accounts define: they act in their account, once, as deep as they may, and for its admins.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::on_each_database;
use crate::receiver::Receiver;
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(
    only_admins_of_the_account_manage_its_hooks,
    a_hook_writes_in_its_account_and_in_no_other,
    what_is_rolled_back_sets_nothing_off,
    hooks_that_set_themselves_off_end,
    a_due_hook_is_set_off_once_by_several_nodes,
    missed_times_are_passed_over,
    events_wait_for_a_worker_and_are_handed_on_once,
    a_run_that_broke_off_goes_on_where_it_was,
    people_set_hooks_off_too,
    no_secret_and_no_private_address_is_told,
    what_cannot_be_is_refused,
);

const HOOKS: &str = "/api/v1/hooks";

struct World {
    server: Server,
    superadmin: Client,
    acme: Tenant,
}

impl World {
    async fn new(database: Database, settings: &[(&str, &str)]) -> Self {
        Self::on(Server::start_with(database, settings)).await
    }

    async fn on(server: Server) -> Self {
        let superadmin = server.superadmin().await;
        let acme = Tenant::create(&server, &superadmin, "Acme").await;
        for name in ["things", "copies"] {
            let schema = json!([
                { "name": "title", "type": "text" },
                { "name": "n", "type": "number" },
                { "name": "done", "type": "boolean" },
            ]);
            add_collection(&superadmin, name, schema, json!({})).await;
        }
        Self { server, superadmin, acme }
    }

    async fn hook(&self, trigger: Value, actions: Value) -> String {
        let body = json!({ "name": "H", "trigger": trigger, "actions": actions });
        self.acme.admin.post(HOOKS, body).await.expect(201).str("id").to_owned()
    }

    async fn on_created(&self, actions: Value) -> String {
        self.hook(json!({ "type": "event", "event": "records.create", "collection": "things" }), actions)
            .await
    }

    async fn create(&self, title: &str) -> String {
        let body = json!({ "title": title });
        self.acme.user.post("/api/v1/records/things", body).await.expect(201).str("id").to_owned()
    }

    /// The executions of a hook, newest first, once there are so many.
    async fn executions(&self, hook: &str, count: usize) -> Vec<Value> {
        let mut last = Vec::new();
        for _ in 0..400 {
            last =
                self.acme.admin.get(&format!("{HOOKS}/{hook}/executions")).await.expect(200).items().to_vec();
            if last.len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(last.len(), count, "{last:?}");
        last
    }

    /// In the order of the alphabet.
    async fn titles(&self, collection: &str) -> Vec<Value> {
        let path = format!("/api/v1/records/{collection}?sort=%2Btitle");
        self.acme.admin.get(&path).await.expect(200).each("title")
    }

    /// Does the jobs that wait, until there are none.
    async fn work(&self) {
        let worker = self.server.services().job_worker.clone();
        let working = tokio::spawn(worker.clone().run(None));
        for _ in 0..400 {
            let waits = self.server.services().storage.read().jobs();
            let now = chrono::DateTime::<chrono::Utc>::MAX_UTC;
            if !waits.has_work(now, None).await.unwrap() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        worker.stop();
        working.await.unwrap();
    }
}

async fn only_admins_of_the_account_manage_its_hooks(database: Database) {
    let world = World::new(database, &[]).await;
    let other = Tenant::create(&world.server, &world.superadmin, "Other").await;
    let hook = world.hook(json!({ "type": "manual" }), json!([])).await;
    let new = json!({ "name": "H", "trigger": { "type": "manual" } });
    let of_one = [
        (Method::GET, format!("{HOOKS}/{hook}"), None),
        (Method::PATCH, format!("{HOOKS}/{hook}"), Some(json!({ "name": "mine" }))),
        (Method::PATCH, format!("{HOOKS}/{hook}/toggle"), None),
        (Method::POST, format!("{HOOKS}/{hook}/trigger"), None),
        (Method::GET, format!("{HOOKS}/{hook}/executions"), None),
        (Method::DELETE, format!("{HOOKS}/{hook}"), None),
    ];
    let of_all = [(Method::GET, HOOKS.to_owned(), None), (Method::POST, HOOKS.to_owned(), Some(new))];
    for (method, path, body) in of_one.iter().chain(&of_all) {
        let refused = world.acme.user.send(method.clone(), path, body.clone()).await.expect(403);
        assert_eq!(refused.body, json!({ "detail": "Admin access required" }));
        world.server.anonymous().send(method.clone(), path, body.clone()).await.expect(401);
    }
    // Who names another account is no superadmin, and a superadmin's own account is the system's.
    let asked = |path: &str| format!("{path}?account_id={}", world.acme.id);
    for (method, path, body) in &of_one {
        for (client, path) in
            [(&other.admin, path.clone()), (&other.admin, asked(path)), (&world.superadmin, path.clone())]
        {
            let missing = client.send(method.clone(), &path, body.clone()).await.expect(404);
            assert_eq!(missing.body, json!({ "detail": "Hook not found" }));
        }
    }
    assert!(other.admin.get(&asked(HOOKS)).await.expect(200).items().is_empty());
    assert_eq!(world.superadmin.get(&asked(HOOKS)).await.expect(200).items().len(), 1);
    let nowhere = format!("{HOOKS}?account_id={hook}");
    let missing = world.superadmin.get(&nowhere).await.expect(404);
    assert_eq!(missing.body, json!({ "detail": "Account not found" }));
    let kept = world.acme.admin.get(&format!("{HOOKS}/{hook}")).await.expect(200).body;
    assert_eq!((&kept["name"], &kept["enabled"]), (&json!("H"), &json!(true)));
}

async fn a_hook_writes_in_its_account_and_in_no_other(database: Database) {
    let world = World::new(database, &[]).await;
    let other = Tenant::create(&world.server, &world.superadmin, "Other").await;
    let theirs = other.user.post("/api/v1/records/copies", json!({ "title": "theirs" })).await.expect(201);
    let theirs = theirs.str("id");
    let copy = world
        .on_created(json!([
            { "type": "create_record", "collection": "copies",
              "data": { "title": "{{record.title}}", "n": "{{record.n}}", "done": "{{record.done}}" } },
            { "type": "update_record", "collection": "copies", "record_id": theirs, "data": { "title": "taken" } },
        ]))
        .await;
    // The superadmin's hooks act in the system's account, not in all.
    let system = json!({ "name": "S", "trigger": { "type": "manual" }, "actions": [
        { "type": "delete_record", "collection": "copies", "record_id": theirs },
    ] });
    let system = world.superadmin.post(HOOKS, system).await.expect(201);
    let ran =
        world.superadmin.post(&format!("{HOOKS}/{}/trigger", system.str("id")), json!({})).await.expect(202);
    let text = format!(
        "Action 'delete_record' failed: delete_record failed for collection 'copies' record '{theirs}': Record not found"
    );
    assert_eq!(ran.body["error"], json!(text));
    let body = json!({ "title": "a", "n": 2.5, "done": true });
    world.acme.user.post("/api/v1/records/things", body).await.expect(201);
    let ran = &world.executions(&copy, 1).await[0];
    assert_eq!((&ran["status"], &ran["actions_executed"]), (&json!("partial"), &json!(1)));
    let copies = world.acme.admin.get("/api/v1/records/copies").await.expect(200);
    let [made] = copies.items() else { panic!("{copies:?}") };
    assert_eq!((&made["n"], &made["done"]), (&json!(2.5), &json!(true)));
    assert_eq!(
        (&made["account_id"], &made["created_by"]),
        (&json!(world.acme.id), &json!(world.acme.user_id))
    );
    let kept = other.admin.get(&format!("/api/v1/records/copies/{theirs}")).await.expect(200);
    assert_eq!(kept.body["title"], json!("theirs"));
    // What others do sets nothing off here.
    other.user.post("/api/v1/records/things", json!({ "title": "b" })).await.expect(201);
    world.create("c").await;
    assert_eq!(world.executions(&copy, 2).await.len(), 2);
    assert_eq!(world.titles("copies").await, [json!("a"), json!("c")]);
}

async fn what_is_rolled_back_sets_nothing_off(database: Database) {
    let world = World::new(database, &[]).await;
    let hook = world.on_created(json!([])).await;
    let batch = json!({ "records": [{ "title": "fine" }, { "n": "no number" }] });
    world.acme.user.post("/api/v1/records/things/batch", batch).await.expect(400);
    let good = json!({ "records": [{ "title": "one" }, { "title": "two" }] });
    world.acme.user.post("/api/v1/records/things/batch", good).await.expect(201);
    world.executions(&hook, 2).await;
}

async fn hooks_that_set_themselves_off_end(database: Database) {
    let world = World::new(database, &[]).await;
    let again = json!([{ "type": "create_record", "collection": "things", "data": { "title": "{{record.title}}+" } }]);
    let hook = world.on_created(again).await;
    world.create("x").await;
    let executions = world.executions(&hook, 6).await;
    let failed = &executions[0];
    assert_eq!((&failed["status"], &failed["actions_executed"]), (&json!("failed"), &json!(0)));
    let text = "Maximum hook execution depth (5) exceeded — possible cycle detected";
    assert_eq!(failed["error_message"], json!(text));
    assert!(executions[1..].iter().all(|ran| ran["status"] == "success"), "{executions:?}");
    assert_eq!(world.titles("things").await.last(), Some(&json!("x+++++")));
}

async fn a_due_hook_is_set_off_once_by_several_nodes(database: Database) {
    let settings = [("SCHEDULER_ENABLED", "false")];
    let world = World::new(database, &settings).await;
    let action = json!([{ "type": "create_record", "collection": "copies", "data": { "title": "{{now}}" } }]);
    let hook = world.hook(json!({ "type": "schedule", "cron": "* * * * *" }), action).await;
    let beside = world.server.beside(&settings);
    let mut fired = 0;
    for _ in 0..3 {
        world.server.clock().pass(Duration::from_secs(60));
        beside.clock().pass(Duration::from_secs(60));
        let (ours, theirs) = (world.server.services().hooks.clone(), beside.services().hooks.clone());
        let (one, two, three) = tokio::join!(ours.fire_due(), theirs.fire_due(), ours.fire_due());
        fired += one.unwrap() + two.unwrap() + three.unwrap();
    }
    assert_eq!(fired, 3);
    let executions = world.executions(&hook, 3).await;
    assert!(executions.iter().all(|ran| ran["trigger_type"] == "schedule" && ran["status"] == "success"));
    let kept = world.acme.admin.get(&format!("{HOOKS}/{hook}")).await.expect(200).body;
    assert!(kept["next_run_at"].as_str() > kept["last_run_at"].as_str(), "{kept}");
}

async fn missed_times_are_passed_over(database: Database) {
    let world = World::new(database, &[("SCHEDULER_ENABLED", "false")]).await;
    let hook = world.hook(json!({ "type": "schedule", "cron": "*/5 * * * *" }), json!([])).await;
    let hooks = world.server.services().hooks.clone();
    world.server.clock().pass(Duration::from_secs(3 * 300));
    hooks.skip_missed(chrono::TimeDelta::seconds(60)).await.unwrap();
    assert_eq!(hooks.fire_due().await.unwrap(), 0);
    world.server.clock().pass(Duration::from_secs(300));
    assert_eq!(hooks.fire_due().await.unwrap(), 1);
    world.executions(&hook, 1).await;
}

async fn events_wait_for_a_worker_and_are_handed_on_once(database: Database) {
    let world = World::new(database, &[("JOB_WORKER_ENABLED", "false")]).await;
    let copy =
        json!([{ "type": "create_record", "collection": "copies", "data": { "title": "{{record.title}}" } }]);
    let hook = world.on_created(copy.clone()).await;
    for title in ["a", "b", "c"] {
        world.create(title).await;
    }
    let jobs = world.superadmin.get("/api/v1/admin/jobs").await.expect(200);
    assert!(jobs.items().is_empty(), "events on their way are the server's own: {jobs:?}");
    let waiting = world.superadmin.get("/api/v1/admin/jobs?queue=events").await.expect(200);
    assert_eq!(waiting.items().len(), 3);
    // Another process takes over what this one was acknowledged for, and neither does it twice.
    let World { server, superadmin: _, acme } = world;
    let database = server.stop_after(async |_| {}).await;
    let server = Server::start_again(database, &[]);
    let superadmin = server.superadmin().await;
    let world = World { acme: signed_in_again(&server, acme).await, server, superadmin };
    world.executions(&hook, 3).await;
    assert_eq!(world.titles("copies").await, [json!("a"), json!("b"), json!("c")]);
    let waiting = world.superadmin.get("/api/v1/admin/jobs?queue=events").await.expect(200);
    assert!(waiting.items().is_empty(), "what was handed on is gone: {waiting:?}");
}

async fn signed_in_again(server: &Server, tenant: Tenant) -> Tenant {
    let anonymous = server.anonymous();
    let admin = anonymous.signed_in(&tenant.code, &format!("admin@{}.com", tenant.slug)).await;
    let user = anonymous.signed_in(&tenant.code, &tenant.user_email).await;
    Tenant { admin, user, ..tenant }
}

async fn a_run_that_broke_off_goes_on_where_it_was(database: Database) {
    let world = World::new(database, &[("JOB_WORKER_ENABLED", "false")]).await;
    let make =
        |title: &str| json!({ "type": "create_record", "collection": "copies", "data": { "title": title } });
    let hook = world.on_created(json!([make("first"), make("second"), make("third")])).await;
    world.create("x").await;
    let waiting = world.superadmin.get("/api/v1/admin/jobs?queue=events").await.expect(200);
    let job = waiting.items()[0]["id"].as_str().unwrap();
    // As if a worker had been lost after two actions.
    let services = world.server.services();
    let work = services.storage.begin().await.unwrap();
    for step in [0, 1] {
        let steps = work.repositories().automation();
        steps.note_step(job.parse().unwrap(), hook.parse().unwrap(), step).await.unwrap();
    }
    work.commit().await.unwrap();
    world.work().await;
    let ran = &world.executions(&hook, 1).await[0];
    assert_eq!((&ran["status"], &ran["actions_executed"]), (&json!("success"), &json!(3)));
    assert_eq!(world.titles("copies").await, [json!("third")]);
}

async fn people_set_hooks_off_too(database: Database) {
    let world = World::new(database, &[]).await;
    let action = json!([{ "type": "create_record", "collection": "copies",
        "data": { "title": "{{record.email}} {{record.role}} {{auth.email}}" } }]);
    let sign_in = world.hook(json!({ "type": "event", "event": "auth.login" }), action.clone()).await;
    let register = world.hook(json!({ "type": "event", "event": "auth.register" }), action).await;
    let anonymous = world.server.anonymous();
    let email = &world.acme.user_email;
    anonymous.login(&world.acme.code, email, "wrong-Password1!").await.expect(401);
    let signed_in = anonymous.signed_in(&world.acme.code, email).await;
    signed_in.refresh(signed_in.refresh_token()).await.expect(200);
    world.executions(&sign_in, 1).await;
    assert_eq!(world.titles("copies").await, [json!(format!("{email} user {email}"))]);
    assert!(world.executions(&register, 0).await.is_empty());
}

async fn no_secret_and_no_private_address_is_told(database: Database) {
    let world = World::new(database, &[]).await;
    let receiver = Receiver::start().await;
    let action = json!([{ "type": "send_webhook", "url": receiver.url("/in"),
        "headers": { "Authorization": "Bearer hush-hush" } }]);
    let hook = world.hook(json!({ "type": "manual" }), action).await;
    let ran = world.acme.admin.post(&format!("{HOOKS}/{hook}/trigger"), json!({})).await.expect(202);
    let refused = "Action 'send_webhook' failed: Destination not allowed: 127.0.0.1";
    assert_eq!(ran.body["error"], json!(refused));
    assert!(receiver.received().is_empty());
    let log = world.superadmin.get("/api/v1/audit-logs?table_name=hooks&limit=100").await.expect(200);
    let log = log.body.to_string();
    assert!(log.contains("send_webhook") && !log.contains("hush-hush"), "{log}");
}

async fn what_cannot_be_is_refused(database: Database) {
    let world =
        World::new(database, &[("MAX_HOOKS_PER_ACCOUNT", "2"), ("MAX_SCHEDULED_HOOKS_PER_ACCOUNT", "1")])
            .await;
    let manual = json!({ "type": "manual" });
    let cases = [
        (json!({ "condition": "title = " }), "Invalid condition: "),
        (json!({ "condition": "nope(1)" }), "Invalid condition: "),
        (json!({ "actions": [{ "type": "transform" }] }), "Unknown action type 'transform'. Supported: "),
        (json!({ "actions": [{}] }), "Unknown action type ''. Supported: "),
        (
            json!({ "trigger": { "type": "schedule", "cron": "0 0 31 2 *" } }),
            "Invalid cron expression: No execution",
        ),
        (
            json!({ "trigger": { "type": "event", "event": "x" } }),
            "Unknown event 'x'. Supported: auth.login, ",
        ),
    ];
    for (others, text) in cases {
        let mut body = json!({ "name": "H", "trigger": manual });
        body.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
        let refused = world.acme.admin.post(HOOKS, body).await.expect(422);
        assert!(refused.str("detail").starts_with(text), "{refused:?}");
    }
    let many: Vec<_> = (0..101).map(|_| json!({ "type": "enqueue_job" })).collect();
    let body = json!({ "name": "H", "trigger": manual, "actions": many });
    world.acme.admin.post(HOOKS, body).await.expect(422);
    assert!(world.acme.admin.get(HOOKS).await.expect(200).items().is_empty());
    let daily = json!({ "type": "schedule", "cron": "0 9 * * *" });
    world.hook(daily.clone(), json!([])).await;
    let scheduled = json!({ "name": "H", "trigger": daily });
    let refused = world.acme.admin.post(HOOKS, scheduled).await.expect(409);
    assert_eq!(refused.str("detail"), "Account has reached the maximum of 1 scheduled hooks");
    // Two at once do not slip in beside each other.
    let create =
        async || world.acme.admin.post(HOOKS, json!({ "name": "H", "trigger": manual })).await.status;
    let mut statuses = [0; 4];
    let (a, b, c, d) = tokio::join!(create(), create(), create(), create());
    statuses.copy_from_slice(&[a, b, c, d]);
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409]);
    let reserved = json!([{ "type": "enqueue_job", "handler": "automation_event" }]);
    let hook = world.acme.admin.get(HOOKS).await.expect(200).items()[0]["id"].as_str().unwrap().to_owned();
    world.acme.admin.patch(&format!("{HOOKS}/{hook}"), json!({ "actions": reserved })).await.expect(200);
    let ran = world.acme.admin.post(&format!("{HOOKS}/{hook}/trigger"), json!({})).await.expect(202);
    assert_eq!(
        ran.body["error"],
        json!("Action 'enqueue_job' failed: handler 'automation_event' is reserved")
    );
}
