//! What callers change is written down as theirs, column by column, or does not happen.

#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use serde_json::json;
use snackbase_application::accounts::Accounts;
use snackbase_application::api_keys::{ApiKeyFormat, ApiKeyLimits, ApiKeys};
use snackbase_application::audit::{Audit, ProblemKind};
use snackbase_application::auth::{Auth, AuthPolicy, Identities, Throttle};
use snackbase_application::collections::{Collections, NewCollection, RuleChange};
use snackbase_application::groups::Groups;
use snackbase_application::ports::{
    AuditEntry, AuditFilter, AuditQuery, AuditSealer, AuditSort, QueuedChange, Storage,
};
use snackbase_application::records::{Limits, Records};
use snackbase_application::registration::{Registration, RegistrationRequest};
use snackbase_application::roles::Roles;
use snackbase_application::tracking::TrackedStorage;
use snackbase_application::users::{NewUser, UserChange, Users};
use snackbase_application::{AuthMethod, Caller, Origin, Principal};
use snackbase_domain::RecordId;
use snackbase_domain::collection::RuleSet;
use snackbase_domain::email::Email;
use snackbase_domain::role::RoleId;
use snackbase_testkit::builders::{
    NOW, anonymous, identity, member, principal, superadmin, superadmin_principal, user,
};
use snackbase_testkit::{FakeAuditSealer, FakeKeySigner, FakeTokens, PlainCursors, SeededIds};

use support::{World, body, login, verification};

/// The use cases over an audited store, and a superadmin who came by some way.
struct Audited {
    world: World,
    storage: Arc<TrackedStorage>,
    ids: Arc<SeededIds>,
    identities: Arc<Identities>,
    audit: Audit,
    by: Principal,
}

impl Audited {
    async fn new() -> Self {
        let world = World::new().await;
        let sealer: Arc<dyn AuditSealer> = Arc::new(FakeAuditSealer::default());
        let storage = TrackedStorage::new(world.storage.clone(), world.clock.clone());
        let storage = Arc::new(storage.with_audit(sealer.clone(), Arc::default()));
        let origin = Origin {
            address: "192.0.2.7".parse().ok(),
            user_agent: Some("test/1.0".to_owned()),
            request_id: Some("x".repeat(40)),
            depth: 0,
        };
        Self {
            audit: Audit::new(storage.clone(), sealer, Arc::default()),
            by: Principal { origin: Arc::new(origin), ..superadmin_principal() },
            ids: Arc::new(SeededIds::new(7)),
            identities: Arc::default(),
            storage,
            world,
        }
    }

    fn users(&self) -> Users {
        let (world, ids) = (&self.world, self.ids.clone());
        let identities = self.identities.clone();
        Users::new(self.storage.clone(), world.clock.clone(), ids, world.hasher.clone(), identities)
    }

    fn accounts(&self) -> Accounts {
        let (world, ids) = (&self.world, self.ids.clone());
        let identities = self.identities.clone();
        Accounts::new(self.storage.clone(), world.catalog.clone(), world.clock.clone(), ids, identities)
    }

    fn groups(&self) -> Groups {
        let (clock, identities) = (self.world.clock.clone(), self.identities.clone());
        Groups::new(self.storage.clone(), clock, self.ids.clone(), identities)
    }

    fn roles(&self) -> Roles {
        Roles::new(self.storage.clone(), self.identities.clone())
    }

    fn api_keys(&self, signer: Arc<FakeKeySigner>) -> ApiKeys {
        let limits = ApiKeyLimits { max_per_user: 3, default_days: None };
        let (clock, identities) = (self.world.clock.clone(), self.identities.clone());
        ApiKeys::new(self.storage.clone(), clock, self.ids.clone(), signer, identities, limits)
    }

    fn collections(&self) -> Collections {
        let (world, ids) = (&self.world, self.ids.clone());
        Collections::new(self.storage.clone(), world.catalog.clone(), world.clock.clone(), ids)
    }

    fn records(&self) -> Records {
        let limits = Limits { max_expand_depth: 2, batch_max_size: 3 };
        let (world, ids) = (&self.world, self.ids.clone());
        Records::new(
            self.storage.clone(),
            world.catalog.clone(),
            world.clock.clone(),
            ids,
            Arc::new(PlainCursors),
            limits,
        )
    }

    fn registration(&self) -> Registration {
        Registration::new(
            self.storage.clone(),
            self.ids.clone(),
            self.world.hasher.clone(),
            Arc::new(self.accounts()),
            Arc::new(self.users()),
            verification(&self.world, self.storage.clone()),
            None,
        )
    }

    /// All entries, oldest first.
    async fn entries(&self) -> Vec<AuditEntry> {
        self.audit.settle().await.unwrap();
        let query = AuditQuery { limit: 10_000, sort: AuditSort::Id, ..AuditQuery::default() };
        self.storage.read().audit().page(&query).await.unwrap()
    }

    /// What was written since it had so many entries, one line each: operation, table,
    /// column, values.
    async fn lines_after(&self, known: usize) -> Vec<String> {
        let verdict = self.audit.verify().await.unwrap();
        assert!(verdict.is_valid(), "{:?}", verdict.problems);
        self.entries().await.iter().skip(known).map(line).collect()
    }

    async fn count(&self) -> usize {
        self.entries().await.len()
    }
}

fn line(entry: &AuditEntry) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let (change, cell) = (&entry.change, &entry.cell);
    let (operation, table) = (change.operation.name(), &change.table_name);
    let (old, new) = (value(&cell.old_value), value(&cell.new_value));
    format!("{operation} {table}.{}: {old} => {new}", cell.column_name)
}

fn new_user(world: &World) -> NewUser {
    NewUser {
        email: Email::new("Zoë@example.org"),
        password: Some("Str0ng!Passw0rd".to_owned()),
        account_id: world.first.id.to_string(),
        role_id: RoleId(2),
        is_active: true,
        auth_provider: "password".to_owned(),
        auth_provider_name: None,
        external_id: None,
        external_email: None,
        profile_data: Some(json!({"b": 1, "a": "ü"})),
        email_verified: false,
    }
}

const TIME: &str = "2027-01-15T08:00:00.000001Z";

#[tokio::test]
async fn a_new_row_is_told_column_by_column_and_its_secrets_are_hidden() {
    let audited = Audited::new().await;
    let made = audited.users().create(&audited.by, new_user(&audited.world)).await.unwrap().user;
    let (id, account) = (made.id, audited.world.first.id);
    let columns = [
        format!("id: - => {id}"),
        format!("account_id: - => {account}"),
        "email: - => Zoë@example.org".to_owned(),
        "password_hash: - => ***".to_owned(),
        "role_id: - => 2".to_owned(),
        "is_active: - => True".to_owned(),
        "auth_provider: - => password".to_owned(),
        "auth_provider_name: - => -".to_owned(),
        "external_id: - => -".to_owned(),
        "external_email: - => -".to_owned(),
        "profile_data: - => {\"b\":1,\"a\":\"ü\"}".to_owned(),
        "email_verified: - => False".to_owned(),
        "email_verified_at: - => -".to_owned(),
        format!("password_changed_at: - => {TIME}"),
        format!("created_at: - => {TIME}"),
        format!("updated_at: - => {TIME}"),
    ];
    let expected: Vec<_> = columns.iter().map(|column| format!("CREATE users.{column}")).collect();
    let mut found = audited.lines_after(0).await;
    // The order of keys is the map's.
    found[10] = found[10].replace("{\"a\":\"ü\",\"b\":1}", "{\"b\":1,\"a\":\"ü\"}");
    assert_eq!(found, expected);

    for entry in audited.entries().await {
        let change = &entry.change;
        assert_eq!(change.account_id, account, "the row's own account");
        assert_eq!(change.record_id, id.to_string());
        assert_eq!(
            (change.user_id, change.user_email.as_str()),
            (audited.by.user_id, "user-9999@example.org")
        );
        assert_eq!(change.auth_method, "jwt");
        assert_eq!(change.ip_address.as_deref(), Some("192.0.2.7"));
        assert_eq!(change.user_agent.as_deref(), Some("test/1.0"));
        assert_eq!(change.request_id.as_deref(), Some("x".repeat(36).as_str()), "36 characters of it");
        assert_eq!(change.occurred_at.timestamp_micros(), NOW);
    }
}

#[tokio::test]
async fn a_change_tells_the_columns_that_differ() {
    let audited = Audited::new().await;
    let (users, by) = (audited.users(), &audited.by);
    let id = audited.world.add_user(1).await.id.to_string();
    audited.world.clock.pass(5);
    users.set_password(by, &id, "Str0ng!Passw0rd").await.unwrap();
    let later = "2027-01-15T08:00:05.000001Z";
    assert_eq!(
        audited.lines_after(0).await,
        [
            "UPDATE users.password_hash: *** => ***".to_owned(),
            format!("UPDATE users.password_changed_at: 2027-01-15T07:43:20.000001Z => {later}"),
            format!("UPDATE users.updated_at: 2027-01-15T08:00:01.000001Z => {later}"),
        ]
    );
    let known = audited.count().await;
    users.deactivate(by, &id).await.unwrap();
    assert_eq!(audited.lines_after(known).await, ["UPDATE users.is_active: True => False"]);
    let known = audited.count().await;
    let change = UserChange { is_active: Some(true), role_id: Some(RoleId(1)), ..UserChange::default() };
    users.update(by, &id, change).await.unwrap();
    let expected = ["UPDATE users.role_id: 2 => 1", "UPDATE users.is_active: False => True"];
    assert_eq!(audited.lines_after(known).await, expected);
    let known = audited.count().await;
    users.update(by, &id, UserChange::default()).await.unwrap();
    users.verify(by, &id).await.unwrap();
    assert_eq!(audited.lines_after(known).await, [""; 0], "nothing differs");
}

#[tokio::test]
async fn a_deleted_row_tells_what_it_held() {
    let audited = Audited::new().await;
    let role = audited.roles().create(&audited.by, "auditor", None).await.unwrap();
    let known = audited.count().await;
    audited.roles().delete(&audited.by, role.id).await.unwrap();
    let id = format!("DELETE roles.id: {} => -", role.id.0);
    let expected = [id.as_str(), "DELETE roles.name: auditor => -", "DELETE roles.description: - => -"];
    assert_eq!(audited.lines_after(known).await, expected);
    let entries = audited.entries().await;
    assert!(entries.iter().all(|entry| entry.change.account_id.is_system()), "of the one who changed it");
}

#[tokio::test]
async fn records_are_told_as_rows_of_their_table() {
    let audited = Audited::new().await;
    let fields = json!([
        {"name": "title", "type": "text"}, {"name": "done", "type": "boolean"},
        {"name": "n", "type": "number"}, {"name": "tags", "type": "json"},
        {"name": "due", "type": "datetime"}, {"name": "secret", "type": "text"},
        {"name": "loud", "type": "computed", "expression": "upper(title)", "return_type": "text"},
    ]);
    audited
        .world
        .define(json!({"name": "posts", "fields": fields, "create_rule": "", "update_rule": "", "delete_rule": ""}))
        .await;
    let records = audited.records();
    let caller = member(&audited.world.first, 1);
    let new = json!({
        "title": "ü'\"\n", "done": true, "n": 1.5, "tags": ["a", null], "due": "2027-01-01T00:00:00+02:00",
        "secret": "s3cret",
    });
    let made = records.create(&caller, "posts", &body(new)).await.unwrap();
    let made: serde_json::Value = serde_json::from_slice(&made).unwrap();
    let id = made["id"].as_str().unwrap();
    let lines = audited.lines_after(0).await;
    let columns: Vec<_> = lines.iter().map(|line| line.trim_start_matches("CREATE col_posts.")).collect();
    let (account, by) = (audited.world.first.id, user(&audited.world.first, 1).id);
    assert_eq!(
        columns,
        [
            format!("id: - => {id}").as_str(),
            &format!("account_id: - => {account}"),
            &format!("created_at: - => {TIME}"),
            &format!("created_by: - => {by}"),
            &format!("updated_at: - => {TIME}"),
            &format!("updated_by: - => {by}"),
            "title: - => ü'\"\n",
            "done: - => True",
            "n: - => 1.5",
            "tags: - => [\"a\",null]",
            "due: - => 2027-01-01T00:00:00+02:00",
            "secret: - => ***",
        ]
    );
    let known = audited.count().await;
    audited.world.clock.pass(1);
    let id = RecordId::new(id);
    records
        .patch(&caller, "posts", &id, &body(json!({"title": null, "n": 1.5, "done": false})))
        .await
        .unwrap();
    assert_eq!(
        audited.lines_after(known).await,
        [
            format!("UPDATE col_posts.updated_at: {TIME} => 2027-01-15T08:00:01.000001Z").as_str(),
            "UPDATE col_posts.title: ü'\"\n => -",
            "UPDATE col_posts.done: True => False",
        ]
    );
    let known = audited.count().await;
    records.delete(&caller, "posts", &id).await.unwrap();
    let lines = audited.lines_after(known).await;
    assert_eq!(lines.len(), 12);
    assert_eq!(lines[0], format!("DELETE col_posts.id: {id} => -"));
    assert_eq!(lines[11], "DELETE col_posts.secret: *** => -");
}

#[tokio::test]
async fn every_record_of_a_batch_is_told_or_none() {
    let audited = Audited::new().await;
    let fields = json!([{"name": "title", "type": "text", "required": true}]);
    audited
        .world
        .define(json!({"name": "posts", "fields": fields, "create_rule": "", "update_rule": "", "delete_rule": ""}))
        .await;
    let (records, caller) = (audited.records(), member(&audited.world.first, 1));
    let post = |title: &str| body(json!({"title": title}));
    records.create_batch(&caller, "posts", &[post("a"), body(json!({}))]).await.unwrap_err();
    assert_eq!(audited.count().await, 0, "what is rolled back leaves nothing");
    let made = records.create_batch(&caller, "posts", &[post("a"), post("b")]).await.unwrap();
    assert_eq!(audited.count().await, 14);
    let found: Vec<_> = audited.entries().await.into_iter().map(|entry| entry.change.record_id).collect();
    assert_eq!(made.count, 2);
    assert_ne!(found[0], found[7]);
    let ids = [RecordId::new(&found[0]), RecordId::new("nosuch")];
    records.delete_batch(&caller, "posts", &ids).await.unwrap_err();
    assert_eq!(audited.count().await, 14);
    records.delete_batch(&caller, "posts", &[ids[0].clone(), RecordId::new(&found[7])]).await.unwrap();
    let deleted = audited.lines_after(14).await;
    assert_eq!(deleted.iter().filter(|line| line.starts_with("DELETE col_posts.title")).count(), 2);
}

#[tokio::test]
async fn groups_and_members_are_told_with_what_goes_with_them() {
    let audited = Audited::new().await;
    let (groups, by) = (audited.groups(), &audited.by);
    let (anna, ben) = (audited.world.add_user(1).await, audited.world.add_user(2).await);
    let account = audited.world.first.id.to_string();
    let group = groups.create(by, "team", None, Some(&account)).await.unwrap().group.id.to_string();
    assert_eq!(audited.count().await, 6);
    for user in [&anna, &ben] {
        groups.add_member(by, &group, &user.id.to_string()).await.unwrap();
    }
    let lines = audited.lines_after(6).await;
    let member = |word: &str, user: &snackbase_domain::user::User, arrow: [&str; 2]| {
        let [before, after] = arrow;
        [
            format!("{word} users_groups.group_id: {before}{group}{after}"),
            format!("{word} users_groups.user_id: {before}{}{after}", user.id),
        ]
    };
    let added = ["- => ", ""];
    assert_eq!(lines, [member("CREATE", &anna, added), member("CREATE", &ben, added)].concat());
    groups.remove_member(by, &group, &anna.id.to_string()).await.unwrap();
    let gone = ["", " => -"];
    assert_eq!(audited.lines_after(10).await, member("DELETE", &anna, gone));
    groups.remove_member(by, &group, &anna.id.to_string()).await.unwrap();
    assert_eq!(audited.count().await, 12, "there was nothing to remove");
    groups.delete(by, &group).await.unwrap();
    let lines = audited.lines_after(12).await;
    assert_eq!(lines[..2], member("DELETE", &ben, gone), "memberships that go with the group");
    assert_eq!(lines[2], format!("DELETE groups.id: {group} => -"));
    assert_eq!(lines.len(), 8);
}

#[tokio::test]
async fn keys_are_told_when_made_and_revoked_and_never_their_text() {
    let audited = Audited::new().await;
    let signer = Arc::new(FakeKeySigner::default());
    let (keys, by) = (audited.api_keys(signer.clone()), &audited.by);
    let system = snackbase_testkit::builders::system_account();
    audited.world.add(&user(&system, 9999)).await;
    let (key, text) = keys.create(by, "robot", None, ApiKeyFormat::Signed).await.unwrap();
    let lines = audited.lines_after(0).await;
    assert!(lines.contains(&"CREATE api_keys.key_hash: - => ***".to_owned()), "{lines:?}");
    assert!(lines.contains(&"CREATE api_keys.name: - => robot".to_owned()));
    assert!(lines.iter().all(|line| !line.contains(&text) && !line.contains(&key.digest)), "{lines:?}");
    let known = lines.len();

    // A use and a sign-in are no changes.
    let auth = Auth::new(
        audited.storage.clone(),
        audited.world.clock.clone(),
        audited.ids.clone(),
        audited.world.hasher.clone(),
        Arc::new(FakeTokens::default()),
        signer,
        audited.identities.clone(),
        Throttle::new(None, audited.world.clock.clone()),
        AuthPolicy::default(),
    );
    let person = audited.world.add_user(1).await;
    auth.login(&login(&audited.world.first, &person)).await.unwrap();
    assert_eq!(audited.lines_after(known).await, [""; 0]);

    audited.world.clock.pass(3);
    keys.revoke(by, &key.id.to_string()).await.unwrap();
    assert_eq!(
        audited.lines_after(known).await,
        [
            "UPDATE api_keys.is_active: True => False".to_owned(),
            format!("UPDATE api_keys.updated_at: {TIME} => 2027-01-15T08:00:03.000001Z"),
        ]
    );
}

#[tokio::test]
async fn collections_are_told_with_their_rules() {
    let audited = Audited::new().await;
    let (collections, by) = (audited.collections(), &audited.by);
    let fields = |fields| serde_json::from_value::<Vec<_>>(fields).unwrap();
    let new = NewCollection {
        name: "posts".to_owned(),
        fields: fields(json!([{"name": "title", "type": "text"}])),
        indexes: Vec::new(),
        rules: RuleSet::default(),
    };
    let made = collections.create(by, new).await.unwrap().id.to_string();
    let lines = audited.lines_after(0).await;
    assert_eq!(
        lines[..2],
        [format!("CREATE collections.id: - => {made}"), "CREATE collections.name: - => posts".to_owned()]
    );
    assert!(lines.contains(&"CREATE collection_rules.list_rule: - => -".to_owned()), "{lines:?}");
    let known = lines.len();
    let open = RuleChange {
        rules: std::array::from_fn(|n| (n == 0).then(|| Some("title != \"\"".to_owned()))),
        ..RuleChange::default()
    };
    collections.update_rules(by, "posts", open).await.unwrap();
    let lines = audited.lines_after(known).await;
    assert_eq!(lines, ["UPDATE collection_rules.list_rule: - => title != \"\""]);
    let wider = fields(json!([{"name": "title", "type": "text"}, {"name": "n", "type": "number"}]));
    collections.update(by, &made, &wider, None).await.unwrap();
    let lines = audited.lines_after(known + 1).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("UPDATE collections.schema: [{"), "{lines:?}");
    collections.delete(by, &made).await.unwrap();
    let lines = audited.lines_after(known + 2).await;
    assert!(lines.contains(&"DELETE collections.name: posts => -".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("DELETE collection_rules.list_rule")), "{lines:?}");
}

#[tokio::test]
async fn who_registers_is_told_as_the_one_who_did_it() {
    let audited = Audited::new().await;
    let request = RegistrationRequest {
        email: Email::new("eve@example.org"),
        password: "Str0ng!Passw0rd".to_owned(),
        account_name: Some("Eve".to_owned()),
        account_slug: None,
    };
    let caller = anonymous(&audited.world.first);
    let made = audited.registration().register(&caller, request.clone()).await.unwrap();
    let entries = audited.entries().await;
    let tables: std::collections::BTreeSet<_> =
        entries.iter().map(|entry| &*entry.change.table_name).collect();
    assert_eq!(tables.into_iter().collect::<Vec<_>>(), ["accounts", "groups", "users", "users_groups"]);
    for entry in &entries {
        assert_eq!(entry.change.user_id, made.user.id, "{}", line(entry));
        assert_eq!(entry.change.user_email, "eve@example.org");
        assert_eq!(entry.change.account_id, made.account.id);
        assert_eq!(entry.change.auth_method, "anonymous");
    }
    audited.registration().register(&caller, request).await.unwrap_err();
    assert_eq!(audited.lines_after(entries.len()).await, [""; 0]);
}

#[tokio::test]
async fn nobody_leaves_no_rows_and_keys_are_told_from_tokens() {
    let audited = Audited::new().await;
    let fields = json!([{"name": "title", "type": "text"}]);
    audited.world.define(json!({"name": "posts", "fields": fields, "create_rule": ""})).await;
    let (records, post) = (audited.records(), body(json!({"title": "x"})));
    records.create(&anonymous(&audited.world.first), "posts", &post).await.unwrap();
    assert_eq!(audited.count().await, 0);
    let by_key = Principal {
        method: AuthMethod::ApiKey,
        ..principal(identity(&user(&audited.world.first, 1), &audited.world.first, "user"))
    };
    records.create(&Caller::User(by_key), "posts", &post).await.unwrap();
    let entries = audited.entries().await;
    assert_eq!(entries.len(), 7);
    assert!(entries.iter().all(|entry| entry.change.auth_method == "api_key"));
}

#[tokio::test]
async fn rows_beyond_the_end_of_the_log_are_found_and_what_follows_waits() {
    let audited = Audited::new().await;
    audited.roles().create(&audited.by, "before", None).await.unwrap();
    // Somebody has written to the log past its heads: what follows cannot be linked.
    let stray = audited.entries().await.remove(0);
    let work = audited.world.storage.begin().await.unwrap();
    let log = work.repositories().audit();
    let next = snackbase_domain::audit::Change { id: 2, cells: Vec::new(), ..stray.change };
    log.append(&[next], &[]).await.unwrap();
    work.commit().await.unwrap();

    audited.roles().create(&audited.by, "after", None).await.unwrap();
    let verdict = audited.audit.verify().await.unwrap();
    let kinds: Vec<_> = verdict.problems.iter().map(|problem| problem.kind).collect();
    assert!(kinds.contains(&ProblemKind::Unsealed), "{:?}", verdict.problems);
    let waiting = audited.storage.read().audit().queued(0, 10).await.unwrap();
    assert_eq!(waiting.len(), 1, "kept until the log is mended");
}

#[tokio::test]
async fn a_change_in_the_queue_that_is_not_ours_is_never_linked() {
    let audited = Audited::new().await;
    audited.roles().create(&audited.by, "ours", None).await.unwrap();
    let known = audited.count().await;
    let work = audited.world.storage.begin().await.unwrap();
    let forged = QueuedChange { id: 0, payload: "{}".to_owned(), seal: "made up".to_owned() };
    // So many that they could keep others from being looked at.
    work.repositories().audit().queue(&vec![forged; 99]).await.unwrap();
    work.commit().await.unwrap();
    audited.roles().create(&audited.by, "ours too", None).await.unwrap();
    assert_eq!(audited.count().await, known + 3, "those after it are linked");
    let verdict = audited.audit.verify().await.unwrap();
    assert_eq!(verdict.problems.len(), 99, "{:?}", verdict.problems);
    assert!(verdict.problems.iter().all(|problem| problem.kind == ProblemKind::Unsealed));
}

#[tokio::test]
async fn a_log_sealed_with_another_key_does_not_hold() {
    let audited = Audited::new().await;
    audited.roles().create(&audited.by, "one", None).await.unwrap();
    assert!(audited.audit.verify().await.unwrap().is_valid());
    let stranger =
        Audit::new(audited.storage.clone(), Arc::new(FakeAuditSealer::new("another key")), Arc::default());
    let verdict = stranger.verify().await.unwrap();
    let kinds: Vec<_> = verdict.problems.iter().map(|problem| (problem.id, problem.kind)).collect();
    assert_eq!(kinds, [(1, ProblemKind::Unsealed), (3, ProblemKind::Unsealed)], "the change and the head");
}

#[tokio::test]
async fn account_admins_see_their_own_account_masked_and_users_nothing() {
    let audited = Audited::new().await;
    let world = &audited.world;
    let made = audited.users().create(&audited.by, new_user(world)).await.unwrap().user;
    let other = NewUser { account_id: world.second.id.to_string(), ..new_user(world) };
    audited.users().create(&audited.by, other).await.unwrap();
    let admin = identity(&user(&world.first, 5), &world.first, "admin");
    let query = || AuditQuery { limit: 100, sort: AuditSort::Id, ..AuditQuery::default() };
    let page = audited.audit.list(&admin, query()).await.unwrap();
    assert_eq!((page.items.len(), page.total), (16, 16));
    assert!(page.items.iter().all(|entry| entry.change.account_id == world.first.id));
    let email = |entries: &[AuditEntry]| {
        entries
            .iter()
            .find(|entry| entry.cell.column_name == "email")
            .unwrap()
            .cell
            .new_value
            .clone()
            .unwrap()
    };
    assert_eq!(email(&page.items), "Z***@example.org");
    let elsewhere = AuditFilter { account_id: Some(world.second.id.to_string()), ..AuditFilter::default() };
    let page = audited.audit.list(&admin, AuditQuery { filter: elsewhere.clone(), ..query() }).await.unwrap();
    assert_eq!(page.total, 16, "the account asked for does not matter");
    let exported = audited.audit.export(&admin, elsewhere).await.unwrap();
    assert!(exported.iter().all(|entry| entry.change.account_id == world.first.id));
    assert_eq!(email(&exported), "Z***@example.org");
    assert_eq!(
        audited.audit.get(&admin, 3).await.unwrap().cell.new_value.as_deref(),
        Some("Z***@example.org")
    );
    audited.audit.get(&admin, 17).await.unwrap_err();

    let trusted = snackbase_application::Identity { groups: vec!["pii_access".to_owned()], ..admin };
    assert_eq!(email(&audited.audit.list(&trusted, query()).await.unwrap().items), made.email.as_str());
    let nobody = identity(&user(&world.first, 6), &world.first, "user");
    audited.audit.list(&nobody, query()).await.unwrap_err();
    audited.audit.get(&nobody, 1).await.unwrap_err();
    audited.audit.export(&nobody, AuditFilter::default()).await.unwrap_err();
    let all = audited.audit.list(superadmin().identity().unwrap(), query()).await.unwrap();
    assert_eq!(all.total, 32);
    assert_eq!(email(&all.items), made.email.as_str());
}
