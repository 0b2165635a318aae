//! Reads and writes rows the way that the server goes: through the `RecordStore` port.
//!
//! The work `seed` makes the table and fills it; it comes first, for the other program too.

use std::sync::Arc;

use chrono::Utc;
use record_path_load::rows::{self, Row};
use record_path_load::{Job, Outcome};
use snackbase_application::access::{self, Access, Narrowing, Scoped, Tenant};
use snackbase_application::catalog::Compiled;
use snackbase_application::ports::{ListQuery, Sort, SortBy, Storage, StoreError};
use snackbase_application::{AuthMethod, Caller, Identity, Principal};
use snackbase_domain::account::{Account, AccountCode};
use snackbase_domain::collection::{
    Collection, CollectionName, FieldDraft, Operation, RuleSet, SchemaContext, validate_fields,
};
use snackbase_domain::record::{Record, Value};
use snackbase_domain::{AccountId, CollectionId, RecordId, UserId};
use snackbase_storage::{DatabaseOptions, PostgresOptions, SqliteOptions, Store};
use uuid::Uuid;

const ACCOUNT: AccountId = AccountId::new(rows::ACCOUNT);

/// The store with a table full of rows.
#[derive(Clone)]
struct Records(Arc<Parts>);

struct Parts {
    store: Store,
    compiled: Arc<Compiled>,
    caller: Caller,
    rows: u64,
}

fn collection() -> Outcome<Collection> {
    let draft = |(name, ty): (&str, &str)| -> Outcome<FieldDraft> {
        Ok(serde_json::from_value(serde_json::json!({ "name": name, "type": ty }))?)
    };
    let drafts: Vec<_> = rows::FIELDS.into_iter().map(draft).collect::<Outcome<_>>()?;
    let context = SchemaContext { collection_exists: &|_| true, check_expression: &|_, _| Ok(()) };
    let fields = validate_fields(&drafts, &context).map_err(|problems| format!("{problems:?}"))?;
    Ok(Collection {
        id: CollectionId::new(Uuid::new_v4()),
        name: CollectionName::parse(rows::COLLECTION).ok_or("a name of ours")?,
        fields,
        indexes: Vec::new(),
        rules: RuleSet::default(),
        created_at: Utc::now(),
        updated_at: Utc::now(),
    })
}

fn caller() -> Caller {
    let (user, account) = (UserId::new(rows::USER), ACCOUNT);
    let identity = Identity {
        user_id: user,
        user_key: user.to_string(),
        account_id: account,
        account_key: account.to_string(),
        account_name: "Bench".to_owned(),
        email: "user@example.com".to_owned(),
        role: "user".to_owned(),
        groups: Vec::new(),
    };
    Caller::User(Principal {
        identity: Arc::new(identity),
        session: None,
        method: AuthMethod::AccessToken,
        origin: Arc::default(),
    })
}

#[tokio::main]
async fn main() -> Outcome {
    let job = Job::from_arguments()?;
    let options = match job.sqlite_file() {
        Some(file) => DatabaseOptions::Sqlite(SqliteOptions::new(file)),
        None => DatabaseOptions::Postgres(PostgresOptions::new(&job.database)),
    };
    let store = Store::open(&options).await?;
    let compiled = Arc::new(Compiled::new(collection()?));
    let records = Records(Arc::new(Parts { store, compiled, caller: caller(), rows: job.rows }));
    let figures = match job.work.as_str() {
        "seed" => return records.seed().await,
        "view" => job.load.run(move |n| records.clone().view(n)).await?,
        "list" => job.load.run(move |_| records.clone().list()).await?,
        "account" => job.load.run(move |_| records.clone().account()).await?,
        "insert" => job.load.run(move |n| records.clone().insert(n)).await?,
        other => return Err(format!("unknown work {other}").into()),
    };
    println!("{figures}");
    Ok(())
}

fn record(id: String, n: u64, at: i64) -> Record {
    Record {
        id: RecordId::new(id),
        account_id: ACCOUNT,
        created_at: at,
        created_by: rows::USER.to_string(),
        updated_at: at,
        updated_by: rows::USER.to_string(),
        values: values(Row::new(n)),
    }
}

fn values(row: Row) -> Vec<Value> {
    vec![
        Value::Text(row.title),
        Value::Text(row.body),
        Value::Text(row.status),
        Value::Number(row.views),
        Value::Number(row.score),
        Value::Bool(row.live),
    ]
}

impl Records {
    /// Makes account and table, and fills it.
    async fn seed(&self) -> Outcome {
        let account = Account {
            id: ACCOUNT,
            code: AccountCode::FIRST,
            slug: "bench".to_owned(),
            name: "Bench".to_owned(),
            created_at: Utc::now(),
            updated_at: Utc::now(),
        };
        self.0.store.migrate().await?;
        let scoped = self.scope(Operation::Create)?;
        let work = self.0.store.begin().await?;
        let store = work.repositories();
        store.accounts().insert(&account).await?;
        store.tables().create(&self.0.compiled.collection).await?;
        for n in 0..self.0.rows {
            let at = 1_700_000_000_000_000 + n.cast_signed() * 1_000_000;
            store.records().insert(&scoped, &record(rows::seeded_id(n), n, at)).await?;
        }
        work.commit().await?;
        Ok(())
    }

    /// What a use case makes for each request.
    fn scope(&self, operation: Operation) -> Outcome<Scoped> {
        let tenant = Tenant::Account(ACCOUNT);
        let now = Utc::now().timestamp_micros();
        let (compiled, caller) = (&self.0.compiled, &self.0.caller);
        Ok(access::scope(compiled, operation, caller, tenant, Access::All, Narrowing::default(), now)?)
    }

    async fn view(self, n: u64) -> Outcome {
        let scoped = self.scope(Operation::View)?;
        let id = RecordId::new(rows::seeded_id(n % self.0.rows));
        let found = self.0.store.read().records().view_json(&scoped, &id).await?;
        found.map(drop).ok_or_else(|| "a seeded row is gone".into())
    }

    async fn list(self) -> Outcome {
        let scoped = self.scope(Operation::List)?;
        let newest = Sort { by: SortBy::Field("created_at".to_owned()), descending: true };
        let query = ListQuery { skip: 0, limit: 30, sort: vec![newest], count: true };
        self.0.store.read().records().list_json(&scoped, &query).await?;
        Ok(())
    }

    async fn insert(self, n: u64) -> Outcome {
        let scoped = self.scope(Operation::Create)?;
        let record = record(rows::fresh_id(), n, Utc::now().timestamp_micros());
        let work = self.0.store.begin().await?;
        work.repositories().records().insert(&scoped, &record).await?;
        work.commit().await?;
        Ok(())
    }

    /// A system table's row, which goes through sea-orm's proxy.
    async fn account(self) -> Outcome {
        let found = self.0.store.read().accounts().find(ACCOUNT).await?;
        Ok(found.map(drop).ok_or(StoreError::Other("the account is gone".into()))?)
    }
}
