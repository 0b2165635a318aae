//! Port: stored macros, and what their queries answer.

use async_trait::async_trait;
use snackbase_domain::stored_macro::{Argument, Query, StoredMacro};
use snackbase_rules::{Type, Value};

use super::StoreError;
use crate::Identity;

/// Who asks a macro's query; nobody has none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MacroCaller {
    pub id: Option<String>,
    pub email: Option<String>,
    /// The name of the role.
    pub role: Option<String>,
    pub account_id: Option<String>,
}

impl From<&Identity> for MacroCaller {
    fn from(identity: &Identity) -> Self {
        Self {
            id: Some(identity.user_key.clone()),
            email: Some(identity.email.clone()),
            role: Some(identity.role.clone()),
            account_id: Some(identity.account_key.clone()),
        }
    }
}

/// A call of a macro.
#[derive(Clone, Copy, Debug)]
pub struct MacroCall<'a> {
    pub query: &'a Query,
    /// One for each parameter.
    pub arguments: &'a [Value],
    /// The type of each argument, which a null does not tell.
    pub types: &'a [Type],
    pub caller: &'a MacroCaller,
    /// Microseconds since the Unix epoch.
    pub now: i64,
}

impl MacroCaller {
    /// What of the caller an argument asks for; `None` for a parameter, and for what
    /// nobody has.
    pub fn value(&self, argument: Argument) -> Option<&str> {
        match argument {
            Argument::Parameter(_) => None,
            Argument::AuthId => self.id.as_deref(),
            Argument::AuthEmail => self.email.as_deref(),
            Argument::AuthRole => self.role.as_deref(),
            Argument::AuthAccountId => self.account_id.as_deref(),
        }
    }
}

/// The stored macros.
#[async_trait]
pub trait MacroRepository: Send + Sync {
    /// All, by name.
    async fn all(&self) -> Result<Vec<StoredMacro>, StoreError>;
    /// Some of them, by name.
    async fn page(&self, skip: u64, limit: u64) -> Result<Vec<StoredMacro>, StoreError>;
    async fn find(&self, id: i64) -> Result<Option<StoredMacro>, StoreError>;
    /// Stores a macro under the next id, whatever its own is; answers it with that.
    /// Ids are given once. `Conflict` when the name is taken.
    async fn insert(&self, new: &StoredMacro) -> Result<StoredMacro, StoreError>;
    /// Changes all but the id, the author and the time of the making. `Conflict` when
    /// the name is taken.
    async fn update(&self, changed: &StoredMacro) -> Result<(), StoreError>;
    async fn delete(&self, id: i64) -> Result<bool, StoreError>;
    /// The truth of what a query answers over the records of the caller's account, as this
    /// unit of work sees them: unknown
    /// for no row and for null; else whether it is true, a number but zero, or a text
    /// but the empty one, `false` and `0`. `Macro` when the query fails, and when it takes longer
    /// than [`MACRO_SECONDS`] within a unit of work.
    async fn holds(&self, call: &MacroCall<'_>) -> Result<Option<bool>, StoreError>;
    /// What a query answers over the records of all accounts, as text. It is asked by itself, may only read, and is cut
    /// off after [`MACRO_SECONDS`]; `Macro` when it fails or takes longer.
    async fn answer(&self, call: &MacroCall<'_>) -> Result<Option<String>, StoreError>;
}

/// How long a macro that is tried out, or asked while others wait, may take, in seconds.
pub const MACRO_SECONDS: u64 = 5;
