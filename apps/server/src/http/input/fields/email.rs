//! E-mail addresses as requests may give them.

use std::fmt;
use std::ops::Deref;

use validator::ValidateEmail;

/// The most bytes of an address (RFC 5321 §4.5.3.1.3, without the angle brackets).
const ADDRESS_LIMIT: usize = 254;
/// The most bytes of the part before the `@` (RFC 5321 §4.5.3.1.1).
const LOCAL_LIMIT: usize = 64;
/// The most bytes of a domain and of one of its labels (RFC 1035 §2.3.4).
const DOMAIN_LIMIT: usize = 253;
const LABEL_LIMIT: usize = 63;

/// Top-level names that never take mail (RFC 6761, 6762, 7686, 9476); `example` is allowed.
const RESERVED: [&str; 8] = ["test", "invalid", "local", "localhost", "localdomain", "onion", "arpa", "alt"];

/// An address that looks deliverable, normalised: no display name, the domain in small letters.
///
/// The domain is not looked up. It stays in Unicode where it has letters beyond ASCII; the part
/// before the `@` is kept as given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads `ann@example.com` or `Ann Lee <ann@example.com>`.
    ///
    /// # Errors
    /// The reason, as a sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let address = without_display_name(text.trim())?;
        let (local, domain) = address.rsplit_once('@').ok_or("An email address must have an @-sign.")?;
        check_local(local)?;
        let domain = normal_domain(domain)?;
        let address = format!("{local}@{domain}");
        if address.len() > ADDRESS_LIMIT {
            return Err("The email address is too long.");
        }
        if address.is_ascii() && !address.validate_email() {
            return Err("The email address is not valid.");
        }
        Ok(Self(address))
    }

    /// What a reader goes on with after a fault.
    pub(super) fn placeholder() -> Self {
        Self(String::new())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for EmailAddress {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

/// The address of `Name <address>`, or the text itself.
fn without_display_name(text: &str) -> Result<&str, &'static str> {
    let Some(inner) = text.strip_suffix('>') else {
        return Ok(text);
    };
    let (name, address) =
        inner.rsplit_once('<').ok_or("The angle brackets around the address do not match.")?;
    if name.contains(['<', '>', '\r', '\n', '\0']) {
        return Err("The display name has characters that are not allowed there.");
    }
    Ok(address.trim())
}

/// A dot-atom of RFC 5322 §3.2.3, with the letters beyond ASCII of RFC 6531.
fn check_local(local: &str) -> Result<(), &'static str> {
    if local.is_empty() {
        return Err("There must be something before the @-sign.");
    }
    if local.len() > LOCAL_LIMIT {
        return Err("The email address is too long before the @-sign.");
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err("The part before the @-sign has a period where none is allowed.");
    }
    let allowed = |c: char| {
        if c.is_ascii() {
            c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c)
        } else {
            !c.is_control() && !c.is_whitespace()
        }
    };
    if local.chars().all(allowed) {
        Ok(())
    } else {
        Err("The part before the @-sign has characters that are not allowed there.")
    }
}

/// The domain in small letters; in ASCII unless it has letters beyond.
fn normal_domain(domain: &str) -> Result<String, &'static str> {
    if domain.is_empty() {
        return Err("There must be something after the @-sign.");
    }
    let ascii = match url::Host::parse(domain) {
        Ok(url::Host::Domain(ascii)) if !domain.contains('%') => ascii,
        Ok(_) => return Err("The part after the @-sign must be a domain name."),
        Err(_) => {
            return Err("The part after the @-sign has characters that are not allowed there.");
        }
    };
    if ascii.len() > DOMAIN_LIMIT {
        return Err("The email address is too long after the @-sign.");
    }
    let well_formed = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_LIMIT
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if !ascii.split('.').all(well_formed) {
        return Err("The part after the @-sign is not a well-formed domain name.");
    }
    let top = ascii.rsplit('.').next().unwrap_or_default();
    if RESERVED.contains(&top) {
        return Err("The part after the @-sign is a reserved name that takes no email.");
    }
    if !ascii.contains('.') {
        return Err("The part after the @-sign is not valid. It should have a period.");
    }
    if !top.ends_with(|c: char| c.is_ascii_alphabetic()) && !top.starts_with("xn--") {
        return Err("The part after the @-sign is not within a valid top-level domain.");
    }
    if ascii.split('.').any(|label| label.starts_with("xn--")) {
        Ok(domain.to_lowercase())
    } else {
        Ok(ascii)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(text: &str) -> String {
        EmailAddress::parse(text).unwrap().into()
    }

    #[test]
    fn the_domain_is_lower_cased_and_the_rest_kept() {
        assert_eq!(ok("Ann.Lee+x@EXAMPLE.com"), "Ann.Lee+x@example.com");
        assert_eq!(ok("  Ann Lee <Ann@B.co> "), "Ann@b.co");
        assert_eq!(ok("ann@München.DE"), "ann@münchen.de");
        assert_eq!(ok("änn@b.co"), "änn@b.co");
        assert_eq!(ok("o'neil@ｅxample.com"), "o'neil@example.com");
    }

    #[test]
    fn what_cannot_be_delivered_is_refused() {
        for bad in [
            "",
            "bad",
            "@b.co",
            "a@",
            "a@b",
            "a@b.test",
            "a@x.local",
            "a@localhost",
            "a@b.invalid",
            "a@b..co",
            "a@.co",
            "a@b.co.",
            "a@-b.co",
            "a@127.0.0.1",
            "a@[::1]",
            "a@b.c0m.1",
            "a..b@c.co",
            ".a@c.co",
            "a b@c.co",
            "a@b c.co",
            "a@b%2eco",
            "a@b_c.co",
            "a\n@b.co",
            "\"a\"@b.co",
            "a@b@c.co",
            "x <y> <a@b.co>",
            "a@b.co>",
            "a\0@b.co",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@b.co", "a".repeat(65))).is_err());
        assert!(EmailAddress::parse(&format!("a@{}.co", "b".repeat(64))).is_err());
    }
}
