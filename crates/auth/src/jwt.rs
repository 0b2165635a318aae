//! Access and refresh tokens: JSON Web Tokens (RFC 7519) signed with HS256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use snackbase_application::AppError;
use snackbase_application::ports::{AccessClaims, RefreshClaims, TokenFault, Tokens};

const ALGORITHM: Algorithm = Algorithm::HS256;
const ISSUER: &str = "snackbase";
const ACCESS: &str = "access";
const REFRESH: &str = "refresh";
/// How far the clocks of nodes may be apart, in seconds: a token of later than that was not made yet.
const MOST_SKEW: i64 = 60;

/// How long tokens live, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLifetimes {
    pub access: i64,
    pub refresh: i64,
}

/// The claims of either token.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    user_id: String,
    account_id: String,
    /// The sign-in that the token belongs to.
    sid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    iat: i64,
    exp: i64,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
}

/// Signs and reads tokens with one key.
pub struct JwtTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// The first part of every token that we sign, with its dot.
    header: String,
    lifetimes: TokenLifetimes,
}

impl JwtTokens {
    /// `secret` is the key of the HMAC.
    pub fn new(secret: &[u8], lifetimes: TokenLifetimes) -> Self {
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        validation.validate_aud = false;
        // Expiry is judged by the caller's clock.
        validation.validate_exp = false;
        let header = serde_json::to_vec(&Header::new(ALGORITHM)).expect("a header can be written as JSON");
        Self {
            header: format!("{}.", URL_SAFE_NO_PAD.encode(header)),
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            lifetimes,
        }
    }

    fn sign(&self, claims: &Claims) -> Result<String, AppError> {
        jsonwebtoken::encode(&Header::new(ALGORITHM), claims, &self.encoding)
            .map_err(|e| AppError::Internal(format!("signing failed: {e}")))
    }

    fn read(&self, token: &str, kind: &str, now: DateTime<Utc>) -> Result<Claims, TokenFault> {
        // All tokens are ours, so there is nothing to negotiate (RFC 8725, section 3.1): a header with
        // another algorithm, a key of its own or anything else is none of ours.
        if !token.starts_with(&self.header) {
            return Err(TokenFault::Invalid);
        }
        let decode = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation);
        let claims = decode.map_err(|_| TokenFault::Invalid)?.claims;
        if claims.iat > now.timestamp() + MOST_SKEW || claims.sub != claims.user_id {
            return Err(TokenFault::Invalid);
        }
        if claims.exp <= now.timestamp() {
            return Err(TokenFault::Expired);
        }
        if claims.kind != kind {
            return Err(TokenFault::WrongType);
        }
        Ok(claims)
    }
}

fn moment(seconds: i64) -> Result<DateTime<Utc>, TokenFault> {
    DateTime::from_timestamp(seconds, 0).ok_or(TokenFault::Invalid)
}

impl Tokens for JwtTokens {
    fn sign_access(&self, claims: &AccessClaims) -> Result<String, AppError> {
        let issued = claims.issued_at.timestamp();
        self.sign(&Claims {
            iss: ISSUER.to_owned(),
            sub: claims.user_id.to_string(),
            user_id: claims.user_id.to_string(),
            account_id: claims.account_id.to_string(),
            sid: claims.session_id.to_string(),
            email: Some(claims.email.clone()),
            role: Some(claims.role.clone()),
            iat: issued,
            exp: issued + self.lifetimes.access,
            kind: ACCESS.to_owned(),
            jti: None,
        })
    }

    fn sign_refresh(&self, claims: &RefreshClaims) -> Result<String, AppError> {
        self.sign(&Claims {
            iss: ISSUER.to_owned(),
            sub: claims.user_id.to_string(),
            user_id: claims.user_id.to_string(),
            account_id: claims.account_id.to_string(),
            sid: claims.session_id.to_string(),
            email: None,
            role: None,
            iat: claims.issued_at.timestamp(),
            exp: claims.expires_at.timestamp(),
            kind: REFRESH.to_owned(),
            jti: Some(claims.id.clone()),
        })
    }

    fn read_access(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenFault> {
        let claims = self.read(token, ACCESS, now)?;
        Ok(AccessClaims {
            user_id: claims.user_id.parse().map_err(|_| TokenFault::Invalid)?,
            account_id: claims.account_id.parse().map_err(|_| TokenFault::Invalid)?,
            session_id: claims.sid.parse().map_err(|_| TokenFault::Invalid)?,
            email: claims.email.unwrap_or_default(),
            role: claims.role.unwrap_or_default(),
            issued_at: moment(claims.iat)?,
        })
    }

    fn read_refresh(&self, token: &str, now: DateTime<Utc>) -> Result<RefreshClaims, TokenFault> {
        let claims = self.read(token, REFRESH, now)?;
        Ok(RefreshClaims {
            id: claims.jti.ok_or(TokenFault::Invalid)?,
            user_id: claims.user_id.parse().map_err(|_| TokenFault::Invalid)?,
            account_id: claims.account_id.parse().map_err(|_| TokenFault::Invalid)?,
            session_id: claims.sid.parse().map_err(|_| TokenFault::Invalid)?,
            issued_at: moment(claims.iat)?,
            expires_at: moment(claims.exp)?,
        })
    }

    fn digest(&self, token: &str) -> String {
        Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn access_lifetime(&self) -> i64 {
        self.lifetimes.access
    }

    fn refresh_lifetime(&self) -> i64 {
        self.lifetimes.refresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snackbase_domain::{AccountId, SessionId, UserId};

    fn tokens(secret: &str) -> JwtTokens {
        JwtTokens::new(secret.as_bytes(), TokenLifetimes { access: 3600, refresh: 86_400 })
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn claims() -> AccessClaims {
        AccessClaims {
            user_id: UserId::new(uuid::Uuid::from_u128(1)),
            account_id: AccountId::SYSTEM,
            session_id: SessionId::new(uuid::Uuid::from_u128(2)),
            email: "a@example.com".into(),
            role: "admin".into(),
            issued_at: now(),
        }
    }

    #[test]
    fn what_was_signed_is_read() {
        let tokens = tokens("key");
        let token = tokens.sign_access(&claims()).unwrap();
        assert_eq!(tokens.read_access(&token, now()), Ok(claims()));
        assert_eq!(tokens.read_refresh(&token, now()), Err(TokenFault::WrongType));
        let late = now() + chrono::Duration::seconds(3600);
        assert_eq!(tokens.read_access(&token, late), Err(TokenFault::Expired));
    }

    #[test]
    fn what_was_not_signed_so_is_refused() {
        let tokens_ = tokens("key");
        let good = tokens_.sign_access(&claims()).unwrap();
        let other = tokens("other").sign_access(&claims()).unwrap();
        let parts: Vec<_> = good.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let hs512 = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS512","typ":"JWT"}"#);
        let bad = [
            other,
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{hs512}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode("{}"), parts[2]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{good}.x"),
            String::new(),
            "a.b.c".to_owned(),
        ];
        for token in bad {
            assert_eq!(tokens_.read_access(&token, now()), Err(TokenFault::Invalid), "{token}");
        }
    }

    #[test]
    fn another_issuers_token_is_refused() {
        let tokens = tokens("key");
        let claims = serde_json::json!({"iss": "x", "sub": "1", "user_id": "1", "account_id": "1", "sid": "1", "iat": 1, "exp": 4_000_000_000_i64, "type": "access"});
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &tokens.encoding).unwrap();
        assert_eq!(tokens.read_access(&token, now()), Err(TokenFault::Invalid));
    }
}
