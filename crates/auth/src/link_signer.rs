//! Signatures of links: HMAC-SHA-256 (RFC 2104) under a key that HKDF-SHA256 (RFC 5869) makes of the
//! operator's secret, as base64url.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use snackbase_application::ports::LinkSigner;

/// Signs links with one key.
pub struct HmacLinkSigner {
    mac: Hmac<Sha256>,
}

impl HmacLinkSigner {
    /// The key is made of a secret that has other uses as well.
    pub fn new(secret: &[u8]) -> Self {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, secret)
            .expand(b"snackbase links 1: key", &mut key)
            .expect("HKDF gives up to 255 digests");
        Self { mac: Hmac::new_from_slice(&key).expect("HMAC takes keys of any length") }
    }

    fn mac(&self, text: &str) -> Hmac<Sha256> {
        self.mac.clone().chain_update(text.as_bytes())
    }
}

impl LinkSigner for HmacLinkSigner {
    fn sign(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(text).finalize().into_bytes())
    }

    fn verify(&self, text: &str, signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        // Compares in constant time.
        self.mac(text).verify_slice(&signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_text_and_key() {
        let signer = HmacLinkSigner::new(b"secret");
        let signature = signer.sign("a\n1");
        assert!(signer.verify("a\n1", &signature));
        assert!(!signer.verify("a\n2", &signature));
        assert!(!HmacLinkSigner::new(b"other").verify("a\n1", &signature));
        for wrong in ["", "x", "****", &signature[..20], &signature.to_uppercase(), &format!("{signature}AA")]
        {
            assert!(!signer.verify("a\n1", wrong), "{wrong}");
        }
    }
}
