//! Requests are counted, where the operator wants it, for each caller.

use std::time::Duration;

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::server::{Database, Server, skipped};
use crate::tenant::Tenant;

on_each_database!(
    callers_are_told_how_they_stand_and_refused_in_the_end,
    what_is_not_counted,
    users_keys_and_paths_are_counted_apart,
    an_hour_has_a_limit_of_its_own,
);

const LIMITED: [(&str, &str); 4] = [
    ("RATE_LIMIT_ENABLED", "true"),
    ("RATE_LIMIT_BURST", "4"),
    ("RATE_LIMIT_PER_MINUTE", "6"),
    ("TRUSTED_PROXIES", "127.0.0.1"),
];

/// Somebody at another address, as a trusted proxy tells.
fn from(server: &Server, address: &str) -> Client {
    server.anonymous().with_header("x-forwarded-for", address)
}

fn header(reply: &Reply, name: &str) -> Option<String> {
    reply.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
}

fn standing(reply: &Reply) -> [Option<String>; 3] {
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(|name| header(reply, name))
}

fn told(limit: u32, remaining: u32, reset: u32) -> [Option<String>; 3] {
    [limit, remaining, reset].map(|number| Some(number.to_string()))
}

async fn callers_are_told_how_they_stand_and_refused_in_the_end(database: Database) {
    let server = Server::start_with(database, &LIMITED);
    let guest = from(&server, "192.0.2.1");
    let first = guest.get("/api/v1").await.expect(200);
    assert_eq!(standing(&first), told(6, 3, 10), "until the next token");
    let nothing = guest.get("/api/v1/nothing").await.expect(404);
    assert_eq!(standing(&nothing), told(6, 2, 20), "errors too");
    for _ in 0..2 {
        guest.with_token("wrong").get("/api/v1/auth/me").await.expect(401);
    }
    let refused = guest.with_header("origin", "http://localhost:3000").get("/api/v1").await.expect(429);
    assert_eq!(refused.body["error"], "Too Many Requests");
    let wait: u32 = header(&refused, "retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    assert_eq!(refused.body["detail"], format!("Rate limit exceeded. Try again in {wait} seconds."));
    assert_eq!(standing(&refused), told(6, 0, wait));
    for expected in ["x-correlation-id", "x-content-type-options", "access-control-allow-origin"] {
        assert!(header(&refused, expected).is_some(), "{expected}");
    }
    from(&server, "192.0.2.2").get("/api/v1").await.expect(200);
    server.clock().pass(Duration::from_secs(10));
    guest.get("/api/v1").await.expect(200);
}

async fn what_is_not_counted(database: Database) {
    let server = Server::start_with(database, &LIMITED);
    let superadmin = server.superadmin().await;
    let guest = server.anonymous();
    for _ in 0..8 {
        for path in ["/health", "/ready", "/live", "/_/"] {
            assert_eq!(standing(&guest.get(path).await), [None, None, None], "{path}");
        }
        assert_eq!(standing(&superadmin.get("/api/v1/accounts").await.expect(200)), [None, None, None]);
        let preflight = guest
            .with_header("origin", "http://localhost:3000")
            .with_header("access-control-request-method", "POST")
            .send(reqwest::Method::OPTIONS, "/api/v1/auth/login", None)
            .await;
        assert_eq!((preflight.status, standing(&preflight)), (200, [None, None, None]));
    }
    guest.get("/api/v1").await.expect(200);
}

async fn users_keys_and_paths_are_counted_apart(database: Database) {
    let endpoints = r#"{"/api/v1/auth/login": 3}"#;
    let mut settings = LIMITED.to_vec();
    settings.push(("RATE_LIMIT_ENDPOINTS", endpoints));
    settings.extend([("RATE_LIMIT_AUTHENTICATED_PER_MINUTE", "2"), ("API_KEY_RATE_LIMIT_PER_MINUTE", "1")]);
    let server = Server::start_with(database, &settings);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    server.clock().pass(Duration::from_secs(600));
    // However a path is written, it is one path.
    let guest = from(&server, "192.0.2.9");
    for (path, remaining) in
        [("/api/v1/auth/login", 3), ("/api/v1/auth/login/", 2), ("/api/v1/auth/%6Cogin", 1)]
    {
        let reply = guest.post(path, serde_json::json!({})).await.expect(422);
        assert_eq!(standing(&reply)[..2], told(3, remaining, 0)[..2], "{path}");
    }
    assert_eq!(standing(&guest.get("/api/v1").await)[1].as_deref(), Some("3"));
    let me = acme.user.get("/api/v1/auth/me").await.expect(200);
    assert_eq!(standing(&me)[..2], told(2, 3, 0)[..2]);
    let elsewhere = acme.user.with_header("x-forwarded-for", "192.0.2.3");
    assert_eq!(standing(&elsewhere.get("/api/v1/auth/me").await)[1].as_deref(), Some("2"));
    let made =
        superadmin.post("/api/v1/admin/api-keys", serde_json::json!({"name": "Key"})).await.expect(201);
    let key = server.anonymous().with_header("x-api-key", made.str("key"));
    for remaining in [3, 2, 1, 0] {
        let reply = key.get("/api/v1/accounts").await.expect(200);
        assert_eq!(standing(&reply)[..2], told(1, remaining, 0)[..2]);
    }
    key.get("/api/v1/accounts").await.expect(429);
    superadmin.get("/api/v1/accounts").await.expect(200);
}

async fn an_hour_has_a_limit_of_its_own(database: Database) {
    let server =
        Server::start_with(database, &[LIMITED.as_slice(), &[("RATE_LIMIT_PER_HOUR", "5")]].concat());
    let guest = server.anonymous();
    for _ in 0..5 {
        guest.get("/api/v1").await.expect(200);
        server.clock().pass(Duration::from_secs(10));
    }
    let refused = guest.get("/api/v1").await.expect(429);
    let wait: u64 = header(&refused, "retry-after").unwrap().parse().unwrap();
    assert!((600..=720).contains(&wait), "{wait}");
    server.clock().pass(Duration::from_secs(wait));
    guest.get("/api/v1").await.expect(200);
}

#[tokio::test]
async fn two_nodes_on_one_database_count_together() {
    let Some(database) = Database::postgres().await else {
        return skipped("rate limits of two nodes", "TEST_POSTGRES_URL names no PostgreSQL server");
    };
    let settings = [LIMITED.as_slice(), &[("LOGIN_THROTTLE_ENABLED", "true")]].concat();
    let one = Server::start_with(database, &settings);
    let two = one.beside(&settings);
    for (node, remaining) in [(&one, 3), (&two, 2), (&one, 1), (&two, 0)] {
        let reply = from(node, "192.0.2.1").get("/api/v1").await.expect(200);
        assert_eq!(standing(&reply)[1], Some(remaining.to_string()));
    }
    for node in [&one, &two] {
        from(node, "192.0.2.1").get("/api/v1").await.expect(429);
    }
    for n in 1..=19 {
        let node = if n % 2 == 0 { &one } else { &two };
        from(node, &format!("198.51.100.{n}"))
            .login("SY0000", "nobody@example.com", "guess")
            .await
            .expect(401);
    }
    // The code and the slug are names of one account.
    from(&two, "198.51.100.20").login("system", "nobody@example.com", "guess").await.expect(429);
    from(&one, "198.51.100.21").login("SY0000", "nobody@example.com", "guess").await.expect(429);
}

#[tokio::test]
async fn guessed_api_keys_are_refused_with_a_wait_in_the_end() {
    let server = Server::start_with(Database::sqlite(), &[("LOGIN_THROTTLE_ENABLED", "true")]);
    let superadmin = server.superadmin().await;
    let made =
        superadmin.post("/api/v1/admin/api-keys", serde_json::json!({"name": "Key"})).await.expect(201);
    let key = server.anonymous().with_header("x-api-key", made.str("key"));
    key.get("/api/v1/accounts").await.expect(200);
    let guess = |n: usize| server.anonymous().with_header("x-api-key", &format!("sb_sk_{n:048}"));
    for n in 1..50 {
        guess(n).get("/api/v1/accounts").await.expect(401);
    }
    guess(50).get("/api/v1/accounts").await.expect(429);
    guess(51).get("/api/v1/accounts").await.expect(429);
    superadmin.get("/api/v1/accounts").await.expect(200);
    server.clock().pass(Duration::from_secs(15 * 60));
    key.get("/api/v1/accounts").await.expect(200);
    guess(52).get("/api/v1/accounts").await.expect(401);
}
