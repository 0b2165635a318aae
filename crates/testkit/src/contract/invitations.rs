//! The promises of `InvitationRepository`.

use std::sync::Arc;

use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::email::Email;
use snackbase_domain::invitation::{Invitation, LIFETIME, Status};
use snackbase_domain::role::RoleId;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, GroupId, InvitationId};
use tokio::task::JoinSet;

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, anna, _) = seed(&storage).await;
    let zoe = Invitation {
        role_id: Some(RoleId(1)),
        group_ids: vec![GroupId::new(uuid(8)), GroupId::new(uuid(9))],
        ..invitation(&first, &anna, 1, "Zoe@example.org")
    };
    insert(&storage, &zoe).await;
    assert_eq!(found(&storage, &zoe).await, Some(zoe.clone()));
    let store = storage.read().invitations();
    assert_eq!(store.find_by_digest(&zoe.digest).await.unwrap(), Some(zoe.clone()));
    assert_eq!(store.find_by_digest("zz").await.unwrap(), None);
    assert_eq!(store.find(InvitationId::new(uuid(404))).await.unwrap(), None);
    let sent = commit(&storage, async |store| store.invitations().set_sent(zoe.id, moment(3)).await);
    sent.await;
    assert_eq!(found(&storage, &zoe).await.unwrap().email_sent_at, Some(moment(3)));
    commit(&storage, async |store| store.invitations().set_sealed_token(zoe.id, "anew").await).await;
    assert_eq!(found(&storage, &zoe).await.unwrap().sealed_token, "anew");
    an_address_is_invited_once(&storage, &first, &second, &anna).await;
    the_newest_come_first_and_only_those_meant(&storage, &first, &second).await;
    one_of_many_accepts(&storage, &zoe).await;
    what_has_expired_makes_room(&storage, &first, &anna, &zoe).await;
    they_go_alone_or_with_their_account(&storage, &first, &second, &zoe).await;
}

fn invitation(account: &Account, by: &User, n: u16, email: &str) -> Invitation {
    let created_at = moment(n.into());
    Invitation {
        id: InvitationId::new(uuid(0x17_0000 + u128::from(n))),
        account_id: account.id,
        email: Email::new(email),
        role_id: None,
        group_ids: Vec::new(),
        invited_by: by.id,
        digest: format!("digest of {n}"),
        sealed_token: format!("sealed {n}"),
        created_at,
        expires_at: created_at + LIFETIME,
        accepted_at: None,
        email_sent_at: None,
    }
}

async fn insert(storage: &Arc<dyn Storage>, invitation: &Invitation) {
    commit(storage, async |store| store.invitations().insert(invitation).await).await;
}

async fn found(storage: &Arc<dyn Storage>, invitation: &Invitation) -> Option<Invitation> {
    storage.read().invitations().find(invitation.id).await.unwrap()
}

async fn an_address_is_invited_once(
    storage: &Arc<dyn Storage>,
    first: &Account,
    second: &Account,
    anna: &User,
) {
    let again = invitation(first, anna, 2, "zOE@example.org");
    let refused = refusal(storage, async |store| store.invitations().insert(&again).await).await;
    assert!(is_conflict(&refused), "{refused}");
    insert(storage, &invitation(second, anna, 3, "zoe@example.org")).await;
    insert(storage, &invitation(first, anna, 4, "yan@example.org")).await;
    let nowhere =
        Invitation { account_id: AccountId::new(uuid(404)), ..invitation(first, anna, 5, "x@example.org") };
    let refused = refusal(storage, async |store| store.invitations().insert(&nowhere).await).await;
    assert_eq!(refused, StoreError::ForeignKey);
}

async fn listed(
    storage: &Arc<dyn Storage>,
    account: Option<AccountId>,
    status: Option<Status>,
    seconds: i64,
) -> Vec<String> {
    let list = storage.read().invitations().list(account, status, moment(seconds)).await.unwrap();
    list.into_iter().map(|invitation| invitation.digest.replace("digest of ", "")).collect()
}

async fn the_newest_come_first_and_only_those_meant(
    storage: &Arc<dyn Storage>,
    first: &Account,
    second: &Account,
) {
    let edge = LIFETIME.num_seconds() + 3;
    assert_eq!(listed(storage, None, None, 0).await, ["4", "3", "1"]);
    assert_eq!(listed(storage, Some(first.id), None, 0).await, ["4", "1"]);
    assert_eq!(listed(storage, Some(second.id), Some(Status::Pending), edge - 1).await, ["3"]);
    assert!(listed(storage, Some(second.id), Some(Status::Expired), edge - 1).await.is_empty());
    assert_eq!(listed(storage, None, Some(Status::Pending), edge).await, ["4"]);
    assert_eq!(listed(storage, None, Some(Status::Expired), edge).await, ["3", "1"]);
    assert!(listed(storage, None, Some(Status::Accepted), edge).await.is_empty());
}

async fn accept(storage: &Arc<dyn Storage>, id: InvitationId, seconds: i64) -> bool {
    let work = storage.begin().await.unwrap();
    let accepted = work.repositories().invitations().accept(id, moment(seconds)).await.unwrap();
    work.commit().await.unwrap();
    accepted
}

async fn one_of_many_accepts(storage: &Arc<dyn Storage>, zoe: &Invitation) {
    assert!(!accept(storage, zoe.id, 1 + LIFETIME.num_seconds()).await, "too late");
    assert!(!accept(storage, InvitationId::new(uuid(404)), 0).await);
    let mut tries = JoinSet::new();
    for n in 0..8 {
        let (storage, id) = (Arc::clone(storage), zoe.id);
        tries.spawn(async move { accept(&storage, id, 100 + n).await.then_some(moment(100 + n)) });
    }
    let winners: Vec<_> = tries.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(found(storage, zoe).await.unwrap().accepted_at, winners.first().copied());
    assert_eq!(listed(storage, None, Some(Status::Accepted), 0).await, ["1"]);
    let late = 1 + LIFETIME.num_seconds();
    assert!(!listed(storage, None, Some(Status::Expired), late).await.contains(&"1".to_owned()));
}

async fn what_has_expired_makes_room(
    storage: &Arc<dyn Storage>,
    first: &Account,
    anna: &User,
    zoe: &Invitation,
) {
    let late = 10 + LIFETIME.num_seconds();
    // One that was accepted makes room by itself.
    let again = invitation(first, anna, 6, "zoe@example.org");
    insert(storage, &again).await;
    let remove = async |email: &str, seconds| {
        let email = Email::new(email);
        let change = async |store: &dyn snackbase_application::ports::Repositories| {
            store.invitations().remove_expired(first.id, &email, moment(seconds)).await
        };
        commit(storage, change).await;
    };
    remove("ZOE@example.org", 0).await;
    assert!(found(storage, &again).await.is_some(), "it is pending");
    remove("yan@example.org", 0).await;
    remove("ZOE@example.org", late).await;
    assert!(found(storage, &again).await.is_none());
    assert!(found(storage, zoe).await.is_some(), "that was accepted");
    assert_eq!(listed(storage, None, None, late).await, ["4", "3", "1"]);
}

async fn they_go_alone_or_with_their_account(
    storage: &Arc<dyn Storage>,
    first: &Account,
    second: &Account,
    zoe: &Invitation,
) {
    let delete = async || commit(storage, async |store| store.invitations().delete(zoe.id).await).await;
    assert!(delete().await);
    assert!(!delete().await);
    commit(storage, async |store| store.accounts().delete(second.id).await).await;
    assert_eq!(listed(storage, None, None, 0).await, ["4"]);
    assert_eq!(listed(storage, Some(first.id), None, 0).await, ["4"]);
}
