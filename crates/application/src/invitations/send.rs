//! Mails invitations, at first and again.

use serde_json::{Map, Value};
use snackbase_domain::MailId;
use snackbase_domain::account::Account;
use snackbase_domain::invitation::{Invitation, Status};
use snackbase_domain::mail::{DEFAULT_LOCALE, INVITATION};

use super::{Invitations, not_found, place, require_admin, within_reach};
use crate::mail::{NewMail, OnFailure};
use crate::ports::Repositories;
use crate::{AppError, Kind, Principal, tx};

impl Invitations {
    /// Mails a pending invitation again; that makes it no longer valid than before.
    pub async fn resend(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        require_admin(by)?;
        let failed = || AppError::titled(Kind::Failed, "Internal error", "Failed to send email");
        let work = self.storage.begin_as(by.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let invitation = within_reach(store, by, id).await?;
            let status = invitation.status(self.clock.now());
            if status != Status::Pending {
                let message = format!("Cannot resend invitation with status: {}", status.name());
                return Err(AppError::titled(Kind::Invalid, "Validation error", message));
            }
            let account = store.accounts().find(invitation.account_id).await?;
            let account = account.ok_or_else(|| not_found("Account not found"))?;
            let token =
                self.secrets.open(&invitation.sealed_token, &place(&invitation)).map_err(|fault| {
                    tracing::error!(%fault, invitation = %invitation.id, "the token cannot be read");
                    failed()
                })?;
            let mail = self.queue_in(store, &account, &invitation, &token).await?;
            Ok((invitation, mail))
        }
        .await;
        let (invitation, mail) = tx::finish(work, outcome).await?;
        let before = invitation.email_sent_at;
        let sent = self.deliver(invitation, mail).await?;
        if sent.email_sent_at == before { Err(failed()) } else { Ok(()) }
    }

    /// Puts the mail of an invitation into the outbox, within a unit of work.
    pub(super) async fn queue_in(
        &self,
        store: &dyn Repositories,
        account: &Account,
        invitation: &Invitation,
        token: &str,
    ) -> Result<MailId, AppError> {
        let base = self.mail.app_url(store, account.id).await?;
        let inviter = store.users().find(invitation.invited_by).await?;
        let inviter = inviter.map(|user| user.email.as_str().to_owned()).unwrap_or_default();
        let url = format!("{base}/accept-invitation?token={token}");
        let expires_at = invitation.expires_at.format("%Y-%m-%d %H:%M:%S UTC").to_string();
        let variables: Map<String, Value> = [
            ("invitation_url", url),
            ("token", token.to_owned()),
            ("email", invitation.email.as_str().to_owned()),
            ("account_name", account.name.clone()),
            ("invited_by", inviter),
            ("expires_at", expires_at),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
        let mail = NewMail {
            account_id: account.id,
            template_type: INVITATION.to_owned(),
            locale: DEFAULT_LOCALE.to_owned(),
            recipient: invitation.email.clone(),
            variables,
        };
        self.mail.queue_in(store, mail).await
    }

    /// Delivers the mail of an invitation and notes when that succeeded.
    pub(super) async fn deliver(
        &self,
        mut invitation: Invitation,
        mail: MailId,
    ) -> Result<Invitation, AppError> {
        if !self.mail.deliver(mail, OnFailure::GiveUp).await? {
            return Ok(invitation);
        }
        let now = self.clock.now();
        let work = self.storage.begin().await?;
        let noted = work.repositories().invitations().set_sent(invitation.id, now).await;
        tx::finish(work, noted.map_err(AppError::from)).await?;
        invitation.email_sent_at = Some(now);
        Ok(invitation)
    }
}
