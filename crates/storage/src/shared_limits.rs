//! What callers do too often, counted in tables by all nodes of a PostgreSQL database
//! together. The tables are unlogged: a crash of the database forgets the counts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_query::Value;
use snackbase_application::ports::{Clock, FailureCounter, Rate, RateLimiter, StoreError, Taken};
use snackbase_rls::Dialect;

use crate::driver::{Connection, Row, Stmt};
use crate::store::Store;

/// Takes a token: `full_at` is when the bucket will be full again, in microseconds since the
/// epoch; it must not be further off than an empty bucket needs.
const TAKE: &str = "WITH taken AS (
    INSERT INTO rate_limit_buckets AS b (bucket, full_at) VALUES ($1, $2::bigint + $3::bigint)
    ON CONFLICT (bucket) DO UPDATE SET full_at = GREATEST(b.full_at, $2) + $3
    WHERE GREATEST(b.full_at, $2) + $3 <= $2 + $4::bigint
    RETURNING full_at
) SELECT full_at, TRUE FROM taken
UNION ALL SELECT full_at, FALSE FROM rate_limit_buckets WHERE bucket = $1 AND NOT EXISTS (SELECT 1 FROM taken)";

/// Adds a failure, of which `n` are kept; the row's lock puts those at once in a row.
const COUNT: &str = "INSERT INTO recent_failures AS f (target, times) VALUES ($1, ARRAY[$2::bigint])
    ON CONFLICT (target) DO UPDATE
    SET times = (f.times || $2::bigint)[GREATEST(1, CARDINALITY(f.times) + 2 - $3::int):]
    RETURNING CASE WHEN CARDINALITY(times) >= $3 THEN times[CARDINALITY(times) - $3 + 1] END";

const NTH_NEWEST: &str =
    "SELECT CASE WHEN CARDINALITY(times) >= $2::int THEN times[CARDINALITY(times) - $2 + 1] END
    FROM recent_failures WHERE target = $1";

/// Counts in the database.
pub struct SharedLimits {
    connection: Arc<dyn Connection>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for SharedLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedLimits")
    }
}

impl Store {
    /// Counts that all nodes share; `None` where there can only be one node.
    pub fn shared_limits(&self, clock: Arc<dyn Clock>) -> Option<Arc<SharedLimits>> {
        match self.session().dialect() {
            Dialect::Sqlite => None,
            Dialect::Postgres => {
                Some(Arc::new(SharedLimits { connection: Arc::clone(&self.session().connection), clock }))
            }
        }
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

fn text(value: &str) -> Value {
    Value::String(Some(value.to_owned()))
}

fn time(rows: &[Row]) -> Option<DateTime<Utc>> {
    match rows.first().and_then(|row| row.values.first()) {
        Some(Value::BigInt(Some(micros))) => DateTime::from_timestamp_micros(*micros),
        _ => None,
    }
}

#[async_trait]
impl RateLimiter for SharedLimits {
    async fn take(&self, bucket: &str, rate: Rate) -> Result<Taken, StoreError> {
        let (now, period) = (self.clock.now().timestamp_micros(), micros(rate.period).max(1));
        let capacity = period.saturating_mul(i64::from(rate.burst.get()));
        let values = vec![text(bucket), now.into(), period.into(), capacity.into()];
        let rows = self.connection.query(Stmt::new(TAKE, values)).await?;
        let (full_at, taken) = match rows.first().map(|row| row.values.as_slice()) {
            Some([Value::BigInt(Some(full_at)), Value::Bool(Some(taken))]) => (*full_at, *taken),
            // Others made and emptied the bucket while the statement ran.
            _ => (now.saturating_add(capacity), false),
        };
        let left = (now + capacity - full_at).max(0);
        let wait = (full_at + period - now - capacity).max(1).unsigned_abs();
        Ok(Taken {
            wait: (!taken).then(|| Duration::from_micros(wait)),
            remaining: if taken { u32::try_from(left / period).unwrap_or(u32::MAX) } else { 0 },
        })
    }

    async fn forget_full(&self) -> Result<(), StoreError> {
        let now = self.clock.now().timestamp_micros();
        let forget = Stmt::new("DELETE FROM rate_limit_buckets WHERE full_at < $1", vec![now.into()]);
        self.connection.execute(forget).await.map(drop)
    }
}

#[async_trait]
impl FailureCounter for SharedLimits {
    async fn nth_newest(&self, target: &str, n: u32) -> Result<Option<DateTime<Utc>>, StoreError> {
        let values = vec![text(target), Value::Int(i32::try_from(n).ok())];
        Ok(time(&self.connection.query(Stmt::new(NTH_NEWEST, values)).await?))
    }

    async fn count(
        &self,
        target: &str,
        n: u32,
        at: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let values = vec![text(target), at.timestamp_micros().into(), Value::Int(i32::try_from(n).ok())];
        Ok(time(&self.connection.query(Stmt::new(COUNT, values)).await?))
    }

    async fn forget(&self, target: &str) -> Result<(), StoreError> {
        let forget = Stmt::new("DELETE FROM recent_failures WHERE target = $1", vec![text(target)]);
        self.connection.execute(forget).await.map(drop)
    }

    async fn forget_before(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "DELETE FROM recent_failures WHERE times[CARDINALITY(times)] < $1";
        let forget = Stmt::new(sql, vec![before.timestamp_micros().into()]);
        self.connection.execute(forget).await.map(drop)
    }
}
