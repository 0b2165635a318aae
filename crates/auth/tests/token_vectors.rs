//! Tokens that attackers and careless programs make, in the manner of Project Wycheproof: each has a name
//! and is refused, whatever else in it is right. Most of them are signed with the true key, so that what
//! refuses them is the one thing that is wrong with them.

#![allow(clippy::unwrap_used)]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};
use snackbase_application::ports::{AccessClaims, RefreshClaims, TokenFault, Tokens};
use snackbase_auth::{JwtTokens, TokenLifetimes};
use snackbase_domain::{AccountId, SessionId, UserId};
use uuid::Uuid;

const KEY: &[u8] = b"a key that signs the tokens of tests";
const NOW: i64 = 1_800_000_000;
const HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

fn tokens() -> JwtTokens {
    JwtTokens::new(KEY, TokenLifetimes { access: 3600, refresh: 86_400 })
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn user() -> String {
    Uuid::from_u128(1).to_string()
}

fn claims() -> Value {
    json!({
        "iss": "snackbase", "sub": user(), "user_id": user(), "account_id": Uuid::nil(),
        "sid": Uuid::from_u128(2), "email": "a@example.com", "role": "admin",
        "iat": NOW, "exp": NOW + 3600, "type": "access",
    })
}

/// The usual claims with others in their place; null takes one away.
fn with(changes: Value) -> String {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims.to_string()
}

/// The usual claims as text, with a part of the text replaced.
fn text(from: &str, to: &str) -> String {
    let claims = claims().to_string();
    assert!(claims.contains(from), "{claims}");
    claims.replace(from, to)
}

macro_rules! signer {
    ($name:ident, $hash:ty) => {
        fn $name(header: &str, payload: &str, key: &[u8]) -> String {
            let signed = format!("{}.{}", b64(header), b64(payload));
            let mut mac = <Hmac<$hash>>::new_from_slice(key).unwrap();
            mac.update(signed.as_bytes());
            format!("{signed}.{}", b64(mac.finalize().into_bytes()))
        }
    };
}

signer!(hs256, Sha256);
signer!(hs384, Sha384);
signer!(hs512, Sha512);

/// Signed as ours are.
fn signed(payload: &str) -> String {
    hs256(HEADER, payload, KEY)
}

/// With another header, the rest right and signed.
fn headed(header: &str) -> String {
    hs256(header, &claims().to_string(), KEY)
}

fn read(token: &str) -> Result<AccessClaims, TokenFault> {
    tokens().read_access(token, at(NOW))
}

/// Each is named and refused as no token of ours.
fn refused(vectors: Vec<(&str, String)>) {
    for (name, token) in vectors {
        assert_eq!(read(&token), Err(TokenFault::Invalid), "{name}: {token:.300}");
        let refresh = tokens().read_refresh(&token, at(NOW));
        assert_eq!(refresh, Err(TokenFault::Invalid), "{name}, as a refresh token: {token:.300}");
    }
}

#[test]
fn good_tokens_are_read() {
    let token = signed(&claims().to_string());
    let expected = AccessClaims {
        user_id: UserId::new(Uuid::from_u128(1)),
        account_id: AccountId::new(Uuid::nil()),
        session_id: SessionId::new(Uuid::from_u128(2)),
        email: "a@example.com".to_owned(),
        role: "admin".to_owned(),
        issued_at: at(NOW),
    };
    assert_eq!(read(&token), Ok(expected.clone()), "made here as the server makes them");
    assert_eq!(read(&tokens().sign_access(&expected).unwrap()), Ok(expected.clone()));
    let more = signed(&with(json!({ "aud": "anybody", "jti": "1", "nbf": NOW, "unknown": { "a": [1] } })));
    assert_eq!(read(&more), Ok(expected.clone()), "claims beside ours do no harm");
    let spaced = signed(&serde_json::to_string_pretty(&claims()).unwrap());
    assert_eq!(read(&spaced), Ok(expected), "white space within the claims is JSON");
}

#[test]
fn unsigned_tokens_are_refused() {
    let payload = b64(claims().to_string());
    let good = signed(&claims().to_string());
    let signature = good.rsplit('.').next().unwrap();
    for alg in ["none", "None", "NONE", "nOnE", "none ", "", "HS256\u{0}", "null"] {
        let header = b64(json!({ "typ": "JWT", "alg": alg }).to_string());
        refused(vec![
            ("alg none, empty signature", format!("{header}.{payload}.")),
            ("alg none, no signature", format!("{header}.{payload}")),
            ("alg none, with a signature", format!("{header}.{payload}.{signature}")),
            ("alg none, signed", headed(&json!({ "typ": "JWT", "alg": alg }).to_string())),
        ]);
    }
    let header = b64(HEADER);
    refused(vec![
        ("empty signature", format!("{header}.{payload}.")),
        ("no signature", format!("{header}.{payload}")),
        ("signature of zeros", format!("{header}.{payload}.{}", b64([0; 32]))),
        ("no alg", headed(r#"{"typ":"JWT"}"#)),
        ("alg null", headed(r#"{"typ":"JWT","alg":null}"#)),
        ("alg is a list", headed(r#"{"typ":"JWT","alg":["HS256"]}"#)),
        ("alg is a number", headed(r#"{"typ":"JWT","alg":256}"#)),
    ]);
}

#[test]
fn other_algorithms_are_refused_even_with_the_right_key() {
    let payload = claims().to_string();
    let header = |alg: &str| json!({ "typ": "JWT", "alg": alg }).to_string();
    refused(vec![
        ("HS384", hs384(&header("HS384"), &payload, KEY)),
        ("HS512", hs512(&header("HS512"), &payload, KEY)),
        ("HS384 that claims to be HS256", hs384(HEADER, &payload, KEY)),
        ("HS512 that claims to be HS256", hs512(HEADER, &payload, KEY)),
        ("lower case hs256", hs256(&header("hs256"), &payload, KEY)),
        ("another key", hs256(HEADER, &payload, b"another key that is as long as ours is")),
        ("empty key", hs256(HEADER, &payload, b"")),
    ]);
    for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "ES256K"] {
        refused(vec![
            (alg, hs256(&header(alg), &payload, KEY)),
            (alg, hs256(&header(alg), &payload, b"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----")),
        ]);
    }
}

#[test]
fn headers_that_bring_keys_or_demands_are_refused() {
    let jwk = json!({ "kty": "oct", "k": b64("chosen by the sender") });
    let with = |extra: Value| {
        let mut header = json!({ "typ": "JWT", "alg": "HS256" });
        header.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        header.to_string()
    };
    let own = |extra: Value| hs256(&with(extra), &claims().to_string(), b"chosen by the sender");
    refused(vec![
        ("jwk, signed with it", own(json!({ "jwk": jwk }))),
        ("jwk, signed with ours", headed(&with(json!({ "jwk": jwk })))),
        ("jku", headed(&with(json!({ "jku": "https://evil.example/keys" })))),
        ("x5u", headed(&with(json!({ "x5u": "https://evil.example/certificate" })))),
        ("x5c", headed(&with(json!({ "x5c": ["MIIB"] })))),
        ("kid", headed(&with(json!({ "kid": "1" })))),
        ("kid, a path", hs256(&with(json!({ "kid": "../../dev/null" })), &claims().to_string(), b"")),
        ("kid, SQL", headed(&with(json!({ "kid": "' UNION SELECT 'key" })))),
        ("crit", headed(&with(json!({ "crit": ["exp"] })))),
        ("crit, unknown", headed(&with(json!({ "crit": ["b64"], "b64": false })))),
        ("crit, empty", headed(&with(json!({ "crit": [] })))),
        ("zip", headed(&with(json!({ "zip": "DEF" })))),
        ("cty", headed(&with(json!({ "cty": "JWT" })))),
        ("typ at+jwt", headed(r#"{"typ":"at+jwt","alg":"HS256"}"#)),
        ("typ of something else", headed(r#"{"typ":"JWE","alg":"HS256"}"#)),
        ("no typ", headed(r#"{"alg":"HS256"}"#)),
        ("alg twice, the first none", headed(r#"{"typ":"JWT","alg":"none","alg":"HS256"}"#)),
        ("alg twice, the last none", headed(r#"{"typ":"JWT","alg":"HS256","alg":"none"}"#)),
        ("alg twice, escaped", headed(r#"{"typ":"JWT","alg":"HS256","\u0061lg":"none"}"#)),
        ("header is a list", headed(r#"["JWT","HS256"]"#)),
        ("header is no JSON", headed("JWT HS256")),
        ("header is empty", headed("")),
        ("header with white space", headed(r#"{ "typ": "JWT", "alg": "HS256" }"#)),
        ("header with something after it", headed(&format!("{HEADER}{{}}"))),
    ]);
}

#[test]
fn forms_other_than_three_parts_of_plain_base64url_are_refused() {
    let good = signed(&claims().to_string());
    let parts: Vec<_> = good.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("three parts") };
    let raw_payload = URL_SAFE_NO_PAD.decode(payload).unwrap();
    let raw_signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let last = signature.chars().last().unwrap();
    // The last of 43 characters has four bits that mean something: another with the same four.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let place = alphabet.find(last).unwrap();
    let twin = alphabet.chars().nth(place ^ 1).unwrap();
    let mut flipped = raw_signature.clone();
    flipped[31] ^= 1;
    refused(vec![
        ("empty", String::new()),
        ("dots", "..".to_owned()),
        ("one part", header.to_owned()),
        ("four parts", format!("{good}.")),
        ("five parts (JWE)", format!("{header}..{}.{payload}.{signature}", b64([0; 12]))),
        (
            "JWE with alg dir",
            format!("{}..{}.{payload}.{signature}", b64(r#"{"alg":"dir","enc":"A256GCM"}"#), b64([0; 12])),
        ),
        ("empty first part", format!(".{payload}.{signature}")),
        ("empty payload", format!("{header}..{signature}")),
        ("truncated by one", good[..good.len() - 1].to_owned()),
        ("truncated signature", format!("{header}.{payload}.{}", b64(&raw_signature[..31]))),
        ("half a signature", format!("{header}.{payload}.{}", b64(&raw_signature[..16]))),
        ("longer signature", format!("{good}AA")),
        ("one bit of the signature", format!("{header}.{payload}.{}", b64(flipped))),
        ("unused bits of the signature", format!("{header}.{payload}.{}{twin}", &signature[..42])),
        ("padded signature", format!("{header}.{payload}.{}", URL_SAFE.encode(&raw_signature))),
        ("padded payload", format!("{header}.{payload}=.{signature}")),
        ("padded header", format!("{header}=.{payload}.{signature}")),
        (
            "hex signature",
            format!(
                "{header}.{payload}.{}",
                raw_signature.iter().map(|b| format!("{b:02x}")).collect::<String>()
            ),
        ),
        ("signature in capitals", format!("{header}.{payload}.{}", signature.to_uppercase())),
        ("another payload", format!("{header}.{}.{signature}", b64(with(json!({ "role": "user" }))))),
        ("payload and header exchanged", format!("{payload}.{header}.{signature}")),
        ("space before", format!(" {good}")),
        ("space after", format!("{good} ")),
        ("line feed after", format!("{good}\n")),
        ("line feed within", format!("{header}.\n{payload}.{signature}")),
        ("space within", format!("{header}. {payload}.{signature}")),
        ("NUL after", format!("{good}\0")),
        ("in quotes", format!("\"{good}\"")),
        ("another separator", good.replace('.', ":")),
        (
            "flattened JSON form (RFC 7515)",
            json!({ "protected": header, "payload": payload, "signature": signature }).to_string(),
        ),
        ("letters beyond ASCII", format!("{header}.{payload}.{}é", &signature[..41])),
    ]);
    let plus = STANDARD_NO_PAD.encode(&raw_signature);
    if plus != signature {
        refused(vec![("plain base64 signature", format!("{header}.{payload}.{plus}"))]);
    }
    let padded = STANDARD.encode(&raw_payload);
    if padded != payload {
        refused(vec![("plain base64 payload", format!("{header}.{padded}.{signature}"))]);
    }
}

#[test]
fn claims_of_wrong_types_are_refused() {
    let (iat, exp) = (format!("\"iat\":{NOW}"), format!("\"exp\":{}", NOW + 3600));
    refused(vec![
        ("exp is text", signed(&with(json!({ "exp": (NOW + 3600).to_string() })))),
        ("exp is a float", signed(&text(&exp, "\"exp\":1800003600.0"))),
        ("exp has an exponent", signed(&text(&exp, "\"exp\":18e8"))),
        ("exp beyond 64 bits", signed(&text(&exp, "\"exp\":9223372036854775808"))),
        ("exp beyond all", signed(&text(&exp, "\"exp\":1e400"))),
        ("exp is negative", signed(&with(json!({ "exp": -1 })))),
        ("exp is the least", signed(&with(json!({ "exp": i64::MIN })))),
        ("exp is true", signed(&with(json!({ "exp": true })))),
        ("exp is a list", signed(&with(json!({ "exp": [NOW + 3600] })))),
        ("exp is an object", signed(&with(json!({ "exp": { "$gt": 0 } })))),
        ("exp is null", signed(&text(&exp, "\"exp\":null"))),
        ("no exp", signed(&with(json!({ "exp": null })))),
        ("iat is text", signed(&with(json!({ "iat": NOW.to_string() })))),
        ("iat is a float", signed(&text(&iat, "\"iat\":1800000000.5"))),
        ("iat beyond 64 bits", signed(&text(&iat, "\"iat\":-9223372036854775809"))),
        ("no iat", signed(&with(json!({ "iat": null })))),
        ("iss is a list", signed(&with(json!({ "iss": [["snackbase"]] })))),
        ("type is a list", signed(&with(json!({ "type": ["access"] })))),
        ("sub is a number", signed(&with(json!({ "sub": 1 })))),
        ("user_id is an object", signed(&with(json!({ "user_id": {} })))),
        ("email is a number", signed(&with(json!({ "email": 1 })))),
        ("claims are a list", signed("[]")),
        ("claims are a text", signed("\"claims\"")),
        ("claims are null", signed("null")),
        ("claims are empty", signed("")),
        ("claims are a token", signed(&signed(&claims().to_string()))),
        ("claims are not UTF-8", {
            let mut payload = claims().to_string().into_bytes();
            let place = payload.iter().position(|byte| *byte == b'@').unwrap();
            payload[place] = 0xff;
            let signed = format!("{}.{}", b64(HEADER), b64(payload));
            let mut mac = <Hmac<Sha256>>::new_from_slice(KEY).unwrap();
            mac.update(signed.as_bytes());
            format!("{signed}.{}", b64(mac.finalize().into_bytes()))
        }),
        ("something after the claims", signed(&format!("{}{{}}", claims()))),
        (
            "nested too deeply",
            signed(&text(
                "\"role\":\"admin\"",
                &format!("\"role\":{}{}", "[".repeat(5000), "]".repeat(5000)),
            )),
        ),
    ]);
}

#[test]
fn claims_that_come_twice_are_refused() {
    let twice = |name: &str, value: &str| signed(&text("\"iss\":", &format!("\"{name}\":{value},\"iss\":")));
    refused(vec![
        ("role twice", twice("role", "\"user\"")),
        ("exp twice", twice("exp", "1")),
        ("account_id twice", twice("account_id", "\"x\"")),
        ("user_id twice", twice("user_id", "\"x\"")),
        ("type twice", twice("type", "\"refresh\"")),
        ("iss twice", twice("iss", "\"other\"")),
        ("role twice, escaped", twice("r\\u006fle", "\"user\"")),
    ]);
}

#[test]
fn claims_that_say_something_else_are_refused() {
    let other = Uuid::from_u128(9).to_string();
    refused(vec![
        ("another iss", signed(&with(json!({ "iss": "other" })))),
        ("iss in capitals", signed(&with(json!({ "iss": "SNACKBASE" })))),
        ("iss with a slash", signed(&with(json!({ "iss": "snackbase/" })))),
        ("empty iss", signed(&with(json!({ "iss": "" })))),
        ("no iss", signed(&with(json!({ "iss": null })))),
        ("no sub", signed(&with(json!({ "sub": null })))),
        ("sub of another user", signed(&with(json!({ "sub": other })))),
        ("no user", signed(&with(json!({ "user_id": null })))),
        ("no account", signed(&with(json!({ "account_id": null })))),
        ("no sign-in", signed(&with(json!({ "sid": null })))),
        ("no type", signed(&with(json!({ "type": null })))),
        ("issued in the future", signed(&with(json!({ "iat": NOW + 61, "exp": NOW + 3661 })))),
        ("issued in a far future", signed(&with(json!({ "iat": i64::MAX })))),
    ]);
    let no_ids = [("user_id", "x"), ("account_id", ""), ("sid", "00000000")];
    for (name, value) in no_ids {
        assert_eq!(
            read(&signed(&with(json!({ name: value, "sub": user() })))),
            Err(TokenFault::Invalid),
            "{name}"
        );
    }
    let long_ago = signed(&with(json!({ "iat": i64::MIN })));
    assert_eq!(read(&long_ago), Err(TokenFault::Invalid), "issued before all times");
}

#[test]
fn tokens_are_good_until_the_second_they_expire() {
    let token = |exp: i64| signed(&with(json!({ "exp": exp })));
    assert!(read(&token(NOW + 1)).is_ok());
    for (name, exp) in [("now", NOW), ("a second ago", NOW - 1), ("in 1970", 0)] {
        assert_eq!(read(&token(exp)), Err(TokenFault::Expired), "expires {name}");
    }
    assert!(read(&signed(&with(json!({ "iat": NOW + 60 })))).is_ok(), "clocks may differ by a minute");
}

#[test]
fn each_kind_of_token_is_good_for_its_use_only() {
    let tokens = tokens();
    let access = signed(&claims().to_string());
    assert_eq!(tokens.read_refresh(&access, at(NOW)), Err(TokenFault::WrongType));
    let refresh = RefreshClaims {
        id: "id".to_owned(),
        user_id: UserId::new(Uuid::from_u128(1)),
        account_id: AccountId::new(Uuid::nil()),
        session_id: SessionId::new(Uuid::from_u128(2)),
        issued_at: at(NOW),
        expires_at: at(NOW + 86_400),
    };
    let token = tokens.sign_refresh(&refresh).unwrap();
    assert_eq!(tokens.read_refresh(&token, at(NOW)), Ok(refresh));
    assert_eq!(tokens.read_access(&token, at(NOW)), Err(TokenFault::WrongType), "refresh as access");
    for kind in ["", "Access", "access ", "id", "reset"] {
        let token = signed(&with(json!({ "type": kind })));
        assert_eq!(read(&token), Err(TokenFault::WrongType), "{kind:?}");
    }
    let nameless = signed(&with(json!({ "type": "refresh" })));
    assert_eq!(tokens.read_refresh(&nameless, at(NOW)), Err(TokenFault::Invalid), "refresh without jti");
}
