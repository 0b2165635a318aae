//! The keys that sign and encrypt: demanded in production, made up elsewhere.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::groups::GivenSecrets;
use super::parse::Parse;
use super::{PREFIX, SettingsError};

/// The value that documentation shows; as good as none.
const PLACEHOLDER: &str = "change-me-in-production-use-openssl-rand-hex-32";

/// The fewest characters of a key in production.
const LEAST: usize = 32;

/// The file in the data folder that keeps keys which were made up.
const FILE: &str = "secrets.env";

/// A text that printing does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text as secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Parse for Secret {
    const KIND: &'static str = "secret text";

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::new(text))
    }
}

/// The keys of the server.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Signs access and refresh tokens.
    pub secret_key: Secret,
    /// Signs the server's other tokens, API keys among them.
    pub token_secret: Secret,
    /// Encrypts stored secrets.
    pub encryption_key: Secret,
    /// Read stored secrets that were encrypted earlier.
    pub previous_encryption_keys: Vec<Secret>,
}

impl Secrets {
    /// Empty keys, replaced before anyone can see them.
    pub(super) fn none() -> Self {
        let none = || Secret::new("");
        Self {
            secret_key: none(),
            token_secret: none(),
            encryption_key: none(),
            previous_encryption_keys: Vec::new(),
        }
    }
}

impl GivenSecrets {
    /// Each key by name; one that is the placeholder counts as not given.
    fn named(&self) -> [(&'static str, Option<&Secret>); 3] {
        [
            ("SECRET_KEY", &self.secret_key),
            ("TOKEN_SECRET", &self.token_secret),
            ("ENCRYPTION_KEY", &self.encryption_key),
        ]
        .map(|(name, key)| (name, key.as_ref().filter(|key| key.0 != PLACEHOLDER)))
    }
}

/// The keys as given, all of them good ones.
///
/// # Errors
/// One message that names each key which is missing, short or the placeholder.
pub(super) fn demanded(given: &GivenSecrets) -> Result<Secrets, SettingsError> {
    let keys = given.named().map(|(name, key)| (name, key.filter(|key| key.0.chars().count() >= LEAST)));
    if let [(_, Some(secret)), (_, Some(token)), (_, Some(encryption))] = keys {
        return Ok(Secrets {
            secret_key: secret.clone(),
            token_secret: token.clone(),
            encryption_key: encryption.clone(),
            previous_encryption_keys: given.encryption_key_previous.clone(),
        });
    }
    let bad: Vec<_> =
        keys.iter().filter(|(_, key)| key.is_none()).map(|(name, _)| format!("{PREFIX}{name}")).collect();
    Err(SettingsError::from(format!(
        "Production needs keys of its own: set {} to a secret of at least {LEAST} characters that is not the documented default (for example from `openssl rand -hex 32`)",
        bad.join(", ")
    )))
}

/// The keys as given; those that are not come from the folder's file, which is made when it is not
/// there. Without a folder they live as long as the process.
///
/// # Errors
/// The file cannot be read or written, or lacks a key.
pub(super) fn given_or_kept(given: &GivenSecrets, folder: Option<&Path>) -> Result<Secrets, SettingsError> {
    let named = given.named();
    let kept = if named.iter().all(|(_, key)| key.is_some()) {
        Vec::new()
    } else {
        match folder {
            Some(folder) => kept_in(folder).map_err(|problem| {
                SettingsError::from(format!("{}: {problem}", folder.join(FILE).display()))
            })?,
            None => made_up(),
        }
    };
    let find = |(name, key): (&str, Option<&Secret>)| match key {
        Some(key) => Ok(key.clone()),
        None => kept
            .iter()
            .find(|(kept, _)| kept.strip_prefix(PREFIX) == Some(name))
            .map(|(_, key)| Secret::new(key.as_str()))
            .ok_or_else(|| SettingsError::from(format!("{FILE} lacks {PREFIX}{name}"))),
    };
    let [secret, token, encryption] = named;
    Ok(Secrets {
        secret_key: find(secret)?,
        token_secret: find(token)?,
        encryption_key: find(encryption)?,
        previous_encryption_keys: given.encryption_key_previous.clone(),
    })
}

fn kept_in(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let file = folder.join(FILE);
    if !file.exists() {
        write_new(folder, &file).map_err(|error| format!("cannot be written: {error}"))?;
    }
    let unreadable = |_| "cannot be read".to_owned();
    dotenvy::from_path_iter(&file).map_err(unreadable)?.collect::<Result<_, _>>().map_err(unreadable)
}

/// Writes new keys, unless another process was faster. The link makes the file appear whole.
fn write_new(folder: &Path, file: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!(".{FILE}.{}", std::process::id()));
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    out.write_all(b"# Keys of this installation. Losing ENCRYPTION_KEY loses every stored secret.\n")?;
    for (name, key) in made_up() {
        writeln!(out, "{name}={key}")?;
    }
    out.sync_all()?;
    let linked = fs::hard_link(&draft, file);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn made_up() -> Vec<(String, String)> {
    ["SECRET_KEY", "TOKEN_SECRET", "ENCRYPTION_KEY"]
        .map(|name| (format!("{PREFIX}{name}"), random_key()))
        .into()
}

/// 64 hexadecimal digits, 244 bits of them random.
#[expect(clippy::disallowed_methods, reason = "keys are made before any generator of ids exists")]
fn random_key() -> String {
    let half = || uuid::Uuid::new_v4().simple().to_string();
    half() + &half()
}
