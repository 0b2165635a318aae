//! What a use case answers when it refuses or fails. The HTTP layer turns it
//! into a status and a body; nothing here knows of either.

use std::borrow::Cow;

use snackbase_domain::FieldFault;

use crate::ports::StoreError;

/// A text that is mostly fixed.
pub type Text = Cow<'static, str>;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The caller can do something about it.
    #[error("{0}")]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something else of ours failed.
    #[error("{0}")]
    Internal(String),
}

/// A refusal: its kind, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?}: {says:?}")]
pub struct Refusal {
    pub kind: Kind,
    pub says: Says,
}

/// Kinds of refusals, by what a caller can do about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sign in first, or again.
    Unauthenticated,
    /// Signing in was tried and failed.
    SignInFailed,
    /// Not with these rights.
    Denied,
    /// There is no such thing, as far as the caller may know.
    NotFound,
    /// The input breaks a rule of the product.
    Invalid,
    /// The input names something that cannot be.
    Unprocessable,
    /// Something else is in the way.
    Conflict,
    /// What is to be changed is not as the caller says.
    PreconditionFailed,
    /// Not so often.
    TooManyRequests,
    /// It is larger than it may be.
    TooLarge,
    /// What was sent is not what its checksum says.
    Damaged,
    /// Something outside, e.g. a mail server, did not do its part.
    Failed,
    /// A service that ours stands before did not do its part.
    BadGateway,
}

/// What a refusal tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// One sentence.
    Detail(Text),
    /// A title and a sentence, perhaps about a field.
    Titled { title: &'static str, message: Text, field: Option<&'static str> },
    /// A list of faults of single fields.
    Faults(Vec<FieldFault>),
    /// The same, for calls whose clients expect it one level down.
    FaultsInDetail(Vec<FieldFault>),
    /// A value that another record of the account has.
    NotUnique(Vec<FieldFault>),
    /// Faults of one record of a batch.
    BatchFaults { index: usize, faults: Vec<FieldFault> },
    /// Fields that the caller may not write.
    FieldAccess(FieldAccess),
    /// The user signs in elsewhere.
    OtherProvider(OtherProvider),
    /// When to try again, in seconds.
    RetryAfter(u64),
}

/// How a user signs in who has no password with us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherProvider {
    /// The method: `oauth`, `saml` or another word.
    pub method: String,
    /// Name of the provider.
    pub name: Option<String>,
    /// Slug of the account.
    pub account: String,
}

/// Fields that were sent although they may not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldAccess {
    pub message: String,
    pub unauthorized: Vec<String>,
    /// Those that may be sent; absent for system fields.
    pub allowed: Option<Vec<String>>,
}

impl AppError {
    /// A refusal that says one sentence.
    pub fn detail(kind: Kind, text: impl Into<Text>) -> Self {
        Self::Refused(Refusal { kind, says: Says::Detail(text.into()) })
    }

    /// A refusal with a title and a sentence.
    pub fn titled(kind: Kind, title: &'static str, message: impl Into<Text>) -> Self {
        Self::Refused(Refusal { kind, says: Says::Titled { title, message: message.into(), field: None } })
    }

    /// A refusal with a title and a sentence about a field.
    pub fn titled_field(
        kind: Kind,
        title: &'static str,
        message: impl Into<Text>,
        field: &'static str,
    ) -> Self {
        Self::Refused(Refusal {
            kind,
            says: Says::Titled { title, message: message.into(), field: Some(field) },
        })
    }

    /// Faults of fields.
    pub fn faults(faults: Vec<FieldFault>) -> Self {
        Self::Refused(Refusal { kind: Kind::Invalid, says: Says::Faults(faults) })
    }

    /// The caller must sign in (again).
    pub fn unauthenticated(text: impl Into<Text>) -> Self {
        Self::detail(Kind::Unauthenticated, text)
    }

    /// The caller lacks the right.
    pub fn denied(text: impl Into<Text>) -> Self {
        Self::detail(Kind::Denied, text)
    }

    /// There is no such thing.
    pub fn not_found(text: impl Into<Text>) -> Self {
        Self::detail(Kind::NotFound, text)
    }

    /// The input names something that cannot be.
    pub fn unprocessable(text: impl Into<Text>) -> Self {
        Self::detail(Kind::Unprocessable, text)
    }

    /// Something else is in the way.
    pub fn conflict(text: impl Into<Text>) -> Self {
        Self::detail(Kind::Conflict, text)
    }

    /// The store holds what cannot be, e.g. a user without its role.
    pub fn inconsistent(what: impl Into<String>) -> Self {
        Self::Store(StoreError::Inconsistent(what.into()))
    }
}
