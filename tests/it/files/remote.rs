//! Files at a service that speaks S3.

use std::sync::Arc;

use serde_json::{Value, json};
use snackbase_application::configuration::ProviderSettings;
use snackbase_application::ports::{FileFault, FileRoute, FileStore};
use snackbase_domain::file::Provider;
use snackbase_domain::{AccountId, ConfigurationId};
use snackbase_integrations::ProviderFiles;
use snackbase_integrations::outbound::Destinations;
use snackbase_testkit::contract;

use super::s3_server::S3Server;
use super::{at, stored, text, until_stored, upload};
use crate::client::Client;
use crate::on_each_database;
use crate::server::{Database, Server};
use crate::tenant::Tenant;

on_each_database!(
    files_go_to_the_default_provider_and_stay_readable,
    files_are_brought_to_another_provider,
    an_endpoint_that_does_not_answer_is_a_bad_gateway,
);

const OPEN: (&str, &str) = ("ALLOW_PRIVATE_DESTINATIONS", "true");

fn route(s3: &S3Server) -> FileRoute {
    let Value::Object(values) = s3.settings() else { panic!("an object") };
    FileRoute::Remote(
        Provider::S3,
        Box::new(ProviderSettings {
            id: ConfigurationId::new(uuid::Uuid::nil()),
            account_id: AccountId::SYSTEM,
            category: "storage_providers".to_owned(),
            provider_name: "s3".to_owned(),
            values,
        }),
    )
}

#[tokio::test]
async fn s3_keeps_the_promises_of_the_port() {
    let s3 = S3Server::start().await;
    let folder = tempfile::TempDir::new().unwrap();
    let files = ProviderFiles::new(Destinations::new(true), folder.path());
    contract::file_store::suite(Arc::new(files), route(&s3)).await;
}

#[tokio::test]
async fn private_endpoints_are_not_asked() {
    let s3 = S3Server::start().await;
    let folder = tempfile::TempDir::new().unwrap();
    let files = ProviderFiles::new(Destinations::new(false), folder.path());
    let refused = files.head(&route(&s3), "a/b").await;
    assert!(
        matches!(&refused, Err(FileFault::Unreachable(why)) if why.contains("not a public address")),
        "{refused:?}"
    );
}

/// Makes S3 the default; answers the id of its configuration.
async fn use_s3(superadmin: &Client, settings: Value) -> String {
    let configuration = json!({
        "category": "storage_providers", "provider_name": "s3", "display_name": "S3", "config": settings,
    });
    let made = superadmin.post("/api/v1/admin/configuration", configuration).await.expect(200);
    let id = made.str("id").to_owned();
    superadmin.post(&format!("/api/v1/admin/configuration/{id}/set-default"), json!({})).await.expect(200);
    id
}

async fn files_go_to_the_default_provider_and_stay_readable(database: Database) {
    let s3 = S3Server::start().await;
    let folder = database.folder().join("files");
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let local = text(&tenant.user, "local").await;
    let test = json!({ "category": "storage_providers", "provider_name": "s3", "config": s3.settings() });
    let tested = superadmin.post("/api/v1/admin/configuration/test-connection", test).await.expect(200);
    assert!(tested.text.contains("Bucket 'files' is accessible in region 'us-east-1'"), "{}", tested.text);
    let mut wrong = s3.settings();
    wrong["secret_access_key"] = json!("another");
    let test = json!({ "category": "storage_providers", "provider_name": "s3", "config": wrong });
    let tested = superadmin.post("/api/v1/admin/configuration/test-connection", test).await;
    assert!(tested.text.contains("S3 connection failed ("), "{}", tested.text);
    let id = use_s3(&superadmin, s3.settings()).await;
    let large = vec![b'x'; 9_000_000];
    let remote = upload(&tenant.user, "b.txt", "text/plain", &large).await.expect(201).body["file"].clone();
    assert!(remote["path"].as_str().unwrap().starts_with(&format!("s3/{}/", tenant.id)));
    assert!(tenant.user.get(&at(&remote)).await.expect(200).bytes == large);
    let part = tenant.user.with_header("range", "bytes=8999990-").get(&at(&remote)).await.expect(206);
    assert_eq!(part.text, "xxxxxxxxxx");
    assert_eq!(tenant.user.get(&at(&local)).await.expect(200).text, "local", "the former ones stay");
    assert_eq!(stored(&folder).len(), 1);
    // Switched off, it is not asked; on again, all is there.
    let enabled = format!("/api/v1/admin/configuration/{id}");
    superadmin.patch(&enabled, json!({ "enabled": false })).await.expect(200);
    let refused = tenant.user.get(&at(&remote)).await.expect(403);
    assert_eq!(refused.str("detail"), "S3 storage provider is not configured or enabled");
    superadmin.patch(&enabled, json!({ "enabled": true })).await.expect(200);
    tenant.user.delete(&at(&remote)).await.expect(204);
    until_stored(&s3.objects(), 0).await;
}

async fn an_endpoint_that_does_not_answer_is_a_bad_gateway(database: Database) {
    let folder = database.folder().join("files");
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let nowhere = json!({
        "bucket": "b", "access_key_id": "a", "secret_access_key": "s", "endpoint_url": "http://127.0.0.1:1",
    });
    use_s3(&superadmin, nowhere).await;
    let failed = upload(&superadmin, "c.txt", "text/plain", b"x").await.expect(502);
    assert_eq!(failed.body, json!({ "detail": "Failed to upload file" }));
    assert_eq!(stored(&folder).len(), 0);
}

async fn files_are_brought_to_another_provider(database: Database) {
    let s3 = S3Server::start().await;
    let folder = database.folder().join("files");
    let server = Server::start_with(database, &[OPEN]);
    let superadmin = server.superadmin().await;
    let tenant = Tenant::create(&server, &superadmin, "Acme").await;
    let mine = text(&superadmin, "of the system").await;
    let theirs = text(&tenant.user, "of an account").await;
    let damaged = text(&tenant.user, "damaged").await;
    use_s3(&superadmin, s3.settings()).await;
    std::fs::write(folder.join(damaged["path"].as_str().unwrap()), b"DAMAGED").unwrap();
    let files = &server.services().files;
    let planned = files.migrate(Provider::S3, None, true, |_| {}).await.unwrap();
    assert_eq!((planned.files, stored(&folder).len()), (3, 3));
    let account = tenant.id.parse().unwrap();
    let moved = files.migrate(Provider::S3, Some(account), false, |_| {}).await.unwrap();
    assert_eq!((moved.files, moved.failed), (1, 1), "what is not what was uploaded stays");
    assert_eq!(tenant.user.get(&at(&theirs)).await.expect(200).text, "of an account");
    until_stored(&folder, 2).await;
    let moved = files.migrate(Provider::S3, None, false, |_| {}).await.unwrap();
    assert_eq!((moved.files, moved.failed), (1, 1));
    assert_eq!(superadmin.get(&at(&mine)).await.expect(200).text, "of the system");
    // And back, with the same paths.
    let back = files.migrate(Provider::Local, None, false, |_| {}).await.unwrap();
    assert_eq!((back.files, back.failed), (2, 0));
    until_stored(&folder, 3).await;
    assert_eq!(tenant.user.get(&at(&theirs)).await.expect(200).text, "of an account");
    files.delete_due().await.unwrap();
}
