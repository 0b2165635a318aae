//! Reads and writes rows the way that one would go at first: sea-orm on sqlx, rows as JSON trees.
//! The other program has seeded them.

use record_path_load::rows::{self, Row};
use record_path_load::{Job, Outcome};
use sea_orm::prelude::*;
use sea_orm::sea_query::{Alias, ExprTrait, IntoIden, Order, Query, SelectStatement};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, FromQueryResult, JsonValue};

const TABLE: &str = "col_bench_posts";
const SYSTEM: [&str; 6] = ["id", "account_id", "created_at", "created_by", "updated_at", "updated_by"];

mod account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub account_code: String,
        pub slug: String,
        pub name: String,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::main]
async fn main() -> Outcome {
    let job = Job::from_arguments()?;
    let orm = match job.sqlite_file() {
        Some(file) => sqlite(file, job.rows).await?,
        None => postgres(&job.database, job.rows).await?,
    };
    let figures = match job.work.as_str() {
        "view" => job.load.run(move |n| orm.clone().view(n)).await?,
        "list" => job.load.run(move |_| orm.clone().list()).await?,
        "list_and_count" => job.load.run(move |_| orm.clone().list_and_count()).await?,
        "account" => job.load.run(move |_| orm.clone().account()).await?,
        "insert" => job.load.run(move |n| orm.clone().insert(n)).await?,
        other => return Err(format!("unknown work {other}").into()),
    };
    println!("{figures}");
    Ok(())
}

/// Pools for reading and for writing.
#[derive(Clone)]
struct Orm {
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// How many rows were seeded.
    rows: u64,
}

/// Both pools on the file. One connection writes: with more, most of the time goes into waiting for locks.
async fn sqlite(file: &str, rows: u64) -> Outcome<Orm> {
    let url = format!("sqlite://{file}");
    let pool = |connections| {
        let mut options = ConnectOptions::new(url.clone());
        options.max_connections(connections).sqlx_logging(false).map_sqlx_sqlite_opts(|options| {
            options
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("mmap_size", "268435456")
                .pragma("cache_size", "-16000")
                .pragma("busy_timeout", "5000")
        });
        Database::connect(options)
    };
    Ok(Orm { read: pool(8).await?, write: pool(1).await?, rows })
}

/// One pool, as large as the server's default.
async fn postgres(url: &str, rows: u64) -> Outcome<Orm> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(15).sqlx_logging(false);
    let pool = Database::connect(options).await?;
    Ok(Orm { read: pool.clone(), write: pool, rows })
}

fn rows_of_account() -> SelectStatement {
    let columns = SYSTEM.into_iter().chain(rows::FIELDS.iter().map(|(name, _)| *name));
    let mut select = Query::select();
    select
        .columns(columns.map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("account_id")).eq(rows::ACCOUNT.to_string()));
    select
}

/// What a reply's body is made of.
fn to_text(tree: &JsonValue) -> Outcome {
    std::hint::black_box(serde_json::to_vec(tree)?);
    Ok(())
}

impl Orm {
    fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    async fn view(self, n: u64) -> Outcome {
        let mut select = rows_of_account();
        select.and_where(Expr::col(Alias::new("id")).eq(rows::seeded_id(n % self.rows)));
        let found = JsonValue::find_by_statement(self.backend().build(&select)).one(&self.read).await?;
        to_text(&found.ok_or("a seeded row is gone")?)
    }

    async fn list(self) -> Outcome {
        let mut select = rows_of_account();
        select
            .order_by(Alias::new("created_at"), Order::Desc)
            .order_by(Alias::new("id"), Order::Desc)
            .limit(30)
            .offset(0);
        let found = JsonValue::find_by_statement(self.backend().build(&select)).all(&self.read).await?;
        to_text(&JsonValue::Array(found))
    }

    async fn list_and_count(self) -> Outcome {
        let mut count = Query::select();
        count
            .expr(Expr::cust("COUNT(*)"))
            .from(Alias::new(TABLE))
            .and_where(Expr::col(Alias::new("account_id")).eq(rows::ACCOUNT.to_string()));
        self.read.query_one_raw(self.backend().build(&count)).await?;
        self.list().await
    }

    async fn insert(self, n: u64) -> Outcome {
        let now = chrono::Utc::now();
        let at = || match self.backend() {
            DbBackend::Sqlite => Expr::val(now.timestamp_micros()),
            _ => Expr::val(now),
        };
        let (user, row) = (rows::USER.to_string(), Row::new(n));
        let values = [
            Expr::val(rows::fresh_id()),
            Expr::val(rows::ACCOUNT.to_string()),
            at(),
            Expr::val(user.as_str()),
            at(),
            Expr::val(user.as_str()),
            Expr::val(row.title),
            Expr::val(row.body),
            Expr::val(row.status),
            Expr::val(row.views),
            Expr::val(row.score),
            Expr::val(row.live),
        ];
        let columns = SYSTEM.into_iter().chain(rows::FIELDS.iter().map(|(name, _)| *name));
        let mut insert = Query::insert();
        insert.into_table(Alias::new(TABLE).into_iden()).columns(columns.map(Alias::new)).values(values)?;
        self.write.execute_raw(self.backend().build(&insert)).await?;
        Ok(())
    }

    async fn account(self) -> Outcome {
        let found = account::Entity::find_by_id(rows::ACCOUNT.to_string()).one(&self.read).await?;
        found.map(drop).ok_or_else(|| "the account is gone".into())
    }
}
