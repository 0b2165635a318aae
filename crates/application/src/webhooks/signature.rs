//! Signatures by which receivers know who sends, and that nothing was changed.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn mac(secret: &str, text: &str) -> impl AsRef<[u8]> {
    // HMAC takes keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes()
}

/// `sha256=` and the HMAC-SHA-256 of the body in hex.
pub(super) fn of_body(secret: &str, body: &str) -> String {
    let mut text = "sha256=".to_owned();
    for byte in mac(secret, body).as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// That of Standard Webhooks 1.0: `v1,` and the HMAC-SHA-256 of id, time in seconds and body in base64, so
/// that what somebody has overheard cannot be sent anew later. The key are the secret's bytes.
pub(super) fn of_message(secret: &str, id: &str, seconds: i64, body: &str) -> String {
    format!("v1,{}", STANDARD.encode(mac(secret, &format!("{id}.{seconds}.{body}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_rfc() {
        // RFC 4231, test case 2.
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(of_body("Jefe", "what do ya want for nothing?"), expected);
        assert_eq!(of_message("Jefe", "a", 1, "b"), format!("v1,{}", STANDARD.encode(mac("Jefe", "a.1.b"))));
    }
}
