//! The queue of jobs.

mod lines;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use sea_query::{Expr, LockBehavior, LockType, OnConflict, Query, Value};
use serde_json::{Map, Value as Json};
use snackbase_application::ports::{JobClaim, JobCounts, JobPage, JobQuery, JobQueue, StoreError};
use snackbase_domain::JobId;
use snackbase_domain::job::{EVENT_QUEUE, Job, JobStatus};

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::entity::job::{ActiveModel, Column, Entity, Model};
use crate::store::Session;
use lines::{RUNNING, WAITING, any_due, lines};

fn from_model(model: Model) -> Result<Job, StoreError> {
    let broken = || StoreError::Inconsistent(format!("job '{}' cannot be read", model.id));
    let number = |number: i64| u32::try_from(number).map_err(|_| broken());
    let payload: Map<String, Json> = serde_json::from_str(&model.payload).map_err(|_| broken())?;
    Ok(Job {
        id: model.id.parse().map_err(|_| broken())?,
        payload,
        status: JobStatus::parse(&model.status).ok_or_else(broken)?,
        priority: model.priority.try_into().map_err(|_| broken())?,
        attempts: number(model.attempts)?,
        max_attempts: number(model.max_attempts)?,
        retry_delay: number(model.retry_delay)?,
        depth: number(model.depth)?,
        losses: number(model.losses)?,
        account_id: model.account_id.as_deref().map(str::parse).transpose().map_err(|_| broken())?,
        created_by: model.created_by.as_deref().map(str::parse).transpose().map_err(|_| broken())?,
        queue: model.queue,
        handler: model.handler,
        run_at: model.run_at,
        due_at: model.due_at,
        started_at: model.started_at,
        completed_at: model.completed_at,
        failed_at: model.failed_at,
        error: model.error,
        created_at: model.created_at,
        unique_key: model.unique_key,
        leased_until: model.leased_until,
        lease: model.lease,
    })
}

/// What changes while a job goes its way.
fn state(job: &Job) -> ActiveModel {
    ActiveModel {
        status: Set(job.status.as_str().to_owned()),
        run_at: Set(job.run_at),
        due_at: Set(job.due_at),
        started_at: Set(job.started_at),
        completed_at: Set(job.completed_at),
        failed_at: Set(job.failed_at),
        error: Set(job.error.clone()),
        attempts: Set(job.attempts.into()),
        losses: Set(job.losses.into()),
        leased_until: Set(job.leased_until),
        lease: Set(job.lease.clone()),
        micros_taken: Set(job.micros_taken()),
        ..Default::default()
    }
}

fn whole(job: &Job) -> ActiveModel {
    let account = job.account_id.map(|id| id.to_string());
    ActiveModel {
        id: Set(job.id.to_string()),
        queue: Set(job.queue.clone()),
        handler: Set(job.handler.clone()),
        payload: Set(Json::Object(job.payload.clone()).to_string()),
        priority: Set(job.priority.into()),
        max_attempts: Set(job.max_attempts.into()),
        retry_delay: Set(job.retry_delay.into()),
        lane: Set(account.clone().unwrap_or_default()),
        account_id: Set(account),
        created_by: Set(job.created_by.map(|id| id.to_string())),
        created_at: Set(job.created_at),
        unique_key: Set(job.unique_key.clone()),
        depth: Set(job.depth.into()),
        ..state(job)
    }
}

fn count(value: &Value) -> Option<u64> {
    match value {
        Value::BigInt(Some(number)) => u64::try_from(*number).ok(),
        _ => None,
    }
}

impl Session {
    /// Jobs that a query finds and that nobody else has in hand. On PostgreSQL those of others are
    /// passed by; on SQLite there is one writer.
    async fn take_jobs(&self, find: Select<Entity>) -> Result<Vec<Job>, StoreError> {
        let find = find.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn any_job(&self, condition: &'static str, other: Expr) -> Result<bool, StoreError> {
        let mut select = Query::select();
        select.column(Column::Id).from(Entity).and_where(Expr::cust(condition)).and_where(other).limit(1);
        Ok(!self.connection.query(Stmt::build(self.dialect(), &select)).await?.is_empty())
    }

    /// Deletes at most that many of the jobs that a query finds.
    async fn delete_found(&self, find: Select<Entity>, limit: u64) -> Result<u64, StoreError> {
        let ids = find.select_only().column(Column::Id).limit(limit).into_query();
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(ids));
        Ok(delete.exec(self.orm()).await.map_err(from_orm)?.rows_affected)
    }
}

#[async_trait]
impl JobQueue for Session {
    async fn insert(&self, job: &Job) -> Result<JobId, StoreError> {
        let insert = Entity::insert(whole(job));
        if job.unique_key.is_none() {
            insert.exec_without_returning(self.orm()).await.map_err(from_orm)?;
            return Ok(job.id);
        }
        // Where one waits its row is written as it is, and so is held until the unit of work ends.
        let one_waits = OnConflict::column(Column::UniqueKey)
            .target_and_where(Expr::cust(WAITING))
            .update_column(Column::UniqueKey)
            .to_owned();
        let mut insert = insert.into_query();
        insert.on_conflict(one_waits).returning_col(Column::Id);
        let rows = self.connection.query(Stmt::build(self.dialect(), &insert)).await?;
        match rows.first().and_then(|row| row.values.first()) {
            Some(Value::String(Some(id))) => id.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| StoreError::Inconsistent("the id of a job cannot be read".to_owned()))
    }

    async fn find(&self, id: JobId) -> Result<Option<Job>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn lock(&self, id: JobId) -> Result<Option<Job>, StoreError> {
        let find = Entity::find_by_id(id.to_string()).lock_exclusive();
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn page(&self, query: &JobQuery) -> Result<JobPage, StoreError> {
        let mut find = Entity::find();
        if let Some(status) = query.status {
            find = find.filter(Column::Status.eq(status.as_str()));
        }
        find = find.filter(match &query.queue {
            Some(queue) => Column::Queue.eq(queue),
            None => Column::Queue.ne(EVENT_QUEUE),
        });
        if let Some(handler) = &query.handler {
            find = find.filter(Column::Handler.eq(handler));
        }
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let find = find.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
        let find = find.offset(query.offset).limit(query.limit);
        let models = find.all(self.orm()).await.map_err(from_orm)?;
        Ok(JobPage { items: models.into_iter().map(from_model).collect::<Result<_, _>>()?, total })
    }

    async fn count(&self, since: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        let broken = || StoreError::Inconsistent("jobs cannot be counted".to_owned());
        let mut counts = JobCounts::default();
        let mut each = Query::select();
        each.column(Column::Status)
            .expr(Expr::cust("COUNT(*)"))
            .from(Entity)
            .and_where(Column::Queue.ne(EVENT_QUEUE))
            .group_by_col(Column::Status);
        for row in self.connection.query(Stmt::build(self.dialect(), &each)).await? {
            let [Value::String(Some(status)), number] = row.values.as_slice() else { return Err(broken()) };
            let place = match JobStatus::parse(status).ok_or_else(broken)? {
                JobStatus::Pending => &mut counts.pending,
                JobStatus::Running => &mut counts.running,
                JobStatus::Completed => &mut counts.completed,
                JobStatus::Retrying => &mut counts.retrying,
                JobStatus::Dead => &mut counts.dead,
            };
            *place = count(number).ok_or_else(broken)?;
        }
        let mut recent = Query::select();
        recent
            .expr(Expr::cust("COUNT(*)"))
            .expr(Expr::cust("CAST(COALESCE(SUM(micros_taken), 0) AS BIGINT)"))
            .from(Entity)
            .and_where(Column::Queue.ne(EVENT_QUEUE))
            .and_where(Column::CompletedAt.gte(since));
        let rows = self.connection.query(Stmt::build(self.dialect(), &recent)).await?;
        let [number, micros] = rows.first().map_or(&[][..], |row| &row.values) else { return Err(broken()) };
        counts.recent = count(number).ok_or_else(broken)?;
        counts.recent_micros = count(micros).ok_or_else(broken)?;
        Ok(counts)
    }

    async fn has_work(&self, now: DateTime<Utc>, queue: Option<&str>) -> Result<bool, StoreError> {
        let mut values = vec![now.into()];
        values.extend(queue.map(Value::from));
        let due = Stmt::new(any_due(self.dialect(), queue.is_some()), values);
        Ok(!self.connection.query(due).await?.is_empty()
            || self.any_job(RUNNING, Column::LeasedUntil.lte(now)).await?)
    }

    async fn claim(&self, claim: &JobClaim, limit: u64) -> Result<Vec<Job>, StoreError> {
        let lines = lines(self.dialect(), claim.queue.is_some());
        let mut values = vec![claim.now.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
        values.extend(claim.queue.as_deref().map(Value::from));
        let rows = self.connection.query(Stmt::new(lines, values)).await?;
        let mut claimed = Vec::new();
        for row in rows {
            let [Value::String(Some(queue)), Value::String(Some(lane)), Value::BigInt(Some(priority))] =
                row.values.as_slice()
            else {
                return Err(StoreError::Inconsistent("jobs that wait cannot be read".to_owned()));
            };
            let first = Entity::find()
                .filter(Expr::cust(WAITING))
                .filter(Column::Queue.eq(queue))
                .filter(Column::Lane.eq(lane))
                .filter(Column::Priority.eq(*priority))
                .filter(Column::DueAt.lte(claim.now))
                .order_by_asc(Column::DueAt)
                .order_by_asc(Column::Id)
                .limit(1);
            for job in self.take_jobs(first).await? {
                let job = job.claimed(claim.now, claim.until, &claim.lease);
                if self.update(&job, None).await? {
                    claimed.push(job);
                }
            }
        }
        Ok(claimed)
    }

    async fn renew(&self, id: JobId, lease: &str, until: DateTime<Utc>) -> Result<bool, StoreError> {
        let renew = Entity::update_many()
            .col_expr(Column::LeasedUntil, Expr::val(until))
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::Lease.eq(lease));
        Ok(renew.exec(self.orm()).await.map_err(from_orm)?.rows_affected > 0)
    }

    async fn lock_lost(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<Job>, StoreError> {
        let lost = Entity::find().filter(Expr::cust(RUNNING)).filter(Column::LeasedUntil.lte(now));
        self.take_jobs(lost.order_by_asc(Column::LeasedUntil).order_by_asc(Column::Id).limit(limit)).await
    }

    async fn key_waits(&self, key: &str) -> Result<bool, StoreError> {
        self.any_job(WAITING, Column::UniqueKey.eq(key)).await
    }

    async fn update(&self, job: &Job, lease: Option<&str>) -> Result<bool, StoreError> {
        let held = match lease {
            Some(lease) => Column::Lease.eq(lease),
            None => Column::Lease.is_null(),
        };
        let update =
            Entity::update_many().set(state(job)).filter(Column::Id.eq(job.id.to_string())).filter(held);
        Ok(update.exec(self.orm()).await.map_err(from_orm)?.rows_affected > 0)
    }

    async fn delete(&self, id: JobId) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(id.to_string()).exec(self.orm()).await.map_err(from_orm)?;
        Ok(deleted.rows_affected > 0)
    }

    async fn remove_ended(
        &self,
        completed_before: DateTime<Utc>,
        dead_before: DateTime<Utc>,
        limit: u64,
    ) -> Result<u64, StoreError> {
        // Only those that are completed have the one, and these go by it.
        let completed = Entity::find().filter(Column::CompletedAt.lt(completed_before));
        let dead = Entity::find().filter(Column::Status.eq(JobStatus::Dead.as_str()));
        let dead = dead.filter(Column::FailedAt.lt(dead_before));
        Ok(self.delete_found(completed, limit).await? + self.delete_found(dead, limit).await?)
    }
}
