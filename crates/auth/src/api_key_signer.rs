//! API keys: `sb_ak.<payload>.<signature>`, a JSON object in base64url and its
//! HMAC-SHA256 (RFC 2104), or `sb_sk_` and random characters.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use snackbase_application::AppError;
use snackbase_application::auth::RANDOM_PREFIX;
use snackbase_application::ports::{ApiKeyClaims, ApiKeyFault, ApiKeySigner};

const PREFIX: &str = "sb_ak";
const TYPE: &str = "api_key";
/// Kinds of tokens of the same form, none of which is an API key.
const OTHER_PREFIXES: [&str; 3] = ["sb_jwt", "sb_pt", "sb_ot"];
/// Characters of a random key: 62 to the 48th is more than 285 bits.
const RANDOM_CHARS: usize = 48;

/// The payload of a key.
#[derive(Serialize, Deserialize)]
struct Payload {
    version: u8,
    r#type: String,
    user_id: String,
    email: String,
    account_id: String,
    role: String,
    #[serde(default)]
    permissions: Vec<String>,
    issued_at: i64,
    expires_at: Option<i64>,
    token_id: String,
}

/// Signs keys with one secret.
pub struct HmacKeySigner {
    mac: Hmac<Sha256>,
}

impl HmacKeySigner {
    /// `secret` is the key of the HMAC.
    pub fn new(secret: &[u8]) -> Self {
        Self { mac: Hmac::new_from_slice(secret).expect("HMAC takes keys of any length") }
    }

    fn mac(&self, signed: &str) -> Hmac<Sha256> {
        self.mac.clone().chain_update(signed.as_bytes())
    }
}

fn claims(payload: &Payload) -> Option<ApiKeyClaims> {
    let moment = |seconds| DateTime::from_timestamp(seconds, 0);
    Some(ApiKeyClaims {
        id: payload.token_id.parse().ok()?,
        user_id: payload.user_id.parse().ok()?,
        account_id: payload.account_id.parse().ok()?,
        email: payload.email.clone(),
        role: payload.role.clone(),
        issued_at: moment(payload.issued_at)?,
        expires_at: match payload.expires_at {
            None => None,
            Some(seconds) => Some(moment(seconds)?),
        },
    })
}

impl ApiKeySigner for HmacKeySigner {
    fn sign(&self, claims: &ApiKeyClaims) -> Result<String, AppError> {
        let payload = serde_json::to_vec(&Payload {
            version: 1,
            r#type: TYPE.to_owned(),
            user_id: claims.user_id.to_string(),
            email: claims.email.clone(),
            account_id: claims.account_id.to_string(),
            role: claims.role.clone(),
            permissions: Vec::new(),
            issued_at: claims.issued_at.timestamp(),
            expires_at: claims.expires_at.map(|at| at.timestamp()),
            token_id: claims.id.to_string(),
        })
        .map_err(|e| AppError::Internal(format!("an API key cannot be written: {e}")))?;
        let signed = format!("{PREFIX}.{}", URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&signed).finalize().into_bytes());
        Ok(format!("{signed}.{signature}"))
    }

    fn random(&self) -> String {
        let mut key = RANDOM_PREFIX.to_owned();
        key.extend(rand::rng().sample_iter(Alphanumeric).take(RANDOM_CHARS).map(char::from));
        key
    }

    fn read(&self, key: &str, now: DateTime<Utc>) -> Result<ApiKeyClaims, ApiKeyFault> {
        let parts: Vec<_> = key.split('.').collect();
        let [prefix, payload, signature] = parts[..] else {
            return Err(ApiKeyFault::Format);
        };
        // Only the canonical encoding is taken, so that a key has one form.
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| ApiKeyFault::SignatureEncoding)?;
        let signed = format!("{prefix}.{payload}");
        self.mac(&signed).verify_slice(&signature).map_err(|_| ApiKeyFault::Signature)?;
        if prefix != PREFIX && !OTHER_PREFIXES.contains(&prefix) {
            return Err(ApiKeyFault::Prefix(prefix.to_owned()));
        }
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| ApiKeyFault::Payload)?;
        let payload: Payload = serde_json::from_slice(&payload).map_err(|_| ApiKeyFault::Payload)?;
        if prefix != PREFIX || payload.r#type != TYPE {
            return Err(ApiKeyFault::Type);
        }
        let claims = claims(&payload).ok_or(ApiKeyFault::Payload)?;
        if claims.expires_at.is_some_and(|at| at <= now) {
            return Err(ApiKeyFault::Expired);
        }
        Ok(claims)
    }

    fn digest(&self, key: &str) -> String {
        Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snackbase_domain::{AccountId, ApiKeyId, UserId};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn claims() -> ApiKeyClaims {
        ApiKeyClaims {
            id: ApiKeyId::new(uuid::Uuid::from_u128(1)),
            user_id: UserId::new(uuid::Uuid::from_u128(2)),
            account_id: AccountId::SYSTEM,
            email: "a@example.com".into(),
            role: "admin".into(),
            issued_at: now(),
            expires_at: Some(now() + chrono::Duration::seconds(10)),
        }
    }

    #[test]
    fn what_was_signed_is_read_until_it_expires() {
        let signer = HmacKeySigner::new(b"secret");
        let key = signer.sign(&claims()).unwrap();
        assert!(key.starts_with("sb_ak."));
        assert_eq!(signer.read(&key, now()), Ok(claims()));
        assert_eq!(signer.read(&key, now() + chrono::Duration::seconds(10)), Err(ApiKeyFault::Expired));
    }

    #[test]
    fn what_was_not_signed_so_is_refused() {
        let signer = HmacKeySigner::new(b"secret");
        let key = signer.sign(&claims()).unwrap();
        let parts: Vec<_> = key.split('.').collect();
        let other = HmacKeySigner::new(b"other").sign(&claims()).unwrap();
        for (bad, fault) in [
            ("sb_ak.x".to_owned(), ApiKeyFault::Format),
            (format!("sb_ak.{}.***", parts[1]), ApiKeyFault::SignatureEncoding),
            (format!("{key}="), ApiKeyFault::SignatureEncoding),
            (other, ApiKeyFault::Signature),
            (format!("sb_ak.{}.{}", URL_SAFE_NO_PAD.encode("{}"), parts[2]), ApiKeyFault::Signature),
            (format!("sb_pt.{}.{}", parts[1], parts[2]), ApiKeyFault::Signature),
        ] {
            assert_eq!(signer.read(&bad, now()), Err(fault), "{bad}");
        }
    }

    #[test]
    fn prefix_and_type_are_looked_at_after_the_signature() {
        let signer = HmacKeySigner::new(b"secret");
        let key = signer.sign(&claims()).unwrap();
        let payload = key.split('.').nth(1).unwrap();
        let resign = |signed: String| {
            let signature = URL_SAFE_NO_PAD.encode(signer.mac(&signed).finalize().into_bytes());
            format!("{signed}.{signature}")
        };
        let read = |signed: String| signer.read(&resign(signed), now());
        assert_eq!(read(format!("sb_zz.{payload}")), Err(ApiKeyFault::Prefix("sb_zz".into())));
        assert_eq!(read(format!("sb_pt.{payload}")), Err(ApiKeyFault::Type));
        assert_eq!(read("sb_ak.e30".to_owned()), Err(ApiKeyFault::Payload));
    }

    #[test]
    fn random_keys_differ() {
        let signer = HmacKeySigner::new(b"secret");
        assert_ne!(signer.random(), signer.random());
        assert_eq!(signer.random().len(), "sb_sk_".len() + RANDOM_CHARS);
    }
}
