//! Identifiers. Each is its own type, so that an account's id cannot be used
//! where a user's is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID within.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

uuid_id!(
    /// Id of an account (tenant).
    AccountId
);
uuid_id!(
    /// Id of a user.
    UserId
);
uuid_id!(
    /// Id of a collection.
    CollectionId
);
uuid_id!(
    /// Id of a group of users.
    GroupId
);
uuid_id!(
    /// Id of a sign-in: the family that its refresh tokens form.
    SessionId
);

uuid_id!(
    /// Id of an invitation.
    InvitationId
);

uuid_id!(
    /// Id of an upload that can be resumed.
    FileUploadId
);

uuid_id!(
    /// Id of an API key.
    ApiKeyId
);
uuid_id!(
    /// Id of a job.
    JobId
);
uuid_id!(
    /// Id of a provider's configuration.
    ConfigurationId
);

uuid_id!(
    /// Id of an e-mail template.
    EmailTemplateId
);
uuid_id!(
    /// Id of a row of the e-mail log.
    EmailLogId
);
uuid_id!(
    /// Id of a message in the outbox.
    MailId
);

uuid_id!(
    /// Id of a hook that is defined over the API.
    HookId
);
uuid_id!(
    /// Id of a run of such a hook.
    HookExecutionId
);
uuid_id!(
    /// Id of a custom endpoint.
    EndpointId
);
uuid_id!(
    /// Id of a call of a custom endpoint.
    EndpointExecutionId
);
uuid_id!(
    /// Id of something that hooks, webhooks and workflows wait for.
    AutomationEventId
);

uuid_id!(
    /// Id of a webhook.
    WebhookId
);
uuid_id!(
    /// Id of a webhook's delivery.
    WebhookDeliveryId
);

impl AccountId {
    /// The system account, whose users are superadmins: the nil UUID.
    pub const SYSTEM: Self = Self(Uuid::nil());

    /// Whether this is the system account.
    pub fn is_system(&self) -> bool {
        *self == Self::SYSTEM
    }
}

/// Id of a record. We make UUIDs, but any text may be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(String);

impl RecordId {
    /// Wraps the text of an id as it came.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Uuid> for RecordId {
    fn from(id: Uuid) -> Self {
        Self(id.as_hyphenated().to_string())
    }
}
