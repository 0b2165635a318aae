//! How many requests a caller may make: a minute, with some at once, and an hour.

mod refusals;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use snackbase_domain::UserId;

pub use refusals::Refused;

use crate::AppError;
use crate::ports::{Clock, Rate, RateLimiter, Taken};
use refusals::Refusals;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// What the operator allows.
#[derive(Clone, Debug)]
pub struct RatePolicy {
    /// Requests a minute and address, of those who have not signed in.
    pub anonymous: NonZeroU32,
    /// Requests a minute and user.
    pub user: NonZeroU32,
    /// Requests a minute and API key.
    pub api_key: NonZeroU32,
    /// Requests an hour and caller, over all paths.
    pub per_hour: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
    /// Requests a minute for single paths, instead of the general number.
    pub paths: BTreeMap<String, NonZeroU32>,
}

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    User(UserId),
    /// An API key, by its digest.
    ApiKey(String),
    /// Somebody who has not signed in; `None` where there is no address.
    Address(Option<IpAddr>),
}

/// How a caller stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Requests a minute.
    pub limit: u32,
    /// Requests that are left for now.
    pub remaining: u32,
    /// Whole seconds until all of them are there again; of a refused request,
    /// until the next one is allowed.
    pub reset: u64,
    /// Whether this request is one too many.
    pub refused: bool,
}

/// Limits the requests of callers.
pub struct RateLimits {
    limiter: Arc<dyn RateLimiter>,
    clock: Arc<dyn Clock>,
    policy: RatePolicy,
    refusals: Refusals,
}

impl RateLimits {
    /// Limits as the policy says, counted by `limiter`.
    pub fn new(limiter: Arc<dyn RateLimiter>, clock: Arc<dyn Clock>, policy: RatePolicy) -> Self {
        Self { limiter, clock, policy, refusals: Refusals::default() }
    }

    /// Whom this node has refused within the last hour, most refused first.
    pub fn refused(&self) -> Vec<Refused> {
        self.refusals.recent(self.clock.now())
    }

    /// Counts a request for a path. A path with a number of its own has buckets
    /// of its own, so that it does not use up what the others may; the hour is
    /// counted over all.
    pub async fn admit(&self, caller: &Counted, path: &str) -> Result<Standing, AppError> {
        let (name, general) = match caller {
            Counted::User(id) => (format!("user:{id}"), self.policy.user),
            Counted::ApiKey(digest) => (format!("key:{digest}"), self.policy.api_key),
            Counted::Address(address) => (address_name(*address), self.policy.anonymous),
        };
        let (bucket, limit) = match self.policy.paths.get(path) {
            Some(own) => (format!("{name} {path}"), *own),
            None => (name.clone(), general),
        };
        let rate = Rate { period: MINUTE / limit.get(), burst: self.policy.burst };
        let minute = self.limiter.take(&bucket, rate).await?;
        if minute.wait.is_some() {
            let own = self.policy.paths.contains_key(path).then_some(path);
            self.refusals.note(&name, own, self.clock.now());
            return Ok(standing(limit, rate, minute));
        }
        let hourly = Rate { period: HOUR / self.policy.per_hour.get(), burst: self.policy.per_hour };
        let hour = self.limiter.take(&format!("{name} hour"), hourly).await?;
        if hour.wait.is_some() {
            self.refusals.note(&name, None, self.clock.now());
        }
        let both = Taken { wait: hour.wait, remaining: minute.remaining.min(hour.remaining) };
        Ok(standing(limit, rate, both))
    }

    /// Forgets callers of whom nothing has been heard for long enough.
    pub async fn forget_full(&self) -> Result<(), AppError> {
        Ok(self.limiter.forget_full().await?)
    }
}

/// The bucket of an address. Whoever has one IPv6 address has the 2^64 of its
/// network, so these are counted together (RFC 6177).
fn address_name(address: Option<IpAddr>) -> String {
    match address {
        None => "ip:".to_owned(),
        Some(IpAddr::V4(address)) => format!("ip:{address}"),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("ip:{:x}:{:x}:{:x}:{:x}::/64", a, b, c, d)
        }
    }
}

fn standing(limit: NonZeroU32, rate: Rate, taken: Taken) -> Standing {
    let missing = rate.burst.get().saturating_sub(taken.remaining);
    let (reset, remaining) = match taken.wait {
        Some(wait) => (wait, 0),
        None => (rate.period * missing, taken.remaining),
    };
    Standing {
        limit: limit.get(),
        remaining,
        reset: whole_seconds(reset).max(1),
        refused: taken.wait.is_some(),
    }
}

/// Seconds, rounded up: whoever waits so long has waited long enough.
pub(crate) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
