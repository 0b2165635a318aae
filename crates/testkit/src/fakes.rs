//! Time, identifiers, hashes and tokens that a test can foresee.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use snackbase_application::AppError;
use snackbase_application::auth::RANDOM_PREFIX;
use snackbase_application::ports::{
    AccessClaims, ApiKeyClaims, ApiKeyFault, ApiKeySigner, AuditSealer, Clock, CursorSealer, FailureCounter,
    IdGenerator, PasswordHasher, Rate, RateLimiter, RefreshClaims, SecretBox, SecretFault, StoreError, Taken,
    TokenFault, TokenGenerator, Tokens, Verification,
};
use uuid::Uuid;

use crate::builders::NOW;

/// A clock that stands still unless it is moved, or takes a step at each look.
#[derive(Debug)]
pub struct FixedClock {
    micros: AtomicI64,
    step: i64,
}

impl Default for FixedClock {
    fn default() -> Self {
        Self { micros: AtomicI64::new(NOW), step: 0 }
    }
}

impl FixedClock {
    /// A clock that goes on by `micros` microseconds at each look.
    pub fn stepping(micros: i64) -> Self {
        Self { step: micros, ..Self::default() }
    }

    /// Lets seconds pass.
    pub fn pass(&self, seconds: i64) {
        self.micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        let micros = self.micros.fetch_add(self.step, Ordering::SeqCst);
        DateTime::from_timestamp_micros(micros).expect("tests stay within chrono's range")
    }
}

/// Identifiers in a row that a seed decides, which look random (SplitMix64).
#[derive(Debug)]
pub struct SeededIds {
    state: AtomicU64,
}

impl SeededIds {
    /// The row of a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }

    fn next(&self) -> u64 {
        const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(GAMMA, Ordering::SeqCst).wrapping_add(GAMMA);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl IdGenerator for SeededIds {
    fn new_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(
            ((u128::from(self.next()) << 64) | u128::from(self.next())).to_be_bytes(),
        )
        .into_uuid()
    }
}

/// "Hashes" a password by putting `plain:` before it; `weak:` is right but weak.
#[derive(Debug, Default)]
pub struct PlainHasher {
    checks: AtomicU64,
}

impl PlainHasher {
    /// How many passwords were checked so far: each of them takes a while in
    /// earnest.
    pub fn checks(&self) -> u64 {
        self.checks.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &str) -> Result<String, AppError> {
        Ok(format!("plain:{password}"))
    }

    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verification, AppError> {
        self.checks.fetch_add(1, Ordering::SeqCst);
        Ok(match hash.and_then(|hash| hash.split_once(':')) {
            Some(("plain", known)) if known == password => Verification::Right,
            Some(("weak", known)) if known == password => Verification::RightButWeak,
            _ => Verification::Wrong,
        })
    }
}

/// Tokens that are numbers of the claims that were "signed".
#[derive(Debug, Default)]
pub struct FakeTokens {
    access: Mutex<Vec<AccessClaims>>,
    refresh: Mutex<Vec<RefreshClaims>>,
}

/// What was signed under `<prefix><number>`.
fn signed<T: Clone>(all: &Mutex<Vec<T>>, prefix: &str, token: &str) -> Option<T> {
    let number: usize = token.strip_prefix(prefix)?.parse().ok()?;
    all.lock().unwrap().get(number).cloned()
}

fn sign<T: Clone>(all: &Mutex<Vec<T>>, prefix: &str, claims: &T) -> String {
    let mut all = all.lock().unwrap();
    all.push(claims.clone());
    format!("{prefix}{}", all.len() - 1)
}

impl Tokens for FakeTokens {
    fn sign_access(&self, claims: &AccessClaims) -> Result<String, AppError> {
        Ok(sign(&self.access, "access-", claims))
    }

    fn sign_refresh(&self, claims: &RefreshClaims) -> Result<String, AppError> {
        Ok(sign(&self.refresh, "refresh-", claims))
    }

    fn read_access(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenFault> {
        if token.starts_with("refresh-") {
            return Err(TokenFault::WrongType);
        }
        let claims = signed(&self.access, "access-", token).ok_or(TokenFault::Invalid)?;
        let age = now - claims.issued_at;
        if age.num_seconds() >= self.access_lifetime() { Err(TokenFault::Expired) } else { Ok(claims) }
    }

    fn read_refresh(&self, token: &str, now: DateTime<Utc>) -> Result<RefreshClaims, TokenFault> {
        let claims = signed(&self.refresh, "refresh-", token).ok_or(TokenFault::Invalid)?;
        if claims.expires_at <= now { Err(TokenFault::Expired) } else { Ok(claims) }
    }

    fn digest(&self, token: &str) -> String {
        format!("digest of {token}")
    }

    fn access_lifetime(&self) -> i64 {
        3600
    }

    fn refresh_lifetime(&self) -> i64 {
        7 * 24 * 3600
    }
}

/// API keys that are numbers of the claims that were "signed".
#[derive(Debug, Default)]
pub struct FakeKeySigner {
    keys: Mutex<Vec<ApiKeyClaims>>,
    made: AtomicU64,
}

impl ApiKeySigner for FakeKeySigner {
    fn sign(&self, claims: &ApiKeyClaims) -> Result<String, AppError> {
        Ok(sign(&self.keys, "sb_ak.fake.", claims))
    }

    fn random(&self) -> String {
        format!("{RANDOM_PREFIX}{:048}", self.made.fetch_add(1, Ordering::SeqCst))
    }

    fn read(&self, key: &str, now: DateTime<Utc>) -> Result<ApiKeyClaims, ApiKeyFault> {
        if key.split('.').count() != 3 {
            return Err(ApiKeyFault::Format);
        }
        let claims = signed(&self.keys, "sb_ak.fake.", key).ok_or(ApiKeyFault::Signature)?;
        if claims.expires_at.is_some_and(|at| at <= now) { Err(ApiKeyFault::Expired) } else { Ok(claims) }
    }

    fn digest(&self, key: &str) -> String {
        format!("digest of {key}")
    }
}

/// Failures in memory.
#[derive(Debug, Default)]
pub struct MemoryFailures {
    times: Mutex<HashMap<String, Vec<DateTime<Utc>>>>,
}

#[async_trait]
impl FailureCounter for MemoryFailures {
    async fn nth_newest(&self, target: &str, n: u32) -> Result<Option<DateTime<Utc>>, StoreError> {
        let times = self.times.lock().unwrap();
        Ok(times.get(target).and_then(|times| times.iter().rev().nth(n as usize - 1).copied()))
    }

    async fn count(
        &self,
        target: &str,
        n: u32,
        at: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut times = self.times.lock().unwrap();
        let times = times.entry(target.to_owned()).or_default();
        times.push(at);
        Ok(times.iter().rev().nth(n as usize - 1).copied())
    }

    async fn forget(&self, target: &str) -> Result<(), StoreError> {
        self.times.lock().unwrap().remove(target);
        Ok(())
    }

    async fn forget_before(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        self.times.lock().unwrap().retain(|_, times| times.last().is_some_and(|newest| *newest >= before));
        Ok(())
    }
}

/// Buckets in memory, filled by a clock of tests.
#[derive(Debug)]
pub struct MemoryBuckets {
    clock: Arc<FixedClock>,
    /// When each bucket is full again.
    full_at: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl MemoryBuckets {
    /// All are full.
    pub fn new(clock: Arc<FixedClock>) -> Self {
        Self { clock, full_at: Mutex::default() }
    }
}

#[async_trait]
impl RateLimiter for MemoryBuckets {
    async fn take(&self, bucket: &str, rate: Rate) -> Result<Taken, StoreError> {
        let (now, period) = (self.clock.now(), TimeDelta::from_std(rate.period).unwrap());
        let empty_until = now + period * rate.burst.get().cast_signed();
        let mut all = self.full_at.lock().unwrap();
        let full_at = all.entry(bucket.to_owned()).or_insert(now);
        let after = now.max(*full_at) + period;
        if after > empty_until {
            return Ok(Taken { wait: (after - empty_until).to_std().ok(), remaining: 0 });
        }
        *full_at = after;
        let left = (empty_until - after).num_microseconds().unwrap() / period.num_microseconds().unwrap();
        Ok(Taken { wait: None, remaining: u32::try_from(left).unwrap() })
    }

    async fn forget_full(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.full_at.lock().unwrap().retain(|_, full_at| *full_at >= now);
        Ok(())
    }
}

/// "Seals" a secret by putting a key, its place and itself in a row.
#[derive(Debug)]
pub struct PlainSecretBox {
    key: &'static str,
    older: Vec<&'static str>,
}

impl Default for PlainSecretBox {
    fn default() -> Self {
        Self { key: "today", older: Vec::new() }
    }
}

impl PlainSecretBox {
    /// Seals with `key`, and opens what was sealed with the older ones too.
    pub fn with_keys(key: &'static str, older: &[&'static str]) -> Self {
        Self { key, older: older.to_vec() }
    }
}

impl SecretBox for PlainSecretBox {
    fn seal(&self, plain: &str, place: &str) -> String {
        format!("sealed|{}|{place}|{plain}", self.key)
    }

    fn open(&self, stored: &str, place: &str) -> Result<String, SecretFault> {
        let parts: Vec<_> = stored.splitn(4, '|').collect();
        match parts[..] {
            ["sealed", key, _, _] if key != self.key && !self.older.contains(&key) => {
                Err(SecretFault::UnknownKey)
            }
            ["sealed", _, known, plain] if known == place => Ok(plain.to_owned()),
            ["sealed", ..] => Err(SecretFault::Broken),
            _ => Ok(stored.to_owned()),
        }
    }

    fn is_current(&self, stored: &str) -> bool {
        stored.starts_with(&format!("sealed|{}|", self.key))
    }
}

/// "Seals" a cursor by putting its place and itself in a row.
#[derive(Debug, Default)]
pub struct PlainCursors;

impl CursorSealer for PlainCursors {
    fn seal(&self, plain: &[u8], place: &str) -> String {
        format!("sealed|{place}|{}", String::from_utf8_lossy(plain))
    }

    fn open(&self, sealed: &str, place: &str) -> Option<Vec<u8>> {
        let plain = sealed.strip_prefix("sealed|")?.strip_prefix(place)?.strip_prefix('|')?;
        Some(plain.as_bytes().to_vec())
    }
}

/// Checksums and seals that depend on the whole text (FNV-1a, 64 bits), and seals
/// on a key too.
#[derive(Debug, Default)]
pub struct FakeAuditSealer {
    key: String,
}

impl FakeAuditSealer {
    /// A sealer with a key of its own.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned() }
    }
}

impl AuditSealer for FakeAuditSealer {
    fn checksum(&self, text: &str) -> String {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        format!("{hash:016x}")
    }

    fn seal(&self, text: &str) -> String {
        self.checksum(&format!("{}|{text}", self.key))
    }

    fn verify(&self, text: &str, seal: &str) -> bool {
        self.seal(text) == seal
    }
}

/// Tokens in a row: `link-0`, `code-1`, …
#[derive(Debug, Default)]
pub struct CountedTokens {
    made: AtomicU64,
}

impl CountedTokens {
    fn next(&self) -> u64 {
        self.made.fetch_add(1, Ordering::SeqCst)
    }
}

impl TokenGenerator for CountedTokens {
    fn base64url(&self) -> String {
        format!("link-{}", self.next())
    }

    fn hex(&self) -> String {
        format!("code-{}", self.next())
    }

    fn digest(&self, token: &str) -> String {
        format!("digest of {token}")
    }
}
