//! Jobs: work that is done later, beside the requests, and tried again when it fails.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use crate::{AccountId, JobId, UserId};

/// The queue of jobs that name none.
pub const DEFAULT_QUEUE: &str = "default";
/// The queue of events on their way to hooks, webhooks and workflows: the server's own, which lists and
/// statistics leave out.
pub const EVENT_QUEUE: &str = "events";
/// The handler of its jobs, which are gone once they are done.
pub const EVENT_HANDLER: &str = "automation_event";
/// How often a job is tried that does not say.
pub const DEFAULT_ATTEMPTS: u32 = 3;
/// The pause after its first failure, in seconds.
pub const DEFAULT_RETRY_DELAY: u32 = 60;
/// Most characters that are kept of an error.
pub const MAX_ERROR_CHARS: usize = 5000;
/// Most characters of the names of handlers, queues and keys.
pub const MAX_NAME_CHARS: usize = 255;
/// Most bytes of a payload as JSON text.
pub const MAX_PAYLOAD_BYTES: usize = 1024 * 1024;
/// How many workers may be lost over a job before it is taken for what ends them.
pub const MAX_LOSSES: u32 = 5;
/// The longest pause between attempts, whatever doubling gives: a year.
const MAX_RETRY_DELAY: i64 = 365 * 86_400;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobStatus {
    /// Waits for its first attempt, or to begin anew.
    Pending,
    /// A worker is at it.
    Running,
    Completed,
    /// Failed, and waits for another attempt.
    Retrying,
    /// Failed for the last time.
    Dead,
}

impl JobStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Running, Self::Completed, Self::Retrying, Self::Dead];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Retrying => "retrying",
            Self::Dead => "dead",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether a worker may take it, once it is due.
    pub fn waits(self) -> bool {
        matches!(self, Self::Pending | Self::Retrying)
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Work to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: JobId,
    pub queue: String,
    /// The name of who can do it.
    pub handler: String,
    /// What the handler is told.
    pub payload: Map<String, Value>,
    pub status: JobStatus,
    /// The lowest comes first.
    pub priority: i32,
    /// Not before this; `None` for at once.
    pub run_at: Option<DateTime<Utc>>,
    /// Since when it waits its turn: `run_at`, else when it was made or begun anew.
    pub due_at: DateTime<Utc>,
    /// When the last attempt began.
    pub started_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    /// When the last attempt failed that did.
    pub failed_at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub error: Option<String>,
    /// Attempts that failed.
    pub attempts: u32,
    /// How many may fail.
    pub max_attempts: u32,
    /// The pause after the first failure, in seconds; it doubles with each.
    pub retry_delay: u32,
    /// Whose it is; `None` for the system's own.
    pub account_id: Option<AccountId>,
    pub created_by: Option<UserId>,
    pub created_at: DateTime<Utc>,
    /// Of the jobs with this key one waits at a time.
    pub unique_key: Option<String>,
    /// How many automatic steps led to it: a request's own are 0.
    pub depth: u32,
    /// Workers that were lost over it.
    pub losses: u32,
    /// Until when a worker is at it, who knows `lease`.
    pub leased_until: Option<DateTime<Utc>>,
    pub lease: Option<String>,
}

impl Job {
    /// As a worker takes it.
    #[must_use]
    pub fn claimed(self, now: DateTime<Utc>, until: DateTime<Utc>, lease: &str) -> Self {
        Self {
            status: JobStatus::Running,
            started_at: Some(now),
            leased_until: Some(until),
            lease: Some(lease.to_owned()),
            ..self
        }
    }

    fn let_go(self, status: JobStatus) -> Self {
        Self { status, leased_until: None, lease: None, ..self }
    }

    /// After an attempt that succeeded.
    #[must_use]
    pub fn completed(self, now: DateTime<Utc>) -> Self {
        Self { completed_at: Some(now), error: None, ..self.let_go(JobStatus::Completed) }
    }

    /// After an attempt that failed.
    #[must_use]
    pub fn failed(self, now: DateTime<Utc>, error: &str) -> Self {
        let attempts = self.attempts.saturating_add(1);
        let again = (attempts < self.max_attempts).then(|| now + backoff(self.retry_delay, attempts));
        let status = if again.is_some() { JobStatus::Retrying } else { JobStatus::Dead };
        Self {
            attempts,
            run_at: again,
            due_at: again.unwrap_or(self.due_at),
            failed_at: Some(now),
            error: Some(error_text(error)),
            ..self.let_go(status)
        }
    }

    /// Given back by a worker that ends: the attempt does not count.
    #[must_use]
    pub fn released(self) -> Self {
        Self { started_at: None, ..self.let_go(JobStatus::Pending) }
    }

    /// After its worker was lost. The attempt does not count, but one that takes worker after
    /// worker with it is not tried for ever.
    #[must_use]
    pub fn lost(self, now: DateTime<Utc>) -> Self {
        let losses = self.losses.saturating_add(1);
        if losses < MAX_LOSSES {
            return Self { losses, ..self.released() };
        }
        let error = format!("The worker was lost {losses} times while it ran this job");
        Self { losses, ..self.given_up(now, &error) }
    }

    /// Not to be tried again.
    #[must_use]
    pub fn given_up(self, now: DateTime<Utc>, error: &str) -> Self {
        let error = Some(error_text(error));
        Self { run_at: None, failed_at: Some(now), error, ..self.let_go(JobStatus::Dead) }
    }

    /// Begun anew by hand.
    #[must_use]
    pub fn restarted(self, now: DateTime<Utc>) -> Self {
        Self {
            attempts: 0,
            losses: 0,
            run_at: None,
            due_at: now,
            error: None,
            ..self.let_go(JobStatus::Pending)
        }
    }

    /// How long the last attempt took, in microseconds, if it succeeded.
    pub fn micros_taken(&self) -> Option<i64> {
        (self.completed_at? - self.started_at?).num_microseconds()
    }
}

/// The pause after the n-th failure: the delay, doubled with each further one.
pub fn backoff(retry_delay: u32, attempts: u32) -> TimeDelta {
    let factor = 2i64.saturating_pow(attempts.saturating_sub(1));
    TimeDelta::seconds(i64::from(retry_delay).saturating_mul(factor).min(MAX_RETRY_DELAY))
}

/// An error as it is kept: not too long, and without what PostgreSQL keeps no text with.
fn error_text(error: &str) -> String {
    error
        .chars()
        .take(MAX_ERROR_CHARS)
        .map(|c| if c == '\0' { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn job() -> Job {
        Job {
            id: JobId::new(Uuid::nil()),
            queue: DEFAULT_QUEUE.to_owned(),
            handler: "h".to_owned(),
            payload: Map::new(),
            status: JobStatus::Pending,
            priority: 0,
            run_at: None,
            due_at: at(0),
            started_at: None,
            completed_at: None,
            failed_at: None,
            error: None,
            attempts: 0,
            max_attempts: 3,
            retry_delay: 60,
            account_id: None,
            created_by: None,
            created_at: at(0),
            unique_key: None,
            depth: 0,
            losses: 0,
            leased_until: None,
            lease: None,
        }
    }

    fn claimed(job: Job, seconds: i64) -> Job {
        job.claimed(at(seconds), at(seconds + 30), "lease")
    }

    #[test]
    fn the_pause_doubles_with_each_failure_and_has_an_end() {
        let seconds = |delay, attempts| backoff(delay, attempts).num_seconds();
        assert_eq!([1, 2, 3, 4].map(|k| seconds(60, k)), [60, 120, 240, 480]);
        assert_eq!(seconds(0, 10), 0);
        assert_eq!(seconds(u32::MAX, u32::MAX), MAX_RETRY_DELAY);
    }

    #[test]
    fn a_job_is_tried_as_often_as_it_may_fail() {
        let first = claimed(job(), 10).failed(at(11), "no");
        assert_eq!((first.status, first.attempts), (JobStatus::Retrying, 1));
        assert_eq!((first.run_at, first.due_at, first.failed_at), (Some(at(71)), at(71), Some(at(11))));
        assert_eq!((first.lease.as_ref(), first.leased_until), (None, None));
        let second = claimed(first, 71).failed(at(72), "no");
        assert_eq!((second.status, second.run_at), (JobStatus::Retrying, Some(at(192))));
        let dead = claimed(second, 192).failed(at(193), "no");
        assert_eq!((dead.status, dead.attempts, dead.run_at), (JobStatus::Dead, 3, None));
        assert_eq!(dead.error.as_deref(), Some("no"));
        let anew = dead.restarted(at(500));
        assert_eq!((anew.status, anew.attempts, anew.run_at), (JobStatus::Pending, 0, None));
        assert_eq!((anew.error.as_ref(), anew.due_at), (None, at(500)));
    }

    #[test]
    fn success_forgets_the_error_and_tells_how_long_it_took() {
        let failed = claimed(job(), 0).failed(at(1), "no");
        let done = claimed(failed, 61).completed(at(63));
        assert_eq!((done.status, done.attempts, done.error.as_ref()), (JobStatus::Completed, 1, None));
        assert_eq!(done.micros_taken(), Some(2_000_000));
    }

    #[test]
    fn a_job_that_is_given_back_has_lost_no_attempt() {
        let back = claimed(job(), 5).released();
        assert_eq!(back, job());
    }

    #[test]
    fn a_job_that_loses_its_workers_is_not_tried_for_ever() {
        let mut lost = job();
        for n in 1..MAX_LOSSES {
            lost = claimed(lost, 1).lost(at(2));
            assert_eq!((lost.status, lost.losses, lost.attempts), (JobStatus::Pending, n, 0));
        }
        let dead = claimed(lost, 3).lost(at(4));
        assert_eq!(dead.status, JobStatus::Dead);
        assert_eq!(dead.error.as_deref(), Some("The worker was lost 5 times while it ran this job"));
    }

    #[test]
    fn errors_are_kept_in_part() {
        let long = claimed(job(), 0).failed(at(1), &"\0é".repeat(9000)).error.unwrap();
        assert_eq!(long.chars().count(), MAX_ERROR_CHARS);
        assert!(long.starts_with("\u{fffd}é"));
    }
}
