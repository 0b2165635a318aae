//! An id that ties together a request, its reply and its log lines.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

const HEADER: HeaderName = HeaderName::from_static("x-correlation-id");

/// The most characters of an id that a client chose.
const LIMIT: usize = 128;

/// The id of a request; in its extensions for whoever logs or stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrelationId(HeaderValue);

impl CorrelationId {
    /// The id the client sent, if it is of letters, digits and `_ . : -`; else a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get(&HEADER) {
            Some(sent) if is_acceptable(sent.as_bytes()) => Self(sent.clone()),
            _ => Self(made_up()),
        }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(super) fn add(&self, headers: &mut HeaderMap) {
        headers.insert(HEADER, self.0.clone());
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn is_acceptable(id: &[u8]) -> bool {
    (1..=LIMIT).contains(&id.len()) && id.iter().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(b))
}

/// `cid_` and twelve hexadecimal digits: unlikely to repeat, and no secret.
fn made_up() -> HeaderValue {
    let mut text = *b"cid_000000000000";
    let mut number = next_number();
    for digit in &mut text[4..] {
        *digit = b"0123456789abcdef"[(number & 15) as usize];
        number >>= 4;
    }
    HeaderValue::from_bytes(&text).expect("hexadecimal digits may stand in a header")
}

/// The next number of the thread's SplitMix64 sequence (Steele, Lea, Flood: Fast Splittable
/// Pseudorandom Number Generators, 2014), which starts at a random place.
fn next_number() -> u64 {
    thread_local! {
        static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0_u8));
    }
    STATE.with(|state| {
        let mut z = state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        state.set(z);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}
