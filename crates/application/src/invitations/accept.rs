//! Use cases of those who were invited: look at the invitation, accept it.

use chrono::{DateTime, Utc};
use snackbase_domain::account::Account;
use snackbase_domain::automation::EventKind;
use snackbase_domain::email::Email;
use snackbase_domain::invitation::{Invitation, Status};
use snackbase_domain::password;
use snackbase_domain::role::USER;
use snackbase_domain::user::{PASSWORD_PROVIDER, User};

use super::{Invitations, USER_EXISTS, not_found};
use crate::auth::SignedIn;
use crate::ports::{Repositories, UserEvent};
use crate::users::NewUser;
use crate::{AppError, Caller, Kind, tx};

const UNKNOWN: &str = "Invalid invitation token";
const EXPIRED: &str = "Invitation has expired";
const ACCEPTED: &str = "Invitation has already been accepted";

/// A pending invitation as those see it who have its token.
#[derive(Clone, Debug)]
pub struct PublicInvitation {
    pub email: Email,
    pub account_name: String,
    /// E-mail address of who invited.
    pub invited_by: String,
    pub expires_at: DateTime<Utc>,
}

impl Invitations {
    /// The invitation of a token, if it is pending.
    pub async fn look(&self, caller: &Caller, token: &str) -> Result<PublicInvitation, AppError> {
        let invitation = self.find(caller, token).await?;
        match self.state(&invitation) {
            Status::Pending => {}
            Status::Expired => return Err(AppError::titled(Kind::Invalid, "Expired", EXPIRED)),
            Status::Accepted => return Err(AppError::titled(Kind::Invalid, "Already accepted", ACCEPTED)),
        }
        let store = self.storage.read();
        let account = account_of(store, &invitation).await?;
        let inviter = store.users().find(invitation.invited_by).await?;
        Ok(PublicInvitation {
            email: invitation.email,
            account_name: account.name,
            invited_by: inviter.map(|user| user.email.as_str().to_owned()).unwrap_or_default(),
            expires_at: invitation.expires_at,
        })
    }

    /// Makes the user that an invitation is for, and signs him in. The mail has
    /// shown that the address is his.
    pub async fn accept(&self, caller: &Caller, token: &str, password: &str) -> Result<SignedIn, AppError> {
        let invitation = self.find(caller, token).await?;
        match self.state(&invitation) {
            Status::Pending => {}
            Status::Expired => return Err(not_found(EXPIRED)),
            Status::Accepted => return Err(not_found(ACCEPTED)),
        }
        let faults = password::faults(password);
        if !faults.is_empty() {
            return Err(AppError::faults(faults));
        }
        let hash = self.users.hasher.hash(password).await?;
        let work = self.storage.begin_as(caller.affected()).await?;
        let outcome = self.accept_in(work.repositories(), caller, &invitation, hash).await;
        tx::finish(work, outcome).await
    }

    /// Where an invitation stands for who has its token: that it is past its time
    /// matters more than that it was accepted.
    fn state(&self, invitation: &Invitation) -> Status {
        let now = self.clock.now();
        if invitation.expires_at <= now { Status::Expired } else { invitation.status(now) }
    }

    async fn find(&self, caller: &Caller, token: &str) -> Result<Invitation, AppError> {
        let attempt = async {
            let digest = self.generator.digest(token);
            Ok(self.storage.read().invitations().find_by_digest(&digest).await?)
        };
        let found = self.auth.try_token(caller.origin(), attempt).await?;
        found.ok_or_else(|| not_found(UNKNOWN))
    }

    async fn accept_in(
        &self,
        store: &dyn Repositories,
        caller: &Caller,
        invitation: &Invitation,
        hash: String,
    ) -> Result<SignedIn, AppError> {
        if !store.invitations().accept(invitation.id, self.clock.now()).await? {
            // Somebody was faster: accepted it, or took it back.
            let now = store.invitations().find(invitation.id).await?;
            return Err(not_found(if now.is_some() { ACCEPTED } else { UNKNOWN }));
        }
        let account = account_of(store, invitation).await?;
        let user = self.user_in(store, invitation, hash).await?;
        for id in &invitation.group_ids {
            let group = store.groups().find(*id).await?;
            if group.is_some_and(|group| group.account_id == account.id) {
                store.groups().add_member(*id, user.id).await?;
            }
        }
        let signed_in = self.auth.sign_in_in(store, account, user, caller.origin()).await?;
        let SignedIn { user, role, .. } = &signed_in;
        let origin = caller.origin();
        store.automation().tell(UserEvent { kind: EventKind::Registered, user, role, origin }).await?;
        Ok(signed_in)
    }

    async fn user_in(
        &self,
        store: &dyn Repositories,
        invitation: &Invitation,
        hash: String,
    ) -> Result<User, AppError> {
        let taken = || AppError::titled(Kind::Conflict, "Conflict", USER_EXISTS);
        if store.users().find_by_email(invitation.account_id, &invitation.email.key()).await?.is_some() {
            return Err(taken());
        }
        // A role that is gone by now leaves an ordinary user.
        let role = match invitation.role_id {
            Some(id) => store.roles().find(id).await?,
            None => None,
        };
        let role = match role {
            Some(role) => role,
            None => {
                let role = store.roles().find_by_name(USER).await?;
                role.ok_or_else(|| AppError::inconsistent("a default role is missing"))?
            }
        };
        let new = NewUser {
            email: invitation.email.clone(),
            password: None,
            account_id: invitation.account_id.to_string(),
            role_id: role.id,
            is_active: true,
            auth_provider: PASSWORD_PROVIDER.to_owned(),
            auth_provider_name: None,
            external_id: None,
            external_email: None,
            profile_data: None,
            email_verified: true,
        };
        match self.users.create_in(store, new, hash).await {
            Ok(detail) => Ok(detail.user),
            Err(AppError::Refused(refusal)) if refusal.kind == Kind::Conflict => Err(taken()),
            Err(error) => Err(error),
        }
    }
}

async fn account_of(store: &dyn Repositories, invitation: &Invitation) -> Result<Account, AppError> {
    let account = store.accounts().find(invitation.account_id).await?;
    account.ok_or_else(|| AppError::inconsistent(format!("no account of {}", invitation.id)))
}
