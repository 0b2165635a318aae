//! What the store holds, and what is common to the repositories.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use snackbase_application::ports::{
    FileUpload, KeyedRequest, LogEntry, Presence, QueuedChange, RuleRow, SchemaRevision, StoreError,
    UploadPart,
};
use snackbase_domain::account::Account;
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::audit::{ChainHead, Change};
use snackbase_domain::collection::Collection;
use snackbase_domain::configuration::Configuration;
use snackbase_domain::endpoint::{Endpoint, EndpointExecution};
use snackbase_domain::file::{Provider, StoredFile};
use snackbase_domain::group::Group;
use snackbase_domain::hook::{Hook, HookExecution};
use snackbase_domain::invitation::Invitation;
use snackbase_domain::job::Job;
use snackbase_domain::mail::{EmailLog, EmailTemplate, QueuedMail};
use snackbase_domain::one_time_token::OneTimeToken;
use snackbase_domain::record::Record;
use snackbase_domain::role::Role;
use snackbase_domain::session::RefreshToken;
use snackbase_domain::stored_macro::StoredMacro;
use snackbase_domain::user::User;
use snackbase_domain::webhook::{Delivery, Webhook};
use snackbase_domain::{
    AccountId, ApiKeyId, CollectionId, ConfigurationId, EmailLogId, EmailTemplateId, EndpointId,
    FileUploadId, GroupId, HookId, InvitationId, JobId, MailId, UserId, WebhookDeliveryId, WebhookId,
};
use uuid::Uuid;

/// A table of records.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub collection: Collection,
    pub rows: BTreeMap<String, Record>,
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub accounts: BTreeMap<AccountId, Account>,
    /// Accounts that are being deleted.
    pub hidden: BTreeMap<AccountId, Account>,
    pub revisions: Vec<SchemaRevision>,
    pub users: BTreeMap<UserId, User>,
    pub roles: BTreeMap<i32, Role>,
    /// Ids of roles are given once.
    pub last_role: i32,
    pub macros: BTreeMap<i64, StoredMacro>,
    /// Ids of macros are given once.
    pub last_macro: i64,
    pub files: BTreeMap<String, StoredFile>,
    pub uploads: BTreeMap<FileUploadId, (FileUpload, Vec<UploadPart>)>,
    /// By provider and key: how often it has failed, and when it is due.
    pub deletions: BTreeMap<(Provider, String), (u32, DateTime<Utc>)>,
    pub groups: BTreeMap<GroupId, Group>,
    pub members: BTreeSet<(GroupId, UserId)>,
    pub tokens: BTreeMap<String, RefreshToken>,
    pub api_keys: BTreeMap<ApiKeyId, ApiKey>,
    pub audit_queue: Vec<QueuedChange>,
    /// Ids of waiting changes are given once.
    pub last_queued: i64,
    pub changes: Vec<Change>,
    /// By account; that of the whole log has none.
    pub heads: BTreeMap<Option<AccountId>, ChainHead>,
    /// By position.
    pub log: Vec<LogEntry>,
    /// Positions are given once.
    pub last_position: u64,
    /// By id.
    pub present: BTreeMap<String, Presence>,
    pub email_templates: BTreeMap<EmailTemplateId, EmailTemplate>,
    pub email_logs: BTreeMap<EmailLogId, EmailLog>,
    pub mail_outbox: BTreeMap<MailId, QueuedMail>,
    pub jobs: BTreeMap<JobId, Job>,
    pub endpoints: BTreeMap<EndpointId, Endpoint>,
    pub endpoint_executions: Vec<EndpointExecution>,
    pub hooks: BTreeMap<HookId, Hook>,
    pub hook_executions: Vec<HookExecution>,
    /// Job, definition, step.
    pub automation_steps: BTreeSet<(JobId, Uuid, u32)>,
    pub automation_revision: u64,
    pub webhooks: BTreeMap<WebhookId, Webhook>,
    pub deliveries: BTreeMap<WebhookDeliveryId, Delivery>,
    pub configurations: BTreeMap<ConfigurationId, Configuration>,
    pub one_time_tokens: Vec<OneTimeToken>,
    pub invitations: BTreeMap<InvitationId, Invitation>,
    /// With the reply.
    pub idempotency_keys: BTreeMap<String, (KeyedRequest, String)>,
    pub collections: BTreeMap<CollectionId, (Collection, RuleRow)>,
    pub schema_version: u64,
    /// By the table's name.
    pub tables: BTreeMap<String, Table>,
    /// Tables that are set aside, by revision, in the order in which it happened.
    pub aside: Vec<(String, Table)>,
}

impl State {
    pub fn table(&self, collection: &Collection) -> Result<&Table, StoreError> {
        self.tables.get(collection.table().as_str()).ok_or(StoreError::NoTable)
    }

    pub fn table_mut(&mut self, collection: &Collection) -> Result<&mut Table, StoreError> {
        self.tables.get_mut(collection.table().as_str()).ok_or(StoreError::NoTable)
    }

    /// What belongs to users that are gone goes too.
    pub fn forget_users(&mut self, gone: impl Fn(&User) -> bool) {
        self.users.retain(|_, user| !gone(user));
        let users = &self.users;
        self.members.retain(|(_, user)| users.contains_key(user));
        self.tokens.retain(|_, token| users.contains_key(&token.user_id));
        self.api_keys.retain(|_, key| users.contains_key(&key.user_id));
        self.one_time_tokens.retain(|token| users.contains_key(&token.user_id));
    }
}

/// The error of a value that something else has.
pub(super) fn conflict<T>(constraint: &str) -> Result<T, StoreError> {
    Err(StoreError::Conflict { constraint: constraint.to_owned() })
}

/// Whether one of the texts has the search within, in any case.
pub(super) fn matches(search: Option<&str>, texts: &[String]) -> bool {
    let wanted = search.unwrap_or_default().to_lowercase();
    texts.iter().any(|text| text.to_lowercase().contains(&wanted))
}

/// Sorts by a key, then by id, both in one direction.
pub(super) fn sort_by<T, I: Ord>(
    items: &mut [T],
    descending: bool,
    order: impl Fn(&T, &T) -> Ordering,
    id: impl Fn(&T) -> I,
) {
    items.sort_by(|a, b| {
        let order = order(a, b).then_with(|| id(a).cmp(&id(b)));
        if descending { order.reverse() } else { order }
    });
}

/// A part of a list.
pub(super) fn cut<T>(items: Vec<T>, skip: u64, limit: u64) -> Vec<T> {
    let count = |n| usize::try_from(n).unwrap_or(usize::MAX);
    items.into_iter().skip(count(skip)).take(count(limit)).collect()
}
