//! Use case: invite somebody.

use snackbase_domain::account::Account;
use snackbase_domain::email::Email;
use snackbase_domain::invitation::{Invitation, LIFETIME, Status};
use snackbase_domain::role::RoleId;
use snackbase_domain::{AccountId, GroupId, InvitationId};

use super::{InvitationDetail, Invitations, USER_EXISTS, not_found, place, require_admin};
use crate::ports::{Repositories, StoreError};
use crate::{AppError, Kind, Principal, tx};

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub email: Email,
    /// The role to get, as it came; that of ordinary users when absent.
    pub role_id: Option<String>,
    /// The groups to be put in, as they came.
    pub group_ids: Vec<String>,
    /// The account, as it came; the caller's own when absent.
    pub account_id: Option<String>,
}

impl Invitations {
    /// Invites somebody and mails the link. That the mail fails is no refusal: the
    /// invitation then says that none was sent.
    pub async fn create(&self, by: &Principal, new: NewInvitation) -> Result<InvitationDetail, AppError> {
        require_admin(by)?;
        let other = new.account_id.as_deref().filter(|named| *named != by.account_key);
        if other.is_some() && !by.is_superadmin() {
            let message = "Only superadmins can invite users to other accounts";
            return Err(AppError::titled(Kind::Denied, "Forbidden", message));
        }
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let account_id = other.map_or(Ok(by.account_id), str::parse::<AccountId>);
            let account = match account_id {
                Ok(id) => store.accounts().find(id).await?,
                Err(_) => None,
            };
            let account = account.ok_or_else(|| not_found("Account not found"))?;
            let (invitation, token) = self.create_in(store, by, &account, &new).await?;
            let mail = self.queue_in(store, &account, &invitation, &token).await?;
            Ok((invitation, mail, token, account))
        }
        .await;
        let (invitation, mail, token, account) = tx::finish(work, outcome).await?;
        let invitation = self.deliver(invitation, mail).await?;
        Ok(InvitationDetail {
            invitation,
            account_code: account.code.to_string(),
            status: Status::Pending,
            token: Some(token),
        })
    }

    async fn create_in(
        &self,
        store: &dyn Repositories,
        by: &Principal,
        account: &Account,
        new: &NewInvitation,
    ) -> Result<(Invitation, String), AppError> {
        let role_id = match &new.role_id {
            Some(named) => Some(existing_role(store, named).await?),
            None => None,
        };
        let group_ids = groups_of(store, account.id, &new.group_ids).await?;
        if store.users().find_by_email(account.id, &new.email.key()).await?.is_some() {
            return Err(AppError::titled(Kind::Invalid, "Validation error", USER_EXISTS));
        }
        let now = self.clock.now();
        let token = self.generator.hex();
        let mut invitation = Invitation {
            id: InvitationId::new(self.ids.new_id()),
            account_id: account.id,
            email: new.email.clone(),
            role_id,
            group_ids,
            invited_by: by.user_id,
            digest: self.generator.digest(&token),
            sealed_token: String::new(),
            created_at: now,
            expires_at: now + LIFETIME,
            accepted_at: None,
            email_sent_at: None,
        };
        invitation.sealed_token = self.secrets.seal(&token, &place(&invitation));
        store.invitations().remove_expired(account.id, &invitation.email, now).await?;
        store.invitations().insert(&invitation).await.map_err(|error| match error {
            StoreError::Conflict { .. } => {
                let message = "A pending invitation already exists for this email";
                AppError::titled(Kind::Conflict, "Conflict", message)
            }
            other => other.into(),
        })?;
        Ok((invitation, token))
    }
}

/// The role of an id as it came.
async fn existing_role(store: &dyn Repositories, named: &str) -> Result<RoleId, AppError> {
    let role = match named.trim().parse() {
        Ok(id) => store.roles().find(RoleId(id)).await?,
        Err(_) => None,
    };
    role.map(|role| role.id).ok_or_else(|| not_found("Role not found"))
}

/// The groups of ids as they came, each once; all must be the account's.
async fn groups_of(
    store: &dyn Repositories,
    account: AccountId,
    named: &[String],
) -> Result<Vec<GroupId>, AppError> {
    let mut ids = Vec::new();
    for named in named {
        let group = match named.parse::<GroupId>() {
            Ok(id) => store.groups().find(id).await?,
            Err(_) => None,
        };
        let group = group.filter(|group| group.account_id == account);
        let id = group.ok_or_else(|| not_found("Group not found"))?.id;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}
