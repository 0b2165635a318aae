//! Argon2id (RFC 9106) on a bounded number of threads.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use async_trait::async_trait;
use snackbase_application::AppError;
use snackbase_application::ports::{PasswordHasher, Verification};
use tokio::sync::Semaphore;

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl HashCost {
    /// OWASP's recommendation for Argon2id (Password Storage Cheat Sheet):
    /// 19 MiB, two passes, one lane.
    pub const OWASP: Self = Self { memory: 19_456, passes: 2, lanes: 1 };
    /// The least that the algorithm takes, for tests.
    pub const LEAST: Self = Self { memory: 8, passes: 1, lanes: 1 };
}

/// Hashes passwords with Argon2id. No more run at once than there are cores: a
/// flood of sign-ins waits its turn instead of taking all memory.
pub struct Argon2Hasher {
    cost: HashCost,
    turns: Arc<Semaphore>,
    /// A hash that no password has, checked where there is no user.
    decoy: Arc<str>,
}

impl Argon2Hasher {
    /// A hasher of that cost. Fails when the algorithm does not take it.
    pub fn new(cost: HashCost) -> Result<Self, AppError> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        argon2(cost)?;
        let decoy = decoy(cost).into();
        Ok(Self { cost, turns: Arc::new(Semaphore::new(cores)), decoy })
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|e| AppError::Internal(e.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        });
        done.await.map_err(|e| AppError::Internal(e.to_string()))?
    }
}

fn argon2(cost: HashCost) -> Result<Argon2<'static>, AppError> {
    let params = Params::new(cost.memory, cost.passes, cost.lanes, None)
        .map_err(|e| AppError::Internal(format!("Argon2 parameters: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A PHC string of that cost whose digest is made up, so that making it costs
/// nothing while checking it costs as much as any.
fn decoy(cost: HashCost) -> String {
    const SALT: &str = "c25hY2tiYXNlLWRlY295";
    const DIGEST: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let HashCost { memory, passes, lanes } = cost;
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${SALT}${DIGEST}")
}

fn hash(password: &str, cost: HashCost) -> Result<String, AppError> {
    let hash = argon2(cost)?
        .hash_password(password.as_bytes())
        .map_err(|e| AppError::Internal(format!("hashing failed: {e}")))?;
    Ok(hash.to_string())
}

fn verify(password: &str, stored: &str, cost: HashCost) -> Verification {
    let Ok(hash) = PasswordHash::new(stored) else {
        return Verification::Wrong;
    };
    if Argon2::default().verify_password(password.as_bytes(), &hash).is_err() {
        return Verification::Wrong;
    }
    let weak = match Params::try_from(&hash) {
        Ok(params) => {
            params.m_cost() < cost.memory || (params.m_cost() == cost.memory && params.t_cost() < cost.passes)
        }
        Err(_) => true,
    };
    if weak { Verification::RightButWeak } else { Verification::Right }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &str) -> Result<String, AppError> {
        let (password, cost) = (password.to_owned(), self.cost);
        self.in_turn(move || hash(&password, cost)).await
    }

    async fn verify(&self, password: &str, stored: Option<&str>) -> Result<Verification, AppError> {
        let (password, cost) = (password.to_owned(), self.cost);
        let known = stored.is_some();
        let stored = stored.map_or_else(|| Arc::clone(&self.decoy), Arc::from);
        let found = self.in_turn(move || Ok(verify(&password, &stored, cost))).await?;
        Ok(if known { found } else { Verification::Wrong })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_against_its_hash_only() {
        let hasher = Argon2Hasher::new(HashCost::LEAST).unwrap();
        let hash = hasher.hash("Str0ng!Passw0rd").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        let verify = async |password, hash| hasher.verify(password, hash).await.unwrap();
        assert_eq!(verify("Str0ng!Passw0rd", Some(&hash)).await, Verification::Right);
        assert_eq!(verify("str0ng!Passw0rd", Some(&hash)).await, Verification::Wrong);
        assert_eq!(verify("decoy", None).await, Verification::Wrong);
        assert_eq!(verify("x", Some("no hash")).await, Verification::Wrong);
    }

    #[test]
    fn the_decoy_is_checked_like_any_hash_and_no_password_has_it() {
        let decoy = decoy(HashCost::LEAST);
        assert!(PasswordHash::new(&decoy).is_ok(), "{decoy}");
        assert_eq!(verify("decoy", &decoy, HashCost::LEAST), Verification::Wrong);
        // What is dearer takes longer: the digest is really computed.
        let time = |cost| {
            let start = std::time::Instant::now();
            verify("x", &super::decoy(cost), cost);
            start.elapsed()
        };
        let dear = HashCost { memory: 16_384, passes: 4, lanes: 1 };
        assert!(time(dear) > time(HashCost::LEAST) * 10);
    }

    #[tokio::test]
    async fn weaker_hashes_are_told_apart() {
        let weak = Argon2Hasher::new(HashCost::LEAST).unwrap().hash("x").await.unwrap();
        let strong = Argon2Hasher::new(HashCost { memory: 64, ..HashCost::LEAST }).unwrap();
        assert_eq!(strong.verify("x", Some(&weak)).await.unwrap(), Verification::RightButWeak);
    }
}
