//! What receivers hear, compared with what they may fetch: for random rules, filters, changes and
//! receivers, each change is told exactly as the lists before and after it differ.
//!
//! `REALTIME_CASES` says how many (rule, change, receiver) there are at least; `REALTIME_SEED` repeats a run.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use serde_json::{Value, json};

use super::socket::Socket;
use super::{POSTS, Stage};
use crate::client::Client;
use crate::on_each_database;
use crate::server::Database;
use crate::tenant::{Tenant, add_user};

on_each_database!(receivers_hear_what_they_may_fetch);

const CASES: usize = 600;
const CHANGES_OF_A_ROUND: usize = 12;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.next(all.len())]
    }
}

const CONDITIONS: [&str; 17] = [
    "status = \"open\"",
    "status != \"shut\"",
    "n > 2",
    "n <= 3",
    "twice = 4",
    "title ~ \"%a%\"",
    "secret = \"s\"",
    "secret IS NULL",
    "n IN (1, 3, 5)",
    "created_by = @request.auth.id",
    "@request.auth.role = \"admin\"",
    "@owns_record()",
    "@has_group(\"staff\")",
    "parent.n = 1",
    "parent.n > 1",
    "parent IS NULL",
    "updated_by = @request.auth.id",
];
const FILTERS: [&str; 6] = [
    "n > 1",
    "status = \"open\"",
    "title ~ \"a%\"",
    "n < 3 && status = \"open\"",
    "parent IS NULL",
    "twice > 3",
];
const LISTS: [&str; 4] = [
    "*",
    "[\"title\",\"status\",\"n\",\"parent\",\"twice\"]",
    "[\"title\",\"status\",\"n\",\"parent\",\"twice\",\"mail\"]",
    "[\"title\",\"status\",\"n\",\"parent\",\"twice\",\"secret\",\"paper\"]",
];

fn rule(random: &mut Random) -> String {
    let condition = |random: &mut Random| {
        let condition = random.of(&CONDITIONS);
        if random.next(4) == 0 { format!("!({condition})") } else { condition.to_owned() }
    };
    match random.next(8) {
        0 => String::new(),
        1..4 => condition(random),
        4..6 => format!("{} && {}", condition(random), condition(random)),
        _ => format!("{} || ({} && {})", condition(random), condition(random), condition(random)),
    }
}

struct Receiver {
    client: Client,
    socket: Socket,
    filter: Option<&'static str>,
    /// What he can fetch, by id.
    shown: BTreeMap<String, Value>,
    /// What he must hear of each change.
    expected: Vec<BTreeMap<String, (String, Value)>>,
}

impl Receiver {
    async fn fetch(&self) -> BTreeMap<String, Value> {
        let mut parameters = vec![("limit", "100")];
        parameters.extend(self.filter.map(|filter| ("filter", filter)));
        let reply = self.client.get_with(POSTS, &parameters).await.expect(200);
        assert!(reply.items().len() < 100);
        let item = |item: &Value| {
            let mut item = item.clone();
            item.as_object_mut().unwrap().remove("account_name");
            (item["id"].as_str().unwrap().to_owned(), item)
        };
        reply.items().iter().map(item).collect()
    }

    /// Looks what a change made of what is shown; `told` says whether changes of posts did it.
    async fn look(&mut self, told: bool) {
        let now = self.fetch().await;
        if told {
            let mut expected = BTreeMap::new();
            for (id, item) in now.iter().filter(|(id, item)| self.shown.get(*id) != Some(item)) {
                let new = item["created_at"] == item["updated_at"] && !self.shown.contains_key(id);
                let kind = if new { "posts.create" } else { "posts.update" };
                expected.insert(id.clone(), (kind.to_owned(), item.clone()));
            }
            for id in self.shown.keys().filter(|id| !now.contains_key(*id)) {
                expected.insert(id.clone(), ("posts.delete".to_owned(), json!({ "id": id })));
            }
            self.expected.push(expected);
        }
        self.shown = now;
    }
}

async fn receivers_hear_what_they_may_fetch(database: Database) {
    let seed = match std::env::var("REALTIME_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => RandomState::new().build_hasher().finish(),
    };
    let cases = std::env::var("REALTIME_CASES").map_or(CASES, |cases| cases.parse().unwrap());
    let random = &mut Random(seed);
    let stage = Stage::set(database).await;
    let (acme, superadmin) = (&stage.acme, &stage.superadmin);
    let other = Tenant::create(&stage.server, superadmin, "Other").await;
    let mut people = vec![superadmin.clone(), acme.user.clone(), acme.admin.clone(), other.user.clone()];
    for n in 0..4 {
        let email = format!("more{n}@{}.com", acme.slug);
        let id = add_user(superadmin, &acme.id, &email, if n == 3 { "admin" } else { "user" }).await;
        if n < 2 {
            let name = ["staff", "pii_access"][n];
            let group = acme.admin.post("/api/v1/groups", json!({ "name": name })).await.expect(201);
            let path = format!("/api/v1/groups/{}/users", group.str("id"));
            acme.admin.post(&path, json!({ "user_id": id })).await.expect(201);
        }
        people.push(stage.server.anonymous().signed_in(&acme.code, &email).await);
    }
    let mut marks = Vec::new();
    for n in 0..3 {
        let body = json!({ "n": n, "account_id": acme.id });
        marks.push(superadmin.post("/api/v1/records/marks", body).await.expect(201).str("id").to_owned());
    }
    let mut posts: Vec<String> = Vec::new();
    let (mut done, mut events) = (0, 0);
    while done < cases {
        let rules = json!({ "list_rule": rule(random), "list_fields": random.of(&LISTS) });
        stage.set_rules(rules.clone()).await;
        let mut receivers = Vec::new();
        for client in &people {
            for filter in [None, Some(random.of(&FILTERS))] {
                let mut socket = stage.socket(client).await;
                socket.subscribe_as(json!({ "collection": "posts", "filter": filter })).await;
                let mut receiver = Receiver {
                    client: client.clone(),
                    socket,
                    filter,
                    shown: BTreeMap::new(),
                    expected: Vec::new(),
                };
                receiver.look(false).await;
                receivers.push(receiver);
            }
        }
        let mut turns = stage.socket(superadmin).await;
        for _ in 0..CHANGES_OF_A_ROUND {
            let writer = &people[1 + random.next(people.len() - 1)];
            let told = write(random, writer, superadmin, acme, &mut posts, &mut marks).await;
            // All have been told by then, so that nothing later has to do with it.
            turns.so_far().await;
            for receiver in &mut receivers {
                receiver.look(told).await;
                done += usize::from(told);
            }
        }
        for receiver in &mut receivers {
            let mut heard = receiver.socket.events_so_far().await.into_iter();
            for (number, expected) in std::mem::take(&mut receiver.expected).into_iter().enumerate() {
                events += expected.len();
                let told: BTreeMap<_, _> = heard
                    .by_ref()
                    .take(expected.len())
                    .map(|(kind, data)| (data["id"].as_str().unwrap().to_owned(), (kind, data)))
                    .collect();
                let filter = receiver.filter;
                assert_eq!(told, expected, "seed {seed}: {rules}, filter {filter:?}, change {number}");
            }
            assert_eq!(heard.next(), None, "seed {seed}: {rules}, filter {:?}", receiver.filter);
        }
    }
    assert!(events > done / 20, "{events} events in {done} cases");
    println!("{done} cases, {events} events, seed {seed}");
}

/// A random change; answers whether it is one of posts alone.
async fn write(
    random: &mut Random,
    writer: &Client,
    superadmin: &Client,
    acme: &Tenant,
    posts: &mut Vec<String>,
    marks: &mut Vec<String>,
) -> bool {
    let mut body = json!({
        "title": random.of(&["a", "banana", "xyz"]),
        "status": random.of(&["open", "shut"]),
        "n": random.next(6),
        "secret": (random.next(2) == 1).then_some("s"),
        "mail": random.of(&["ann@example.com", "bob@example.com"]),
        "paper": { "x": random.next(9) },
    });
    let parent = match random.next(3) {
        0 => Value::Null,
        _ => json!(marks[random.next(marks.len())]),
    };
    let pick = random.next(posts.len().max(1));
    let choice = if posts.len() > 25 { 7 } else { random.next(10) };
    match choice {
        0..4 => {
            body["parent"] = if random.next(2) == 0 { parent } else { Value::Null };
            // One of another account can refer to nothing of this one.
            let reply = writer.post(POSTS, body).await;
            if reply.status != 201 {
                return true;
            }
            posts.push(reply.str("id").to_owned());
            true
        }
        4..7 if !posts.is_empty() => {
            body["parent"] = parent;
            superadmin.patch(&format!("{POSTS}/{}", posts[pick]), body).await;
            true
        }
        7 | 8 if posts.len() > 3 => {
            let id = posts.swap_remove(pick);
            superadmin.delete(&format!("{POSTS}/{id}")).await.expect(204);
            true
        }
        9 if random.next(3) == 0 => {
            // Those that refer to it go with it.
            let id = marks.swap_remove(random.next(marks.len()));
            superadmin.delete(&format!("/api/v1/records/marks/{id}")).await.expect(204);
            let body = json!({ "n": random.next(3), "account_id": acme.id });
            marks.push(superadmin.post("/api/v1/records/marks", body).await.expect(201).str("id").to_owned());
            let there = superadmin.get(&format!("{POSTS}?limit=100")).await.expect(200).each("id");
            posts.retain(|id| there.contains(&json!(id)));
            true
        }
        _ => {
            // What rules look at changes; of the posts that nobody touched nothing is told.
            let id = &marks[random.next(marks.len())];
            let body = json!({ "n": random.next(3) });
            superadmin.patch(&format!("/api/v1/records/marks/{id}"), body).await.expect(200);
            false
        }
    }
}
