//! Who is calling.

use std::sync::Arc;

use snackbase_domain::{AccountId, SessionId, UserId};

/// A signed-in user, as of now (not as of the token's making).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub user_id: UserId,
    /// `user_id` as text.
    pub user_key: String,
    pub account_id: AccountId,
    /// `account_id` as text.
    pub account_key: String,
    pub account_name: String,
    pub email: String,
    /// Name of the role.
    pub role: String,
    /// Names of the groups the user is in.
    pub groups: Vec<String>,
}

impl Identity {
    /// Whether rules, field lists and the account scope do not apply.
    pub fn is_superadmin(&self) -> bool {
        self.account_id.is_system()
    }
}

/// A caller of a use case.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody signed in. `account` is what the request names: a slug or code.
    Anonymous { account: Option<String> },
    /// A user, with the sign-in that the token came from.
    User { identity: Arc<Identity>, session: Option<SessionId> },
}

impl Caller {
    /// The user, when there is one.
    pub fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Anonymous { .. } => None,
            Self::User { identity, .. } => Some(identity),
        }
    }

    /// Whether the caller is a superadmin.
    pub fn is_superadmin(&self) -> bool {
        self.identity().is_some_and(Identity::is_superadmin)
    }
}
