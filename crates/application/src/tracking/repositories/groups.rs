//! Groups and memberships.

use async_trait::async_trait;
use snackbase_domain::group::Group;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, GroupId, UserId};

use crate::audit::rows::Membership;
use crate::ports::{GroupRepository, StoreError};
use crate::realtime::access::AccessChange;
use crate::tracking::unit::TrackedWork;

#[async_trait]
impl GroupRepository for TrackedWork {
    async fn find(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        self.plain().groups().find(id).await
    }

    async fn list(
        &self,
        account: Option<AccountId>,
        skip: u64,
        limit: u64,
    ) -> Result<Vec<Group>, StoreError> {
        self.plain().groups().list(account, skip, limit).await
    }

    async fn insert(&self, group: &Group) -> Result<(), StoreError> {
        self.plain().groups().insert(group).await?;
        self.created(group);
        Ok(())
    }

    async fn update(&self, group: &Group) -> Result<(), StoreError> {
        self.hold("groups", group.id).await?;
        let before = self.for_audit(self.plain().groups().find(group.id)).await?;
        self.plain().groups().update(group).await?;
        self.access(AccessChange::All);
        if let Some(before) = before {
            self.updated(&before, group);
        }
        Ok(())
    }

    async fn delete(&self, id: GroupId) -> Result<bool, StoreError> {
        self.hold("groups", id).await?;
        let before = self.for_audit(self.plain().groups().find(id)).await?;
        let members = self.for_audit(self.plain().groups().members(id)).await?;
        let deleted = self.plain().groups().delete(id).await?;
        if deleted {
            self.access(AccessChange::All);
        }
        if let Some(group) = before.filter(|_| deleted) {
            for member in members {
                self.deleted(&Membership { group: &group, user: member.id.to_string() });
            }
            self.deleted(&group);
        }
        Ok(deleted)
    }

    async fn members(&self, id: GroupId) -> Result<Vec<User>, StoreError> {
        self.plain().groups().members(id).await
    }

    async fn member_count(&self, id: GroupId) -> Result<u64, StoreError> {
        self.plain().groups().member_count(id).await
    }

    async fn add_member(&self, id: GroupId, user: UserId) -> Result<(), StoreError> {
        self.plain().groups().add_member(id, user).await?;
        self.access(AccessChange::User(user));
        if let Some(group) = self.for_audit(self.plain().groups().find(id)).await? {
            self.created(&Membership { group: &group, user: user.to_string() });
        }
        Ok(())
    }

    async fn remove_member(&self, id: GroupId, user: UserId) -> Result<bool, StoreError> {
        let removed = self.plain().groups().remove_member(id, user).await?;
        if removed {
            self.access(AccessChange::User(user));
        }
        if let Some(group) = self.for_audit(self.plain().groups().find(id)).await?.filter(|_| removed) {
            self.deleted(&Membership { group: &group, user: user.to_string() });
        }
        Ok(removed)
    }

    async fn names_of_user(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        self.plain().groups().names_of_user(user).await
    }
}
