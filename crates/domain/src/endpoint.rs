//! Custom endpoints: paths that an account defines, with what is done and answered when one is called.

mod log;
mod response;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

pub use log::{KEPT_EXECUTIONS, MAX_LOGGED_BYTES, logged, logged_request};
pub use response::{EndpointReply, InvalidTemplate, check_response, render_response};

use crate::hook::ExecutionStatus;
use crate::{AccountId, EndpointExecutionId, EndpointId, UserId};

/// Most characters of an endpoint's name.
pub const MAX_NAME_CHARS: usize = 200;

/// The methods by which endpoints can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndpointMethod {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl EndpointMethod {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Reads the name; case counts.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }

    /// Whether the body of a request is looked at.
    pub fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }
}

/// A path of an account, and what is done when it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    pub id: EndpointId,
    pub account_id: AccountId,
    pub name: String,
    pub description: Option<String>,
    /// As it was sent; [`crate::automation::EndpointPath`] reads it.
    pub path: String,
    pub method: EndpointMethod,
    /// Whether only users of the account may call it.
    pub auth_required: bool,
    /// What must hold of the request; `None`: nothing.
    pub condition: Option<String>,
    /// Done one after another, as they were sent.
    pub actions: Vec<Map<String, Value>>,
    /// What is answered; `None`: what the last action came to.
    pub response_template: Option<Map<String, Value>>,
    pub enabled: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
}

/// A call of an endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointExecution {
    pub id: EndpointExecutionId,
    pub endpoint_id: EndpointId,
    pub account_id: AccountId,
    pub status: ExecutionStatus,
    /// The status that was answered.
    pub http_status: u16,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What was asked, without secrets.
    pub request: Map<String, Value>,
    /// What was answered, without secrets; null where nothing was.
    pub response: Value,
    pub error: Option<String>,
    pub executed_at: DateTime<Utc>,
}
