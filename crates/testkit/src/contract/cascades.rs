//! What happens to records that refer to one that is deleted: the same as the foreign keys would
//! do, but each of them is told of in the audit log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value as Json, json};
use snackbase_application::audit::Audit;
use snackbase_application::catalog::{Catalog, Compiled};
use snackbase_application::ports::{AuditQuery, AuditSealer, AuditSort, SchemaDiff, Storage, StoreError};
use snackbase_application::records::{Limits, Records};
use snackbase_application::tracking::TrackedStorage;
use snackbase_application::{AppError, Caller, Kind};
use snackbase_domain::RecordId;
use snackbase_domain::account::Account;
use snackbase_domain::record::{Record, Value};
use tokio::task::{JoinSet, LocalSet};

use super::{commit, seed};
use crate::builders::{NOW, changes, compiled, everywhere, member, record, within};
use crate::{FakeAuditSealer, FixedClock, MemoryStorage, PlainCursors, SeededIds};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (account, ..) = seed(&storage).await;
    let stage = Stage::new(storage, account).await;
    what_goes_is_what_foreign_keys_say(&stage).await;
    what_is_deep_goes_as_well(&stage).await;
    nobody_slips_through(&stage).await;
}

/// Collections that refer to each other in every way, and the use cases about their records.
struct Stage {
    storage: Arc<dyn Storage>,
    account: Account,
    collections: Vec<Arc<Compiled>>,
    records: Arc<Records>,
    audit: Audit,
    caller: Caller,
}

fn reference(name: &str, to: &str, on_delete: &str) -> Json {
    json!({"name": name, "type": "reference", "collection": to, "on_delete": on_delete})
}

fn described(name: &str, fields: &[Json]) -> Json {
    json!({"name": name, "fields": fields, "create_rule": "", "delete_rule": ""})
}

impl Stage {
    async fn new(storage: Arc<dyn Storage>, account: Account) -> Self {
        let trunk = [
            json!({"name": "n", "type": "number"}),
            reference("up", "trunk", "cascade"),
            reference("peer", "trunk", "set_null"),
            reference("needs", "trunk", "restrict"),
        ];
        let branch = [
            reference("of", "trunk", "cascade"),
            reference("seen", "trunk", "set_null"),
            reference("needs", "trunk", "restrict"),
            reference("up", "branch", "cascade"),
        ];
        let leaf = [
            reference("of", "branch", "cascade"),
            reference("seen", "trunk", "set_null"),
            reference("liked", "trunk", "set_null"),
            reference("needs", "branch", "restrict"),
        ];
        let simple = compiled(described("trunk", &trunk));
        // A circle of collections, too.
        let mut trunk = trunk.to_vec();
        trunk.push(reference("from", "branch", "cascade"));
        let collections = vec![
            compiled(described("trunk", &trunk)),
            compiled(described("branch", &branch)),
            compiled(described("leaf", &leaf)),
        ];
        define(&storage, &simple, &collections).await;
        let catalog = Arc::new(Catalog::default());
        catalog.reload(storage.read()).await.unwrap();
        let sealer: Arc<dyn AuditSealer> = Arc::new(FakeAuditSealer::default());
        let clock = Arc::new(FixedClock::default());
        let audited = TrackedStorage::new(storage.clone(), clock.clone());
        let audited: Arc<dyn Storage> = Arc::new(audited.with_audit(sealer.clone(), Arc::default()));
        let limits = Limits { max_expand_depth: 2, batch_max_size: 3 };
        let ids = Arc::new(SeededIds::new(3));
        let records =
            Records::new(audited.clone(), catalog.clone(), clock, ids, Arc::new(PlainCursors), limits);
        let caller = member(&account, 1);
        let records = Arc::new(records);
        Self { storage, account, collections, records, audit: Audit::new(audited, sealer, catalog), caller }
    }

    /// The audit log's rows, one line each: operation, table, record and columns.
    async fn log(&self) -> Vec<String> {
        self.audit.settle().await.unwrap();
        let query = AuditQuery { limit: 1_000_000, sort: AuditSort::Id, ..AuditQuery::default() };
        let entries = self.storage.read().audit().page(&query).await.unwrap();
        let mut rows: BTreeMap<i64, (String, Vec<String>)> = BTreeMap::new();
        for entry in entries {
            let (change, cell) = (&entry.change, &entry.cell);
            let row = format!("{} {} {}", change.operation.name(), change.table_name, change.record_id);
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            // When it changed is told, but not foreseen here.
            let column = match cell.column_name.as_str() {
                name @ ("created_at" | "updated_at") => name.to_owned(),
                name => format!("{name}: {} > {}", value(&cell.old_value), value(&cell.new_value)),
            };
            rows.entry(change.id).or_insert_with(|| (row, Vec::new())).1.push(column);
        }
        rows.into_values().map(|(row, columns)| format!("{row} {}", columns.join(", "))).collect()
    }

    async fn delete(&self, collection: &str, id: &str) -> Result<(), AppError> {
        self.records.delete(&self.caller, collection, &RecordId::new(id)).await
    }

    async fn all(&self) -> BTreeMap<(usize, String), Record> {
        all(&self.storage, &self.collections).await
    }
}

async fn define(storage: &Arc<dyn Storage>, simple: &Compiled, collections: &[Arc<Compiled>]) {
    commit(storage, async |store| {
        store.tables().create(&simple.collection).await?;
        for compiled in &collections[1..] {
            store.tables().create(&compiled.collection).await?;
        }
        let (before, after) = (simple.collection.clone(), collections[0].collection.clone());
        store.tables().alter(&SchemaDiff { before, after }).await?;
        for compiled in collections {
            store.collections().insert(&compiled.collection, &format!("rules-{}", compiled.name())).await?;
        }
        Ok(())
    })
    .await;
}

async fn all(storage: &Arc<dyn Storage>, collections: &[Arc<Compiled>]) -> BTreeMap<(usize, String), Record> {
    let mut all = BTreeMap::new();
    for (place, compiled) in collections.iter().enumerate() {
        let found = storage.read().records().scan(&everywhere(compiled), None, 10_000).await.unwrap();
        let count = storage.read().tables().count(&compiled.collection).await.unwrap();
        assert_eq!(found.len() as u64, count, "the total of {}", compiled.name());
        all.extend(found.into_iter().map(|record| ((place, record.id.to_string()), record)));
    }
    all
}

/// Numbers that look random (a linear congruential generator, with Knuth's constants for MMIX).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// The references that a record has at random; those that restrict are rare.
fn references(
    compiled: &Compiled,
    collections: &[Arc<Compiled>],
    numbers: &mut Numbers,
    rows: usize,
) -> Json {
    let mut body = serde_json::Map::new();
    for field in compiled.collection.stored_fields() {
        let Some(reference) = field.reference() else { continue };
        let one_in = if field.name.as_str() == "needs" { 8 } else { 2 };
        if numbers.below(one_in) > 0 {
            continue;
        }
        let target = collections.iter().position(|known| known.name() == reference.collection).unwrap();
        body.insert(field.name.to_string(), json!(format!("{target}-{}", numbers.below(rows))));
    }
    Json::Object(body)
}

/// Deletes random records of random graphs, and once more where plain foreign keys are all there is.
async fn what_goes_is_what_foreign_keys_say(stage: &Stage) {
    const ROWS: usize = 7;
    let mut numbers = Numbers(20_261_124);
    let (mut refused, mut deleted, mut emptied) = (0, 0, 0);
    for _ in 0..15 {
        let keys: Arc<dyn Storage> = Arc::new(MemoryStorage::new());
        commit(&keys, async |store| {
            store.accounts().insert(&stage.account).await?;
            for compiled in &stage.collections {
                store.tables().create(&compiled.collection).await?;
            }
            Ok(())
        })
        .await;
        let mut bodies = Vec::new();
        for compiled in &stage.collections {
            for _ in 0..ROWS {
                bodies.push(references(compiled, &stage.collections, &mut numbers, ROWS));
            }
        }
        for storage in [&stage.storage, &keys] {
            fill(storage, stage, &bodies, ROWS).await;
        }
        for _ in 0..4 {
            let (place, row) = (numbers.below(stage.collections.len()), numbers.below(ROWS));
            let (compiled, id) = (&stage.collections[place], format!("{place}-{row}"));
            let (before, known) = (stage.all().await, stage.log().await);
            let scope = within(compiled, &stage.account, "");
            let work = keys.begin().await.unwrap();
            let expected = work.repositories().records().delete(&scope, &RecordId::new(&*id)).await;
            work.commit().await.unwrap();
            let outcome = stage.delete(compiled.name(), &id).await;
            let (after, log) = (stage.all().await, stage.log().await);
            let lines: BTreeSet<_> = log.into_iter().skip(known.len()).collect();
            match expected {
                Err(StoreError::ForeignKey) => {
                    refused += 1;
                    let refusal =
                        matches!(outcome, Err(AppError::Refused(ref r)) if r.kind == Kind::Conflict);
                    assert!(refusal, "{id}: {outcome:?}");
                    assert_eq!(after, before, "{id}: nothing has changed");
                    assert!(lines.is_empty(), "{lines:?}");
                }
                Ok(None) => assert!(outcome.is_err()),
                expected => {
                    expected.unwrap();
                    outcome.unwrap();
                    let kept = all(&keys, &stage.collections).await;
                    let values = |all: &BTreeMap<_, Record>| -> BTreeMap<_, Vec<Value>> {
                        all.iter()
                            .map(|(key, row): (&(usize, String), _)| (key.clone(), row.values.clone()))
                            .collect()
                    };
                    assert_eq!(values(&after), values(&kept), "{id}");
                    let (told, changed) = told(stage, &before, &after);
                    assert_eq!(lines, told, "{id}");
                    deleted += 1;
                    emptied += changed;
                }
            }
        }
        empty(stage).await;
    }
    assert!(refused > 3 && deleted > 20 && emptied > 20, "{refused} {deleted} {emptied}");
}

/// Deletes all records without looking at references.
async fn empty(stage: &Stage) {
    let account = stage.account.id;
    commit(&stage.storage, async |store| {
        let tables = store.tables();
        for Compiled { collection, .. } in stage.collections.iter().map(AsRef::as_ref) {
            for field in collection.stored_fields().filter(|field| field.reference().is_some()) {
                while tables.cut_some(collection, field, account, 1000).await? > 0 {}
            }
        }
        for Compiled { collection, .. } in stage.collections.iter().map(AsRef::as_ref) {
            while tables.delete_some(collection, account, 1000).await? > 0 {}
        }
        Ok(())
    })
    .await;
}

async fn fill(storage: &Arc<dyn Storage>, stage: &Stage, bodies: &[Json], rows: usize) {
    commit(storage, async |store| {
        for n in 0..bodies.len() {
            let (place, row) = (n / rows, n % rows);
            let compiled = &stage.collections[place];
            let made = record(compiled, &stage.account, &format!("{place}-{row}"), json!({}));
            store.records().insert(&within(compiled, &stage.account, ""), &made).await?;
        }
        for (n, body) in bodies.iter().enumerate() {
            let compiled = &stage.collections[n / rows];
            let (scope, change) = (within(compiled, &stage.account, ""), changes(compiled, body.clone()));
            let id = RecordId::new(format!("{}-{}", n / rows, n % rows));
            store.records().update(&scope, &id, &change, NOW, "maker").await?;
        }
        Ok(())
    })
    .await;
}

/// What the log has to tell of the difference, and of how many records that stay.
fn told(
    stage: &Stage,
    before: &BTreeMap<(usize, String), Record>,
    after: &BTreeMap<(usize, String), Record>,
) -> (BTreeSet<String>, usize) {
    let (mut lines, mut changed) = (BTreeSet::new(), 0);
    let by = member_key(&stage.caller);
    for ((place, id), old) in before {
        let collection = &stage.collections[*place].collection;
        let table = collection.table();
        let text = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            _ => "-".to_owned(),
        };
        let new = after.get(&(*place, id.clone()));
        let mut columns = Vec::new();
        let operation = match new {
            Some(new) if new == old => continue,
            Some(new) => {
                changed += 1;
                assert!(new.updated_at > old.updated_at, "{id} has a new version");
                columns.push("updated_at".to_owned());
                if old.updated_by != by {
                    columns.push(format!("updated_by: {} > {by}", old.updated_by));
                }
                "UPDATE"
            }
            None => {
                columns.push(format!("id: {id} > -"));
                columns.push(format!("account_id: {} > -", old.account_id));
                columns.push("created_at".to_owned());
                columns.push(format!("created_by: {} > -", old.created_by));
                columns.push("updated_at".to_owned());
                columns.push(format!("updated_by: {} > -", old.updated_by));
                "DELETE"
            }
        };
        for (position, field) in collection.stored_fields().enumerate() {
            let (was, is) = (&old.values[position], new.map(|new| &new.values[position]));
            if is != Some(was) {
                columns.push(format!("{}: {} > {}", field.name, text(was), is.map_or("-".to_owned(), text)));
            }
        }
        lines.insert(format!("{operation} {table} {id} {}", columns.join(", ")));
    }
    (lines, changed)
}

fn member_key(caller: &Caller) -> String {
    caller.identity().expect("signed in").user_key.clone()
}

/// A ring longer than databases follow by themselves, and more records than a part.
async fn what_is_deep_goes_as_well(stage: &Stage) {
    const LENGTH: usize = 1010;
    const OTHERS: usize = 600;
    let [trunk, branch, _] = &stage.collections[..] else { panic!("three collections") };
    commit(&stage.storage, async |store| {
        let scope = within(trunk, &stage.account, "");
        for n in 0..LENGTH {
            let up = if n == 0 { json!({}) } else { json!({"up": format!("r{}", n - 1)}) };
            store.records().insert(&scope, &record(trunk, &stage.account, &format!("r{n}"), up)).await?;
        }
        let change = changes(trunk, json!({"up": format!("r{}", LENGTH - 1)}));
        store.records().update(&scope, &RecordId::new("r0"), &change, NOW, "maker").await?;
        let scope = within(branch, &stage.account, "");
        for n in 0..OTHERS {
            let seen = json!({"seen": "r7"});
            store.records().insert(&scope, &record(branch, &stage.account, &format!("b{n}"), seen)).await?;
        }
        Ok(())
    })
    .await;
    let known = stage.log().await.len();
    stage.delete("trunk", "r0").await.unwrap();
    let (left, log) = (stage.all().await, stage.log().await);
    assert_eq!(left.len(), OTHERS);
    assert!(left.values().all(|row| row.values.iter().all(|value| *value == Value::Null)));
    assert_eq!(log.len() - known, LENGTH + OTHERS);
    let last = log.last().unwrap();
    assert!(last.starts_with("DELETE col_trunk r0 "), "who was asked for goes last: {last}");
    assert!(last.contains(&format!("up: r{} > -", LENGTH - 1)), "as it was before: {last}");
    empty(stage).await;
}

/// Records that come to refer to one while it is deleted go with it, and are told, or do not come.
async fn nobody_slips_through(stage: &Stage) {
    const TRIES: usize = 8;
    for round in 0..6 {
        let (trunk, id) = (&stage.collections[0], format!("t{round}"));
        let target = record(trunk, &stage.account, &id, json!({}));
        let scope = within(trunk, &stage.account, "");
        commit(&stage.storage, async |store| store.records().insert(&scope, &target).await).await;
        let known = stage.log().await.len();
        let (here, mut tasks) = (LocalSet::new(), JoinSet::new());
        for n in 0..TRIES {
            let (records, caller, id) = (stage.records.clone(), stage.caller.clone(), id.clone());
            tasks.spawn_local_on(
                async move {
                    if n == TRIES / 2 {
                        return records.delete(&caller, "trunk", &RecordId::new(id)).await;
                    }
                    let Json::Object(body) = json!({"of": id}) else { return Ok(()) };
                    records.create(&caller, "branch", &body).await.map(drop)
                },
                &here,
            );
        }
        for outcome in here.run_until(tasks.join_all()).await {
            let refused = |error: &AppError| matches!(error, AppError::Refused(r) if r.kind == Kind::Invalid);
            assert!(outcome.as_ref().err().is_none_or(refused), "{outcome:?}");
        }
        assert!(stage.all().await.is_empty());
        let log = stage.log().await.split_off(known);
        let rows = |of: &str| log.iter().filter(|line| line.starts_with(of)).count();
        assert_eq!(rows("CREATE col_branch"), rows("DELETE col_branch"), "{log:?}");
        assert_eq!(rows("DELETE col_trunk"), 1);
    }
}
