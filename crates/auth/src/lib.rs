//! Credentials: password hashing and tokens.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api_key_signer;
mod argon2_hasher;
mod audit_sealer;
mod cursor_sealer;
mod fernet;
mod jwt;
mod link_signer;
mod secret_box;
mod token_generator;

pub use api_key_signer::HmacKeySigner;
pub use argon2_hasher::{Argon2Hasher, HashCost};
pub use audit_sealer::HmacAuditSealer;
pub use cursor_sealer::AesGcmCursors;
pub use jwt::{JwtTokens, TokenLifetimes};
pub use link_signer::HmacLinkSigner;
pub use secret_box::AesGcmSecretBox;
pub use token_generator::RandomTokens;
