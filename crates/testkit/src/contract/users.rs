//! The promises of `UserRepository`.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::ports::{Storage, StoreError, UserQuery, UserSort};
use snackbase_domain::account::Account;
use snackbase_domain::email::Email;
use snackbase_domain::role::RoleId;
use snackbase_domain::user::User;

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{account, moment, system_account, user};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, ..) = seed(&storage).await;
    found_within_the_account(&storage, &first, &second).await;
    one_of_each_address_in_an_account(&storage, &first, &second).await;
    account_and_role_must_exist(&storage, &first).await;
    everything_is_stored(&storage, &first).await;
    pages_are_filtered_and_sorted(&storage, &first, &second).await;
    superadmins_are_users_of_the_system(&storage).await;
}

async fn found_within_the_account(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let (store, anna) = (storage.read().users(), user(first, 1));
    assert_eq!(store.find(anna.id).await.unwrap().as_ref(), Some(&anna));
    assert_eq!(store.find(user(first, 77).id).await.unwrap(), None);
    assert_eq!(store.find_by_email(first.id, "user-1@example.org").await.unwrap(), Some(anna));
    assert_eq!(store.find_by_email(second.id, "user-1@example.org").await.unwrap(), None);
    assert_eq!(store.find_by_email(first.id, "nobody@example.org").await.unwrap(), None);
}

async fn one_of_each_address_in_an_account(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let same = |account: &Account| User { email: Email::new("USER-1@example.org"), ..user(account, 10) };
    let error = refusal(storage, async |store| store.users().insert(&same(first)).await).await;
    assert!(is_conflict(&error), "{error:?}");
    commit(storage, async |store| store.users().insert(&same(second)).await).await;
    let found = storage.read().users().find_by_email(second.id, "user-1@example.org").await.unwrap().unwrap();
    assert_eq!(found.email.as_str(), "USER-1@example.org", "as it was given");
    let taken = User { email: Email::new("user-2@EXAMPLE.org"), ..same(second) };
    let error = refusal(storage, async |store| store.users().update(&taken).await).await;
    assert!(is_conflict(&error), "{error:?}");
}

async fn account_and_role_must_exist(storage: &Arc<dyn Storage>, first: &Account) {
    let homeless = user(&account(77), 20);
    let roleless = User { role_id: RoleId(77), ..user(first, 20) };
    for user in [homeless, roleless] {
        let error = refusal(storage, async |store| store.users().insert(&user).await).await;
        assert_eq!(error, StoreError::ForeignKey);
    }
    let roleless = User { role_id: RoleId(77), ..user(first, 1) };
    let error = refusal(storage, async |store| store.users().update(&roleless).await).await;
    assert_eq!(error, StoreError::ForeignKey);
}

async fn everything_is_stored(storage: &Arc<dyn Storage>, first: &Account) {
    let full = User {
        email: Email::new("Jürgen.Groß@example.org"),
        password_hash: "plain:other".to_owned(),
        role_id: RoleId(1),
        is_active: false,
        auth_provider: "oauth".to_owned(),
        auth_provider_name: Some("name".to_owned()),
        external_id: Some("x1".to_owned()),
        external_email: Some("j@else.example".to_owned()),
        profile_data: Some(json!({"a": [1, "ü", null], "b": {"c": 1.5}})),
        email_verified: false,
        email_verified_at: Some(moment(5)),
        password_changed_at: moment(6),
        updated_at: moment(7),
        last_login: Some(moment(8)),
        ..user(first, 30)
    };
    commit(storage, async |store| store.users().insert(&full).await).await;
    assert_eq!(storage.read().users().find(full.id).await.unwrap().as_ref(), Some(&full));
    let plain = User { created_at: full.created_at, ..user(first, 30) };
    commit(storage, async |store| store.users().update(&plain).await).await;
    assert_eq!(storage.read().users().find(full.id).await.unwrap().as_ref(), Some(&plain));
    commit(storage, async |store| store.users().touch_login(full.id, moment(9)).await).await;
    let touched = User { last_login: Some(moment(9)), ..plain };
    assert_eq!(storage.read().users().find(full.id).await.unwrap(), Some(touched));
}

async fn numbers(storage: &Arc<dyn Storage>, query: &UserQuery) -> (Vec<u128>, u64) {
    let page = storage.read().users().page(query).await.unwrap();
    (page.items.iter().map(|user| user.id.uuid().as_u128() & 0xffff).collect(), page.total)
}

async fn pages_are_filtered_and_sorted(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let inactive = User { is_active: false, role_id: RoleId(1), ..user(second, 40) };
    let odd = User { email: Email::new("a_b@example.org"), created_at: moment(40), ..user(first, 41) };
    commit(storage, async |store| {
        store.users().insert(&inactive).await?;
        store.users().insert(&odd).await
    })
    .await;
    let all = UserQuery { limit: 100, ..UserQuery::default() };
    // Those with the same key are in the order of their ids.
    for (sort, expected) in [
        (UserSort::CreatedAt, [1, 2, 10, 30, 40, 41]),
        (UserSort::UpdatedAt, [1, 2, 10, 30, 40, 41]),
        (UserSort::Id, [1, 2, 10, 30, 40, 41]),
        (UserSort::Email, [10, 41, 1, 2, 30, 40]),
        (UserSort::AccountId, [1, 30, 41, 2, 10, 40]),
        (UserSort::RoleId, [40, 1, 2, 10, 30, 41]),
        (UserSort::IsActive, [40, 1, 2, 10, 30, 41]),
        (UserSort::AuthProvider, [1, 2, 10, 30, 40, 41]),
        (UserSort::EmailVerified, [1, 2, 10, 30, 40, 41]),
        // Those who never signed in come first.
        (UserSort::LastLogin, [1, 2, 10, 40, 41, 30]),
    ] {
        let ascending = UserQuery { sort, ..all.clone() };
        assert_eq!(numbers(storage, &ascending).await, (expected.to_vec(), 6), "{sort:?}");
        let (mut backwards, _) = numbers(storage, &UserQuery { descending: true, ..ascending }).await;
        backwards.reverse();
        assert_eq!(backwards, expected, "{sort:?}, descending");
    }
    let search = |text: &str| UserQuery { search: Some(text.to_owned()), ..all.clone() };
    for (query, expected) in [
        (UserQuery { account_id: Some(second.id), ..all.clone() }, &[2, 10, 40][..]),
        (UserQuery { role_id: Some(RoleId(1)), ..all.clone() }, &[40]),
        (UserQuery { is_active: Some(false), ..all.clone() }, &[40]),
        (UserQuery { account_id: Some(first.id), is_active: Some(false), ..all.clone() }, &[]),
        (search("_"), &[41]),
        (search("%"), &[]),
        (search("A_B@EX"), &[41]),
    ] {
        assert_eq!(numbers(storage, &query).await, (expected.to_vec(), expected.len() as u64), "{query:?}");
    }
    let page = |skip| UserQuery { skip, limit: 4, ..all.clone() };
    assert_eq!(numbers(storage, &page(0)).await, (vec![1, 2, 10, 30], 6));
    assert_eq!(numbers(storage, &page(4)).await, (vec![40, 41], 6));
}

async fn superadmins_are_users_of_the_system(storage: &Arc<dyn Storage>) {
    assert!(!storage.read().users().superadmin_exists().await.unwrap());
    commit(storage, async |store| {
        store.accounts().insert(&system_account()).await?;
        store.users().insert(&user(&system_account(), 90)).await
    })
    .await;
    assert!(storage.read().users().superadmin_exists().await.unwrap());
}
