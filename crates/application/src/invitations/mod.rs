//! Invitations: account admins let others join their account.

mod accept;
mod create;
mod send;

pub use accept::PublicInvitation;
pub use create::NewInvitation;

use std::sync::Arc;

use snackbase_domain::AccountId;
use snackbase_domain::invitation::{Invitation, Status};
use snackbase_domain::role::ADMIN;

use crate::auth::Auth;
use crate::mail::Mail;
use crate::ports::{Clock, IdGenerator, Repositories, SecretBox, Storage, TokenGenerator};
use crate::users::Users;
use crate::{AppError, Identity, Kind, Principal, tx};

/// An invitation as account admins see it.
#[derive(Clone, Debug)]
pub struct InvitationDetail {
    pub invitation: Invitation,
    pub account_code: String,
    pub status: Status,
    /// What the mail carries. `None` where the installation's key does not open it.
    pub token: Option<String>,
}

/// The use cases about invitations.
pub struct Invitations {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    generator: Arc<dyn TokenGenerator>,
    secrets: Arc<dyn SecretBox>,
    auth: Arc<Auth>,
    users: Arc<Users>,
    mail: Arc<Mail>,
}

impl Invitations {
    /// Wires the use cases.
    #[expect(clippy::too_many_arguments, reason = "one for each port")]
    pub fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        generator: Arc<dyn TokenGenerator>,
        secrets: Arc<dyn SecretBox>,
        auth: Arc<Auth>,
        users: Arc<Users>,
        mail: Arc<Mail>,
    ) -> Self {
        Self { storage, clock, ids, generator, secrets, auth, users, mail }
    }

    /// The invitations of the caller's account, or for a superadmin those of all or
    /// of the one named; newest first.
    pub async fn list(
        &self,
        by: &Principal,
        account: Option<&str>,
        status: Option<Status>,
    ) -> Result<Vec<InvitationDetail>, AppError> {
        require_admin(by)?;
        let account = match (by.is_superadmin(), account.map(str::parse::<AccountId>)) {
            (false, _) => Some(by.account_id),
            (true, None) => None,
            (true, Some(Ok(named))) => Some(named),
            (true, Some(Err(_))) => return Ok(Vec::new()),
        };
        let store = self.storage.read();
        let mut found = Vec::new();
        for invitation in store.invitations().list(account, status, self.clock.now()).await? {
            found.push(self.detail(store, invitation).await?);
        }
        Ok(found)
    }

    /// Takes an invitation back.
    pub async fn cancel(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        require_admin(by)?;
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let invitation = within_reach(store, by, id).await?;
            store.invitations().delete(invitation.id).await?;
            Ok(())
        }
        .await;
        tx::finish(work, outcome).await
    }

    async fn detail(
        &self,
        store: &dyn Repositories,
        invitation: Invitation,
    ) -> Result<InvitationDetail, AppError> {
        let account = store.accounts().find(invitation.account_id).await?;
        let account =
            account.ok_or_else(|| AppError::inconsistent(format!("no account of {}", invitation.id)))?;
        let token = self.secrets.open(&invitation.sealed_token, &place(&invitation));
        Ok(InvitationDetail {
            account_code: account.code.to_string(),
            status: invitation.status(self.clock.now()),
            token: token.ok(),
            invitation,
        })
    }
}

/// The place that the sealed token of an invitation is bound to.
fn place(invitation: &Invitation) -> String {
    format!("invitations/{}/token", invitation.id)
}

/// Refuses callers who may not manage invitations.
pub fn require_admin(caller: &Identity) -> Result<(), AppError> {
    if caller.is_superadmin() || caller.role == ADMIN {
        return Ok(());
    }
    Err(AppError::titled(Kind::Denied, "Forbidden", "Admin access required"))
}

/// The invitation of an id as it came, if it is the caller's to manage.
async fn within_reach(store: &dyn Repositories, by: &Identity, id: &str) -> Result<Invitation, AppError> {
    let invitation = match id.parse() {
        Ok(id) => store.invitations().find(id).await?,
        Err(_) => None,
    };
    let reach = |account: AccountId| by.is_superadmin() || by.account_id == account;
    let invitation = invitation.filter(|invitation| reach(invitation.account_id));
    invitation.ok_or_else(|| not_found("Invitation not found"))
}

fn not_found(message: &'static str) -> AppError {
    AppError::titled(Kind::NotFound, "Not found", message)
}

const USER_EXISTS: &str = "User with this email already exists in this account";
