//! The lines in which jobs wait, and whose turn it is.

use snackbase_rls::Dialect;

/// The condition of the partial indexes, to the letter: both databases use them only where they can
/// tell that it holds.
pub(super) const WAITING: &str = "status IN ('pending', 'retrying')";
pub(super) const RUNNING: &str = "status = 'running'";

/// Has SQLite take an index: it would rather take one over `status` alone, and look at all jobs that wait.
fn by(dialect: Dialect, index: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("INDEXED BY {index}"),
        Dialect::Postgres => String::new(),
    }
}

/// Whether a job is due, of all queues or one.
pub(super) fn any_due(dialect: Dialect, of_queue: bool) -> String {
    let (now, queue) = match dialect {
        Dialect::Sqlite => ("?1", "?2"),
        Dialect::Postgres => ("$1", "$2"),
    };
    let of_queue = if of_queue { format!("AND queue = {queue}") } else { String::new() };
    let by = by(dialect, "ix_jobs_due");
    format!("SELECT 1 FROM jobs {by} WHERE {WAITING} AND due_at <= {now} {of_queue} LIMIT 1")
}

/// The lines in which jobs wait, one for each queue, account and priority, in the order in which they
/// are served. A step of the recursion is a look-up in an index, so what it costs is the number of
/// lines and not that of jobs.
pub(super) fn lines(dialect: Dialect, of_queue: bool) -> String {
    let (now, limit, queue) = match dialect {
        Dialect::Sqlite => ("?1", "?2", "?3"),
        Dialect::Postgres => ("$1", "$2", "$3"),
    };
    // SQLite goes on in an index from a row of columns only as far as these have no type of their own.
    let last = match dialect {
        Dialect::Sqlite => "(+line.queue, +line.lane, +line.priority)",
        Dialect::Postgres => "(line.queue, line.lane, line.priority)",
    };
    let of_queue = if of_queue { format!("AND queue = {queue}") } else { String::new() };
    let by = by(dialect, "ix_jobs_line");
    format!(
        "WITH RECURSIVE line (id, queue, lane, priority, due_at) AS (
            SELECT * FROM (
                SELECT id, queue, lane, priority, due_at FROM jobs {by} WHERE {WAITING}
                ORDER BY queue, lane, priority, due_at, id LIMIT 1) AS first
            UNION ALL
            SELECT head.id, head.queue, head.lane, head.priority, head.due_at
            FROM line JOIN jobs AS head ON head.id = (
                SELECT next.id FROM jobs AS next {by}
                WHERE next.{WAITING}
                AND (next.queue, next.lane, next.priority) > {last}
                ORDER BY next.queue, next.lane, next.priority, next.due_at, next.id LIMIT 1))
        SELECT queue, lane, priority FROM line WHERE due_at <= {now} {of_queue}
        ORDER BY priority, (SELECT COUNT(*) FROM jobs AS busy WHERE busy.{RUNNING} AND busy.lane = line.lane),
            due_at, id
        LIMIT {limit}"
    )
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use sea_query::Value;

    use super::*;
    use crate::driver::Stmt;
    use crate::{DatabaseOptions, SqliteOptions, Store};

    async fn plan(sql: String, values: Vec<Value>) -> Vec<String> {
        let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
        store.migrate().await.unwrap();
        let explain = Stmt::new(format!("EXPLAIN QUERY PLAN {sql}"), values);
        let rows = store.session().connection.query(explain).await.unwrap();
        let values = rows.into_iter().flat_map(|row| row.values);
        let text = |value| match value {
            Value::String(Some(text)) => Some(text),
            _ => None,
        };
        values.filter_map(text).filter(|step| step.contains("INDEX")).collect()
    }

    /// Each step looks up one entry of an index, however many jobs wait.
    #[tokio::test]
    async fn whose_turn_it_is_is_looked_up_by_index() {
        let now: Value = DateTime::UNIX_EPOCH.into();
        let steps =
            plan(lines(Dialect::Sqlite, true), vec![now.clone(), 8i64.into(), "default".into()]).await;
        let expected = [
            "SCAN jobs USING INDEX ix_jobs_line",
            "SEARCH head USING INDEX sqlite_autoindex_jobs_1 (id=?)",
            "SEARCH next USING INDEX ix_jobs_line ((queue,lane,priority)>(?,?,?))",
            "SEARCH busy USING COVERING INDEX ix_jobs_running (lane=?)",
        ];
        assert_eq!(steps, expected);
        let steps = plan(any_due(Dialect::Sqlite, true), vec![now, "default".into()]).await;
        assert_eq!(steps, ["SEARCH jobs USING INDEX ix_jobs_due (due_at<?)"]);
    }
}
