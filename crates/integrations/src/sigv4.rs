//! Signatures of requests to Amazon Web Services (Signature Version 4).

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Whose signature it is, and for what.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    pub access_key_id: &'a str,
    pub secret_access_key: &'a str,
    pub region: &'a str,
    /// Name of the service, such as `ses`.
    pub service: &'a str,
}

/// A request to be signed. The path is percent-encoded; there is no query.
#[derive(Clone, Copy)]
pub struct Unsigned<'a> {
    pub method: &'a str,
    /// As in the header `Host`, with the port unless it is the usual one.
    pub host: &'a str,
    pub path: &'a str,
    pub content_type: Option<&'a str>,
    pub body: &'a [u8],
}

/// Headers that a signed request has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeaders {
    /// `X-Amz-Date`
    pub date: String,
    /// `Authorization`
    pub authorization: String,
}

impl Signer<'_> {
    /// Signs a request as of now.
    pub fn sign(&self, request: &Unsigned<'_>, now: DateTime<Utc>) -> SignedHeaders {
        let date = now.format("%Y%m%dT%H%M%SZ").to_string();
        let day = &date[..8];
        let mut headers = vec![("host", request.host), ("x-amz-date", &date)];
        headers.extend(request.content_type.map(|kind| ("content-type", kind)));
        headers.sort_unstable();
        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let lines: String = headers.iter().fold(String::new(), |mut lines, (name, value)| {
            writeln!(lines, "{name}:{}", value.trim()).expect("a String takes everything");
            lines
        });
        let canonical = format!(
            "{}\n{}\n\n{lines}\n{names}\n{}",
            request.method,
            request.path,
            hex(&Sha256::digest(request.body)),
        );
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let mut key = mac(format!("AWS4{}", self.secret_access_key).as_bytes(), day);
        for part in [self.region, self.service, "aws4_request"] {
            key = mac(&key, part);
        }
        let signature = hex(&mac(&key, &to_sign));
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.access_key_id
        );
        SignedHeaders { date, authorization }
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.chain_update(text.as_bytes()).finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of Amazon's test suite for the algorithm.
    #[test]
    fn the_published_examples_are_signed_so() {
        let signer = Signer {
            access_key_id: "AKIDEXAMPLE",
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: "service",
        };
        let now = DateTime::from_timestamp(1_440_938_160, 0).unwrap();
        let get = Unsigned {
            method: "GET",
            host: "example.amazonaws.com",
            path: "/",
            content_type: None,
            body: b"",
        };
        let signed = signer.sign(&get, now);
        assert_eq!(signed.date, "20150830T123600Z");
        assert_eq!(
            signed.authorization,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, \
             Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        );
        let form = Unsigned {
            method: "POST",
            content_type: Some("application/x-www-form-urlencoded"),
            body: b"Param1=value1",
            ..get
        };
        assert_eq!(
            signer.sign(&form, now).authorization,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        );
    }
}
