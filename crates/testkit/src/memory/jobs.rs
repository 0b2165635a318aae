//! The queue of jobs.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{JobClaim, JobCounts, JobPage, JobQuery, JobQueue, StoreError};
use snackbase_domain::job::{EVENT_QUEUE, Job, JobStatus};
use snackbase_domain::{AccountId, JobId};

use super::Memory;
use super::state::{State, conflict, cut};

fn waiting_with<'s>(state: &'s State, key: &str) -> Option<&'s Job> {
    state.jobs.values().find(|job| job.status.waits() && job.unique_key.as_deref() == Some(key))
}

fn is_due(job: &Job, now: DateTime<Utc>, queue: Option<&str>) -> bool {
    job.status.waits() && job.due_at <= now && queue.is_none_or(|queue| job.queue == queue)
}

fn is_lost(job: &Job, now: DateTime<Utc>) -> bool {
    job.status == JobStatus::Running && job.leased_until.is_some_and(|until| until <= now)
}

fn running_of(state: &State, account: Option<AccountId>) -> usize {
    state.jobs.values().filter(|job| job.status == JobStatus::Running && job.account_id == account).count()
}

#[async_trait]
impl JobQueue for Memory {
    async fn insert(&self, job: &Job) -> Result<JobId, StoreError> {
        let mut state = self.state();
        if job.account_id.is_some_and(|id| !state.accounts.contains_key(&id)) {
            return Err(StoreError::ForeignKey);
        }
        if let Some(known) = job.unique_key.as_deref().and_then(|key| waiting_with(&state, key)) {
            return Ok(known.id);
        }
        state.jobs.insert(job.id, job.clone());
        Ok(job.id)
    }

    async fn find(&self, id: JobId) -> Result<Option<Job>, StoreError> {
        Ok(self.state().jobs.get(&id).cloned())
    }

    async fn lock(&self, id: JobId) -> Result<Option<Job>, StoreError> {
        JobQueue::find(self, id).await
    }

    async fn page(&self, query: &JobQuery) -> Result<JobPage, StoreError> {
        let state = self.state();
        let wanted = |job: &&Job| {
            query.status.is_none_or(|status| job.status == status)
                && query.queue.as_ref().map_or(job.queue != EVENT_QUEUE, |queue| job.queue == *queue)
                && query.handler.as_ref().is_none_or(|handler| job.handler == *handler)
        };
        let mut found: Vec<_> = state.jobs.values().filter(wanted).cloned().collect();
        found.sort_by_key(|job| Reverse((job.created_at, job.id)));
        let total = found.len() as u64;
        Ok(JobPage { items: cut(found, query.offset, query.limit), total })
    }

    async fn count(&self, since: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        let state = self.state();
        let counted = || state.jobs.values().filter(|job| job.queue != EVENT_QUEUE);
        let of = |status| counted().filter(|job| job.status == status).count() as u64;
        let is_recent =
            |job: &&Job| job.status == JobStatus::Completed && job.completed_at.is_some_and(|at| at >= since);
        let recent: Vec<_> = counted().filter(is_recent).collect();
        Ok(JobCounts {
            pending: of(JobStatus::Pending),
            running: of(JobStatus::Running),
            completed: of(JobStatus::Completed),
            retrying: of(JobStatus::Retrying),
            dead: of(JobStatus::Dead),
            recent: recent.len() as u64,
            recent_micros: recent.iter().filter_map(|job| job.micros_taken()).sum::<i64>().unsigned_abs(),
        })
    }

    async fn has_work(&self, now: DateTime<Utc>, queue: Option<&str>) -> Result<bool, StoreError> {
        Ok(self.state().jobs.values().any(|job| is_due(job, now, queue) || is_lost(job, now)))
    }

    async fn claim(&self, claim: &JobClaim, limit: u64) -> Result<Vec<Job>, StoreError> {
        let mut state = self.state();
        let queue = claim.queue.as_deref();
        let mut due: Vec<_> = state.jobs.values().filter(|job| is_due(job, claim.now, queue)).collect();
        due.sort_by_key(|job| (job.due_at, job.id));
        // The first of each line.
        let mut lines = BTreeSet::new();
        due.retain(|job| lines.insert((job.queue.clone(), job.account_id, job.priority)));
        due.sort_by_key(|job| (job.priority, running_of(&state, job.account_id), job.due_at, job.id));
        let due: Vec<_> = due.into_iter().cloned().collect();
        let claimed = cut(due, 0, limit).into_iter();
        let claimed: Vec<_> = claimed.map(|job| job.claimed(claim.now, claim.until, &claim.lease)).collect();
        state.jobs.extend(claimed.iter().map(|job| (job.id, job.clone())));
        Ok(claimed)
    }

    async fn renew(&self, id: JobId, lease: &str, until: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut state = self.state();
        let held = state.jobs.get_mut(&id).filter(|job| job.lease.as_deref() == Some(lease));
        let Some(job) = held else {
            return Ok(false);
        };
        job.leased_until = Some(until);
        Ok(true)
    }

    async fn lock_lost(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<Job>, StoreError> {
        let state = self.state();
        let mut lost: Vec<_> = state.jobs.values().filter(|job| is_lost(job, now)).cloned().collect();
        lost.sort_by_key(|job| (job.leased_until, job.id));
        Ok(cut(lost, 0, limit))
    }

    async fn key_waits(&self, key: &str) -> Result<bool, StoreError> {
        Ok(waiting_with(&self.state(), key).is_some())
    }

    async fn update(&self, job: &Job, lease: Option<&str>) -> Result<bool, StoreError> {
        let mut state = self.state();
        if state.jobs.get(&job.id).is_none_or(|known| known.lease.as_deref() != lease) {
            return Ok(false);
        }
        let other = job.unique_key.as_deref().and_then(|key| waiting_with(&state, key));
        if job.status.waits() && other.is_some_and(|other| other.id != job.id) {
            return conflict("jobs.unique_key");
        }
        state.jobs.insert(job.id, job.clone());
        Ok(true)
    }

    async fn delete(&self, id: JobId) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.automation_steps.retain(|(job, _, _)| *job != id);
        Ok(state.jobs.remove(&id).is_some())
    }

    async fn remove_ended(
        &self,
        completed_before: DateTime<Utc>,
        dead_before: DateTime<Utc>,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let mut state = self.state();
        let ended = |job: &Job, status, at: Option<DateTime<Utc>>, before| {
            job.status == status && at.is_some_and(|at| at < before)
        };
        let completed = |job: &Job| ended(job, JobStatus::Completed, job.completed_at, completed_before);
        let dead = |job: &Job| ended(job, JobStatus::Dead, job.failed_at, dead_before);
        let of = |is: &dyn Fn(&Job) -> bool| -> Vec<JobId> {
            let found = state.jobs.values().filter(|job| is(job)).map(|job| job.id).collect();
            cut(found, 0, limit)
        };
        let gone = [of(&completed), of(&dead)].concat();
        for id in &gone {
            state.jobs.remove(id);
        }
        Ok(gone.len() as u64)
    }
}
