//! Credentials: password hashing and tokens.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api_key_signer;
mod argon2_hasher;
mod audit_sealer;
mod jwt;

pub use api_key_signer::HmacKeySigner;
pub use argon2_hasher::{Argon2Hasher, HashCost};
pub use audit_sealer::HmacAuditSealer;
pub use jwt::{JwtTokens, TokenLifetimes};
