//! Whom the limits have refused lately, for the operator to see.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use chrono::{DateTime, TimeDelta, Utc};

/// How long refusals are told of after the last one.
const KEPT: TimeDelta = TimeDelta::hours(1);
/// Of how many callers and paths refusals are kept.
const MOST: usize = 1000;

/// Somebody who was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Who: `user:<id>`, `key:<digest>` or `ip:<address>`.
    pub key: String,
    /// The path, where it has a limit of its own.
    pub path: Option<String>,
    /// How often.
    pub count: u64,
    pub last_at: DateTime<Utc>,
}

type Key = (String, Option<String>);

/// The refusals of this node.
#[derive(Default)]
pub(super) struct Refusals(Mutex<HashMap<Key, (u64, DateTime<Utc>)>>);

impl Refusals {
    fn state(&self) -> MutexGuard<'_, HashMap<Key, (u64, DateTime<Utc>)>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn note(&self, key: &str, path: Option<&str>, now: DateTime<Utc>) {
        let mut state = self.state();
        let key = (key.to_owned(), path.map(str::to_owned));
        if state.len() >= MOST && !state.contains_key(&key) {
            state.retain(|_, (_, last)| now - *last < KEPT);
            let oldest = state.iter().min_by_key(|(_, (_, last))| *last).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest.filter(|_| state.len() >= MOST) {
                state.remove(&oldest);
            }
        }
        let (count, last) = state.entry(key).or_insert((0, now));
        *count = if now - *last < KEPT { *count + 1 } else { 1 };
        *last = now;
    }

    /// Those of the last hour, most refused first.
    pub fn recent(&self, now: DateTime<Utc>) -> Vec<Refused> {
        let state = self.state();
        let recent = state.iter().filter(|(_, (_, last))| now - *last < KEPT);
        let mut recent: Vec<_> = recent
            .map(|((key, path), (count, last_at))| Refused {
                key: key.clone(),
                path: path.clone(),
                count: *count,
                last_at: *last_at,
            })
            .collect();
        recent.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| b.last_at.cmp(&a.last_at)));
        recent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn the_last_hour_is_told_most_refused_first() {
        let refusals = Refusals::default();
        refusals.note("ip:a", None, at(0));
        for minute in 10..13 {
            refusals.note("ip:b", Some("/login"), at(minute));
        }
        refusals.note("ip:b", None, at(13));
        let told: Vec<_> = refusals.recent(at(20)).into_iter().map(|r| (r.key, r.path, r.count)).collect();
        let expected = [("ip:b", Some("/login"), 3), ("ip:b", None, 1), ("ip:a", None, 1)];
        assert_eq!(told, expected.map(|(key, path, n)| (key.to_owned(), path.map(str::to_owned), n)));
        assert_eq!(refusals.recent(at(60)).len(), 2, "the first was an hour ago");
        refusals.note("ip:a", None, at(61));
        assert_eq!(refusals.recent(at(61)).iter().find(|r| r.key == "ip:a").map(|r| r.count), Some(1));
    }

    #[test]
    fn no_more_are_kept_than_may_be() {
        let refusals = Refusals::default();
        for number in 0..MOST + 10 {
            refusals.note(&format!("ip:{number}"), None, at(0) + TimeDelta::seconds(number as i64 % 3000));
        }
        assert_eq!(refusals.state().len(), MOST);
    }
}
