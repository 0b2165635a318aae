//! Who is calling.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use snackbase_domain::group::PII_ACCESS;
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

    /// Whether personal data is shown unmasked.
    pub fn sees_personal_data(&self) -> bool {
        self.is_superadmin() || self.groups.iter().any(|group| group == PII_ACCESS)
    }
}

/// Where a request came from, as the audit log tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Address of the client.
    pub address: Option<IpAddr>,
    pub user_agent: Option<String>,
    /// One for each request; also in its reply and its log lines.
    pub request_id: Option<String>,
    /// How many automatic steps led to it; 0 for what a client asks for.
    pub depth: u32,
}

/// How somebody showed who he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMethod {
    AccessToken,
    ApiKey,
    /// Not at all: a hook, an endpoint or a workflow acts in its account, on somebody's behalf. The
    /// collections' rules do not bind it, and no other account is within its reach.
    Automation,
}

/// A signed-in user who asks for something, and how he came.
#[derive(Clone, Debug)]
pub struct Principal {
    pub identity: Arc<Identity>,
    /// The sign-in that the token came from.
    pub session: Option<SessionId>,
    pub method: AuthMethod,
    pub origin: Arc<Origin>,
}

impl Deref for Principal {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.identity
    }
}

impl Principal {
    /// As whom changes are audited.
    pub fn actor(&self) -> Actor {
        Actor::User(self.clone())
    }

    /// Whether a hook, an endpoint or a workflow acts.
    pub fn is_automation(&self) -> bool {
        self.method == AuthMethod::Automation
    }
}

/// As whom the changes of a unit of work are audited.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Nobody: anonymous callers leave no rows.
    Nobody,
    /// A signed-in user.
    User(Principal),
    /// The user whom the change is about: registration, verification, reset.
    Affected(Arc<Origin>),
    /// The system itself, where it changes of its own accord what people made.
    System,
}

/// A caller of a use case.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody signed in. `account` is what the request names: a slug or code.
    Anonymous { account: Option<String>, origin: Arc<Origin> },
    /// A user.
    User(Principal),
}

impl Caller {
    /// The user, when there is one.
    pub fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Anonymous { .. } => None,
            Self::User(principal) => Some(&principal.identity),
        }
    }

    /// Where the request came from.
    pub fn origin(&self) -> &Arc<Origin> {
        match self {
            Self::Anonymous { origin, .. } => origin,
            Self::User(principal) => &principal.origin,
        }
    }

    /// As whom changes are audited.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Anonymous { .. } => Actor::Nobody,
            Self::User(principal) => principal.actor(),
        }
    }

    /// The caller as the one whom the change is about, when nobody is signed in.
    pub fn affected(&self) -> Actor {
        match self {
            Self::Anonymous { origin, .. } => Actor::Affected(origin.clone()),
            Self::User(principal) => principal.actor(),
        }
    }

    /// Whether the caller is a superadmin, who reaches all accounts.
    pub fn is_superadmin(&self) -> bool {
        matches!(self, Self::User(principal) if principal.is_superadmin() && !principal.is_automation())
    }

    /// Whether collections' rules and field lists do not bind the caller.
    pub fn is_above_rules(&self) -> bool {
        matches!(self, Self::User(principal) if principal.is_superadmin() || principal.is_automation())
    }
}
