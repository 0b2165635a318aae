//! The calls of superadmins: templates, tests and the log.

use serde_json::{Value, json};

use super::smtp_server::SmtpServer;
use super::{LOGS, OPEN, TEMPLATES, configure, logs, send_test, smtp, template_id};
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(
    templates_are_made_changed_and_deleted,
    templates_are_filled_without_sending,
    a_test_tells_whether_it_went_out,
    an_accounts_own_template_and_provider_are_used,
    the_log_is_filtered_and_paged,
    only_superadmins_may,
    what_goes_into_headers_stays_there,
);

async fn templates_are_made_changed_and_deleted(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let new = json!({
        "account_id": acme.id, "template_type": "invitation", "locale": "de", "subject": "S",
        "html_body": "H", "text_body": "T",
    });
    let made = superadmin.post(TEMPLATES, new.clone()).await.expect(201);
    assert_eq!((&made.body["enabled"], &made.body["is_builtin"]), (&json!(true), &json!(false)));
    let path = format!("{TEMPLATES}/{}", made.str("id"));
    superadmin.post(TEMPLATES, new.clone()).await.expect(409);
    let mut nobodys = new.clone();
    nobodys["account_id"] = "00000000-0000-0000-0000-0000000000ff".into();
    superadmin.post(TEMPLATES, nobodys).await.expect(404);
    let faults = superadmin.post(TEMPLATES, json!({ "locale": "" })).await.expect(422);
    let fields: Vec<_> = faults.body["detail"].as_array().unwrap().iter().map(|f| &f["loc"][1]).collect();
    assert_eq!(fields, ["template_type", "locale", "subject", "html_body", "text_body"]);

    let changed =
        superadmin.put(&path, json!({ "subject": "New", "text_body": null, "enabled": false })).await;
    let changed = changed.expect(200);
    assert_eq!(
        (&changed.body["subject"], &changed.body["text_body"], &changed.body["enabled"]),
        (&json!("New"), &json!("T"), &json!(false))
    );
    assert_eq!(superadmin.get(&path).await.expect(200).body, changed.body);
    let listed = superadmin.get(&format!("{TEMPLATES}?account_id={}", acme.id)).await.expect(200);
    assert_eq!(listed.body, json!([changed.body]));
    let enabled = superadmin.get(&format!("{TEMPLATES}?enabled=true&locale=de")).await.expect(200);
    assert_eq!(enabled.body, json!([]));

    superadmin.delete(&path).await.expect(204);
    let gone = superadmin.get(&path).await.expect(404);
    assert_eq!(gone.body["detail"], format!("Email template not found: {}", made.str("id")));
    superadmin.delete(&path).await.expect(404);
    let builtin = template_id(&superadmin, "invitation").await;
    let kept = superadmin.delete(&format!("{TEMPLATES}/{builtin}")).await.expect(400);
    assert_eq!(kept.body["detail"], "Cannot delete builtin email templates");
}

async fn templates_are_filled_without_sending(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let path = format!("{TEMPLATES}/render");
    for template_type in ["invitation", "password_reset", "email_verification"] {
        let variables = json!({
            "account_name": "Acme <&>", "app_name": "App", "app_url": "https://app.example", "token": "tok-1",
            "invitation_url": "https://u/1", "reset_url": "https://u/1", "verification_url": "https://u/1",
            "email": "ann@example.org", "support_email": "help@example.org",
        });
        let asked = json!({ "template_type": template_type, "variables": variables });
        let filled = superadmin.post(&path, asked).await.expect(200);
        for part in ["html_body", "text_body"] {
            for text in ["https://u/1", "tok-1", "https://app.example", "App", "help@example.org"] {
                assert!(filled.str(part).contains(text), "{template_type} {part} lacks {text}");
            }
        }
        assert!(!filled.str("html_body").contains("<&>"), "{template_type}: values are escaped");
        assert!(!filled.text.contains("{{") && !filled.text.contains("{%"), "{template_type}");
    }
    let asked = json!({
        "template_type": "invitation", "variables": { "n": "a\nBcc: x" }, "subject": "Hi\r\n{{ n }}",
    });
    assert_eq!(superadmin.post(&path, asked).await.expect(200).str("subject"), "Hi a Bcc: x");
    let endless = json!({
        "template_type": "invitation", "variables": {},
        "text_body": "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
    });
    let refused = superadmin.post(&path, endless).await.expect(422);
    assert!(refused.str("detail").starts_with("Template rendering failed: "), "{}", refused.text);
    let numbers = json!({ "template_type": "invitation", "variables": { "n": 1 } });
    superadmin.post(&path, numbers).await.expect(422);
}

async fn a_test_tells_whether_it_went_out(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let failed = send_test(&superadmin, "ann@example.org").await.expect(500);
    assert_eq!(failed.body, json!({ "detail": "Failed to send test email" }));
    let row = &logs(&superadmin).await[0];
    assert_eq!((&row["provider"], &row["status"]), (&json!("unknown"), &json!("failed")));
    assert!(row["error_message"].as_str().unwrap().starts_with("No enabled email provider configured."));

    let smtp_server = SmtpServer::start().await;
    configure(&superadmin, None, "smtp", smtp(smtp_server.port)).await;
    let sent = send_test(&superadmin, "ann@example.org").await.expect(200);
    let told = json!({
        "status": "success", "message": "Test email sent to ann@example.org", "template_type": "invitation",
        "locale": "en",
    });
    assert_eq!(sent.body, told);
    let mail = &smtp_server.received()[0];
    assert_eq!((mail.from.as_str(), &mail.to[..]), ("from@example.com", &["ann@example.org".to_owned()][..]));
    assert_eq!(mail.headers("From"), ["Sender <from@example.com>"]);
    assert_eq!(mail.headers("Subject"), ["You've been invited to join Acme"]);
    assert_eq!((mail.headers("Date").len(), mail.headers("Message-ID").len()), (1, 1));
    assert_eq!(mail.login, None, "there is no user name");
    assert!(mail.readable().contains("on SnackBase."), "{}", mail.readable());

    let id = template_id(&superadmin, "invitation").await;
    let path = format!("{TEMPLATES}/{id}/test");
    for provider in ["auto", "smtp"] {
        let body = json!({ "recipient_email": "ann@example.org", "provider": provider });
        superadmin.post(&path, body).await.expect(200);
    }
    let other = json!({ "recipient_email": "ann@example.org", "provider": "resend" });
    superadmin.post(&path, other).await.expect(500);
    superadmin.put(&format!("{TEMPLATES}/{id}"), json!({ "subject": "{{ broken" })).await.expect(200);
    let broken = superadmin.post(&path, json!({ "recipient_email": "ann@example.org" })).await.expect(422);
    assert!(broken.str("detail").starts_with("Template rendering failed: "), "{}", broken.text);
}

async fn an_accounts_own_template_and_provider_are_used(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let (of_system, of_acme) = (SmtpServer::start().await, SmtpServer::start().await);
    configure(&superadmin, None, "smtp", smtp(of_system.port)).await;
    configure(&superadmin, Some(&acme.id), "smtp", smtp(of_acme.port)).await;
    let settings = json!({
        "category": "system_settings", "provider_name": "system", "display_name": "Acme's",
        "account_id": acme.id, "config": { "app_name": "Acme App", "app_url": "https://acme.example/" },
    });
    superadmin.post("/api/v1/admin/configuration", settings).await.expect(200);
    let new = json!({
        "account_id": acme.id, "template_type": "invitation", "subject": "To {{ app_name }}",
        "html_body": "<p>{{ app_url }}</p>", "text_body": "at {{ app_url }}", "locale": "en",
    });
    let own = superadmin.post(TEMPLATES, new).await.expect(201);
    let path = format!("{TEMPLATES}/{}/test", own.str("id"));
    superadmin.post(&path, json!({ "recipient_email": "ann@example.org" })).await.expect(200);
    let mail = &of_acme.received()[0];
    assert_eq!(mail.headers("Subject"), ["To Acme App"]);
    assert!(mail.data.contains("at https://acme.example\r\n"), "{}", mail.data);
    assert_eq!(of_system.received().len(), 0);
    assert_eq!(logs(&superadmin).await[0]["account_id"], acme.id.as_str());

    superadmin.delete(&format!("/api/v1/accounts/{}", acme.id)).await;
    server.assert_ready().await;
}

async fn the_log_is_filtered_and_paged(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    send_test(&superadmin, "first@example.org").await.expect(500);
    let smtp_server = SmtpServer::start().await;
    configure(&superadmin, None, "smtp", smtp(smtp_server.port)).await;
    for n in 0..3 {
        send_test(&superadmin, &format!("r-{n}@example.org")).await.expect(200);
    }
    let recipients = async |query: &str| -> Value {
        let page = superadmin.get(&format!("{LOGS}?{query}")).await.expect(200);
        let rows = page.body["logs"].as_array().unwrap().iter().map(|row| row["recipient_email"].clone());
        json!([rows.collect::<Vec<_>>(), page.body["total"]])
    };
    let three = ["r-2@example.org", "r-1@example.org", "r-0@example.org"];
    assert_eq!(recipients("status_filter=sent").await, json!([three, 3]));
    assert_eq!(recipients("status_filter=failed").await, json!([["first@example.org"], 1]));
    assert_eq!(recipients("status_filter=lost").await, json!([[], 0]));
    assert_eq!(recipients("template_type=password_reset").await, json!([[], 0]));
    assert_eq!(recipients("page=2&page_size=2").await, json!([["r-0@example.org", "first@example.org"], 4]));
    assert_eq!(recipients("end_date=2001-01-01").await, json!([[], 0]));
    assert_eq!(recipients("start_date=2001-01-01T00:00:00Z&page_size=1").await, json!([[three[0]], 4]));
    for (query, reason) in [
        ("start_date=bad", "Invalid start_date format: bad"),
        ("end_date=2026-13-01", "Invalid end_date format: 2026-13-01"),
    ] {
        assert_eq!(superadmin.get(&format!("{LOGS}?{query}")).await.expect(422).body["detail"], reason);
    }
    for query in ["page=0", "page=-1", "page_size=0"] {
        superadmin.get(&format!("{LOGS}?{query}")).await.expect(422);
    }
    let row = &logs(&superadmin).await[0];
    let one = superadmin.get(&format!("{LOGS}/{}", row["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(one.body, *row);
    let missing = superadmin.get(&format!("{LOGS}/nope")).await.expect(404);
    assert_eq!(missing.body["detail"], "Email log not found: nope");
}

async fn only_superadmins_may(database: Database) {
    let server = Server::start(database);
    let superadmin = server.superadmin().await;
    let acme = Tenant::create(&server, &superadmin, "Acme").await;
    let id = template_id(&superadmin, "invitation").await;
    for caller in [&acme.admin, &acme.user] {
        for path in [TEMPLATES, LOGS, &format!("{TEMPLATES}/{id}"), &format!("{LOGS}/{id}")] {
            caller.get(path).await.expect(403);
        }
        caller.post(TEMPLATES, json!({})).await.expect(403);
        caller.post(&format!("{TEMPLATES}/render"), json!({})).await.expect(403);
        caller.post(&format!("{TEMPLATES}/{id}/test"), json!({})).await.expect(403);
        caller.put(&format!("{TEMPLATES}/{id}"), json!({})).await.expect(403);
        caller.delete(&format!("{TEMPLATES}/{id}")).await.expect(403);
    }
    server.anonymous().get(LOGS).await.expect(401);
}

async fn what_goes_into_headers_stays_there(database: Database) {
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let smtp_server = SmtpServer::start().await;
    let mut config = smtp(smtp_server.port);
    config["from_name"] = "Eve\r\nBcc: eve@example.org".into();
    config["reply_to"] = "answers@example.com".into();
    configure(&superadmin, None, "smtp", config).await;
    let id = template_id(&superadmin, "invitation").await;
    let path = format!("{TEMPLATES}/{id}/test");
    let body = json!({
        "recipient_email": "ann@example.org",
        "variables": { "account_name": "A\r\nBcc: eve@example.org\r\n\r\nbody", "token": "x\r\n.\r\nQUIT" },
    });
    superadmin.post(&path, body).await.expect(200);
    for recipient in ["ann@example.org\r\nBcc: eve@example.org", "ann@example.org,eve@example.org", "<a@b.co"]
    {
        superadmin.post(&path, json!({ "recipient_email": recipient })).await.expect(422);
    }
    let received = smtp_server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].to, ["ann@example.org"]);
    assert_eq!(received[0].headers("Bcc"), [""; 0]);
    assert_eq!(received[0].headers("Reply-To"), ["answers@example.com"]);
    assert!(received[0].headers("Subject")[0].starts_with("You've been invited to join A Bcc: eve"));
}
