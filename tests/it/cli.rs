//! The command line.

use std::net::TcpListener;

use serde_json::json;

use crate::client::Client;
use crate::program::Program;

const STRONG: &str = "Str0ng!Passw0rd";
const KEY: &str = "0123456789abcdef0123456789abcdef";
const PRODUCTION: [(&str, &str); 4] =
    [("ENVIRONMENT", "production"), ("SECRET_KEY", KEY), ("TOKEN_SECRET", KEY), ("ENCRYPTION_KEY", KEY)];

#[test]
fn init_db_asks_first_and_can_be_repeated() {
    let Some(program) = Program::find("cli: init-db") else { return };
    let refused = program.run(&["init-db"], &[], "n\n").expect(1);
    assert!(refused.err.contains("Aborted"), "{}", refused.err);
    assert!(!program.database().exists());
    program.run(&["init-db"], &[], "").expect(1);
    program.run(&["init-db"], &[], "y\n").expect(0);
    assert!(program.database().is_file());
    program.run(&["init-db", "--force"], &[], "").expect(0);
    let superadmin = [("SUPERADMIN_EMAIL", "admin@example.com"), ("SUPERADMIN_PASSWORD", STRONG)];
    program.run(&["init-db", "--force"], &superadmin, "").expect(0);
    let exists = ["create-superadmin", "--force", "--email", "admin@example.com", "--password", STRONG];
    program.run(&exists, &[], "").expect(1);
}

#[test]
fn init_db_is_refused_in_production_unless_forced() {
    let Some(program) = Program::find("cli: init-db in production") else { return };
    let refused = program.run(&["init-db"], &PRODUCTION, "y\n").expect(1);
    let text = "ERROR: Running in production mode. Use 'migrate upgrade' instead of init_db.";
    assert_eq!(refused.err.trim_end(), text);
    program.run(&["migrate", "upgrade"], &PRODUCTION, "").expect(0);
    program.run(&["init-db", "--force"], &PRODUCTION, "").expect(0);
}

#[test]
fn create_superadmin_says_what_is_wrong() {
    let Some(program) = Program::find("cli: create-superadmin") else { return };
    let create = |email: &str, password: &str, options: &[&str], typed: &str| {
        let arguments = [&["create-superadmin", "--email", email, "--password", password], options].concat();
        program.run(&arguments, &[], typed)
    };
    let error =
        |text: &str, password: &str| create(text, password, &[], "").expect(1).err.trim_end().to_owned();
    assert_eq!(error("nobody", STRONG), "Error: Invalid email format");
    let weak = "Error: Password validation failed: password: Password must be at least 12 characters; password: Password must contain at least one uppercase letter; password: Password must contain at least one digit; password: Password must contain at least one special character";
    assert_eq!(error("admin@example.com", "weak"), weak);
    let made = create("admin@example.com", STRONG, &[], "").expect(0);
    for line in ["User ID: ", "Account ID: 00000000-0000-0000-0000-000000000000", "SY0000"] {
        assert!(made.out.contains(line), "{}", made.out);
    }
    assert!(!made.out.contains(STRONG));
    let again = create("Admin@example.com", STRONG, &["--force"], "").expect(1);
    assert!(again.err.starts_with("Error: A superadmin with email '"), "{}", again.err);
    assert!(again.err.trim_end().ends_with("' already exists"), "{}", again.err);
    create("second@example.com", STRONG, &[], "n\n").expect(1);
    create("second@example.com", STRONG, &[], "y\n").expect(0);
    create("third@example.com", STRONG, &["--force"], "").expect(0);
}

#[test]
fn info_hides_passwords() {
    let Some(program) = Program::find("cli: info") else { return };
    let settings = [
        ("DATABASE_URL", "postgresql+asyncpg://snack:top-secret@db.example.com/snackbase"),
        ("SUPERADMIN_PASSWORD", "top-secret"),
        ("SECRET_KEY", "top-secret"),
    ];
    let shown = program.run(&["info"], &settings, "").expect(0);
    assert!(shown.out.contains("snack:***@db.example.com/snackbase"), "{}", shown.out);
    assert!(!shown.out.contains("top-secret") && !shown.err.contains("top-secret"));
    assert!(shown.out.contains("60 minutes") && shown.out.contains("development"), "{}", shown.out);
}

#[test]
fn migrations_are_applied_listed_and_undone_unless_data_would_be_lost() {
    let Some(program) = Program::find("cli: migrate") else { return };
    let migrate = |arguments: &[&str]| program.run(&[&["migrate"], arguments].concat(), &[], "");
    assert_eq!(migrate(&["current"]).expect(0).out.trim_end(), "(none)");
    let pending = migrate(&["history"]).expect(0).out;
    assert!(
        pending.lines().count() > 0 && pending.lines().all(|line| line.starts_with("pending ")),
        "{pending}"
    );
    migrate(&["upgrade"]).expect(0);
    let applied = migrate(&["history"]).expect(0).out;
    assert_eq!(applied, pending.replace("pending ", "applied "));
    let newest = applied.lines().last().unwrap().trim_start_matches("applied ").to_owned();
    assert_eq!(migrate(&["current"]).expect(0).out.trim_end(), newest);
    migrate(&["upgrade", "--revision", "head"]).expect(0);
    migrate(&["upgrade", "--revision", &newest]).expect(0);
    let unknown = migrate(&["upgrade", "--revision", "nosuch"]).expect(1);
    assert!(unknown.err.contains("nosuch"), "{}", unknown.err);
    let names: Vec<_> = applied.lines().map(|line| line.trim_start_matches("applied ")).collect();
    let (first, before) = (names[0], names[names.len() - 2]);
    let undone = migrate(&["downgrade"]).expect(0).out;
    assert!(undone.ends_with(&format!("undone {newest}\n{before}\n")), "{undone}");
    migrate(&["downgrade", "--revision", first]).expect(0);
    migrate(&["upgrade", "--revision", before]).expect(0);
    assert_eq!(migrate(&["current"]).expect(0).out.trim_end(), before);
    migrate(&["downgrade", "--revision", "base"]).expect(0);
    assert_eq!(migrate(&["current"]).expect(0).out.trim_end(), "(none)");
    for impossible in ["-1", "-x", "nosuch"] {
        let refused = migrate(&["downgrade", "--revision", impossible]).expect(1);
        assert!(!refused.err.is_empty(), "{impossible}");
    }
    program.run(&["init-db", "--force"], &[], "").expect(0);
    let refused = migrate(&["downgrade", "--revision", "base"]).expect(1);
    assert!(refused.err.contains("refused") && refused.err.contains("'roles'"), "{}", refused.err);
    assert_eq!(migrate(&["current"]).expect(0).out.trim_end(), newest);
    for needless in [&["revision", "-m", "text"][..], &["repair", "--dry-run"]] {
        assert!(migrate(needless).expect(0).out.contains("Not needed"));
    }
}

#[test]
fn settings_that_cannot_work_stop_the_start_and_are_named() {
    let Some(program) = Program::find("cli: settings") else { return };
    for (name, value) in [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://host/database"),
        ("CORS_ORIGINS", "[1"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
        ("ENVIRONMENT", "staging"),
    ] {
        let stopped = program.run(&["serve"], &[(name, value)], "").expect(1);
        assert!(stopped.err.contains(&format!("SNACKBASE_{name}")), "{name}: {}", stopped.err);
    }
    let both = program.run(&["serve"], &[("PORT", "many"), ("DEBUG", "perhaps")], "").expect(1);
    assert!(both.err.contains("SNACKBASE_PORT") && both.err.contains("SNACKBASE_DEBUG"), "{}", both.err);
    let bare = program.run(&["serve"], &[("ENVIRONMENT", "production")], "").expect(1);
    assert!(bare.err.contains("SNACKBASE_SECRET_KEY"), "{}", bare.err);
    let workers = "SQLite does not support multiple worker processes. Requested 3 workers, but SQLite requires workers=1. Either use --workers 1 or switch to PostgreSQL.";
    assert_eq!(program.run(&["serve", "--workers", "3"], &[], "").expect(1).err.trim_end(), workers);
    assert_eq!(program.run(&["serve"], &[("WORKERS", "3")], "").expect(1).err.trim_end(), workers);
    assert!(!program.database().exists());
}

#[test]
fn a_start_that_cannot_succeed_ends_with_a_reason() {
    let Some(program) = Program::find("cli: start") else { return };
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let stopped = program.run(&["serve", "--host", "127.0.0.1", "--port", &port], &[], "").expect(1);
    assert!(stopped.err.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{}", stopped.err);
    drop(taken);
    let nowhere = format!("postgresql://u:top-secret@127.0.0.1:{port}/nowhere");
    let settings = [("DATABASE_URL", nowhere.as_str()), ("DB_POOL_TIMEOUT", "2")];
    let stopped = program.run(&["serve"], &settings, "").expect(1);
    assert!(!stopped.err.is_empty() && !(stopped.err + &stopped.out).contains("top-secret"));
    std::fs::write(program.folder().join("file"), "no folder").unwrap();
    let inside = format!("sqlite:///{}/file/snackbase.db", program.folder().display());
    program.run(&["serve"], &[("DATABASE_URL", &inside)], "").expect(1);
}

#[test]
fn commands_that_do_not_exist_are_usage_errors() {
    let Some(program) = Program::find("cli: usage") else { return };
    for arguments in [&["shell"][..], &[], &["serve", "--nosuch"], &["migrate"]] {
        let ended = program.run(arguments, &[], "").expect(2);
        assert!(ended.err.contains("Usage"), "{}", ended.err);
    }
    assert!(program.run(&["--version"], &[], "").expect(0).out.starts_with("snackbase "));
}

/// A configuration with two secrets, one of which a superadmin may see.
async fn add_secrets(superadmin: &Client, name: &str) -> String {
    let body = json!({
        "category": "email_providers", "provider_name": name, "display_name": name,
        "config": { "access_key_id": format!("id of {name}"), "nested": [{ "api_token": "a token" }] },
    });
    superadmin.post("/api/v1/admin/configuration", body).await.expect(200).str("id").to_owned()
}

#[tokio::test]
async fn secrets_are_rotated_to_a_new_key() {
    let Some(program) = Program::find("cli: rotate-secrets") else { return };
    let (old, new) = ([("ENCRYPTION_KEY", "the old key")], [("ENCRYPTION_KEY", "the new key")]);
    let both = [new[0], ("ENCRYPTION_KEY_PREVIOUS", "an older key,the old key")];
    let rotate = |settings: &[(&str, &str)]| program.run(&["rotate-secrets"], settings, "");
    let path = |id: &str| format!("/api/v1/admin/configuration/{id}/values");

    let mut serving = program.serve_with(&old).await;
    let first = add_secrets(&serving.superadmin().await, "first").await;
    serving.kill();
    // The values are there as far as their key is known.
    let mut serving = program.serve_with(&new).await;
    let reply = serving.superadmin().await.get(&path(&first)).await.expect(500);
    assert!(!reply.text.contains("sb1:"), "{}", reply.text);
    serving.kill();
    let mut serving = program.serve_with(&both).await;
    let superadmin = serving.superadmin().await;
    assert_eq!(superadmin.get(&path(&first)).await.expect(200).body["access_key_id"], "id of first");
    let second = add_secrets(&superadmin, "second").await;
    serving.kill();

    let refused = rotate(&new).expect(1);
    assert!(refused.err.starts_with("Nothing was changed: "), "{}", refused.err);
    let said = "2 secrets encrypted with the current key, 2 were so already.\n";
    assert_eq!(rotate(&both).expect(0).out, said);
    let said = "0 secrets encrypted with the current key, 4 were so already.\n";
    assert_eq!(rotate(&both).expect(0).out, said);
    assert_eq!(rotate(&new).expect(0).out, said);

    let mut serving = program.serve_with(&new).await;
    let superadmin = serving.superadmin().await;
    for (id, name) in [(&first, "first"), (&second, "second")] {
        let values = superadmin.get(&path(id)).await.expect(200).body;
        let expected =
            json!({ "access_key_id": format!("id of {name}"), "nested": [{ "api_token": "••••••••" }] });
        assert_eq!(values, expected);
    }
    serving.kill();
    rotate(&old).expect(1);
}
