//! The promises of `AccountRepository`.

use std::sync::Arc;

use snackbase_application::ports::{AccountQuery, AccountSort, Storage, UserQuery};
use snackbase_domain::account::{Account, AccountCode};
use snackbase_domain::group::Group;
use snackbase_domain::{AccountId, GroupId};

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{account, moment, system_account, user, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    codes_are_given_in_order(&storage).await;
    found_by_each_key(&storage).await;
    one_of_each_code_and_slug(&storage).await;
    pages_follow_each_other(&storage).await;
    search_takes_its_text_literally(&storage).await;
    only_the_name_changes(&storage).await;
    all_that_belongs_to_an_account_goes_with_it(&storage).await;
    hidden_accounts_are_found_by_nothing(&storage).await;
}

async fn codes_are_given_in_order(storage: &Arc<dyn Storage>) {
    let store = storage.read().accounts();
    assert_eq!(store.highest_code().await.unwrap(), None);
    commit(storage, async |store| store.accounts().insert(&system_account()).await).await;
    assert_eq!(store.highest_code().await.unwrap(), None, "the system's block does not count");
    seed(storage).await;
    assert_eq!(store.highest_code().await.unwrap(), Some(account(2).code));
}

async fn found_by_each_key(storage: &Arc<dyn Storage>) {
    let (store, first) = (storage.read().accounts(), account(1));
    assert_eq!(store.find(first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.find_by_code(first.code).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.find_by_slug(&first.slug).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.find(account(77).id).await.unwrap(), None);
    assert_eq!(store.find_by_code(account(77).code).await.unwrap(), None);
    assert_eq!(store.find_by_slug("nobody").await.unwrap(), None);
    assert_eq!(store.find(AccountId::SYSTEM).await.unwrap().map(|a| a.code), Some(AccountCode::SYSTEM));
    assert_eq!(store.user_count(first.id).await.unwrap(), 1);
    assert_eq!(store.user_count(account(77).id).await.unwrap(), 0);
}

async fn one_of_each_code_and_slug(storage: &Arc<dyn Storage>) {
    let same_code = Account { code: account(1).code, ..account(50) };
    let same_slug = Account { slug: account(1).slug, ..account(50) };
    for taken in [same_code, same_slug] {
        let error = refusal(storage, async |store| store.accounts().insert(&taken).await).await;
        assert!(is_conflict(&error), "{error:?}");
    }
}

fn query(sort: AccountSort, descending: bool) -> AccountQuery {
    AccountQuery { skip: 0, limit: 100, sort, descending, search: None }
}

async fn slugs(storage: &Arc<dyn Storage>, query: &AccountQuery) -> Vec<String> {
    let page = storage.read().accounts().page(query).await.unwrap();
    page.items.into_iter().map(|(account, _)| account.slug).collect()
}

async fn pages_follow_each_other(storage: &Arc<dyn Storage>) {
    // Two of one moment and name: the id decides.
    let twin = |n| Account { name: "Twin".to_owned(), created_at: moment(3), ..account(n) };
    commit(storage, async |store| {
        store.accounts().insert(&twin(4)).await?;
        store.accounts().insert(&twin(3)).await
    })
    .await;
    let by_age = ["system", "account-1", "account-2", "account-3", "account-4"];
    for (sort, expected) in [
        (AccountSort::CreatedAt, by_age),
        (AccountSort::Id, by_age),
        (AccountSort::Name, by_age),
        (AccountSort::Slug, ["account-1", "account-2", "account-3", "account-4", "system"]),
        (AccountSort::Code, ["account-1", "account-2", "account-3", "account-4", "system"]),
    ] {
        assert_eq!(slugs(storage, &query(sort, false)).await, expected, "{sort:?}");
        let mut backwards = slugs(storage, &query(sort, true)).await;
        backwards.reverse();
        assert_eq!(backwards, expected, "{sort:?}, descending");
    }
    let page = |skip| AccountQuery { skip, limit: 2, ..query(AccountSort::CreatedAt, false) };
    let mut seen = Vec::new();
    for skip in [0, 2, 4, 6] {
        seen.extend(slugs(storage, &page(skip)).await);
    }
    assert_eq!(seen, by_age);
    let page = storage.read().accounts().page(&page(2)).await.unwrap();
    assert_eq!(page.total, 5);
    assert_eq!(page.items.iter().map(|(_, users)| *users).collect::<Vec<_>>(), [1, 0]);
}

async fn search_takes_its_text_literally(storage: &Arc<dyn Storage>) {
    let named = |n: u16, name: &str| Account { name: name.to_owned(), ..account(n) };
    let named =
        [named(10, "100% Wolle"), named(11, "snake_case"), named(12, r"back\slash"), named(13, "ÄPFEL")];
    commit(storage, async |store| {
        for account in &named {
            store.accounts().insert(account).await?;
        }
        Ok(())
    })
    .await;
    for (search, expected) in [
        ("%", &["account-10"][..]),
        ("_", &["account-11"]),
        (r"\", &["account-12"]),
        ("WOLLE", &["account-10"]),
        ("äpfel", &["account-13"]),
        ("aa0013", &["account-13"]),
        ("T-13", &["account-13"]),
        ("acc0000d", &["account-13"]),
        ("nothing of it", &[]),
    ] {
        let query = AccountQuery { search: Some(search.to_owned()), ..query(AccountSort::CreatedAt, false) };
        let page = storage.read().accounts().page(&query).await.unwrap();
        assert_eq!(page.total, expected.len() as u64, "{search}");
        assert_eq!(slugs(storage, &query).await, expected, "{search}");
    }
}

async fn only_the_name_changes(storage: &Arc<dyn Storage>) {
    let renamed = Account {
        name: "New".to_owned(),
        slug: "other".to_owned(),
        code: account(99).code,
        updated_at: moment(500),
        ..account(3)
    };
    commit(storage, async |store| store.accounts().update(&renamed).await).await;
    let found = storage.read().accounts().find(renamed.id).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.updated_at), ("New", moment(500)));
    assert_eq!((found.slug, found.code), (account(3).slug, account(3).code));
}

async fn all_that_belongs_to_an_account_goes_with_it(storage: &Arc<dyn Storage>) {
    let first = account(1);
    let group = Group {
        id: GroupId::new(uuid(1)),
        account_id: first.id,
        name: "team".to_owned(),
        description: None,
        created_at: moment(0),
        updated_at: moment(0),
    };
    let anna = user(&first, 1);
    commit(storage, async |store| {
        store.groups().insert(&group).await?;
        store.groups().add_member(group.id, anna.id).await
    })
    .await;
    assert!(commit(storage, async |store| store.accounts().delete(first.id).await).await);
    let store = storage.read();
    assert_eq!(store.accounts().find(first.id).await.unwrap(), None);
    assert_eq!(store.users().find(anna.id).await.unwrap(), None);
    assert_eq!(store.groups().find(group.id).await.unwrap(), None);
    assert_eq!(store.groups().member_count(group.id).await.unwrap(), 0);
    assert!(!commit(storage, async |store| store.accounts().delete(first.id).await).await);
}

async fn hidden_accounts_are_found_by_nothing(storage: &Arc<dyn Storage>) {
    let second = account(2);
    let group = Group {
        id: GroupId::new(uuid(2)),
        account_id: second.id,
        name: "team".to_owned(),
        description: None,
        created_at: moment(0),
        updated_at: moment(0),
    };
    commit(storage, async |store| {
        store.groups().insert(&group).await?;
        store.users().insert(&user(&second, 20)).await?;
        store.users().insert(&user(&second, 21)).await?;
        // Whoever made the newest account must not give its code away again.
        store.accounts().insert(&account(90)).await?;
        store.accounts().hide(account(90).id, moment(1)).await
    })
    .await;
    let hide =
        |id| async move { commit(storage, async |store| store.accounts().hide(id, moment(2)).await).await };
    assert!(hide(second.id).await);
    assert!(!hide(second.id).await, "once");
    let store = storage.read();
    assert_eq!(store.accounts().find(second.id).await.unwrap(), None);
    assert_eq!(store.accounts().find_by_code(second.code).await.unwrap(), None);
    assert_eq!(store.accounts().find_by_slug(&second.slug).await.unwrap(), None);
    assert_eq!(store.users().find(user(&second, 20).id).await.unwrap(), None);
    assert_eq!(store.groups().find(group.id).await.unwrap(), None);
    assert!(!slugs(storage, &query(AccountSort::Id, false)).await.contains(&second.slug));
    let users = store.users().page(&UserQuery { limit: 100, ..UserQuery::default() }).await.unwrap();
    assert_eq!((users.total, users.items.len()), (0, 0));
    assert_eq!(store.groups().list(None, 0, 100).await.unwrap(), []);
    assert_eq!(store.accounts().highest_code().await.unwrap(), Some(account(90).code));
    let successor = Account { slug: second.slug.clone(), ..account(91) };
    commit(storage, async |store| store.accounts().insert(&successor).await).await;
    let error = refusal(storage, async |store| {
        store.accounts().insert(&Account { code: second.code, ..account(92) }).await
    });
    assert!(is_conflict(&error.await), "codes stay taken");
    // Two users and a group, beside the user that the seed made.
    let part = |limit| async move {
        commit(storage, async |store| store.accounts().delete_some(account(2).id, limit).await).await
    };
    assert_eq!((part(2).await, part(1).await, part(9).await, part(9).await), (2, 1, 1, 0));
    let mut hidden = store.accounts().hidden().await.unwrap();
    hidden.sort();
    assert_eq!(hidden, [second.id, account(90).id]);
    assert!(commit(storage, async |store| store.accounts().delete(second.id).await).await);
    assert_eq!(store.accounts().hidden().await.unwrap(), [account(90).id]);
}
