//! Tokens of 256 bits from the operating system's random numbers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use snackbase_application::ports::TokenGenerator;

/// Tokens that are mailed.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomTokens;

fn random() -> [u8; 32] {
    rand::random()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl TokenGenerator for RandomTokens {
    fn base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(random())
    }

    fn hex(&self) -> String {
        hex(&random())
    }

    fn digest(&self, token: &str) -> String {
        hex(&Sha256::digest(token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_their_form_and_differ() {
        let (link, code) = (RandomTokens.base64url(), RandomTokens.hex());
        assert_eq!((link.len(), code.len()), (43, 64));
        assert!(link.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "{link}");
        assert!(code.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)), "{code}");
        assert_ne!(link, RandomTokens.base64url());
        assert_ne!(code, RandomTokens.hex());
    }

    #[test]
    fn the_digest_is_sha_256_in_hex() {
        // The first example of FIPS 180-4's test values.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(RandomTokens.digest("abc"), digest);
    }
}
