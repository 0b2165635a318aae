//! E-mail addresses as users of an account are known by.

use std::fmt;

use validator::ValidateEmail;

/// An address whose form was checked where it came in; the domain is in lower
/// case, the local part as given. Two addresses are the same user's when they
/// are equal without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Takes an address whose form was checked.
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that uniqueness and look-ups go by.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Whether a text has the form of an address.
pub fn is_address(text: &str) -> bool {
    text.validate_email()
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
