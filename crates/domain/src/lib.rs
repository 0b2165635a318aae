//! The domain of SnackBase: accounts, users, collections, field types, values
//! and the rules that hold for them. Pure: no I/O, no async, no clock.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod account;
pub mod address;
pub mod aggregate;
pub mod api_key;
pub mod audit;
pub mod automation;
pub mod collection;
pub mod configuration;
pub mod email;
pub mod endpoint;
pub mod fault;
pub mod file;
pub mod group;
pub mod hook;
pub mod id;
pub mod invitation;
pub mod job;
pub mod limits;
pub mod mail;
pub mod one_time_token;
pub mod password;
pub mod record;
pub mod role;
pub mod secrets;
pub mod session;
pub mod stored_macro;
pub mod user;
pub mod webhook;

pub use fault::FieldFault;
pub use id::{
    AccountId, ApiKeyId, AutomationEventId, CollectionId, ConfigurationId, EmailLogId, EmailTemplateId,
    EndpointExecutionId, EndpointId, FileUploadId, GroupId, HookExecutionId, HookId, InvitationId, JobId,
    MailId, RecordId, SessionId, UserId, WebhookDeliveryId, WebhookId,
};
