//! The outbox: putting messages in, and getting them out.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use snackbase_domain::mail::{EmailStatus, QueuedMail};
use snackbase_domain::{AccountId, MailId};
use tokio::task::{JoinError, JoinSet};

use super::{Mail, NewMail, OnFailure, place_of};
use crate::AppError;
use crate::ports::Repositories;

/// How many messages are on their way at once.
const AT_ONCE: usize = 8;
/// How many of them may be of one account, so that one with a slow mail server
/// does not hold up the others.
const AT_ONCE_OF_ACCOUNT: usize = 2;
/// How often to look for messages that nobody told of: those of other nodes.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often to look whether another node is done with a message.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// How long to wait for somebody else who has a message.
const WAIT_FOR_OTHERS: Duration = Duration::from_secs(60);

impl Mail {
    /// Puts a message into the outbox within the caller's unit of work. It
    /// leaves once that is committed: at [`Mail::deliver`], [`Mail::wake`] or when
    /// the sender looks next.
    pub async fn queue_in(&self, store: &dyn Repositories, mail: NewMail) -> Result<MailId, AppError> {
        let id = MailId::new(self.ids.new_id());
        let now = self.clock.now();
        let variables = Value::Object(mail.variables).to_string();
        let queued = QueuedMail {
            id,
            account_id: mail.account_id,
            template_type: mail.template_type,
            locale: mail.locale,
            recipient: mail.recipient.as_str().to_owned(),
            payload: self.secrets.seal(&variables, &place_of(id)),
            attempts: 0,
            due_at: now,
            leased_until: None,
            lease: None,
            created_at: now,
        };
        store.mail_outbox().insert(&queued).await?;
        Ok(id)
    }

    /// Tries to hand a message over now, after the commit; answers whether that
    /// worked. It goes on to the end even if nobody waits for it any more.
    pub async fn deliver(&self, id: MailId, on_failure: OnFailure) -> Result<bool, AppError> {
        let sender = Arc::clone(&self.sender);
        let outcome = tokio::spawn(async move {
            let ours = async {
                loop {
                    // Listening before looking: what ends in between is heard.
                    let finished = sender.finished.notified();
                    if let Some(mail) = sender.claim(id).await? {
                        return sender.attempt(mail, on_failure).await;
                    }
                    // The sender, here or on another node, was faster.
                    let store = sender.storage.read();
                    if store.mail_outbox().find(id).await?.is_none() {
                        return Ok(store.email_logs().last_of(id).await? == Some(EmailStatus::Sent));
                    }
                    // Its end shows or is heard; a timeout is no failure.
                    let _ = tokio::time::timeout(ASK_EVERY, finished).await;
                }
            };
            tokio::time::timeout(WAIT_FOR_OTHERS * 2, ours).await.unwrap_or(Ok(false))
        });
        outcome.await.map_err(|error| AppError::Internal(format!("sending a mail ended early: {error}")))?
    }

    /// Wakes the sender, after the commit: for mails that nobody waits for.
    pub fn wake(&self) {
        self.work.notify_one();
    }

    /// The address of the installation as `account` shows it, without a slash at
    /// the end: what links in mails begin with.
    pub async fn app_url(&self, store: &dyn Repositories, account: AccountId) -> Result<String, AppError> {
        Ok(self.configurations.system_settings(store, account).await?.app_url)
    }

    /// Ends [`Mail::run`] once the messages on their way have arrived or failed.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Sends what is due, until [`Mail::stop`]. Several nodes can do this.
    pub async fn run(&self) {
        let mut stopping = self.stopping.subscribe();
        let mut under_way = UnderWay::default();
        while !*stopping.borrow_and_update() {
            let pause = match self.send_due(&mut under_way).await {
                Ok(next) => self.pause_until(next),
                Err(error) => {
                    tracing::error!(%error, "the outbox of mails cannot be read");
                    LOOK_EVERY
                }
            };
            tokio::select! {
                _ = stopping.changed() => {}
                () = self.work.notified() => {}
                () = under_way.one_done() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        while !under_way.tasks.is_empty() {
            under_way.one_done().await;
        }
    }

    /// Begins to send what is due, as far as there is room; answers when
    /// something is due next.
    async fn send_due(&self, under_way: &mut UnderWay) -> Result<Option<DateTime<Utc>>, AppError> {
        while under_way.tasks.len() < AT_ONCE {
            let Some(mail) = self.sender.claim_due(&under_way.accounts_with_enough()).await? else {
                break;
            };
            under_way.accounts.push(mail.account_id);
            let sender = Arc::clone(&self.sender);
            under_way.tasks.spawn(async move {
                let account = mail.account_id;
                if let Err(error) = sender.attempt(mail, OnFailure::Retry).await {
                    tracing::error!(%error, "an attempt to send a mail could not be recorded");
                }
                account
            });
        }
        Ok(self.storage.read().mail_outbox().next_due().await?)
    }

    /// What is due already and was not claimed waits for room.
    fn pause_until(&self, next: Option<DateTime<Utc>>) -> Duration {
        let wait = next.and_then(|next| (next - self.clock.now()).to_std().ok());
        wait.filter(|wait| !wait.is_zero()).unwrap_or(LOOK_EVERY).min(LOOK_EVERY)
    }
}

/// Messages that are on their way.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<AccountId>,
    accounts: Vec<AccountId>,
}

impl UnderWay {
    fn accounts_with_enough(&self) -> Vec<AccountId> {
        let count = |id: &AccountId| self.accounts.iter().filter(|known| *known == id).count();
        let mut enough = self.accounts.clone();
        enough.retain(|id| count(id) >= AT_ONCE_OF_ACCOUNT);
        enough.dedup();
        enough
    }

    /// Waits until one has arrived or failed; for ever, when there is none.
    async fn one_done(&mut self) {
        match self.tasks.join_next().await {
            None => std::future::pending().await,
            Some(done) => self.forget(done),
        }
    }

    fn forget(&mut self, done: Result<AccountId, JoinError>) {
        match done {
            Ok(account) => {
                if let Some(place) = self.accounts.iter().position(|known| *known == account) {
                    self.accounts.swap_remove(place);
                }
            }
            Err(error) => {
                // Which one is not known; its lease runs out.
                tracing::error!(%error, "sending a mail broke off");
                if self.tasks.is_empty() {
                    self.accounts.clear();
                }
            }
        }
    }
}
