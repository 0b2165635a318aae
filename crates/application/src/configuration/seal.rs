//! Secrets of configurations: encrypted before they are stored, and opened for
//! use. Empty texts stay as they are.

use serde_json::Value;
use snackbase_domain::ConfigurationId;
use snackbase_domain::configuration::map_secrets;

use crate::AppError;
use crate::ports::{ConfigurationQuery, Repositories, SecretBox, SecretFault};

/// The place that a secret is bound to.
fn place_of(id: ConfigurationId, path: &str) -> String {
    format!("configurations/{id}{path}")
}

/// The values as they are stored.
pub(super) fn seal(secrets: &dyn SecretBox, id: ConfigurationId, values: &Value) -> Result<Value, AppError> {
    map_secrets(values, &mut |path, plain| {
        Ok(if plain.is_empty() { String::new() } else { secrets.seal(plain, &place_of(id, path)) })
    })
}

/// The values as they were before they were stored.
pub(super) fn open(secrets: &dyn SecretBox, id: ConfigurationId, stored: &Value) -> Result<Value, AppError> {
    map_secrets(stored, &mut |path, text| {
        if text.is_empty() {
            return Ok(String::new());
        }
        secrets.open(text, &place_of(id, path)).map_err(|fault| unreadable(id, path, fault))
    })
}

fn unreadable(id: ConfigurationId, path: &str, fault: SecretFault) -> AppError {
    AppError::Internal(format!("the secret '{path}' of configuration {id} cannot be read: {fault}"))
}

/// What encrypting anew has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Secrets that were encrypted with today's key.
    pub sealed: u64,
    /// Secrets that were so already.
    pub current: u64,
}

/// Encrypts with today's key what is not yet, within a unit of work. A secret
/// that cannot be read is an error.
pub(crate) async fn reseal_in(
    store: &dyn Repositories,
    secrets: &dyn SecretBox,
) -> Result<Resealed, AppError> {
    let mut done = Resealed::default();
    for listed in store.configurations().list(&ConfigurationQuery::default()).await? {
        let Some(mut configuration) = store.configurations().lock(listed.id).await? else {
            continue;
        };
        let (id, before) = (configuration.id, done.sealed);
        configuration.values = map_secrets(&configuration.values, &mut |path, text| {
            if text.is_empty() {
                return Ok::<_, AppError>(String::new());
            }
            let place = place_of(id, path);
            let plain = secrets.open(text, &place).map_err(|fault| unreadable(id, path, fault))?;
            if secrets.is_current(text) {
                done.current += 1;
                return Ok(text.to_owned());
            }
            done.sealed += 1;
            Ok(secrets.seal(&plain, &place))
        })?;
        if done.sealed > before {
            store.configurations().update(&configuration).await?;
        }
    }
    Ok(done)
}
