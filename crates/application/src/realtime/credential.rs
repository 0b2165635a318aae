//! What a receiver showed to be let in, and shows again as long as he stays.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::auth::Auth;
use crate::{AppError, Origin, Principal};

/// A token or an API key.
#[derive(Clone)]
pub struct Credential {
    text: String,
    origin: Arc<Origin>,
}

impl Credential {
    /// What was shown, and from where.
    pub fn new(text: impl Into<String>, origin: Arc<Origin>) -> Self {
        Self { text: text.into(), origin }
    }

    /// Whether it is an API key.
    pub fn is_key(&self) -> bool {
        self.text.starts_with("sb_")
    }

    /// Whose it is, as of now.
    pub(super) async fn holder(&self, auth: &Auth) -> Result<Principal, AppError> {
        match self.is_key() {
            true => auth.authenticate_key(&self.text, self.origin.clone()).await,
            false => auth.authenticate(&self.text, self.origin.clone()).await,
        }
    }

    /// When it is to be looked at again at the latest.
    pub(super) fn expires_at(&self, auth: &Auth) -> Option<DateTime<Utc>> {
        if self.is_key() { None } else { auth.expires_at(&self.text) }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(***)")
    }
}
