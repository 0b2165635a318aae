//! How the installation is, for superadmins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use crate::AppError;
use crate::limits::{RateLimits, RatePolicy, Refused};
use crate::ports::{Clock, ProcessMemory, Storage, Workload};
use crate::realtime::Realtime;

/// Over how long mails are counted.
const LATELY: TimeDelta = TimeDelta::hours(24);
/// How many callers are named that limits have refused.
const MOST_REFUSED: usize = 50;

/// How the installation is at a moment; connections, memory and refusals are those of this node.
#[derive(Clone, Debug)]
pub struct HealthReport {
    pub started_at: DateTime<Utc>,
    pub uptime: Duration,
    /// Bytes.
    pub memory: Option<u64>,
    /// How long the database took to answer the simplest question.
    pub latency: Duration,
    pub work: Workload,
    pub connections: usize,
    pub subscriptions: usize,
    /// Whether requests are limited.
    pub limited: bool,
    /// What is allowed where they are.
    pub policy: RatePolicy,
    /// Whom the limits have refused within the last hour, most refused first.
    pub refused: Vec<Refused>,
}

/// The use case of the report.
pub struct Health {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    memory: Arc<dyn ProcessMemory>,
    realtime: Arc<Realtime>,
    limits: Option<Arc<RateLimits>>,
    policy: RatePolicy,
    started_at: DateTime<Utc>,
}

impl Health {
    /// Wires the use case; the server has just started.
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        memory: Arc<dyn ProcessMemory>,
        realtime: Arc<Realtime>,
        limits: Option<Arc<RateLimits>>,
        policy: RatePolicy,
    ) -> Self {
        let started_at = clock.now();
        Self { storage, clock, memory, realtime, limits, policy, started_at }
    }

    /// Looks at everything.
    pub async fn report(&self) -> Result<HealthReport, AppError> {
        let asked = Instant::now();
        self.storage.ping().await?;
        let latency = asked.elapsed();
        let now = self.clock.now();
        let mut refused = self.limits.as_ref().map(|limits| limits.refused()).unwrap_or_default();
        refused.truncate(MOST_REFUSED);
        Ok(HealthReport {
            started_at: self.started_at,
            uptime: (now - self.started_at).to_std().unwrap_or_default(),
            memory: self.memory.resident_bytes(),
            latency,
            work: self.storage.read().statistics().workload(now - LATELY).await?,
            connections: self.realtime.connections(),
            subscriptions: self.realtime.subscriptions(),
            limited: self.limits.is_some(),
            policy: self.policy.clone(),
            refused,
        })
    }
}
