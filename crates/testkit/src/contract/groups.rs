//! The promises of `GroupRepository`.

use std::sync::Arc;

use snackbase_application::ports::{Storage, StoreError};
use snackbase_domain::GroupId;
use snackbase_domain::account::Account;
use snackbase_domain::group::Group;
use snackbase_domain::user::User;

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{moment, user, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, anna, ben) = seed(&storage).await;
    names_are_unique_in_an_account(&storage, &first, &second).await;
    lists_are_oldest_first(&storage, &first).await;
    users_are_members_once(&storage, &anna, &ben, &first).await;
    memberships_go_with_the_group(&storage, &anna).await;
}

fn group(account: &Account, n: u16, name: &str) -> Group {
    Group {
        id: GroupId::new(uuid(n.into())),
        account_id: account.id,
        name: name.to_owned(),
        description: Some("ünïcode".to_owned()),
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
    }
}

async fn names_are_unique_in_an_account(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let team = group(first, 1, "team");
    commit(storage, async |store| {
        store.groups().insert(&team).await?;
        store.groups().insert(&group(second, 2, "team")).await?;
        store.groups().insert(&group(first, 4, "late")).await?;
        store.groups().insert(&group(first, 3, "early")).await
    })
    .await;
    assert_eq!(storage.read().groups().find(team.id).await.unwrap().as_ref(), Some(&team));
    assert_eq!(storage.read().groups().find(GroupId::new(uuid(77))).await.unwrap(), None);
    let error = refusal(storage, async |store| store.groups().insert(&group(first, 9, "team")).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let error = refusal(storage, async |store| store.groups().update(&group(first, 3, "team")).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let changed = Group { description: None, updated_at: moment(50), ..group(first, 3, "early bird") };
    commit(storage, async |store| store.groups().update(&changed).await).await;
    assert_eq!(storage.read().groups().find(changed.id).await.unwrap(), Some(changed));
}

async fn lists_are_oldest_first(storage: &Arc<dyn Storage>, first: &Account) {
    let names = async |account, skip, limit| -> Vec<String> {
        let groups = storage.read().groups().list(account, skip, limit).await.unwrap();
        groups.into_iter().map(|group| group.name).collect()
    };
    assert_eq!(names(Some(first.id), 0, 10).await, ["team", "early bird", "late"]);
    assert_eq!(names(Some(first.id), 1, 1).await, ["early bird"]);
    assert_eq!(names(None, 0, 10).await, ["team", "team", "early bird", "late"]);
}

async fn users_are_members_once(storage: &Arc<dyn Storage>, anna: &User, ben: &User, first: &Account) {
    let (team, late) = (GroupId::new(uuid(1)), GroupId::new(uuid(4)));
    let carl = user(first, 3);
    commit(storage, async |store| {
        store.users().insert(&carl).await?;
        store.groups().add_member(team, carl.id).await?;
        store.groups().add_member(team, anna.id).await?;
        store.groups().add_member(late, anna.id).await
    })
    .await;
    let groups = storage.read().groups();
    assert_eq!(groups.members(team).await.unwrap(), [anna.clone(), carl.clone()], "by address");
    assert_eq!(groups.member_count(team).await.unwrap(), 2);
    assert_eq!(groups.names_of_user(anna.id).await.unwrap(), ["late", "team"]);
    assert_eq!(groups.names_of_user(ben.id).await.unwrap(), [""; 0]);
    let error = refusal(storage, async |store| store.groups().add_member(team, anna.id).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let nobody = user(first, 77);
    let error = refusal(storage, async |store| store.groups().add_member(team, nobody.id).await).await;
    assert_eq!(error, StoreError::ForeignKey);
    assert!(commit(storage, async |store| store.groups().remove_member(team, carl.id).await).await);
    assert!(!commit(storage, async |store| store.groups().remove_member(team, carl.id).await).await);
}

async fn memberships_go_with_the_group(storage: &Arc<dyn Storage>, anna: &User) {
    let team = GroupId::new(uuid(1));
    assert!(commit(storage, async |store| store.groups().delete(team).await).await);
    assert!(!commit(storage, async |store| store.groups().delete(team).await).await);
    assert_eq!(storage.read().groups().member_count(team).await.unwrap(), 0);
    assert_eq!(storage.read().groups().names_of_user(anna.id).await.unwrap(), ["late"]);
    assert!(storage.read().users().find(anna.id).await.unwrap().is_some(), "users stay");
}
