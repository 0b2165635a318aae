//! Messages that wait: retries, crashes, several senders.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use snackbase_application::mail::{NewMail, OnFailure};
use snackbase_domain::email::Email;
use snackbase_domain::{AccountId, MailId};
use snackbase_server::startup::Services;

use super::smtp_server::{Mood, SmtpServer};
use super::{OPEN, configure, logs, smtp};
use crate::client::Client;
use crate::on_each_database;
use crate::program::Program;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(
    a_mail_that_was_put_off_arrives_once,
    a_refusal_for_good_ends_it,
    a_server_that_goes_away_mid_message_is_tried_again,
    an_account_with_a_slow_server_holds_up_nobody,
    whoever_waits_learns_the_outcome,
    after_a_kill_what_was_committed_is_sent,
);

const TOKEN: &str = "a-live-token-that-nobody-may-see-in-logs-01";

/// Commits a mail to the outbox and leaves it there.
async fn queue(services: &Services, account: AccountId, recipient: &str) -> MailId {
    let variables = json!({ "token": TOKEN, "email": recipient, "reset_url": format!("https://a.example/r?token={TOKEN}") });
    let mail = NewMail {
        account_id: account,
        template_type: "password_reset".to_owned(),
        locale: "en".to_owned(),
        recipient: Email::new(recipient),
        variables: variables.as_object().unwrap().clone(),
    };
    let work = services.storage.begin().await.unwrap();
    let id = services.mail.queue_in(work.repositories(), mail).await.unwrap();
    let stored = work.repositories().mail_outbox().find(id).await.unwrap().unwrap();
    assert!(!format!("{stored:?}").contains("a-live-token"), "what waits is encrypted");
    work.commit().await.unwrap();
    id
}

async fn waits(services: &Services, id: MailId) -> bool {
    services.storage.read().mail_outbox().find(id).await.unwrap().is_some()
}

/// Waits until the log has so many rows.
async fn until_logged(superadmin: &Client, rows: usize) -> Vec<Value> {
    for _ in 0..300 {
        let logged = logs(superadmin).await;
        if logged.len() >= rows {
            return logged;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the log has no {rows} rows");
}

async fn a_mail_that_was_put_off_arrives_once(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let smtp_server = SmtpServer::start().await;
    smtp_server.next(Mood::Answer("451 4.7.1 Greylisted, a-live-token-that-nobody-may-see-in-logs-01"));
    smtp_server.next(Mood::Answer("421 4.3.2 Busy"));
    configure(&superadmin, None, "smtp", smtp(smtp_server.port)).await;
    let services = server.services();
    let id = queue(services, AccountId::SYSTEM, "ann@example.org").await;
    services.mail.wake();
    for (rows, pause) in [(1, 40), (2, 150)] {
        until_logged(&superadmin, rows).await;
        services.mail.wake();
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(logs(&superadmin).await.len(), rows, "it is not tried before its time");
        assert!(waits(services, id).await);
        server.clock().pass(Duration::from_secs(pause));
        services.mail.wake();
    }
    let received = smtp_server.until_received(1).await;
    assert!(received[0].readable().contains(TOKEN));
    let rows = until_logged(&superadmin, 3).await;
    let statuses: Vec<_> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["sent", "failed", "failed"]);
    assert!(rows[2]["error_message"].as_str().unwrap().contains("Greylisted"), "{}", rows[2]);
    assert!(!Value::from(rows.clone()).to_string().contains("a-live-token"), "{rows:?}");
    assert_eq!(rows[0]["variables"]["reset_url"], "https://a.example/r?token=***");
    assert!(!waits(services, id).await);
    server.clock().pass(Duration::from_secs(7200));
    services.mail.wake();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(smtp_server.received().len(), 1);
}

async fn a_refusal_for_good_ends_it(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let smtp_server = SmtpServer::start().await;
    smtp_server.next(Mood::Answer("550 5.1.1 No such mailbox"));
    configure(&superadmin, None, "smtp", smtp(smtp_server.port)).await;
    let id = queue(server.services(), AccountId::SYSTEM, "nobody@example.org").await;
    assert!(!server.services().mail.deliver(id, OnFailure::Retry).await.unwrap());
    assert!(!waits(server.services(), id).await);
    let rows = logs(&superadmin).await;
    assert!(rows[0]["error_message"].as_str().unwrap().contains("No such mailbox"), "{}", rows[0]);

    // Settings can be mended, so a refused sign-in is tried again.
    let found = superadmin.get("/api/v1/admin/configuration/system?category=email_providers").await;
    let values = format!("/api/v1/admin/configuration/{}/values", found.body[0]["id"].as_str().unwrap());
    let mut config = smtp(smtp_server.port);
    (config["username"], config["password"]) = ("u".into(), "wrong".into());
    superadmin.patch(&values, config).await.expect(200);
    let id = queue(server.services(), AccountId::SYSTEM, "ann@example.org").await;
    assert!(!server.services().mail.deliver(id, OnFailure::Retry).await.unwrap());
    assert!(waits(server.services(), id).await);
}

async fn a_server_that_goes_away_mid_message_is_tried_again(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let smtp_server = SmtpServer::start().await;
    smtp_server.next(Mood::Drop);
    configure(&superadmin, None, "smtp", smtp(smtp_server.port)).await;
    let services = server.services();
    let id = queue(services, AccountId::SYSTEM, "ann@example.org").await;
    assert!(!services.mail.deliver(id, OnFailure::Retry).await.unwrap());
    assert!(waits(services, id).await);
    server.clock().pass(Duration::from_secs(40));
    services.mail.wake();
    assert_eq!(smtp_server.until_received(1).await.len(), 1);
}

async fn an_account_with_a_slow_server_holds_up_nobody(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let slow_one = Tenant::create(&server, &superadmin, "Slow").await;
    let (slow, quick) = (SmtpServer::start().await, SmtpServer::start().await);
    configure(&superadmin, Some(&slow_one.id), "smtp", smtp(slow.port)).await;
    configure(&superadmin, None, "smtp", smtp(quick.port)).await;
    let services = server.services();
    let account = slow_one.id.parse().unwrap();
    for n in 0..12 {
        slow.next(Mood::Hang);
        queue(services, account, &format!("r-{n}@example.org")).await;
    }
    services.mail.wake();
    slow.until_begun(2).await;
    queue(services, AccountId::SYSTEM, "ann@example.org").await;
    services.mail.wake();
    let arrived = tokio::time::timeout(Duration::from_secs(5), quick.until_received(1)).await;
    assert_eq!(arrived.expect("others are served meanwhile").len(), 1);
}

async fn whoever_waits_learns_the_outcome(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let smtp_server = SmtpServer::start().await;
    configure(&superadmin, None, "smtp", smtp(smtp_server.port)).await;
    let services = server.services();
    // The sender takes it first, and is still at it.
    smtp_server.next(Mood::Slow(Duration::from_millis(700)));
    let id = queue(services, AccountId::SYSTEM, "ann@example.org").await;
    services.mail.wake();
    smtp_server.until_begun(1).await;
    assert!(services.mail.deliver(id, OnFailure::GiveUp).await.unwrap());
    assert_eq!(smtp_server.received().len(), 1);
    // Whoever waits hangs up: it goes on all the same.
    smtp_server.next(Mood::Slow(Duration::from_millis(300)));
    let id = queue(services, AccountId::SYSTEM, "ben@example.org").await;
    let waiting = services.mail.deliver(id, OnFailure::GiveUp);
    assert!(tokio::time::timeout(Duration::from_millis(200), waiting).await.is_err());
    smtp_server.until_received(2).await;
    until_logged(&superadmin, 2).await;
    assert!(!waits(services, id).await);
}

/// The mails are committed, the server is killed before or while it sends them: another one sends them,
/// each of them to the end once.
async fn after_a_kill_what_was_committed_is_sent(database: Database) {
    let Some(program) = Program::find("mail: kill") else { return };
    let smtp_server = SmtpServer::start().await;
    let url = database.url().to_owned();
    let server = Server::start_with(database, &[OPEN]);
    configure(&server.superadmin().await, None, "smtp", smtp(smtp_server.port)).await;
    let mut expected = BTreeSet::new();
    let database = server.stop_after(async |services: &Services| {
        for n in 0..5 {
            let recipient = format!("r-{n}@example.org");
            queue(services, AccountId::SYSTEM, &recipient).await;
            expected.insert(recipient);
        }
    });
    let database = database.await;
    let already = smtp_server.received().len();
    // The first server may have found the time for some of them.
    let held = (5 - already).min(2);
    for _ in 0..held {
        smtp_server.next(Mood::Hang);
    }
    let key = ("ENCRYPTION_KEY", "a key that encrypts the secrets of tests");
    let mut serving = program.serve_with(&[OPEN, key, ("DATABASE_URL", &url)]).await;
    smtp_server.until_begun(already + held).await;
    serving.kill();
    let last = Server::start_again(database, &[OPEN]);
    last.clock().pass(Duration::from_secs(200));
    last.services().mail.wake();
    let received = smtp_server.until_received(5).await;
    let to: Vec<_> = received.into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(to.len(), 5);
    assert_eq!(to.into_iter().collect::<BTreeSet<_>>(), expected);
}
