//! Encryption of stored secrets: AES-256-GCM (NIST SP 800-38D) under a key that
//! HKDF-SHA256 (RFC 5869) makes of the operator's secret.
//!
//! A sealed text is `sb1:<key id>:<nonce, ciphertext and tag in base64url>`. The
//! place that it belongs to is authenticated with it. Fernet tokens, which
//! databases of other makes hold, are read and never written.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use rand::RngExt;
use sha2::{Digest, Sha256};
use snackbase_application::ports::{SecretBox, SecretFault};

use crate::fernet::{self, FernetKey};

/// What sealed texts begin with.
const PREFIX: &str = "sb1:";
/// Bytes of a nonce, which is random: good for 2^32 texts under one key.
const NONCE: usize = 12;

/// One secret of the operator's, worked out.
struct Key {
    /// Tells keys apart without telling anything of them.
    id: String,
    cipher: Aes256Gcm,
    fernet: FernetKey,
}

impl Key {
    fn new(secret: &str) -> Self {
        let derived = Hkdf::<Sha256>::new(None, secret.as_bytes());
        let expand = |info: &str, out: &mut [u8]| {
            derived.expand(info.as_bytes(), out).expect("HKDF gives up to 255 digests");
        };
        let (mut key, mut id) = ([0; 32], [0; 4]);
        expand("snackbase secret box 1: key", &mut key);
        expand("snackbase secret box 1: key id", &mut id);
        Self {
            id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
            cipher: Aes256Gcm::new(&key.into()),
            fernet: FernetKey::new(Sha256::digest(secret.as_bytes()).into()),
        }
    }

    fn open(&self, sealed: &[u8], place: &str) -> Result<String, SecretFault> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE>().ok_or(SecretFault::Broken)?;
        let payload = Payload { msg: ciphertext, aad: place.as_bytes() };
        let plain = self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| SecretFault::Broken)?;
        String::from_utf8(plain).map_err(|_| SecretFault::Broken)
    }
}

/// Seals with one key; opens with this and with older ones.
pub struct AesGcmSecretBox {
    current: Key,
    previous: Vec<Key>,
}

impl AesGcmSecretBox {
    /// `secret` is what is sealed with from now on; `previous` are those that
    /// stored texts may still be sealed with.
    pub fn new<'s>(secret: &str, previous: impl IntoIterator<Item = &'s str>) -> Self {
        Self { current: Key::new(secret), previous: previous.into_iter().map(Key::new).collect() }
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

impl SecretBox for AesGcmSecretBox {
    fn seal(&self, plain: &str, place: &str) -> String {
        let nonce: [u8; NONCE] = rand::rng().random();
        let payload = Payload { msg: plain.as_bytes(), aad: place.as_bytes() };
        let ciphertext = self
            .current
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .expect("AES-GCM takes texts of up to 64 GB");
        let sealed = [nonce.as_slice(), &ciphertext].concat();
        format!("{PREFIX}{}:{}", self.current.id, URL_SAFE_NO_PAD.encode(sealed))
    }

    fn open(&self, stored: &str, place: &str) -> Result<String, SecretFault> {
        if let Some(sealed) = stored.strip_prefix(PREFIX) {
            let (id, sealed) = sealed.split_once(':').ok_or(SecretFault::Broken)?;
            let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SecretFault::Broken)?;
            let key = self.keys().find(|key| key.id == id).ok_or(SecretFault::UnknownKey)?;
            return key.open(&sealed, place);
        }
        if fernet::looks_like_token(stored) {
            return self.keys().find_map(|key| key.fernet.open(stored)).ok_or(SecretFault::UnknownKey);
        }
        Ok(stored.to_owned())
    }

    fn is_current(&self, stored: &str) -> bool {
        let own = stored.strip_prefix(PREFIX).and_then(|sealed| sealed.split_once(':'));
        own.is_some_and(|(id, _)| id == self.current.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &str = "configurations/1/password";

    fn secret_box() -> AesGcmSecretBox {
        AesGcmSecretBox::new("a secret of today", [])
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let secrets = secret_box();
        for plain in ["", "p", "pässwörd 🔑", &"long ".repeat(10_000), "sb1:looks:sealed"] {
            let sealed = secrets.seal(plain, PLACE);
            assert!(secrets.is_current(&sealed));
            assert_eq!(secrets.open(&sealed, PLACE).as_deref(), Ok(plain));
            for elsewhere in ["", "configurations/2/password", "configurations/1/host"] {
                assert_eq!(secrets.open(&sealed, elsewhere), Err(SecretFault::Broken), "{elsewhere}");
            }
        }
        assert_ne!(secrets.seal("same", PLACE), secrets.seal("same", PLACE));
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let secrets = secret_box();
        let sealed = secrets.seal("secret", PLACE);
        let start = sealed.rfind(':').unwrap() + 1;
        for at in start..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(secrets.open(&changed, PLACE), Err(SecretFault::Broken), "{changed}");
        }
        for broken in [&sealed[..start], &sealed[..start + 10], &sealed[..sealed.len() - 1], "sb1:", "sb1:x"]
        {
            assert_eq!(secrets.open(broken, PLACE), Err(SecretFault::Broken), "{broken}");
        }
        assert_eq!(secrets.open(&format!("{sealed}="), PLACE), Err(SecretFault::Broken));
    }

    #[test]
    fn older_keys_open_and_do_not_seal() {
        let (old, new) = (secret_box(), AesGcmSecretBox::new("a secret of tomorrow", []));
        let rotating = AesGcmSecretBox::new("a secret of tomorrow", ["unrelated", "a secret of today"]);
        let sealed = old.seal("secret", PLACE);
        assert_eq!(new.open(&sealed, PLACE), Err(SecretFault::UnknownKey));
        assert_eq!(rotating.open(&sealed, PLACE).as_deref(), Ok("secret"));
        assert!(!rotating.is_current(&sealed));
        let anew = rotating.seal("secret", PLACE);
        assert!(rotating.is_current(&anew) && new.is_current(&anew));
        assert_eq!(new.open(&anew, PLACE).as_deref(), Ok("secret"));
        assert_eq!(old.open(&anew, PLACE), Err(SecretFault::UnknownKey));
    }

    #[test]
    fn texts_that_were_never_sealed_are_themselves() {
        let secrets = secret_box();
        for plain in ["p", "gAAAAA", "••••••••", "gAAAAABk-not-long-enough-to-be-one"] {
            assert_eq!(secrets.open(plain, PLACE).as_deref(), Ok(plain));
            assert!(!secrets.is_current(plain));
        }
    }

    #[test]
    fn fernet_tokens_open_and_are_not_current() {
        // Made by the Python package `cryptography` with the digest of the secret as key.
        let token = "gAAAAABrBL2lUQNf8HQnn2fy6tBXvvZZe-LL5hkoVcNCUn2JZpokwGYfx5inN-gM2_F2_EXktNsBODYpxlKxpetSkXhD-VRT_nbJJmMcJW-kJqMKO6Ic14E=";
        assert_eq!(secret_box().open(token, PLACE).as_deref(), Ok("pässwörd of another make"));
        assert!(!secret_box().is_current(token));
        let rotating = AesGcmSecretBox::new("a secret of tomorrow", ["a secret of today"]);
        assert_eq!(rotating.open(token, PLACE).as_deref(), Ok("pässwörd of another make"));
        let other = AesGcmSecretBox::new("a secret of tomorrow", []);
        assert_eq!(other.open(token, PLACE), Err(SecretFault::UnknownKey));
    }
}
