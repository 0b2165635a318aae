//! Encryption of cursors: AES-256-GCM (NIST SP 800-38D), each under a key of its own.
//!
//! There are more cursors than one key may have random nonces of 96 bits. So a
//! cursor's key is HMAC-SHA-256 of a random salt of 24 bytes under the key for
//! cursors, which HKDF-SHA256 (RFC 5869) makes of the operator's secret, and the nonce
//! is zero, as it is used once. The text is base64url of salt, ciphertext and tag.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::RngExt;
use sha2::Sha256;
use snackbase_application::ports::CursorSealer;

/// Bytes of a salt.
const SALT: usize = 24;

/// Seals with one key; opens with this and with older ones.
pub struct AesGcmCursors {
    /// The present key first.
    keys: Vec<Hmac<Sha256>>,
}

impl AesGcmCursors {
    /// Seals with the first secret and opens what was sealed with any.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s [u8]>) -> Self {
        let key = |secret: &[u8]| {
            let mut key = [0; 32];
            Hkdf::<Sha256>::new(None, secret)
                .expand(b"snackbase cursors 1: key", &mut key)
                .expect("HKDF gives up to 255 digests");
            <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).expect("HMAC takes keys of any length")
        };
        Self { keys: secrets.into_iter().map(key).collect() }
    }
}

fn cipher(key: &Hmac<Sha256>, salt: &[u8; SALT]) -> Aes256Gcm {
    let mut derive = key.clone();
    derive.update(salt);
    Aes256Gcm::new(&derive.finalize().into_bytes())
}

fn nonce() -> Nonce<aes_gcm::aead::consts::U12> {
    Nonce::from([0; 12])
}

impl CursorSealer for AesGcmCursors {
    fn seal(&self, plain: &[u8], place: &str) -> String {
        let Some(key) = self.keys.first() else {
            return String::new();
        };
        let salt: [u8; SALT] = rand::rng().random();
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed = cipher(key, &salt).encrypt(&nonce(), payload);
        let sealed = sealed.expect("AES-GCM takes texts of up to 64 GB");
        URL_SAFE_NO_PAD.encode([salt.as_slice(), &sealed].concat())
    }

    fn open(&self, sealed: &str, place: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (salt, sealed) = sealed.split_first_chunk::<SALT>()?;
        let payload = || Payload { msg: sealed, aad: place.as_bytes() };
        self.keys.iter().find_map(|key| cipher(key, salt).decrypt(&nonce(), payload()).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_in_its_place_with_a_key_that_is_known() {
        let old = AesGcmCursors::new([&b"first secret"[..]]);
        let new = AesGcmCursors::new([&b"second secret"[..], b"first secret"]);
        let stranger = AesGcmCursors::new([&b"another"[..]]);
        for plain in [&b""[..], b"a position", &[0xff; 5000]] {
            let sealed = old.seal(plain, "list");
            assert_eq!(old.open(&sealed, "list").as_deref(), Some(plain));
            assert_eq!(new.open(&sealed, "list").as_deref(), Some(plain));
            assert_eq!(stranger.open(&sealed, "list"), None);
            assert_eq!(old.open(&sealed, "another list"), None);
            assert_eq!(old.open(&new.seal(plain, "list"), "list"), None);
            assert_ne!(sealed, old.seal(plain, "list"));
            assert!(sealed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        }
    }

    #[test]
    fn what_was_changed_or_made_up_does_not_open() {
        let cursors = AesGcmCursors::new([&b"secret"[..]]);
        let sealed = cursors.seal(b"position", "list");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(cursors.open(std::str::from_utf8(&changed).unwrap(), "list"), None, "{at}");
        }
        // The last is {"sort_value":1,"id":"x"}.
        for foreign in ["", "bad", "a", &sealed[..30], "AAAA", "eyJzb3J0X3ZhbHVlIjoxLCJpZCI6IngifQ=="] {
            assert_eq!(cursors.open(foreign, "list"), None, "{foreign}");
        }
    }
}
