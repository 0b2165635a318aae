//! The promises of `EmailTemplateRepository`, `EmailLogRepository` and
//! `MailOutbox`.

use std::sync::Arc;

use serde_json::json;
use snackbase_application::ports::{EmailLogQuery, EmailTemplateQuery, MailClaim, Storage, StoreError};
use snackbase_domain::account::Account;
use snackbase_domain::mail::{EmailLog, EmailStatus, EmailTemplate, QueuedMail};
use snackbase_domain::{AccountId, EmailLogId, EmailTemplateId, MailId};

use super::{commit, is_conflict, refusal, seed};
use crate::builders::{account, moment, uuid};

/// Runs the suite.
pub async fn suite(storage: Arc<dyn Storage>) {
    let (first, second, _, _) = seed(&storage).await;
    templates_come_back_as_they_are(&storage, &first).await;
    templates_are_one_of_a_kind(&storage, &first, &second).await;
    the_log_is_newest_first(&storage, &first, &second).await;
    a_message_is_claimed_once(&storage, &first).await;
    a_lost_lease_changes_nothing(&storage, &first).await;
    due_messages_are_claimed_longest_due_first(&storage, &first, &second).await;
    claims_at_once_never_share(&storage, &first).await;
    what_is_of_an_account_goes_with_it(&storage).await;
}

fn template(account: &Account, n: u16, template_type: &str, locale: &str) -> EmailTemplate {
    EmailTemplate {
        id: EmailTemplateId::new(uuid(n.into())),
        account_id: account.id,
        template_type: template_type.to_owned(),
        locale: locale.to_owned(),
        subject: "Grüße, {{ name }}".to_owned(),
        html_body: "<p>ß</p>".to_owned(),
        text_body: "line\n\nline".to_owned(),
        enabled: true,
        is_builtin: false,
        created_at: moment(n.into()),
        updated_at: moment(n.into()),
    }
}

fn log(account: &Account, n: u16, status: EmailStatus) -> EmailLog {
    EmailLog {
        id: EmailLogId::new(uuid(n.into())),
        account_id: account.id,
        mail_id: None,
        template_type: "invitation".to_owned(),
        recipient: format!("r-{n}@example.org"),
        provider: "smtp".to_owned(),
        status,
        error: None,
        variables: None,
        sent_at: moment(n.into()),
    }
}

fn mail(account: &Account, n: u16, due: i64) -> QueuedMail {
    QueuedMail {
        id: MailId::new(uuid(n.into())),
        account_id: account.id,
        template_type: "invitation".to_owned(),
        locale: "en".to_owned(),
        recipient: "r@example.org".to_owned(),
        payload: "sealed".to_owned(),
        attempts: 0,
        due_at: moment(due),
        leased_until: None,
        lease: None,
        created_at: moment(0),
    }
}

/// A claim at a moment, for a minute.
fn claim(at: i64, lease: &str) -> MailClaim {
    MailClaim { now: moment(at), until: moment(at + 60), lease: lease.to_owned() }
}

async fn templates_come_back_as_they_are(storage: &Arc<dyn Storage>, first: &Account) {
    let stored = EmailTemplate { enabled: false, is_builtin: true, ..template(first, 1, "welcome", "fr-CA") };
    commit(storage, async |store| store.email_templates().insert(&stored).await).await;
    let found = async || storage.read().email_templates().find(stored.id).await.unwrap();
    assert_eq!(found().await.as_ref(), Some(&stored));
    let locked = commit(storage, async |store| store.email_templates().lock(stored.id).await).await;
    assert_eq!(locked.as_ref(), Some(&stored));
    let changed = EmailTemplate {
        subject: String::new(),
        html_body: "h".to_owned(),
        text_body: "t".to_owned(),
        enabled: true,
        updated_at: moment(99),
        ..stored.clone()
    };
    // What a template is for does not change.
    let asked = EmailTemplate { locale: "de".to_owned(), template_type: "x".to_owned(), ..changed.clone() };
    commit(storage, async |store| store.email_templates().update(&asked).await).await;
    assert_eq!(found().await, Some(changed));
    assert!(commit(storage, async |store| store.email_templates().delete(stored.id).await).await);
    assert!(!commit(storage, async |store| store.email_templates().delete(stored.id).await).await);
    assert_eq!(found().await, None);
}

async fn templates_are_one_of_a_kind(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    commit(storage, async |store| {
        let templates = store.email_templates();
        templates.insert(&template(second, 2, "invitation", "en")).await?;
        templates.insert(&template(first, 3, "reset", "en")).await?;
        templates.insert(&template(first, 4, "invitation", "fr")).await?;
        templates.insert(&EmailTemplate { enabled: false, ..template(first, 5, "invitation", "en") }).await
    })
    .await;
    let twice = template(first, 9, "invitation", "fr");
    let error = refusal(storage, async |store| store.email_templates().insert(&twice).await).await;
    assert!(is_conflict(&error), "{error:?}");
    let nobodys = template(&account(77), 9, "invitation", "fr");
    let error = refusal(storage, async |store| store.email_templates().insert(&nobodys).await).await;
    assert_eq!(error, StoreError::ForeignKey);

    let list = async |query: EmailTemplateQuery| -> Vec<_> {
        let found = storage.read().email_templates().list(&query).await.unwrap();
        found.into_iter().map(|template| template.id.uuid().as_u128()).collect()
    };
    assert_eq!(list(EmailTemplateQuery::default()).await, [5, 4, 3, 2]);
    let of = |id: AccountId| EmailTemplateQuery { account_id: Some(id), ..Default::default() };
    assert_eq!(list(of(second.id)).await, [2]);
    let invitations =
        EmailTemplateQuery { template_type: Some("invitation".to_owned()), ..Default::default() };
    assert_eq!(list(invitations.clone()).await, [5, 4, 2]);
    assert_eq!(list(EmailTemplateQuery { enabled: Some(true), ..invitations.clone() }).await, [4, 2]);
    assert_eq!(list(EmailTemplateQuery { locale: Some("fr".to_owned()), ..invitations }).await, [4]);
}

async fn the_log_is_newest_first(storage: &Arc<dyn Storage>, first: &Account, second: &Account) {
    let message = MailId::new(uuid(70));
    let full = EmailLog {
        mail_id: Some(message),
        error: Some("ü".to_owned()),
        variables: json!({ "token": "***", "n": 1 }).as_object().cloned(),
        ..log(first, 2, EmailStatus::Failed)
    };
    commit(storage, async |store| {
        let logs = store.email_logs();
        logs.insert(&log(first, 1, EmailStatus::Sent)).await?;
        logs.insert(&full).await?;
        logs.insert(&EmailLog { mail_id: Some(message), ..log(first, 3, EmailStatus::Sent) }).await?;
        logs.insert(&EmailLog { template_type: "reset".to_owned(), ..log(second, 4, EmailStatus::Sent) })
            .await
    })
    .await;
    let logs = storage.read().email_logs();
    assert_eq!(logs.find(full.id).await.unwrap(), Some(full));
    assert_eq!(logs.find(EmailLogId::new(uuid(99))).await.unwrap(), None);
    assert_eq!(logs.last_of(message).await.unwrap(), Some(EmailStatus::Sent));
    assert_eq!(logs.last_of(MailId::new(uuid(71))).await.unwrap(), None);
    let error = refusal(storage, async |store| {
        store.email_logs().insert(&log(&account(77), 9, EmailStatus::Sent)).await
    })
    .await;
    assert_eq!(error, StoreError::ForeignKey);

    let page = async |query: EmailLogQuery| {
        let page = logs.page(&query).await.unwrap();
        let numbers: Vec<_> = page.items.iter().map(|log| log.id.uuid().as_u128()).collect();
        (numbers, page.total)
    };
    let all = EmailLogQuery { limit: 10, ..Default::default() };
    assert_eq!(page(all.clone()).await, (vec![4, 3, 2, 1], 4));
    assert_eq!(page(EmailLogQuery { skip: 1, limit: 2, ..all.clone() }).await, (vec![3, 2], 4));
    let failed = EmailLogQuery { status: Some(EmailStatus::Failed), ..all.clone() };
    assert_eq!(page(failed).await, (vec![2], 1));
    let resets = EmailLogQuery { template_type: Some("reset".to_owned()), ..all.clone() };
    assert_eq!(page(resets).await, (vec![4], 1));
    let between = EmailLogQuery { from: Some(moment(2)), until: Some(moment(3)), ..all };
    assert_eq!(page(between).await, (vec![3, 2], 2), "both ends count");
}

async fn a_message_is_claimed_once(storage: &Arc<dyn Storage>, first: &Account) {
    let waiting = mail(first, 1, 10);
    commit(storage, async |store| store.mail_outbox().insert(&waiting).await).await;
    let outbox = storage.read().mail_outbox();
    assert_eq!(outbox.find(waiting.id).await.unwrap().as_ref(), Some(&waiting));
    assert_eq!(outbox.next_due().await.unwrap(), Some(moment(10)));
    // By its id also before it is due.
    let held = QueuedMail {
        attempts: 1,
        lease: Some("one".to_owned()),
        leased_until: Some(moment(60)),
        ..waiting.clone()
    };
    let take = async |at, lease: &str| {
        commit(storage, async |store| store.mail_outbox().claim(waiting.id, &claim(at, lease)).await).await
    };
    assert_eq!(take(0, "one").await.as_ref(), Some(&held));
    assert_eq!(outbox.find(waiting.id).await.unwrap(), Some(held));
    assert_eq!(outbox.next_due().await.unwrap(), Some(moment(60)));
    assert_eq!(take(59, "two").await, None);
    let due = commit(storage, async |store| store.mail_outbox().claim_due(&claim(59, "two"), 9, &[]).await);
    assert_eq!(due.await, []);
    assert!(!commit(storage, async |store| store.mail_outbox().withdraw(waiting.id, moment(59)).await).await);
    // Whoever held it is gone.
    assert_eq!(take(60, "two").await.map(|mail| mail.attempts), Some(2));
}

async fn a_lost_lease_changes_nothing(storage: &Arc<dyn Storage>, first: &Account) {
    let id = mail(first, 1, 10).id;
    let outbox = storage.read().mail_outbox();
    let lost = commit(storage, async |store| {
        let outbox = store.mail_outbox();
        Ok((outbox.finish(id, "one").await?, outbox.retry_at(id, "one", moment(500)).await?))
    });
    assert_eq!(lost.await, (false, false));
    assert!(commit(storage, async |store| store.mail_outbox().retry_at(id, "two", moment(200)).await).await);
    let again = outbox.find(id).await.unwrap().unwrap();
    assert_eq!((again.due_at, again.attempts, again.lease), (moment(200), 2, None));
    assert_eq!(outbox.next_due().await.unwrap(), Some(moment(200)));
    assert!(
        commit(storage, async |store| {
            let claimed = store.mail_outbox().claim(id, &claim(300, "three")).await?;
            assert_eq!(claimed.map(|mail| mail.attempts), Some(3));
            store.mail_outbox().finish(id, "three").await
        })
        .await
    );
    assert_eq!(outbox.find(id).await.unwrap(), None);
    assert_eq!(outbox.next_due().await.unwrap(), None);
}

async fn due_messages_are_claimed_longest_due_first(
    storage: &Arc<dyn Storage>,
    first: &Account,
    second: &Account,
) {
    commit(storage, async |store| {
        for (account, n, due) in
            [(first, 11, 30), (first, 12, 10), (second, 13, 20), (second, 14, 40), (first, 15, 99)]
        {
            store.mail_outbox().insert(&mail(account, n, due)).await?;
        }
        Ok(())
    })
    .await;
    let take = async |at, limit, except: &[AccountId]| -> Vec<_> {
        let claimed = commit(storage, async |store| {
            store.mail_outbox().claim_due(&claim(at, "due"), limit, except).await
        });
        let mut numbers: Vec<_> = claimed.await.iter().map(|mail| mail.id.uuid().as_u128()).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(take(40, 2, &[]).await, [12, 13]);
    assert_eq!(take(40, 9, &[first.id]).await, [14]);
    assert_eq!(take(40, 9, &[]).await, [11]);
    assert_eq!(take(40, 9, &[]).await, [0; 0]);
    assert_eq!(take(99, 9, &[]).await, [15]);
    assert!(
        commit(storage, async |store| {
            let id = mail(first, 15, 99).id;
            store.mail_outbox().retry_at(id, "due", moment(100)).await?;
            store.mail_outbox().withdraw(id, moment(100)).await
        })
        .await
    );
    commit(storage, async |store| {
        for n in 11..15 {
            assert!(store.mail_outbox().finish(mail(first, n, 0).id, "due").await?);
        }
        Ok(())
    })
    .await;
}

async fn claims_at_once_never_share(storage: &Arc<dyn Storage>, first: &Account) {
    commit(storage, async |store| {
        for n in 100..140 {
            store.mail_outbox().insert(&mail(first, n, 0)).await?;
        }
        Ok(())
    })
    .await;
    let mut takers = tokio::task::JoinSet::new();
    for taker in 0..8 {
        let storage = Arc::clone(storage);
        takers.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let work = storage.begin().await.unwrap();
                let taker = claim(1, &format!("taker {taker}"));
                let got = work.repositories().mail_outbox().claim_due(&taker, 3, &[]).await.unwrap();
                work.commit().await.unwrap();
                if got.is_empty() {
                    return mine;
                }
                mine.extend(got.into_iter().map(|mail| mail.id));
            }
        });
    }
    let mut all: Vec<_> = takers.join_all().await.into_iter().flatten().collect();
    all.sort_unstable();
    let expected: Vec<_> = (100..140).map(|n| mail(first, n, 0).id).collect();
    assert_eq!(all, expected);
}

async fn what_is_of_an_account_goes_with_it(storage: &Arc<dyn Storage>) {
    let third = account(3);
    let (template, log, mail) =
        (template(&third, 50, "t", "en"), log(&third, 50, EmailStatus::Sent), mail(&third, 50, 0));
    commit(storage, async |store| {
        store.accounts().insert(&third).await?;
        store.email_templates().insert(&template).await?;
        store.email_logs().insert(&log).await?;
        store.mail_outbox().insert(&mail).await?;
        store.accounts().delete(third.id).await
    })
    .await;
    let store = storage.read();
    assert_eq!(store.email_templates().find(template.id).await.unwrap(), None);
    assert_eq!(store.email_logs().find(log.id).await.unwrap(), None);
    assert_eq!(store.mail_outbox().find(mail.id).await.unwrap(), None);
}
