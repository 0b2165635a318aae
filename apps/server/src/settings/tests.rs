use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;

fn load(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let memory = ("SNACKBASE_DATABASE_URL", "sqlite::memory:");
    let variables = [memory].into_iter().chain(variables.iter().copied());
    Settings::load(variables.map(|(name, value)| (name.to_owned(), value.to_owned())), None)
}

fn problem(variables: &[(&str, &str)]) -> String {
    load(variables).unwrap_err().to_string()
}

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn every_default_can_be_read() {
    let settings = load(&[]).unwrap();
    assert_eq!(settings.listen.port, 8000);
    assert_eq!(settings.cors.origins.len(), 3);
    assert_eq!(settings.files.allowed_mime_types.len(), 7);
    assert_eq!(settings.database.sqlite_synchronous, Synchronous::Full);
    assert_eq!(settings.jobs.poll_interval, std::time::Duration::from_secs(1));
    assert_eq!(settings.hooks.max_scheduled_per_account, None);
    assert_eq!(settings.app.external_url.as_str(), "http://localhost:8000");
}

#[test]
fn values_are_read_in_any_letter_case_and_the_last_counts() {
    let settings = load(&[
        ("snackbase_port", "9000"),
        ("SNACKBASE_PORT", "9001"),
        ("SNACKBASE_DEBUG", "On"),
        ("SNACKBASE_CORS_ORIGINS", "http://a.example, http://b.example"),
        ("SNACKBASE_CORS_ALLOW_HEADERS", "[\"x-a\"]"),
        ("SNACKBASE_TRUSTED_PROXIES", "10.0.0.0/8,::1"),
        ("SNACKBASE_RATE_LIMIT_ENDPOINTS", "{\"/api/v1/auth/login\": 10}"),
        ("SNACKBASE_LOG_LEVEL", "warning"),
        ("SNACKBASE_EXTERNAL_URL", "https://b.example/"),
        ("SNACKBASE_NO_SUCH_SETTING", "x"),
        ("OTHER_PORT", "1"),
    ])
    .unwrap();
    assert_eq!(settings.listen.port, 9001);
    assert!(settings.app.debug);
    assert_eq!(settings.cors.origins, ["http://a.example", "http://b.example"]);
    assert_eq!(settings.cors.allow_headers, ["x-a"]);
    assert_eq!(settings.logging.level, LogLevel::Warning);
    assert_eq!(settings.app.external_url.as_str(), "https://b.example");
    assert_eq!(settings.rate_limits.endpoints["/api/v1/auth/login"].get(), 10);
    let inside = |text: &str| {
        let address = text.parse().unwrap();
        settings.listen.trusted_proxies.iter().any(|block| block.contains(address))
    };
    assert!(inside("10.1.2.3") && inside("::ffff:10.1.2.3") && inside("::1"));
    assert!(!inside("11.0.0.1") && !inside("::2"));
}

#[test]
fn all_bad_values_are_named_and_not_repeated() {
    let text = problem(&[
        ("SNACKBASE_PORT", "70000"),
        ("SNACKBASE_DEBUG", "perhaps"),
        ("SNACKBASE_ENVIRONMENT", "staging"),
        ("SNACKBASE_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("SNACKBASE_DATABASE_URL", "mysql://u:top-secret@h/d"),
    ]);
    for name in ["PORT", "DEBUG", "ENVIRONMENT", "TRUSTED_PROXIES", "DATABASE_URL"] {
        assert!(text.contains(&format!("SNACKBASE_{name}: ")), "{text}");
    }
    assert!(!text.contains("top-secret"));
}

#[test]
fn sqlite_has_one_worker_and_a_single_tenant_an_account() {
    assert_eq!(
        problem(&[("SNACKBASE_WORKERS", "4")]),
        "SQLite does not support multiple worker processes. Requested 4 workers, but SQLite requires workers=1. Either use --workers 1 or switch to PostgreSQL."
    );
    assert_eq!(
        problem(&[("SNACKBASE_SINGLE_TENANT_MODE", "true"), ("SNACKBASE_SINGLE_TENANT_ACCOUNT", "")]),
        "SNACKBASE_SINGLE_TENANT_ACCOUNT is required when SNACKBASE_SINGLE_TENANT_MODE=true"
    );
}

#[test]
fn production_demands_good_keys() {
    let text = problem(&[
        ("SNACKBASE_ENVIRONMENT", "production"),
        ("SNACKBASE_SECRET_KEY", "change-me-in-production-use-openssl-rand-hex-32"),
        ("SNACKBASE_TOKEN_SECRET", "short"),
    ]);
    for name in ["SECRET_KEY", "TOKEN_SECRET", "ENCRYPTION_KEY"] {
        assert!(text.contains(&format!("SNACKBASE_{name}")), "{text}");
    }
    assert_eq!(text.lines().count(), 1);
    let settings = load(&[
        ("SNACKBASE_ENVIRONMENT", "production"),
        ("SNACKBASE_SECRET_KEY", KEY),
        ("SNACKBASE_TOKEN_SECRET", KEY),
        ("SNACKBASE_ENCRYPTION_KEY", KEY),
    ])
    .unwrap();
    assert!(settings.is_production());
    assert!(!format!("{settings:?}").contains(KEY));
}

#[test]
fn elsewhere_keys_are_made_up_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let url = format!("sqlite:///{}/s.db", data.display());
    let start = |extra: &[(&str, &str)]| {
        let mut variables = vec![("SNACKBASE_DATABASE_URL", url.as_str())];
        variables.extend_from_slice(extra);
        load(&variables).unwrap()
    };
    let first = start(&[]);
    assert_eq!(first.data_folder(), data);
    assert_eq!(first.secrets.secret_key.expose().len(), 64);
    assert_ne!(first.secrets.secret_key, first.secrets.encryption_key);
    let mode = fs::metadata(data.join("secrets.env")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1);

    let second = start(&[("SNACKBASE_TOKEN_SECRET", "own")]);
    assert_eq!(second.secrets.secret_key, first.secrets.secret_key);
    assert_eq!(second.secrets.token_secret.expose(), "own");
}

#[test]
fn the_file_gives_way_to_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    fs::write(&file, "# x\nSNACKBASE_PORT=1\nSNACKBASE_HOST='::1'\nOTHER=2\n").unwrap();
    let variables = || {
        [("SNACKBASE_DATABASE_URL", "sqlite::memory:"), ("SNACKBASE_PORT", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let settings = Settings::load(variables(), Some(&file)).unwrap();
    assert_eq!((settings.listen.port, settings.listen.host.as_str()), (2, "::1"));

    fs::write(&file, "SNACKBASE_SECRET_KEY='top-secret\n").unwrap();
    let error = Settings::load(variables(), Some(&file)).unwrap_err().to_string();
    assert!(error.contains(".env") && !error.contains("top-secret"), "{error}");
    assert!(Settings::load(variables(), Some(Path::new("/no/such/.env"))).is_ok());
}

#[test]
fn the_reference_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
    let text = reference_markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "docs/settings.md differs from the table of settings; run with UPDATE_DOCS=1");
}
