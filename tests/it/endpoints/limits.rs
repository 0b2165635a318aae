//! How long a call may take, and what becomes of one that nobody waits for.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{World, path};
use crate::on_each_database;
use crate::server::Database;
use crate::tenant::add_collection;

on_each_database!(
    what_takes_too_long_is_cancelled_and_what_was_done_stays,
    a_call_is_finished_though_its_caller_has_gone,
    the_newest_executions_are_kept,
);

const WAIT: Duration = Duration::from_secs(30);

/// Somebody who takes requests and answers when told.
struct Slow(TcpListener);

impl Slow {
    async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    fn url(&self) -> String {
        format!("http://{}/", self.0.local_addr().unwrap())
    }

    /// A connection with a request on it.
    async fn asked(&self) -> TcpStream {
        let asked = async {
            let (mut connection, _) = self.0.accept().await.unwrap();
            let mut first = [0];
            connection.read_exact(&mut first).await.unwrap();
            connection
        };
        tokio::time::timeout(WAIT, asked).await.expect("a request")
    }
}

/// Records a step, asks somebody slow, records another step.
async fn slow_endpoint(world: &World, slow: &Slow, others: Value) -> Value {
    add_collection(&world.superadmin, "steps", json!([{ "name": "n", "type": "number" }]), json!({})).await;
    let step = |n| json!({ "type": "create_record", "collection": "steps", "data": { "n": n } });
    let mut body = json!({ "actions": [step(1), { "type": "send_webhook", "url": slow.url() }, step(3)] });
    body.as_object_mut().unwrap().extend(super::object(others));
    world.create(body).await
}

async fn steps(world: &World) -> Vec<Value> {
    world.acme.admin.get("/api/v1/records/steps?sort=%2Bn").await.expect(200).each("n")
}

async fn what_takes_too_long_is_cancelled_and_what_was_done_stays(database: Database) {
    let settings = [("ENDPOINT_EXECUTION_TIMEOUT_SECONDS", "1"), ("ALLOW_PRIVATE_DESTINATIONS", "true")];
    let world = World::with(database, &settings).await;
    let slow = Slow::start().await;
    let endpoint = slow_endpoint(&world, &slow, json!({})).await;
    let text = "Endpoint execution timed out after 1s";
    let (reply, mut connection) = tokio::join!(world.get("/e"), slow.asked());
    assert_eq!(reply.expect(504).body, json!({ "detail": text }));
    // The request is given up, not left to itself.
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(WAIT, connection.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection is still open");
    assert_eq!(steps(&world).await, [json!(1)]);
    let execution = world.executions(&endpoint).await[0].clone();
    assert_eq!(
        [&execution["status"], &execution["http_status"], &execution["error_message"]],
        [&json!("partial"), &json!(504), &json!(text)]
    );
    let template = json!({ "status": 202, "body": "{{actions[0].result.n}}/{{actions[1].result}}" });
    let change = json!({ "response_template": template });
    world.acme.admin.put(&path(&endpoint, ""), change).await.expect(200);
    let (reply, _connection) = tokio::join!(world.get("/e"), slow.asked());
    assert_eq!(reply.expect(202).body, json!("1/"));
    assert_eq!(world.executions(&endpoint).await[0]["error_message"], text);
}

async fn a_call_is_finished_though_its_caller_has_gone(database: Database) {
    let world = World::with(database, &[("ALLOW_PRIVATE_DESTINATIONS", "true")]).await;
    let slow = Slow::start().await;
    let endpoint = slow_endpoint(&world, &slow, json!({})).await;
    let (client, url) = (world.server.anonymous(), world.url("/e"));
    let call = tokio::spawn(async move { client.get(&url).await });
    let mut connection = slow.asked().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
    for _ in 0..400 {
        if let [execution] = world.executions(&endpoint).await.as_slice() {
            assert_eq!(execution["status"], "success");
            assert_eq!(steps(&world).await, [json!(1), json!(3)]);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the call was not written down");
}

async fn the_newest_executions_are_kept(database: Database) {
    let world = World::new(database).await;
    let endpoint = world.create(json!({})).await;
    for n in 0..1003 {
        world.get(&format!("/e?n={n}")).await.expect(200);
    }
    let list = async |query: &str| {
        let list =
            world.acme.admin.get(&format!("{}?{query}", path(&endpoint, "/executions"))).await.expect(200);
        let numbers =
            list.items().iter().map(|one| one["request_data"]["query"]["n"].clone()).collect::<Vec<_>>();
        (numbers, list.body["total"].clone())
    };
    assert_eq!(list("limit=2").await, (vec![json!("1002"), json!("1001")], json!(1000)));
    assert_eq!(list("limit=5&offset=998").await, (vec![json!("4"), json!("3")], json!(1000)));
    world.acme.admin.get(&format!("{}?limit=201", path(&endpoint, "/executions"))).await.expect(422);
    world.acme.admin.delete(&path(&endpoint, "")).await.expect(204);
    world.acme.admin.get(&path(&endpoint, "/executions")).await.expect(404);
}
