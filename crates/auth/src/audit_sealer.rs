//! Checksums and seals of the audit log.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use snackbase_application::ports::AuditSealer;

/// Seals with HMAC-SHA-256 (RFC 2104). A seal tells which key made it, so that
/// seals of keys before can be checked after a change of keys.
pub struct HmacAuditSealer {
    /// The present key first.
    keys: Vec<Key>,
}

struct Key {
    /// First bytes of the key's SHA-256, in hex.
    id: String,
    mac: Hmac<Sha256>,
}

/// Keeps these keys apart from others that are made of the same secret.
const PURPOSE: &[u8] = b"snackbase audit log v1";

impl HmacAuditSealer {
    /// A sealer that seals with the first secret and believes seals of all.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let key = |secret: &[u8]| {
            let mut derive = mac(secret);
            derive.update(PURPOSE);
            let key = derive.finalize().into_bytes();
            Key { id: hex(&Sha256::digest(key)[..4]), mac: mac(&key) }
        };
        Self { keys: secrets.into_iter().map(key).collect() }
    }
}

fn mac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl AuditSealer for HmacAuditSealer {
    fn checksum(&self, text: &str) -> String {
        hex(&Sha256::digest(text.as_bytes()))
    }

    fn seal(&self, text: &str) -> String {
        let Some(key) = self.keys.first() else {
            return String::new();
        };
        let mut mac = key.mac.clone();
        mac.update(text.as_bytes());
        format!("{}:{}", key.id, hex(&mac.finalize().into_bytes()))
    }

    fn verify(&self, text: &str, seal: &str) -> bool {
        let Some((id, sum)) = seal.split_once(':') else {
            return false;
        };
        self.keys.iter().filter(|key| key.id == id).any(|key| {
            let mut mac = key.mac.clone();
            mac.update(text.as_bytes());
            hex(&mac.finalize().into_bytes()) == sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_hold_for_their_text_and_key() {
        let old = HmacAuditSealer::new([&b"first secret"[..]]);
        let new = HmacAuditSealer::new([&b"second secret"[..], b"first secret"]);
        let stranger = HmacAuditSealer::new([&b"another"[..]]);
        let seal = old.seal("text");
        assert!(old.verify("text", &seal) && new.verify("text", &seal));
        assert!(!old.verify("other", &seal) && !stranger.verify("text", &seal));
        assert!(!old.verify("text", &new.seal("text")));
        assert!(!old.verify("text", "") && !old.verify("text", seal.trim_end_matches(|_| true)));
    }

    #[test]
    fn the_checksum_is_that_of_fips_180() {
        let sum = HmacAuditSealer::new([&b"k"[..]]).checksum("abc");
        assert_eq!(sum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
