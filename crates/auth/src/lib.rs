//! Credentials: password hashing and tokens.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api_key_signer;
mod argon2_hasher;
mod jwt;

pub use api_key_signer::HmacKeySigner;
pub use argon2_hasher::{Argon2Hasher, HashCost};
pub use jwt::{JwtTokens, TokenLifetimes};
