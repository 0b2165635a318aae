//! Use cases: create records once, however often the request comes
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! The key, a digest of the request and the reply are stored in the unit of work that
//! creates: there is never one without the other. A request that was refused leaves no
//! key. A key is its caller's own: a user's, or that of an address in an account where
//! nobody is signed in.
//!
//! What is answered again is the reply of that time, but for what the caller may not see any
//! more (see `replay`); one who may not create any more is refused.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::FutureExt as _;
use sha2::{Digest, Sha256};
use snackbase_domain::AccountId;
use snackbase_domain::collection::Operation;

use super::related::not_satisfied;
use super::{BatchRecords, Body, Records, replay};
use crate::access;
use crate::ports::{KeyedRequest, StoreError};
use crate::{AppError, Caller, Kind, tx};

/// How long replies are kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// The keys of this node that are under way.
pub(super) type UnderWay = Arc<Mutex<HashSet<String>>>;

/// What was answered, now or before.
#[derive(Clone, Debug)]
pub struct Once<T> {
    pub reply: T,
    /// Whether the reply is that to an earlier request.
    pub replayed: bool,
}

/// A key that is under way until this is dropped.
struct Turn {
    under_way: UnderWay,
    id: String,
}

impl Turn {
    fn take(under_way: &UnderWay, id: &str) -> Option<Self> {
        let mut taken = under_way.lock().unwrap_or_else(PoisonError::into_inner);
        taken.insert(id.to_owned()).then(|| Self { under_way: under_way.clone(), id: id.to_owned() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl Records {
    /// Creates a record, unless the key's request did so already.
    pub async fn create_keyed(
        &self,
        caller: &Caller,
        collection: &str,
        key: &str,
        body: &Body,
    ) -> Result<Once<Bytes>, AppError> {
        let bodies = std::slice::from_ref(body);
        self.current(collection, || self.once(caller, collection, key, "create", bodies).boxed()).await
    }

    /// Creates records, unless the key's request did so already.
    pub async fn create_batch_keyed(
        &self,
        caller: &Caller,
        collection: &str,
        key: &str,
        bodies: &[Body],
    ) -> Result<Once<BatchRecords>, AppError> {
        self.check_size(bodies.len())?;
        let attempt = || self.once(caller, collection, key, "batch", bodies).boxed();
        let Once { reply: items, replayed } = self.current(collection, attempt).await?;
        Ok(Once { reply: BatchRecords { items, count: bodies.len() }, replayed })
    }

    /// Removes replies that are not kept any longer; answers how many.
    pub async fn forget_replies(&self) -> Result<u64, AppError> {
        let work = self.storage.begin().await?;
        let removed = work.repositories().idempotency_keys().remove_expired(self.clock.now()).await;
        tx::finish(work, removed.map_err(AppError::from)).await
    }

    async fn once(
        &self,
        caller: &Caller,
        collection: &str,
        key: &str,
        verb: &str,
        bodies: &[Body],
    ) -> Result<Once<Bytes>, AppError> {
        let account = self.anonymous_account(caller).await?;
        let (owner, owners_account) = owner(caller, account);
        let bodies_text = serde_json::to_string(bodies).map_err(|e| AppError::Internal(e.to_string()))?;
        let now = self.clock.now();
        let request = KeyedRequest {
            id: digest(&[&owner, key]),
            account_id: owners_account,
            request: digest(&[verb, collection, &bodies_text]),
            created_at: now,
            expires_at: now + KEPT,
        };
        let _turn = Turn::take(&self.under_way, &request.id).ok_or_else(under_way)?;
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            match store.idempotency_keys().take(&request).await {
                Err(StoreError::Conflict { .. }) => return Err(under_way()),
                Err(error) => return Err(error.into()),
                Ok(Some(known)) if known.request == request.request => {
                    let reply = self.replayed(caller, collection, bodies, &known.reply)?;
                    return Ok(Once { reply, replayed: true });
                }
                Ok(Some(_)) => return Err(used_otherwise()),
                Ok(None) => {}
            }
            let items = match verb {
                "create" => self.create_in(store, caller, account, collection, &bodies[0]).await?,
                _ => self.create_all_in(store, caller, account, collection, bodies).await?,
            };
            let compiled = self.collection(collection)?;
            let kept = replay::kept(&compiled, caller, &items);
            store.idempotency_keys().answer(&request.id, &kept).await?;
            Ok(Once { reply: items, replayed: false })
        }
        .await;
        tx::finish(work, outcome).await
    }
}

impl Records {
    /// A reply that was kept, as far as the caller may see it today.
    fn replayed(
        &self,
        caller: &Caller,
        collection: &str,
        bodies: &[Body],
        kept: &str,
    ) -> Result<Bytes, AppError> {
        let (compiled, now) = (self.collection(collection)?, self.now());
        for body in bodies {
            let access =
                access::decide(&self.catalog, &compiled, Operation::Create, caller, Some(body), now)?;
            if access.is_never() {
                return Err(not_satisfied());
            }
        }
        replay::narrowed(&compiled, caller, kept)
    }
}

/// Whose key it is, and the account that he belongs to.
fn owner(caller: &Caller, account: Option<AccountId>) -> (String, AccountId) {
    match caller {
        Caller::User(principal) => (format!("user {}", principal.user_key), principal.account_id),
        Caller::Anonymous { origin, .. } => {
            let account = account.unwrap_or(AccountId::SYSTEM);
            let address = origin.address.map(|address| address.to_string()).unwrap_or_default();
            (format!("address {account} {address}"), account)
        }
    }
}

/// SHA-256 of texts and their lengths, in hexadecimal digits.
fn digest(texts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn under_way() -> AppError {
    AppError::titled(Kind::Conflict, "Conflict", "A request with this Idempotency-Key is under way")
}

fn used_otherwise() -> AppError {
    AppError::titled(
        Kind::Unprocessable,
        "Idempotency-Key reused",
        "This Idempotency-Key was used with another request",
    )
}
