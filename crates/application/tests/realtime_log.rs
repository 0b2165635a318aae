//! Whatever changes records or rights is written to the realtime log with it, or does not happen.

#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use snackbase_application::ports::{
    AuditSealer, LogEntry, LogEntryKind, RecordOperation, Repositories, Storage, UnitOfWork,
};
use snackbase_application::realtime::Sequencer;
use snackbase_application::realtime::access::AccessChange;
use snackbase_application::records::{ImportRequest, ImportSource, Limits, Records};
use snackbase_application::tracking::TrackedStorage;
use snackbase_application::{Actor, AppError, Caller};
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::group::Group;
use snackbase_domain::role::RoleId;
use snackbase_domain::{ApiKeyId, GroupId, RecordId, SessionId};
use snackbase_testkit::builders::{
    NOW, account, anonymous, changes, compiled, everywhere, member, moment, record, superadmin, user, uuid,
};
use snackbase_testkit::{FakeAuditSealer, PlainCursors, SeededIds};
use tokio::sync::Notify;

use support::{World, body};

/// The use cases about records over a store that is observed.
struct Observed {
    world: World,
    storage: Arc<dyn Storage>,
    records: Records,
    written: Arc<Notify>,
    queued: Arc<Notify>,
}

const POSTS: &str = "posts";

impl Observed {
    /// Observed by the audit log, the realtime log, or both.
    async fn by(audit: bool, realtime: bool) -> Self {
        let world = World::new().await;
        let rules = json!({
            "name": POSTS, "fields": [{"name": "title", "type": "text", "required": true}],
            "create_rule": "", "update_rule": "", "delete_rule": "", "view_rule": "", "list_rule": "",
        });
        world.define(rules).await;
        let (written, queued) = (Arc::<Notify>::default(), Arc::<Notify>::default());
        let mut storage = TrackedStorage::new(world.storage.clone(), world.clock.clone());
        if audit {
            let sealer: Arc<dyn AuditSealer> = Arc::new(FakeAuditSealer::default());
            storage = storage.with_audit(sealer, queued.clone());
        }
        if realtime {
            storage = storage.with_realtime(written.clone());
        }
        let storage: Arc<dyn Storage> = Arc::new(storage);
        let limits = Limits { max_expand_depth: 2, batch_max_size: 3 };
        let (clock, ids) = (world.clock.clone(), Arc::new(SeededIds::new(5)));
        let (catalog, cursors) = (world.catalog.clone(), Arc::new(PlainCursors));
        let records = Records::new(storage.clone(), catalog, clock, ids, cursors, limits);
        Self { world, storage, records, written, queued }
    }

    async fn create(&self, caller: &Caller, title: &str) -> Result<String, AppError> {
        let made = self.records.create(caller, POSTS, &body(json!({ "title": title }))).await?;
        let made: Json = serde_json::from_slice(&made).unwrap();
        Ok(made["id"].as_str().unwrap().to_owned())
    }

    async fn entries(&self) -> Vec<LogEntry> {
        self.world.storage.read().realtime_log().after(0, 10_000).await.unwrap()
    }

    /// What was told of records: operation, title before, title after.
    async fn told(&self) -> Vec<(RecordOperation, Option<String>, Option<String>)> {
        let of_records = self.entries().await.into_iter().filter(|entry| entry.kind == LogEntryKind::Record);
        let title = |side: &Json| side["title"].as_str().map(str::to_owned);
        of_records
            .map(|entry| {
                let body: Json = serde_json::from_str(&entry.body).unwrap();
                (entry.operation.unwrap(), title(&body["before"]), title(&body["after"]))
            })
            .collect()
    }

    async fn audited(&self) -> usize {
        self.world.storage.read().audit().queued(0, 10_000).await.unwrap().len()
    }

    /// Within a unit of work of somebody, which is committed; answers what was told of rights.
    async fn access(&self, change: impl AsyncFnOnce(&dyn Repositories)) -> Vec<AccessChange> {
        let known = self.entries().await.len();
        let work = self.storage.begin().await.unwrap();
        change(work.repositories()).await;
        work.commit().await.unwrap();
        let new = self.entries().await.split_off(known);
        assert!(new.iter().all(|entry| entry.kind == LogEntryKind::Access && entry.account_id.is_none()));
        new.iter().map(|entry| AccessChange::read(&entry.body)).collect()
    }
}

/// Whether something was told since the last look.
async fn was_told(notify: &Notify) -> bool {
    tokio::time::timeout(Duration::ZERO, notify.notified()).await.is_ok()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn changes_of_everybody_are_told() {
    use RecordOperation::{Create, Delete, Update};
    for audit in [false, true] {
        let observed = Observed::by(audit, true).await;
        let first = observed.world.first.clone();
        let id = observed.create(&member(&first, 1), "by a user").await.unwrap();
        assert!(was_told(&observed.written).await);
        assert_eq!(was_told(&observed.queued).await, audit);
        observed.create(&anonymous(&first), "by nobody").await.unwrap();
        assert!(!was_told(&observed.queued).await, "nobody's changes are not audited");
        observed.create(&superadmin(), "by a superadmin").await.unwrap();
        let (id, caller) = (RecordId::new(id), member(&first, 1));
        observed.records.patch(&caller, POSTS, &id, &body(json!({"title": "changed"}))).await.unwrap();
        observed.records.delete(&caller, POSTS, &id).await.unwrap();
        let posts = compiled(json!({"name": POSTS, "fields": [{"name": "title", "type": "text"}]}));
        let work = observed.storage.begin().await.unwrap();
        let row = record(&posts, &first, "own", json!({"title": "by the system"}));
        work.repositories().records().insert(&everywhere(&posts), &row).await.unwrap();
        work.commit().await.unwrap();
        let expected = [
            (Create, None, some("by a user")),
            (Create, None, some("by nobody")),
            (Create, None, some("by a superadmin")),
            (Update, some("by a user"), some("changed")),
            (Delete, some("changed"), None),
            (Create, None, some("by the system")),
        ];
        assert_eq!(observed.told().await, expected);
        let entries = observed.entries().await;
        assert!(entries.is_sorted_by(|a, b| a.position + 1 == b.position));
        let last = entries.last().unwrap();
        assert_eq!((last.account_id, last.collection_id), (Some(first.id), Some(posts.collection.id)));
        assert_eq!((last.record_id.as_deref(), last.occurred_at), (Some("own"), NOW));
        assert_eq!(observed.audited().await > 0, audit);
    }
}

#[tokio::test]
async fn nothing_is_told_where_nobody_observes() {
    for audit in [false, true] {
        let observed = Observed::by(audit, false).await;
        let id = observed.create(&member(&observed.world.first, 1), "a").await.unwrap();
        observed.records.delete(&superadmin(), POSTS, &RecordId::new(id)).await.unwrap();
        let gone = observed.access(async |store| {
            store.sessions().revoke_user(user(&account(1), 1).id, moment(0)).await.unwrap();
        });
        assert_eq!(gone.await, []);
        assert_eq!(observed.entries().await, []);
        assert!(!was_told(&observed.written).await);
        assert_eq!((observed.audited().await > 0, was_told(&observed.queued).await), (audit, audit));
    }
}

#[tokio::test]
async fn what_does_not_happen_is_not_told() {
    let observed = Observed::by(true, true).await;
    let caller = member(&observed.world.first, 1);
    let faulty = [body(json!({"title": "good"})), body(json!({}))];
    observed.records.create_batch(&caller, POSTS, &faulty).await.unwrap_err();
    let work = observed.storage.begin_as(caller.actor()).await.unwrap();
    work.rollback().await.unwrap();
    let no_such = RecordId::new("nothing");
    observed.records.patch(&caller, POSTS, &no_such, &body(json!({"title": "x"}))).await.unwrap_err();
    assert_eq!(observed.entries().await, []);
    assert!(!was_told(&observed.written).await);
}

#[tokio::test]
async fn of_an_import_that_skips_only_what_was_taken_is_told() {
    let observed = Observed::by(true, true).await;
    let rows = |n: usize| match n % 3 {
        0 => body(json!({})),
        _ => body(json!({ "title": n.to_string() })),
    };
    let source = ImportSource::Records((0..900).map(rows).collect());
    let request = ImportRequest { skip_faulty: true, dry_run: false };
    let reply = observed.records.import(&superadmin(), POSTS, source, request, None).await.unwrap();
    assert_eq!((reply.imported, reply.skipped), (600, 300));
    let expected: Vec<_> = (0..900_usize)
        .filter(|n| n % 3 != 0)
        .map(|n| (RecordOperation::Create, None, Some(n.to_string())))
        .collect();
    assert_eq!(observed.told().await, expected);
    let tried = ImportSource::Records(vec![rows(1)]);
    let request = ImportRequest { skip_faulty: false, dry_run: true };
    observed.records.import(&superadmin(), POSTS, tried, request, None).await.unwrap();
    assert_eq!(observed.told().await.len(), 600);
}

fn posts() -> Arc<snackbase_application::catalog::Compiled> {
    compiled(json!({"name": POSTS, "fields": [{"name": "title", "type": "text"}]}))
}

async fn insert(work: &dyn UnitOfWork, id: &str, title: &str) {
    let (posts, account) = (posts(), account(1));
    let row = record(&posts, &account, id, json!({ "title": title }));
    work.repositories().records().insert(&everywhere(&posts), &row).await.unwrap();
}

#[tokio::test]
async fn an_undone_part_takes_its_entries_along() {
    let observed = Observed::by(true, true).await;
    let work = observed.storage.begin_as(superadmin().actor()).await.unwrap();
    insert(&*work, "1", "before").await;
    work.begin_part().await.unwrap();
    // More than is kept in memory: but what may be undone is not written down.
    for n in 0..1200 {
        insert(&*work, &format!("undone-{n}"), "undone").await;
    }
    work.flush().await.unwrap();
    work.undo_part().await.unwrap();
    work.begin_part().await.unwrap();
    insert(&*work, "2", "kept").await;
    work.keep_part().await.unwrap();
    insert(&*work, "3", "after").await;
    work.commit().await.unwrap();
    let titles: Vec<_> = observed.told().await.into_iter().map(|(.., title)| title.unwrap()).collect();
    assert_eq!(titles, ["before", "kept", "after"]);
    assert_eq!(observed.audited().await, 3);
}

#[tokio::test]
async fn notes_do_not_grow_with_the_unit_of_work() {
    let observed = Observed::by(true, true).await;
    let work = observed.storage.begin_as(superadmin().actor()).await.unwrap();
    for n in 0..499 {
        insert(&*work, &n.to_string(), "small").await;
    }
    let written = async || work.repositories().realtime_log().after(0, 10_000).await.unwrap().len();
    assert_eq!(written().await, 0);
    insert(&*work, "499", "small").await;
    assert_eq!(written().await, 500, "written down within the unit of work");
    insert(&*work, "large", &"x".repeat(1 << 20)).await;
    assert_eq!(written().await, 501);
    insert(&*work, "last", "small").await;
    work.flush().await.unwrap();
    assert_eq!(written().await, 502);
    assert_eq!(work.repositories().audit().queued(0, 10_000).await.unwrap().len(), 502);
    assert!(!was_told(&observed.written).await);
    assert_eq!(observed.entries().await, [], "from outside");
    work.commit().await.unwrap();
    assert!(was_told(&observed.written).await);
    assert!(was_told(&observed.queued).await);
    let order: Vec<_> = observed.entries().await.into_iter().map(|entry| entry.record_id.unwrap()).collect();
    let expected = (0..500).map(|n| n.to_string()).chain(["large".to_owned(), "last".to_owned()]);
    assert_eq!(order, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn records_that_are_cut_loose_or_taken_are_told() {
    let observed = Observed::by(false, true).await;
    let (posts, first) = (posts(), account(1));
    let scope = everywhere(&posts);
    let work = observed.storage.begin().await.unwrap();
    for n in 0..3 {
        insert(&*work, &n.to_string(), &n.to_string()).await;
    }
    let store = work.repositories().records();
    let rows: Vec<_> =
        (0..3).map(|n| record(&posts, &first, &n.to_string(), json!({"title": n.to_string()}))).collect();
    store.clear_references(&scope, &[0], &rows[..1], NOW + 1, "somebody").await.unwrap();
    let change = changes(&posts, json!({"title": "new"}));
    store.update(&scope, &RecordId::new("1"), &change, NOW + 1, "somebody").await.unwrap().unwrap();
    store.delete_taken(&scope, &rows[2..]).await.unwrap();
    work.commit().await.unwrap();
    let changed = [
        (RecordOperation::Update, some("0"), None),
        (RecordOperation::Update, some("1"), some("new")),
        (RecordOperation::Delete, some("2"), None),
    ];
    assert_eq!(observed.told().await[3..], changed);
}

#[tokio::test]
async fn changes_of_rights_and_ended_sign_ins_are_told() {
    let observed = Observed::by(true, true).await;
    let mut anna = observed.world.add_user(1).await;
    let (of_anna, all) = (AccessChange::User(anna.id), AccessChange::All);
    anna.role_id = RoleId(1);
    assert_eq!(observed.access(async |s| s.users().update(&anna).await.unwrap()).await, [of_anna]);
    let now = moment(5);
    assert_eq!(observed.access(async |s| s.users().touch_login(anna.id, now).await.unwrap()).await, []);
    let session = SessionId::new(uuid(4));
    let sessions = [
        observed.access(async |s| s.sessions().revoke_session(anna.id, session, now).await.unwrap()).await,
        observed.access(async |s| s.sessions().revoke_others(anna.id, session, now).await.unwrap()).await,
        observed.access(async |s| s.sessions().revoke_user(anna.id, now).await.unwrap()).await,
    ];
    assert_eq!(sessions, [[of_anna], [of_anna], [of_anna]]);
    let key = ApiKey {
        id: ApiKeyId::new(uuid(6)),
        name: "key".to_owned(),
        user_id: anna.id,
        account_id: anna.account_id,
        digest: "digest".to_owned(),
        expires_at: None,
        last_used_at: None,
        is_active: true,
        created_at: now,
        updated_at: now,
    };
    assert_eq!(observed.access(async |s| s.api_keys().insert(&key).await.unwrap()).await, []);
    let revoked = observed.access(async |s| s.api_keys().revoke(key.id, now).await.unwrap()).await;
    assert_eq!(revoked, [AccessChange::Key(key.id)]);
    let group = Group {
        id: GroupId::new(uuid(7)),
        account_id: anna.account_id,
        name: "editors".to_owned(),
        description: None,
        created_at: now,
        updated_at: now,
    };
    assert_eq!(observed.access(async |s| s.groups().insert(&group).await.unwrap()).await, []);
    let groups = [
        observed.access(async |s| s.groups().add_member(group.id, anna.id).await.unwrap()).await,
        observed.access(async |s| assert!(s.groups().remove_member(group.id, anna.id).await.unwrap())).await,
        observed.access(async |s| assert!(!s.groups().remove_member(group.id, anna.id).await.unwrap())).await,
        observed.access(async |s| s.groups().update(&group).await.unwrap()).await,
        observed.access(async |s| assert!(s.groups().delete(group.id).await.unwrap())).await,
        observed.access(async |s| assert!(!s.groups().delete(group.id).await.unwrap())).await,
    ];
    assert_eq!(groups, [vec![of_anna], vec![of_anna], vec![], vec![all], vec![all], vec![]]);
    let role = observed.world.storage.read().roles().find(RoleId(2)).await.unwrap().unwrap();
    assert_eq!(observed.access(async |s| s.roles().update(&role).await.unwrap()).await, [all]);
    let second = observed.world.second.clone();
    let accounts = [
        observed.access(async |s| s.accounts().update(&second).await.unwrap()).await,
        observed.access(async |s| assert!(s.accounts().hide(second.id, now).await.unwrap())).await,
        observed.access(async |s| assert!(!s.accounts().hide(second.id, now).await.unwrap())).await,
        observed.access(async |s| assert!(s.accounts().delete(second.id).await.unwrap())).await,
        observed.access(async |s| assert!(!s.accounts().delete(second.id).await.unwrap())).await,
    ];
    assert_eq!(accounts, [vec![all], vec![all], vec![], vec![all], vec![]]);
}

#[tokio::test]
async fn a_sign_out_is_told_by_whatever_way_it_comes() {
    let observed = Observed::by(false, true).await;
    let anna = observed.world.add_user(1).await;
    let work = observed.storage.begin_as(Actor::Nobody).await.unwrap();
    work.repositories().sessions().revoke_user(anna.id, moment(1)).await.unwrap();
    work.commit().await.unwrap();
    let told: Vec<_> = observed.entries().await.iter().map(|entry| AccessChange::read(&entry.body)).collect();
    assert_eq!(told, [AccessChange::User(anna.id)]);
}

#[tokio::test]
async fn old_entries_are_forgotten_and_readers_told_of_new_ones() {
    let observed = Observed::by(false, true).await;
    let clock = observed.world.clock.clone();
    let day = chrono::TimeDelta::hours(24);
    let sequencer = Sequencer::new(observed.storage.clone(), clock.clone(), observed.written.clone(), day);
    let mut placed = sequencer.placed();
    placed.mark_unchanged();
    let caller = member(&observed.world.first, 1);
    observed.create(&caller, "old").await.unwrap();
    sequencer.written().await;
    sequencer.settle().await.unwrap();
    assert!(placed.has_changed().unwrap());
    clock.pass(3600);
    observed.create(&caller, "new").await.unwrap();
    assert_eq!(sequencer.forget_old().await.unwrap(), 0);
    clock.pass(23 * 3600);
    assert_eq!(sequencer.forget_old().await.unwrap(), 0, "a day old to the microsecond");
    clock.pass(1);
    assert_eq!(sequencer.forget_old().await.unwrap(), 1);
    let titles: Vec<_> = observed.told().await.into_iter().map(|(.., title)| title.unwrap()).collect();
    assert_eq!(titles, ["new"]);
    let ages = chrono::TimeDelta::hours(i64::from(u32::MAX));
    let patient = Sequencer::new(observed.storage.clone(), clock, observed.written.clone(), ages);
    assert_eq!(patient.forget_old().await.unwrap(), 0);
}
