//! What a caller may not see changes nothing that he sees.
//!
//! Two accounts have the same records, but for the values of fields that the caller
//! does not see (hidden) or sees masked, where the masks are the same. Whatever he asks,
//! both must answer alike: status, text, order and counts. What is asked follows the
//! API's description, so that a new parameter of records needs a line here.

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Client, Reply};
use crate::on_each_database;
use crate::openapi::{Operation, operations};
use crate::server::{Database, Server};
use crate::tenant::{Tenant, add_collection};

on_each_database!(nothing_tells_what_is_hidden_or_masked);

const PEOPLE: &str = "/api/v1/records/people";

/// Fields that are hidden, the last one computed.
const HIDDEN: [&str; 4] = ["secret", "grade", "boss", "rank"];
/// Fields that are masked, the last one computed.
const MASKED: [&str; 4] = ["mail", "born", "salary", "pay"];

/// The hidden and masked values of the records of one account: as many equal ones as in
/// the other, and of equal masks, but in another order.
const ONE: [(&str, i64, &str, &str, i64); 3] = [
    ("buried alpha", 1, "ma@example.com", "2001-01-01", 150),
    // By its words this record would be more about titles than others.
    ("buried beta title title", 2, "mb@example.com", "2002-01-01", 300),
    ("buried gamma", 3, "mc@example.com", "2003-01-01", 450),
];
const OTHER: [(&str, i64, &str, &str, i64); 3] = [
    ("buried zeta title title", 7, "mc@example.com", "2003-01-01", 450),
    ("buried alpha", 7, "mb@example.com", "2001-01-01", 300),
    ("buried alpha", -7, "ma@example.com", "2002-01-01", 150),
];

/// An account and the records in it, the last one the caller's own.
struct World {
    name: &'static str,
    tenant: Tenant,
    ids: Vec<String>,
}

async fn collection(superadmin: &Client) {
    let schema = json!([
        { "name": "title", "type": "text", "options": { "searchable": true } },
        { "name": "secret", "type": "text", "options": { "searchable": true } },
        { "name": "grade", "type": "number" },
        { "name": "mail", "type": "email", "pii": true, "mask_type": "email", "options": { "searchable": true } },
        { "name": "born", "type": "date", "pii": true },
        { "name": "salary", "type": "number", "pii": true },
        { "name": "boss", "type": "reference", "collection": "people", "on_delete": "set_null" },
        { "name": "peer", "type": "reference", "collection": "people", "on_delete": "set_null" },
        { "name": "rank", "type": "computed", "expression": "grade * 2", "return_type": "number" },
        { "name": "pay", "type": "computed", "expression": "salary * 2", "return_type": "number" },
    ]);
    let shown = "[\"title\",\"mail\",\"born\",\"salary\",\"peer\",\"pay\"]";
    let lists = json!({
        "list_fields": shown, "view_fields": shown,
        "create_fields": "[\"title\",\"mail\",\"born\",\"salary\",\"peer\"]", "update_fields": "[\"title\",\"salary\"]",
    });
    add_collection(superadmin, "people", schema, lists).await;
}

impl World {
    async fn create(
        server: &Server,
        superadmin: &Client,
        name: &'static str,
        values: &[(&str, i64, &str, &str, i64)],
    ) -> Self {
        let tenant = Tenant::create(server, superadmin, name).await;
        let mut ids: Vec<String> = Vec::new();
        for (n, (secret, grade, mail, born, salary)) in values.iter().enumerate() {
            let record = json!({
                "account_id": tenant.id, "title": format!("title {n}"), "secret": secret, "grade": grade,
                "mail": mail, "born": born, "salary": salary, "peer": ids.first(),
                // In one account there is nobody's boss.
                "boss": ids.last().filter(|_| *grade > 1 && *grade < 7),
            });
            let made = superadmin.post(PEOPLE, record).await.expect(201);
            ids.push(made.str("id").to_owned());
        }
        // What the caller knows, to compare the others' values with.
        let own = json!({
            "title": "title own", "mail": "mba@example.com", "born": "2002-06-01", "salary": 222, "peer": ids[1],
        });
        let made = tenant.user.post(PEOPLE, own).await.expect(201);
        ids.push(made.str("id").to_owned());
        Self { name, tenant, ids }
    }

    /// A text in which `{r0}` and so on stand for the ids of records.
    fn with_ids(&self, text: &str) -> String {
        let numbered = self.ids.iter().enumerate();
        numbered.fold(text.to_owned(), |text, (n, id)| text.replace(&format!("{{r{n}}}"), id))
    }

    /// A reply in which ids, names and times that differ by nature are replaced.
    fn told(&self, reply: &Reply) -> String {
        let mut text = format!("{} {}", reply.status, reply.text);
        for (n, id) in self.ids.iter().enumerate() {
            text = text.replace(id, &format!("{{r{n}}}"));
        }
        let tenant = &self.tenant;
        for own in [&tenant.id, &tenant.user_id, &tenant.slug] {
            text = text.replace(own, "{own}");
        }
        let text = text.replace(&format!("\"{}\"", self.name), "{own}");
        let text = text.replace(&format!(",{},", self.name), ",{own},");
        let times = regex::Regex::new(r"\d{4}-\d\d-\d\dT[0-9:.]+Z|\d{8}_\d{6}").unwrap();
        let text = times.replace_all(&text, "{time}");
        let cursors = regex::Regex::new(r#""(next|prev)_cursor":"[^"]*""#).unwrap();
        let text = cursors.replace_all(&text, "{cursor}").into_owned();
        // Ids of records that were made by the request, and of the superadmin.
        let ids = regex::Regex::new(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
        ids.replace_all(&text, "{id}").into_owned()
    }
}

/// The tag of a record's reply, worked out from nothing but the reply: when the record was last
/// changed, which the reply tells as `updated_at`, and a digest of the text.
fn tag_of(reply: &Reply) -> String {
    let changed = chrono::DateTime::parse_from_rfc3339(reply.str("updated_at")).unwrap();
    let digest: String = Sha256::digest(&reply.bytes).iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("\"{:x}-{digest}\"", changed.timestamp_micros())
}

/// All expressions that try to tell something of a field.
fn conditions(field: &str) -> Vec<String> {
    let others = "buried alpha";
    vec![
        format!("{field} > \"2002-01-01\""),
        format!("{field} < 200"),
        format!("{field} >= \"mb\""),
        format!("200 <= {field}"),
        format!("{field} ~ \"%a%\""),
        format!("{field} !~ \"m%\""),
        format!("\"{others}\" ~ {field}"),
        format!("length({field}) > 3"),
        format!("upper({field}) = \"MA@EXAMPLE.COM\""),
        format!("substring({field}, 1, 2) = \"ma\""),
        format!("{field} + 1 > 200"),
        format!("- {field} < 0 - 200"),
        format!("concat({field}, title) < \"n\""),
        format!("coalesce({field}, 0) > 200"),
        format!("if({field} > 200, true, false)"),
        format!("nullif({field}, 150) IS NULL"),
        format!("! ({field} > 200)"),
        format!("title = \"title 0\" || {field} > 200"),
        format!("{field} || title = \"nothing\""),
        format!("{field} = title"),
        format!("{field} IN (title, \"nothing\")"),
        format!("title IN ({field}, \"nothing\")"),
        format!("peer.{field} > 200"),
        format!("peer.{field} ~ \"%a%\""),
        format!("peer.peer.{field} IS NULL"),
        format!("abs(peer.{field}) > 200"),
        format!("date_diff({field}, \"2002-01-01\", \"days\") > 0"),
        format!("{field} @@ \"{others}\""),
        format!("{field} @@ \"mb*\""),
        format!("title = \"title 0\" || ! ({field} @@ \"buried\")"),
        format!("peer.{field} @@ \"buried title\""),
        format!("peer.{field} @@ \"ma example com\""),
    ]
}

/// What is tried for a parameter, beside those that the request needs. A parameter that is not
/// known here needs a line here.
fn probes(name: &str) -> Vec<String> {
    let fields = || HIDDEN.into_iter().chain(MASKED);
    let each = |made: &dyn Fn(&str) -> Vec<String>| fields().flat_map(made).collect::<Vec<_>>();
    match name {
        "skip" => vec!["1".into()],
        "limit" => vec!["2".into()],
        "include_count" | "skip_total" => vec!["true".into()],
        "format" => vec!["json".into(), "csv".into()],
        "search" | "q" => {
            let words = [
                "buried",
                "ma@example.com",
                "150",
                "2001",
                "mb*",
                "alpha",
                "title",
                "title buried",
                "\"title title\"",
                "\"title 0\"",
            ];
            words.map(str::to_owned).into()
        }
        "sort" => each(&|f| {
            vec![
                format!("+{f}"),
                format!("-{f}"),
                format!("+{f},-title"),
                format!("-title,+{f}"),
                format!("+peer.{f}"),
            ]
        }),
        "fields" => each(&|f| vec![f.to_owned(), format!("title,{f}"), format!("peer.{f}")]),
        "expand" => {
            let mut all =
                each(&|f| vec![f.to_owned(), format!("peer.{f}"), format!("boss.{f}"), format!("{f}.peer")]);
            all.extend(["peer", "peer.boss", "peer.peer.boss", "boss", "boss.boss"].map(str::to_owned));
            all
        }
        "filter" => {
            let mut all = each(&conditions);
            // Equality may be asked of masked fields, as one who guesses a whole value may; of hidden ones not.
            for f in HIDDEN {
                all.extend([
                    format!("{f} = \"buried alpha\""),
                    format!("{f} IS NULL"),
                    format!("{f} = null"),
                    format!("{f} != 7"),
                    format!("{f} ?= null"),
                    format!("{f} IN (7, 1)"),
                    f.to_owned(),
                ]);
            }
            for f in MASKED {
                all.extend([
                    format!("{f} = \"nothing\""),
                    format!("{f} IS NOT NULL"),
                    format!("{f} != 99"),
                    format!("{f} IN (99, 98)"),
                    format!("salary > {f}"),
                    format!("{f} = {f}"),
                ]);
            }
            all
        }
        "cursor" | "cursor_before" => vec![String::new(), "e30=".into(), "{cursor}".into()],
        "functions" => {
            each(&|f| ["count", "sum", "avg", "min", "max"].map(|word| format!("{word}({f})")).into())
        }
        "group_by" => each(&|f| vec![f.to_owned(), format!("title,{f}"), format!("{f},title")]),
        "having" => each(&|f| {
            let ask = |word: &str| {
                [format!("{word}({f}) > 200"), format!("{word}_{f} = 150"), format!("{word}_{f} < \"mb\"")]
            };
            ["count", "sum", "avg", "min", "max"].iter().flat_map(|word| ask(word)).collect()
        }),
        "mode" => vec!["skip".into()],
        "collection" | "id" => Vec::new(),
        unknown => {
            panic!("the parameter '{unknown}' of records needs a line that tries to learn something by it")
        }
    }
}

/// What else stands in a request with a parameter, so that the parameter has an effect.
fn surroundings(operation: &Operation, name: &str) -> Vec<Vec<(&'static str, &'static str)>> {
    let own_or = "id = \"{r0}\" || id = \"{r3}\"";
    let aggregate = operation.path.ends_with("/aggregate");
    match name {
        "functions" => {
            vec![vec![], vec![("group_by", "title")], vec![("filter", own_or)], vec![("group_by", "salary")]]
        }
        "group_by" => vec![
            vec![("functions", "count(),min(title)")],
            vec![("functions", "count(),sum(salary),max(mail)")],
        ],
        "having" => vec![
            vec![(
                "functions",
                "sum(salary),avg(salary),min(salary),max(salary),min(mail),max(mail),min(born)",
            )],
            vec![("functions", "count(salary),count(mail),count(pay)"), ("group_by", "title")],
            vec![("functions", "min(mail),min(salary),sum(salary)"), ("filter", own_or)],
        ],
        "search" if aggregate => vec![
            vec![("functions", "count()")],
            vec![("functions", "count(),max(title)"), ("group_by", "title")],
        ],
        "search" => vec![
            vec![],
            vec![("limit", "2"), ("skip", "1")],
            vec![("sort", "-title"), ("include_count", "true"), ("cursor", "")],
            vec![("cursor", ""), ("limit", "2")],
            vec![("filter", "title ~ \"title%\"")],
            vec![("format", "csv")],
        ],
        "filter" if aggregate => vec![vec![("functions", "count()")]],
        "cursor" | "cursor_before" => {
            vec![
                vec![("sort", "-salary"), ("limit", "2")],
                vec![("sort", "+secret"), ("limit", "1")],
                vec![("limit", "2")],
            ]
        }
        "sort" => vec![vec![], vec![("limit", "2"), ("skip", "1")], vec![("cursor", ""), ("limit", "3")]],
        "limit" | "skip" => vec![vec![("sort", "+mail")]],
        _ => vec![vec![]],
    }
}

/// Asks both; tells how often.
struct Interrogator<'a> {
    worlds: [&'a World; 2],
    asked: usize,
}

impl Interrogator<'_> {
    /// Sends the same request to both, where `{r0}` stands for a record; answers the replies.
    async fn ask(
        &mut self,
        method: &Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> [Reply; 2] {
        let mut replies = Vec::new();
        for world in self.worlds {
            let mut text = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in query {
                text.append_pair(name, &world.with_ids(value));
            }
            let query = text.finish();
            let separator = if query.is_empty() { "" } else { "?" };
            let path = format!("{}{separator}{query}", world.with_ids(path));
            let body = body.map(|body| serde_json::from_str(&world.with_ids(&body.to_string())).unwrap());
            replies.push(world.tenant.user.send(method.clone(), &path, body).await);
        }
        let told: Vec<_> = self.worlds.iter().zip(&replies).map(|(world, reply)| world.told(reply)).collect();
        assert_eq!(told[0], told[1], "{method} {path} {query:?} {body:?}");
        assert!(
            !told[0].contains("buried") || query.iter().any(|(_, value)| value.contains("buried")),
            "{}",
            told[0]
        );
        assert!(!told[0].starts_with("5"), "{}", told[0]);
        self.asked += 1;
        let etag = |reply: &Reply| reply.headers.get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        assert_eq!(etag(&replies[0]).is_some(), etag(&replies[1]).is_some());
        for reply in &replies {
            if let Some(tag) = etag(reply).filter(|_| path.starts_with(PEOPLE)) {
                assert_eq!(tag, tag_of(reply), "{method} {path}: the tag tells more than the reply");
            }
        }
        replies.try_into().unwrap_or_else(|_| panic!("two replies"))
    }

    /// A cursor is different for each, so it is taken from a reply before.
    async fn walk(&mut self, path: &str, name: &str, around: &[(&str, &str)]) {
        let first: Vec<_> = std::iter::once(("cursor", "")).chain(around.iter().copied()).collect();
        let pages = self.ask(&Method::GET, path, &first, None).await;
        let mut told = Vec::new();
        for (world, page) in self.worlds.iter().zip(&pages) {
            let cursor = page.body["next_cursor"].as_str().unwrap().to_owned();
            let query: Vec<_> =
                std::iter::once((name, cursor.as_str())).chain(around.iter().copied()).collect();
            told.push(world.told(&world.tenant.user.get_with(path, &query).await));
        }
        assert_eq!(told[0], told[1], "{path} {name} {around:?}");
        self.asked += 1;
    }

    async fn read(&mut self, operation: &Operation, path: &str) {
        self.ask(
            &Method::GET,
            path,
            if path.ends_with("/aggregate") { &[("functions", "count()")] } else { &[] },
            None,
        )
        .await;
        for name in &operation.query_parameters {
            for around in surroundings(operation, name) {
                for probe in probes(name) {
                    if probe == "{cursor}" {
                        self.walk(path, name, &around).await;
                        continue;
                    }
                    let mut query = vec![(name.as_str(), probe.as_str())];
                    query.extend(&around);
                    self.ask(&Method::GET, path, &query, None).await;
                }
            }
        }
        if operation.query_parameters.iter().any(|name| name == "filter") && !path.ends_with("/aggregate") {
            for (field, value) in
                HIDDEN.iter().flat_map(|f| [(f, "buried alpha"), (f, "7"), (f, "null"), (f, "{r0}")])
            {
                self.ask(&Method::GET, path, &[(field, value)], None).await;
            }
            for field in MASKED {
                self.ask(&Method::GET, path, &[(field, "nothing")], None).await;
            }
        }
    }

    /// Changes that the caller may make, and some that he may not.
    async fn write(&mut self, operation: &Operation, path: &str) {
        let hidden = |field: &str| json!({ "title": "new", field: "buried alpha" });
        let end = operation.path.rsplit('/').next().unwrap_or_default();
        let bodies: Vec<Option<Value>> = match (operation.method.as_str(), end) {
            ("POST", "{collection}") => HIDDEN.map(|f| Some(hidden(f))).into_iter().chain([
                Some(json!({ "title": "new", "peer": "{r0}" })),
                Some(json!({ "title": "new", "mail": "mz@example.com", "salary": 333, "born": "2000-01-01" })),
            ]).collect(),
            ("PUT" | "PATCH", "{id}") => HIDDEN.map(|f| Some(hidden(f))).into_iter().chain([
                Some(json!({ "title": "changed" })),
                Some(json!({ "salary": "***" })),
                Some(json!({ "mail": "mb@example.com" })),
            ]).collect(),
            ("POST", "batch") => vec![
                Some(json!({ "records": [{ "title": "new", "peer": "{r1}" }] })),
                Some(json!({ "records": [hidden("secret")] })),
            ],
            ("PATCH", "batch") => vec![
                Some(json!({ "records": [{ "id": "{r1}", "data": { "title": "changed" } }] })),
                Some(json!({ "records": [{ "id": "{r1}", "data": { "salary": "***" } }] })),
                Some(json!({ "records": [{ "id": "{r1}", "data": { "grade": 1 } }] })),
            ],
            ("POST", "import") => vec![
                Some(json!({ "records": [{ "title": "new", "peer": "{r1}" }] })),
                Some(json!({ "records": [hidden("secret")], "mode": "skip" })),
            ],
            ("DELETE", "batch") => vec![Some(json!({ "ids": ["{r0}", "{r2}"] }))],
            ("DELETE", "{id}") => vec![None],
            _ => panic!("{} needs a line that tries to learn something by it", operation.name()),
        };
        for body in &bodies {
            self.ask(&operation.method, path, &[], body.as_ref()).await;
        }
    }
}

async fn nothing_tells_what_is_hidden_or_masked(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    collection(&superadmin).await;
    let one = World::create(&server, &superadmin, "Acme", &ONE).await;
    let other = World::create(&server, &superadmin, "Umbra", &OTHER).await;
    let order = async |world: &World| {
        let filter = format!("account_id = \"{}\"", world.tenant.id);
        let query = [("sort", "+salary"), ("filter", filter.as_str())];
        superadmin.get_with(PEOPLE, &query).await.expect(200).each("title")
    };
    assert_ne!(order(&one).await, order(&other).await, "who may see it sees a difference");
    let found = superadmin.get_with(PEOPLE, &[("search", "\"title title\"")]).await.expect(200);
    assert_eq!(found.body["total"], 2, "and finds it");
    let found = one.tenant.user.get_with(PEOPLE, &[("search", "title")]).await.expect(200);
    assert_eq!(found.body["total"], 4, "what everybody sees is found");
    let mut all: Vec<_> =
        operations().into_iter().filter(|o| o.path.starts_with("/api/v1/records/")).collect();
    // What deletes comes last, what changes after what reads.
    all.sort_by_key(|o| (o.method == Method::DELETE, o.method != Method::GET, o.path.clone()));
    assert!(all.len() >= 10, "the API's description has records");
    let mut asked = Interrogator { worlds: [&one, &other], asked: 0 };
    for operation in &all {
        let path = operation.path.replace("{collection}", "people").replace("{id}", "{r1}");
        assert!(!path.replace("{r1}", "").contains('{'), "{} needs a line", operation.name());
        match operation.method == Method::GET {
            true => asked.read(operation, &path).await,
            false => asked.write(operation, &path).await,
        }
    }
    assert!(asked.asked > 500, "{} requests", asked.asked);
}
