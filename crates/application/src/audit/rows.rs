//! What the audit log tells of each kind of row: its table, its id, its account
//! and its columns as text.

use std::borrow::Cow;
use std::convert::Infallible;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value as Json;
use snackbase_domain::AccountId;
use snackbase_domain::account::Account;
use snackbase_domain::api_key::ApiKey;
use snackbase_domain::audit::{AuditOperation, HIDDEN};
use snackbase_domain::collection::{Collection, FieldDraft, IndexDraft, Operation, RuleSet};
use snackbase_domain::configuration::{Configuration, map_secrets};
use snackbase_domain::endpoint::Endpoint;
use snackbase_domain::group::Group;
use snackbase_domain::hook::Hook;
use snackbase_domain::invitation::Invitation;
use snackbase_domain::mail::EmailTemplate;
use snackbase_domain::record::Record;
use snackbase_domain::role::Role;
use snackbase_domain::secrets::hide_secrets;
use snackbase_domain::secrets::without_secrets;
use snackbase_domain::stored_macro::StoredMacro;
use snackbase_domain::user::User;
use snackbase_domain::webhook::{Webhook, WebhookEvent};

use super::trail::{Note, Trail};
use crate::ports::RuleRow;
use crate::records::value_text;

/// A column and its value as text.
pub(crate) type Column = (Cow<'static, str>, Option<String>);

/// A row as the audit log sees it.
pub(crate) trait Row {
    const TABLE: &'static str;
    fn key(&self) -> String;
    /// The account it belongs to, if to one.
    fn account(&self) -> Option<AccountId>;
    fn columns(&self) -> Vec<Column>;
}

/// Notes a new row.
pub(crate) fn created<R: Row>(trail: &Trail, row: &R) {
    let cells = row.columns().into_iter().map(|(column, value)| (column, None, value)).collect();
    trail.note(note(AuditOperation::Create, row, cells));
}

/// Notes the columns that differ.
pub(crate) fn updated<R: Row>(trail: &Trail, before: &R, after: &R) {
    let cells = differing(before.columns(), after.columns());
    trail.note(note(AuditOperation::Update, after, cells));
}

/// Notes that a row is gone.
pub(crate) fn deleted<R: Row>(trail: &Trail, row: &R) {
    let cells = row.columns().into_iter().map(|(column, value)| (column, value, None)).collect();
    trail.note(note(AuditOperation::Delete, row, cells));
}

type Cells = Vec<(Cow<'static, str>, Option<String>, Option<String>)>;

fn note<R: Row>(operation: AuditOperation, row: &R, cells: Cells) -> Note {
    Note { account_id: row.account(), operation, table_name: R::TABLE.into(), record_id: row.key(), cells }
}

fn differing(before: Vec<Column>, after: Vec<Column>) -> Cells {
    before
        .into_iter()
        .zip(after)
        .filter(|((_, old), (_, new))| old != new)
        .map(|((column, old), (_, new))| (column, old, new))
        .collect()
}

/// Notes a change of a record; `None` where there is none before or after.
pub(crate) fn record(
    trail: &Trail,
    collection: &Collection,
    before: Option<&Record>,
    after: Option<&Record>,
) {
    let (operation, Some(known)) = (
        match (before, after) {
            (None, _) => AuditOperation::Create,
            (Some(_), Some(_)) => AuditOperation::Update,
            (Some(_), None) => AuditOperation::Delete,
        },
        after.or(before),
    ) else {
        return;
    };
    let columns = |record| record_columns(collection, record);
    let cells = match (before, after) {
        (Some(before), Some(after)) => differing(columns(before), columns(after)),
        (None, _) => columns(known).into_iter().map(|(column, new)| (column, None, new)).collect(),
        (Some(_), None) => columns(known).into_iter().map(|(column, old)| (column, old, None)).collect(),
    };
    trail.note(Note {
        account_id: Some(known.account_id),
        operation,
        table_name: collection.table().as_str().to_owned().into(),
        record_id: known.id.as_str().to_owned(),
        cells,
    });
}

fn record_columns(collection: &Collection, record: &Record) -> Vec<Column> {
    let instant = |micros| DateTime::from_timestamp_micros(micros).map(time);
    let mut columns: Vec<Column> = vec![
        ("id".into(), text(record.id.as_str())),
        ("account_id".into(), text(record.account_id)),
        ("created_at".into(), instant(record.created_at)),
        ("created_by".into(), text(&record.created_by)),
        ("updated_at".into(), instant(record.updated_at)),
        ("updated_by".into(), text(&record.updated_by)),
    ];
    let stored = collection.stored_fields().zip(&record.values);
    columns.extend(stored.map(|(field, value)| (Cow::Owned(field.name.to_string()), value_text(value))));
    columns
}

/// Anything that prints.
pub(crate) fn text(value: impl ToString) -> Option<String> {
    Some(value.to_string())
}

/// `True` or `False`.
pub(crate) fn flag(value: bool) -> Option<String> {
    Some(if value { "True".to_owned() } else { "False".to_owned() })
}

/// RFC 3339 in UTC.
pub(crate) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub(crate) fn tree(value: Option<&Json>) -> Option<String> {
    value.map(ToString::to_string)
}

impl Row for Account {
    const TABLE: &'static str = "accounts";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.id)
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            ("id".into(), text(self.id)),
            ("account_code".into(), text(self.code)),
            ("slug".into(), text(&self.slug)),
            ("name".into(), text(&self.name)),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
        ]
    }
}

impl Row for User {
    const TABLE: &'static str = "users";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    /// All but the last sign-in, which is no change of the user.
    fn columns(&self) -> Vec<Column> {
        vec![
            ("id".into(), text(self.id)),
            ("account_id".into(), text(self.account_id)),
            ("email".into(), text(&self.email)),
            ("password_hash".into(), text(&self.password_hash)),
            ("role_id".into(), text(self.role_id.0)),
            ("is_active".into(), flag(self.is_active)),
            ("auth_provider".into(), text(&self.auth_provider)),
            ("auth_provider_name".into(), self.auth_provider_name.clone()),
            ("external_id".into(), self.external_id.clone()),
            ("external_email".into(), self.external_email.clone()),
            ("profile_data".into(), tree(self.profile_data.as_ref())),
            ("email_verified".into(), flag(self.email_verified)),
            ("email_verified_at".into(), self.email_verified_at.map(time)),
            ("password_changed_at".into(), Some(time(self.password_changed_at))),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
        ]
    }
}

impl Row for Role {
    const TABLE: &'static str = "roles";

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        None
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            ("id".into(), text(self.id.0)),
            ("name".into(), text(&self.name)),
            ("description".into(), self.description.clone()),
        ]
    }
}

impl Row for StoredMacro {
    const TABLE: &'static str = "macros";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        None
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            ("id".into(), text(self.id)),
            ("name".into(), text(&self.name)),
            ("description".into(), self.description.clone()),
            ("sql_query".into(), text(&self.sql_query)),
            ("parameters".into(), serde_json::to_string(&self.parameters).ok()),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
            ("created_by".into(), self.created_by.clone()),
        ]
    }
}

impl Row for Endpoint {
    const TABLE: &'static str = "endpoints";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    fn columns(&self) -> Vec<Column> {
        let actions = self.actions.iter().cloned().map(Json::Object).collect();
        let template = self.response_template.clone().map(Json::Object);
        vec![
            ("id".into(), text(self.id)),
            ("account_id".into(), text(self.account_id)),
            ("name".into(), text(&self.name)),
            ("description".into(), self.description.clone()),
            ("path".into(), text(&self.path)),
            ("method".into(), text(self.method.as_str())),
            ("auth_required".into(), flag(self.auth_required)),
            ("condition".into(), self.condition.clone()),
            ("actions".into(), text(hide_secrets(&Json::Array(actions)))),
            ("response_template".into(), template.and_then(|template| text(hide_secrets(&template)))),
            ("enabled".into(), flag(self.enabled)),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
            ("created_by".into(), text(self.created_by)),
        ]
    }
}

impl Row for Hook {
    const TABLE: &'static str = "hooks";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    fn columns(&self) -> Vec<Column> {
        let actions = self.actions.iter().cloned().map(Json::Object).collect();
        vec![
            ("id".into(), text(self.id)),
            ("account_id".into(), text(self.account_id)),
            ("name".into(), text(&self.name)),
            ("description".into(), self.description.clone()),
            ("trigger".into(), text(Json::Object(self.trigger.to_stored()))),
            ("condition".into(), self.condition.clone()),
            ("actions".into(), text(hide_secrets(&Json::Array(actions)))),
            ("enabled".into(), flag(self.enabled)),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
            ("created_by".into(), text(self.created_by)),
        ]
    }
}

impl Row for Group {
    const TABLE: &'static str = "groups";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            ("id".into(), text(self.id)),
            ("account_id".into(), text(self.account_id)),
            ("name".into(), text(&self.name)),
            ("description".into(), self.description.clone()),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
        ]
    }
}

/// A user's membership in a group.
pub(crate) struct Membership<'a> {
    pub group: &'a Group,
    pub user: String,
}

impl Row for Membership<'_> {
    const TABLE: &'static str = "users_groups";

    /// Both ids, the group's first.
    fn key(&self) -> String {
        format!("{}:{}", self.group.id, self.user)
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.group.account_id)
    }

    fn columns(&self) -> Vec<Column> {
        vec![("group_id".into(), text(self.group.id)), ("user_id".into(), text(&self.user))]
    }
}

impl Row for ApiKey {
    const TABLE: &'static str = "api_keys";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    /// All but the last use, which is no change of the key.
    fn columns(&self) -> Vec<Column> {
        vec![
            ("id".into(), text(self.id)),
            ("name".into(), text(&self.name)),
            ("user_id".into(), text(self.user_id)),
            ("account_id".into(), text(self.account_id)),
            ("key_hash".into(), text(&self.digest)),
            ("expires_at".into(), self.expires_at.map(time)),
            ("is_active".into(), flag(self.is_active)),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
        ]
    }
}

impl Row for Collection {
    const TABLE: &'static str = "collections";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        None
    }

    fn columns(&self) -> Vec<Column> {
        let drafts: Vec<FieldDraft> = self.fields.iter().map(FieldDraft::from).collect();
        let indexes: Vec<_> = self.indexes.iter().map(IndexDraft::from).collect();
        let indexes = serde_json::to_string(&indexes).ok().filter(|_| !indexes.is_empty());
        vec![
            ("id".into(), text(self.id)),
            ("name".into(), text(&self.name)),
            ("schema".into(), serde_json::to_string(&drafts).ok()),
            ("indexes".into(), indexes),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
        ]
    }
}

impl Row for Configuration {
    const TABLE: &'static str = "configurations";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    /// Secrets among the values are not written down, sealed or not.
    fn columns(&self) -> Vec<Column> {
        let hidden = |_: &str, _: &str| Ok::<_, Infallible>(HIDDEN.to_owned());
        let Ok(config) = map_secrets(&self.values, &mut { hidden });
        vec![
            ("id".into(), text(self.id)),
            ("account_id".into(), text(self.account_id)),
            ("category".into(), text(&self.category)),
            ("provider_name".into(), text(&self.provider_name)),
            ("display_name".into(), text(&self.display_name)),
            ("logo_url".into(), self.logo_url.clone()),
            ("config".into(), text(config)),
            ("enabled".into(), flag(self.enabled)),
            ("is_builtin".into(), flag(self.is_builtin)),
            ("is_default".into(), flag(self.is_default)),
            ("priority".into(), text(self.priority)),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
        ]
    }
}

impl Row for EmailTemplate {
    const TABLE: &'static str = "email_templates";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            ("id".into(), text(self.id)),
            ("account_id".into(), text(self.account_id)),
            ("template_type".into(), text(&self.template_type)),
            ("locale".into(), text(&self.locale)),
            ("subject".into(), text(&self.subject)),
            ("html_body".into(), text(&self.html_body)),
            ("text_body".into(), text(&self.text_body)),
            ("enabled".into(), flag(self.enabled)),
            ("is_builtin".into(), flag(self.is_builtin)),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
        ]
    }
}

impl Row for Invitation {
    const TABLE: &'static str = "invitations";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    fn columns(&self) -> Vec<Column> {
        let groups: Vec<_> = self.group_ids.iter().map(ToString::to_string).collect();
        vec![
            ("id".into(), text(self.id)),
            ("account_id".into(), text(self.account_id)),
            ("email".into(), text(&self.email)),
            ("role_id".into(), self.role_id.and_then(|role| text(role.0))),
            ("groups".into(), text(groups.join(","))),
            ("invited_by".into(), text(self.invited_by)),
            ("token".into(), text(&self.digest)),
            ("created_at".into(), Some(time(self.created_at))),
            ("expires_at".into(), Some(time(self.expires_at))),
            ("accepted_at".into(), self.accepted_at.map(time)),
            ("email_sent_at".into(), self.email_sent_at.map(time)),
        ]
    }
}

impl Row for Webhook {
    const TABLE: &'static str = "webhooks";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account_id)
    }

    /// All but how its deliveries fare, which is no change of the webhook. Headers that carry credentials
    /// are not written down.
    fn columns(&self) -> Vec<Column> {
        let events: Vec<_> = self.events.iter().copied().map(WebhookEvent::as_str).collect();
        let headers = self.headers.as_ref().map(|headers| {
            let headers = headers.iter().map(|(name, value)| (name.clone(), Json::from(value.as_str())));
            Json::Object(without_secrets(&headers.collect()))
        });
        vec![
            ("id".into(), text(self.id)),
            ("account_id".into(), text(self.account_id)),
            ("url".into(), text(&self.url)),
            ("collection".into(), text(&self.collection)),
            ("events".into(), text(events.join(","))),
            ("filter".into(), self.filter.clone()),
            ("enabled".into(), flag(self.enabled)),
            ("headers".into(), tree(headers.as_ref())),
            ("secret".into(), text(&self.sealed_secret)),
            ("created_at".into(), Some(time(self.created_at))),
            ("updated_at".into(), Some(time(self.updated_at))),
            ("created_by".into(), text(self.created_by)),
        ]
    }
}

impl Row for RuleRow {
    const TABLE: &'static str = "collection_rules";

    fn key(&self) -> String {
        self.id.clone()
    }

    fn account(&self) -> Option<AccountId> {
        None
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns: Vec<Column> =
            vec![("id".into(), text(&self.id)), ("collection_id".into(), text(self.collection_id))];
        let rules = &self.rules;
        columns.extend(Operation::ALL.map(|of| (of.rule_key().into(), rules.rule(of).map(str::to_owned))));
        columns.push((RuleSet::UPDATE_CHECK.into(), rules.update_check_rule.clone()));
        columns.extend([
            ("list_fields".into(), text(&rules.list_fields)),
            ("view_fields".into(), text(&rules.view_fields)),
            ("create_fields".into(), text(&rules.create_fields)),
            ("update_fields".into(), text(&rules.update_fields)),
        ]);
        columns.push(("created_at".into(), Some(time(self.created_at))));
        columns.push(("updated_at".into(), Some(time(self.updated_at))));
        columns
    }
}
