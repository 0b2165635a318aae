//! Reading of Fernet tokens (version 0x80 of the Fernet specification):
//! AES-128-CBC with PKCS #7 padding, then HMAC-SHA256 over everything. How old a
//! token is does not matter here.

use aes::Aes128;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Version, time, initialisation vector, one block, and the HMAC: 73 bytes in
/// base64.
const SHORTEST: usize = 100;
/// How the version and a time before the year 2106 begin in base64.
const START: &str = "gAAAAA";

/// Whether a text can only be a Fernet token, a broken one perhaps.
pub(crate) fn looks_like_token(text: &str) -> bool {
    text.len() >= SHORTEST && text.starts_with(START)
}

/// A key: one half signs, the other encrypts.
pub(crate) struct FernetKey {
    signing: [u8; 16],
    encryption: [u8; 16],
}

impl FernetKey {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        let (mut signing, mut encryption) = ([0; 16], [0; 16]);
        signing.copy_from_slice(&key[..16]);
        encryption.copy_from_slice(&key[16..]);
        Self { signing, encryption }
    }

    /// The text of a token of this key.
    pub(crate) fn open(&self, token: &str) -> Option<String> {
        let bytes = URL_SAFE.decode(token).ok()?;
        let (signed, signature) = bytes.split_last_chunk::<32>()?;
        let mac = Hmac::<Sha256>::new_from_slice(&self.signing).expect("HMAC takes keys of any length");
        mac.chain_update(signed).verify_slice(signature).ok()?;
        let (version, rest) = signed.split_first()?;
        let (_time, rest) = rest.split_first_chunk::<8>()?;
        let (iv, ciphertext) = rest.split_first_chunk::<16>()?;
        if *version != 0x80 || ciphertext.is_empty() || !ciphertext.len().is_multiple_of(16) {
            return None;
        }
        let cipher = Decryptor::<Aes128>::new(&self.encryption.into(), &(*iv).into());
        let plain = cipher.decrypt_padded_vec::<Pkcs7>(ciphertext).ok()?;
        String::from_utf8(plain).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cbc::Encryptor;
    use cbc::cipher::BlockModeEncrypt;

    /// The key of the specification's examples.
    fn key() -> FernetKey {
        FernetKey::new(
            URL_SAFE.decode("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=").unwrap().try_into().unwrap(),
        )
    }

    const EXAMPLE: &str = "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

    /// A token of these parts, signed rightly.
    fn signed(version: u8, ciphertext: &[u8]) -> String {
        let signed = [&[version][..], &[0; 8], &[7; 16], ciphertext].concat();
        let mac = Hmac::<Sha256>::new_from_slice(&key().signing).unwrap().chain_update(&signed);
        URL_SAFE.encode([&signed[..], &mac.finalize().into_bytes()].concat())
    }

    fn encrypted(plain: &[u8]) -> Vec<u8> {
        let cipher = Encryptor::<Aes128>::new(&key().encryption.into(), &[7; 16].into());
        cipher.encrypt_padded_vec::<Pkcs7>(plain)
    }

    #[test]
    fn the_example_of_the_specification_is_read() {
        assert!(looks_like_token(EXAMPLE));
        assert_eq!(key().open(EXAMPLE).as_deref(), Some("hello"));
    }

    #[test]
    fn what_the_key_did_not_sign_is_refused() {
        let raw = URL_SAFE.decode(EXAMPLE).unwrap();
        for at in 0..raw.len() {
            let mut changed = raw.clone();
            changed[at] ^= 1;
            assert_eq!(key().open(&URL_SAFE.encode(changed)), None, "byte {at}");
        }
        assert_eq!(FernetKey::new([3; 32]).open(EXAMPLE), None);
        for text in ["", "gAAAAA", &EXAMPLE[1..], &EXAMPLE[..96], "%%%%"] {
            assert_eq!(key().open(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_signed_must_be_a_text_all_the_same() {
        let text = encrypted("a text".as_bytes());
        assert_eq!(key().open(&signed(0x80, &text)).as_deref(), Some("a text"));
        assert_eq!(key().open(&signed(0x81, &text)), None, "another version");
        assert_eq!(key().open(&signed(0x80, &[])), None, "nothing");
        assert_eq!(key().open(&signed(0x80, &text[..15])), None, "no whole block");
        assert_eq!(key().open(&signed(0x80, &encrypted(&[0; 32])[..16])), None, "no padding");
        assert_eq!(key().open(&signed(0x80, &encrypted(&[0xff; 5]))), None, "no UTF-8");
    }
}
