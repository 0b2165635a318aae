//! The outbox of mails, with fakes of the store, the clock and who sends.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use snackbase_application::configuration::Configurations;
use snackbase_application::mail::{EmailLogFilter, Mail, MailContent, NewMail, OnFailure};
use snackbase_application::ports::{Clock, MailClaim, MockConnectionTester, Storage};
use snackbase_domain::account::Account;
use snackbase_domain::email::Email;
use snackbase_domain::mail::{EmailLog, EmailStatus, EmailTemplate, PASSWORD_RESET};
use snackbase_domain::{EmailTemplateId, MailId};
use snackbase_testkit::builders::{account, moment, system_account, uuid};
use snackbase_testkit::{FakeMailer, FixedClock, MemoryStorage, PlainSecretBox, PlainTemplates, SeededIds};

/// A store with an account and the seeded templates, and mail on top.
struct Post {
    storage: Arc<MemoryStorage>,
    clock: Arc<FixedClock>,
    mailer: Arc<FakeMailer>,
    mail: Arc<Mail>,
    account: Account,
    ids_from: AtomicU64,
}

impl Post {
    async fn new(mailer: FakeMailer) -> Self {
        let storage = Arc::new(MemoryStorage::new());
        let post = Self::over(storage, Arc::new(FixedClock::default()), Arc::new(mailer), 1);
        let work = post.storage.begin().await.unwrap();
        let store = work.repositories();
        store.accounts().insert(&system_account()).await.unwrap();
        store.accounts().insert(&post.account).await.unwrap();
        work.commit().await.unwrap();
        post.mail.seed().await.unwrap();
        post
    }

    /// Another node: mail of its own over the same store.
    fn over(storage: Arc<MemoryStorage>, clock: Arc<FixedClock>, mailer: Arc<FakeMailer>, seed: u64) -> Self {
        let (ids, secrets) = (Arc::new(SeededIds::new(seed)), Arc::new(PlainSecretBox::default()));
        let configurations = Arc::new(Configurations::new(
            storage.clone(),
            clock.clone(),
            ids.clone(),
            secrets.clone(),
            Arc::new(MockConnectionTester::new()),
            "https://app.example/".to_owned(),
        ));
        let mail = Arc::new(Mail::new(
            storage.clone(),
            clock.clone(),
            ids,
            secrets,
            configurations,
            Arc::new(PlainTemplates),
            mailer.clone(),
        ));
        Self { storage, clock, mailer, mail, account: account(1), ids_from: AtomicU64::new(1_000_000) }
    }

    async fn queue(&self, recipient: &str) -> MailId {
        let work = self.storage.begin().await.unwrap();
        let url = self.mail.app_url(work.repositories(), self.account.id).await.unwrap();
        let id = self.mail.queue_in(work.repositories(), reset(&self.account, recipient, &url)).await;
        work.commit().await.unwrap();
        id.unwrap()
    }

    async fn log(&self) -> Vec<EmailLog> {
        self.mail.logs(EmailLogFilter::default(), 0, 100).await.unwrap().items
    }

    async fn waits(&self, id: MailId) -> bool {
        self.storage.read().mail_outbox().find(id).await.unwrap().is_some()
    }

    /// Lets the sender run until `done`.
    async fn run_until(&self, done: impl AsyncFn() -> bool) {
        // A node that was stopped does not go on; this is the next one.
        let seed = self.ids_from.fetch_add(1000, Ordering::Relaxed);
        let node = Self::over(self.storage.clone(), self.clock.clone(), self.mailer.clone(), seed);
        let mail = node.mail.clone();
        let running = tokio::spawn(async move { mail.run().await });
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        while !done().await {
            assert!(tokio::time::Instant::now() < deadline, "it never happens");
            tokio::task::yield_now().await;
        }
        node.mail.stop();
        running.await.unwrap();
    }
}

fn reset(account: &Account, recipient: &str, url: &str) -> NewMail {
    let variables = json!({
        "token": "s3cret",
        "reset_url": format!("{url}/reset-password?token=s3cret"),
        "email": recipient,
    });
    let Value::Object(variables) = variables else { unreachable!() };
    NewMail {
        account_id: account.id,
        template_type: PASSWORD_RESET.to_owned(),
        locale: "de-AT".to_owned(),
        recipient: Email::new(recipient),
        variables,
    }
}

#[tokio::test]
async fn a_mail_is_filled_sent_logged_and_gone() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let id = post.queue("ann@example.org").await;
    assert!(post.mail.deliver(id, OnFailure::Retry).await.unwrap());
    let sent = post.mailer.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].to.as_str(), sent[0].id), ("ann@example.org", id));
    assert_eq!(sent[0].subject, "Reset your SnackBase password");
    assert!(sent[0].text_body.contains("https://app.example/reset-password?token=s3cret"));
    assert!(!post.waits(id).await);
    let log = post.log().await;
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].status, log[0].provider.as_str(), &log[0].error), (EmailStatus::Sent, "fake", &None));
    let hidden = json!({ "token": "***", "reset_url": "https://app.example/reset-password?token=***",
        "email": "ann@example.org" });
    assert_eq!(log[0].variables.clone().map(Value::Object), Some(hidden));
    assert!(post.mail.deliver(id, OnFailure::Retry).await.unwrap(), "it was sent before");
    assert_eq!(post.mailer.sent().len(), 1);
}

#[tokio::test]
async fn what_is_not_committed_is_not_sent() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let work = post.storage.begin().await.unwrap();
    let mail = reset(&post.account, "ann@example.org", "");
    let id = post.mail.queue_in(work.repositories(), mail).await.unwrap();
    work.rollback().await.unwrap();
    assert!(!post.mail.deliver(id, OnFailure::Retry).await.unwrap());
    assert_eq!((post.mailer.sent().len(), post.log().await.len()), (0, 0));
}

#[tokio::test]
async fn whoever_waits_can_give_up() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let id = post.queue("ann@example.org").await;
    post.mailer.fail("451 no s3cret today", false);
    assert!(!post.mail.deliver(id, OnFailure::GiveUp).await.unwrap());
    assert!(!post.waits(id).await);
    let log = post.log().await;
    assert_eq!((log[0].status, log[0].error.as_deref()), (EmailStatus::Failed, Some("451 no *** today")));
}

#[tokio::test]
async fn without_a_provider_nothing_is_sent() {
    let post = Post::new(FakeMailer::default()).await;
    let id = post.queue("ann@example.org").await;
    assert!(!post.mail.deliver(id, OnFailure::GiveUp).await.unwrap());
    let log = post.log().await;
    assert_eq!(log[0].provider, "unknown");
    assert!(log[0].error.as_deref().unwrap().starts_with("No enabled email provider configured."));
}

#[tokio::test]
async fn a_failed_mail_is_tried_again_later_and_later_and_then_dropped() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let id = post.queue("ann@example.org").await;
    // Seconds until the next attempt, give or take a fifth.
    for (attempt, pause) in [30, 120, 600, 1800].into_iter().enumerate() {
        post.mailer.fail("busy", false);
        post.run_until(async || post.log().await.len() == attempt + 1).await;
        let waiting = post.storage.read().mail_outbox().find(id).await.unwrap().unwrap();
        let wait = (waiting.due_at - post.clock.now()).num_seconds();
        assert!(
            ((pause * 4 / 5)..=(pause * 6 / 5)).contains(&wait),
            "{wait} seconds after attempt {attempt}"
        );
        assert_eq!(waiting.lease, None);
        post.clock.pass(pause * 6 / 5 + 1);
    }
    post.mailer.fail("busy", false);
    post.run_until(async || post.log().await.len() == 5).await;
    assert!(!post.waits(id).await);
    assert_eq!(post.mailer.sent().len(), 0);
}

#[tokio::test]
async fn a_refusal_for_good_is_the_last_attempt() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let id = post.queue("ann@example.org").await;
    post.mailer.fail("550 no such mailbox", true);
    assert!(!post.mail.deliver(id, OnFailure::Retry).await.unwrap());
    assert!(!post.waits(id).await);
}

#[tokio::test]
async fn what_another_held_and_did_not_end_is_sent_by_the_next() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let id = post.queue("ann@example.org").await;
    // Somebody took it and was never seen again.
    let work = post.storage.begin().await.unwrap();
    let claim = MailClaim { now: moment(0), until: moment(180), lease: "of the dead".to_owned() };
    work.repositories().mail_outbox().claim(id, &claim).await.unwrap().unwrap();
    work.commit().await.unwrap();
    post.clock.pass(181);
    post.run_until(async || !post.waits(id).await).await;
    assert_eq!(post.mailer.sent().len(), 1);
}

#[tokio::test]
async fn several_nodes_send_each_mail_once() {
    let first = Post::new(FakeMailer::local("fake")).await;
    let mut expected = BTreeSet::new();
    for n in 0..60 {
        expected.insert(first.queue(&format!("r-{n}@example.org")).await);
    }
    let nodes: Vec<_> = (2..5)
        .map(|seed| Post::over(first.storage.clone(), first.clock.clone(), first.mailer.clone(), seed * 1000))
        .collect();
    let running: Vec<_> = nodes
        .iter()
        .map(|node| {
            let mail = node.mail.clone();
            tokio::spawn(async move { mail.run().await })
        })
        .collect();
    // Who waits competes with the senders.
    for id in &expected {
        assert!(first.mail.deliver(*id, OnFailure::Retry).await.unwrap());
    }
    for node in &nodes {
        node.mail.stop();
    }
    for running in running {
        running.await.unwrap();
    }
    let sent: Vec<_> = first.mailer.sent().into_iter().map(|mail| mail.id).collect();
    assert_eq!(sent.len(), 60);
    assert_eq!(sent.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn a_template_of_the_account_and_the_closest_locale_are_preferred() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let system = post.mail.templates(Default::default()).await.unwrap();
    let reset_template = system.iter().find(|known| known.template_type == PASSWORD_RESET).unwrap();
    let rows = [
        (post.account.id, "de", "Deutsch", true),
        (post.account.id, "de-AT", "aus", false),
        (post.account.id, "en", "own English", true),
    ];
    let work = post.storage.begin().await.unwrap();
    for (n, (account_id, locale, subject, enabled)) in rows.into_iter().enumerate() {
        let template = EmailTemplate {
            id: EmailTemplateId::new(uuid(n as u128)),
            account_id,
            locale: locale.to_owned(),
            subject: subject.to_owned(),
            enabled,
            ..reset_template.clone()
        };
        work.repositories().email_templates().insert(&template).await.unwrap();
    }
    work.commit().await.unwrap();
    for (locale, subject) in [("de-AT", "Deutsch"), ("fr", "own English"), ("en-GB", "own English")] {
        let mail = NewMail { locale: locale.to_owned(), ..reset(&post.account, "ann@example.org", "") };
        let work = post.storage.begin().await.unwrap();
        let id = post.mail.queue_in(work.repositories(), mail).await.unwrap();
        work.commit().await.unwrap();
        assert!(post.mail.deliver(id, OnFailure::GiveUp).await.unwrap());
        assert_eq!(post.mailer.sent().last().unwrap().subject, subject, "{locale}");
    }
}

#[tokio::test]
async fn mail_can_be_sent_at_once_without_a_template() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let (account, ann) = (post.account.id, Email::new("ann@example.org"));
    let written = MailContent::Written {
        subject: "New\r\nBcc: eve@example.org".to_owned(),
        html_body: "<p>Hello</p>".to_owned(),
        text_body: "Hello".to_owned(),
    };
    assert_eq!(post.mail.send_now(account, &ann, written.clone()).await.unwrap(), Ok(()));
    let sent = post.mailer.sent().remove(0);
    assert_eq!((sent.subject.as_str(), sent.text_body.as_str()), ("New Bcc: eve@example.org", "Hello"));
    assert_eq!(post.log().await[0].template_type, "message");
    post.mailer.fail("busy", false);
    assert_eq!(post.mail.send_now(account, &ann, written).await.unwrap(), Err("busy".to_owned()));
    assert_eq!(post.log().await.len(), 2);
}

#[tokio::test]
async fn templates_are_named_by_type_or_id_within_reach() {
    let post = Post::new(FakeMailer::local("fake")).await;
    let (account, ann) = (post.account.id, Email::new("ann@example.org"));
    let known = post.mail.templates(Default::default()).await.unwrap();
    let of_system = known.iter().find(|template| template.template_type == PASSWORD_RESET).unwrap();
    let foreign = EmailTemplate {
        id: EmailTemplateId::new(uuid(7)),
        account_id: account_of_others().id,
        is_builtin: false,
        ..of_system.clone()
    };
    let work = post.storage.begin().await.unwrap();
    work.repositories().accounts().insert(&account_of_others()).await.unwrap();
    work.repositories().email_templates().insert(&foreign).await.unwrap();
    work.commit().await.unwrap();
    let send = async |name: String| {
        let variables = json!({ "email": "ann" }).as_object().unwrap().clone();
        post.mail.send_now(account, &ann, MailContent::Template { name, variables }).await.unwrap()
    };
    assert_eq!(send(PASSWORD_RESET.to_owned()).await, Ok(()));
    assert_eq!(send(of_system.id.to_string()).await, Ok(()));
    for name in ["nope".to_owned(), foreign.id.to_string()] {
        assert_eq!(send(name.clone()).await, Err(format!("Email template not found: {name}")));
    }
}

fn account_of_others() -> Account {
    account(2)
}
