//! The audit log: who changed what, column by column, in a chain of checksums.
//!
//! A [`Change`] is one row created, changed or deleted; its [`Cell`]s are the
//! columns concerned. Each cell is an entry of the log with a checksum over its
//! own content and the checksum before it, in the order of ids and over all
//! accounts, so that a reader of the log can verify it. Each change also carries
//! a seal, made with a key, that continues the seals of its account: who can
//! write to the database but has no key cannot make a chain that holds.

use std::fmt::Write;

use chrono::{DateTime, NaiveDateTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::collection::MaskType;
use crate::{AccountId, UserId};

/// What is written in place of a secret.
pub const HIDDEN: &str = "***";
/// The same in tables of automation.
pub const HIDDEN_IN_AUTOMATION: &str = "********";

/// What is written in place of a secret of that table.
pub fn hidden_in(table: &str) -> &'static str {
    match table {
        "hooks" | "endpoints" | "workflows" | "webhooks" => HIDDEN_IN_AUTOMATION,
        _ => HIDDEN,
    }
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditOperation {
    Create,
    Update,
    Delete,
}

impl AuditOperation {
    /// The word in the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }

    /// The operation of a word; `None` for others, case counts.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Create, Self::Update, Self::Delete].into_iter().find(|operation| operation.name() == word)
    }
}

/// An electronic signature that somebody put under a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub username: String,
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
}

/// A column of a changed row: an entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Position in the log: 1, 2, 3 … without gaps.
    pub id: i64,
    pub column_name: String,
    pub old_value: Option<String>,
    pub new_value: Option<String>,
    /// SHA-256 in hex of [`Change::text`].
    pub checksum: String,
}

/// A changed row with the columns that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Position among changes: 1, 2, 3 … without gaps.
    pub id: i64,
    /// The account that the row belongs to, else that of the user.
    pub account_id: AccountId,
    /// Position among the account's changes: 1, 2, 3 … without gaps.
    pub account_sequence: i64,
    pub operation: AuditOperation,
    pub table_name: String,
    pub record_id: String,
    pub user_id: UserId,
    pub user_email: String,
    /// How the user showed who he is: `jwt`, `api_key` or `anonymous`; `system` where there is none.
    pub auth_method: String,
    pub signature: Option<Signature>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    /// Whole microseconds.
    pub occurred_at: DateTime<Utc>,
    pub cells: Vec<Cell>,
    /// Keyed; of [`Change::seal_text`].
    pub seal: String,
}

impl Change {
    /// What the checksum of a cell is made of: a JSON object with its keys sorted,
    /// `", "` and `": "` between, everything beyond ASCII escaped, and times in
    /// ISO 8601 without a zone.
    pub fn text(&self, cell: &Cell, previous_hash: Option<&str>) -> String {
        let signature = self.signature.as_ref();
        let mut text = String::with_capacity(640);
        let mut fields = Fields { text: &mut text };
        fields.text("account_id", Some(&self.account_id.to_string()));
        fields.text("column_name", Some(&cell.column_name));
        fields.text("es_reason", signature.and_then(|s| s.reason.as_deref()));
        fields.text("es_timestamp", signature.map(|s| iso(s.at)).as_deref());
        fields.text("es_username", signature.map(|s| s.username.as_str()));
        fields.key("extra_metadata");
        fields.text.push_str("{\"auth_method\": ");
        quoted(fields.text, &self.auth_method);
        fields.text.push('}');
        fields.text("ip_address", self.ip_address.as_deref());
        fields.text("new_value", cell.new_value.as_deref());
        fields.text("occurred_at", Some(&iso(self.occurred_at)));
        fields.text("old_value", cell.old_value.as_deref());
        fields.text("operation", Some(self.operation.name()));
        fields.text("previous_hash", previous_hash);
        fields.text("record_id", Some(&self.record_id));
        fields.text("request_id", self.request_id.as_deref());
        fields.text("table_name", Some(&self.table_name));
        fields.text("user_agent", self.user_agent.as_deref());
        fields.text("user_email", Some(&self.user_email));
        fields.text("user_id", Some(&self.user_id.to_string()));
        fields.text("user_name", Some(&self.user_email));
        text.push('}');
        text
    }

    /// What the seal is made of: the place of the change, its last checksum (which
    /// stands for all before it), and the account's seal before.
    pub fn seal_text(&self, previous_seal: &str) -> String {
        let first = self.cells.first().map_or(0, |cell| cell.id);
        let (last, checksum) = self.cells.last().map_or((0, ""), |cell| (cell.id, cell.checksum.as_str()));
        let (account, sequence, id) = (self.account_id, self.account_sequence, self.id);
        format!("change|{account}|{sequence}|{id}|{first}|{last}|{checksum}|{previous_seal}")
    }
}

/// Where a chain ends: that of the whole log, or of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// `None`: the whole log.
    pub account_id: Option<AccountId>,
    /// Number of changes in the chain.
    pub changes: i64,
    /// Id of the last entry of the log; of the whole log's head only.
    pub entries: i64,
    /// Checksum of the last entry; of the whole log's head only, empty at first.
    pub checksum: String,
    /// Seal of the account's last change, or keyed over the whole log's head.
    pub seal: String,
}

impl ChainHead {
    /// The end of a chain without links.
    pub fn empty(account_id: Option<AccountId>) -> Self {
        Self { account_id, changes: 0, entries: 0, checksum: String::new(), seal: String::new() }
    }

    /// What the seal of the whole log's head is made of.
    pub fn seal_text(&self) -> String {
        format!("head|{}|{}|{}", self.changes, self.entries, self.checksum)
    }
}

/// A time in ISO 8601 without a zone; microseconds only when there are some.
fn iso(at: DateTime<Utc>) -> String {
    let at: NaiveDateTime = at.naive_utc();
    match at.nanosecond() / 1000 {
        0 => at.format("%Y-%m-%dT%H:%M:%S").to_string(),
        _ => at.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
    }
}

struct Fields<'a> {
    text: &'a mut String,
}

impl Fields<'_> {
    fn key(&mut self, name: &str) {
        self.text.push_str(if self.text.is_empty() { "{\"" } else { ", \"" });
        self.text.push_str(name);
        self.text.push_str("\": ");
    }

    fn text(&mut self, name: &str, value: Option<&str>) {
        self.key(name);
        match value {
            Some(value) => quoted(self.text, value),
            None => self.text.push_str("null"),
        }
    }
}

/// Writes a JSON string of ASCII characters only (RFC 8259, section 7; characters
/// beyond the basic plane as surrogate pairs).
fn quoted(out: &mut String, value: &str) {
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("writing to a string cannot fail");
                }
            }
        }
    }
    out.push('"');
}

/// Columns that are never written down, whatever their table.
const SECRET_COLUMNS: [&str; 15] = [
    "password",
    "password_hash",
    "hashed_password",
    "refresh_token",
    "token",
    "token_hash",
    "token_sealed",
    "access_token",
    "client_secret",
    "secret",
    "code_verifier",
    "state_token",
    "verification_token",
    "key_hash",
    "variables",
];

/// Whether the values of a column are hidden in the log.
pub fn is_secret_column(name: &str) -> bool {
    SECRET_COLUMNS.contains(&name)
}

/// How values of a column are masked for readers who may not see personal data;
/// by the column's name.
pub fn personal(column: &str) -> Option<MaskType> {
    let column = column.to_lowercase();
    let has = |word: &str| column.contains(word);
    if has("email") {
        Some(MaskType::Email)
    } else if has("ssn") || has("social_security") {
        Some(MaskType::Ssn)
    } else if has("phone") || has("mobile") {
        Some(MaskType::Phone)
    } else if has("name") && !has("username") {
        Some(MaskType::Name)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        Change {
            id: 1,
            account_id: AccountId::SYSTEM,
            account_sequence: 1,
            operation: AuditOperation::Update,
            table_name: "users".into(),
            record_id: "r1".into(),
            user_id: "11111111-1111-4111-8111-111111111111".parse().unwrap(),
            user_email: "ann@example.com".into(),
            auth_method: "jwt".into(),
            signature: None,
            ip_address: Some("127.0.0.1".into()),
            user_agent: None,
            request_id: Some("cid_1".into()),
            occurred_at: DateTime::from_timestamp_micros(1_800_000_000_000_000).unwrap(),
            cells: Vec::new(),
            seal: String::new(),
        }
    }

    fn cell(old: Option<&str>, new: Option<&str>) -> Cell {
        Cell {
            id: 1,
            column_name: "name".into(),
            old_value: old.map(str::to_owned),
            new_value: new.map(str::to_owned),
            checksum: String::new(),
        }
    }

    #[test]
    fn the_text_is_json_with_sorted_keys_in_ascii() {
        let text = change().text(&cell(None, Some("Zoë \"😀\"\n\u{1}\u{7f}")), Some("ab"));
        assert_eq!(
            text,
            "{\"account_id\": \"00000000-0000-0000-0000-000000000000\", \"column_name\": \"name\", \
             \"es_reason\": null, \"es_timestamp\": null, \"es_username\": null, \
             \"extra_metadata\": {\"auth_method\": \"jwt\"}, \"ip_address\": \"127.0.0.1\", \
             \"new_value\": \"Zo\\u00eb \\\"\\ud83d\\ude00\\\"\\n\\u0001\\u007f\", \
             \"occurred_at\": \"2027-01-15T08:00:00\", \"old_value\": null, \"operation\": \"UPDATE\", \
             \"previous_hash\": \"ab\", \"record_id\": \"r1\", \"request_id\": \"cid_1\", \
             \"table_name\": \"users\", \"user_agent\": null, \"user_email\": \"ann@example.com\", \
             \"user_id\": \"11111111-1111-4111-8111-111111111111\", \"user_name\": \"ann@example.com\"}"
        );
    }

    #[test]
    fn times_tell_microseconds_only_when_there_are_some() {
        let at = |micros| DateTime::from_timestamp_micros(micros).unwrap();
        assert_eq!(iso(at(0)), "1970-01-01T00:00:00");
        assert_eq!(iso(at(1_000)), "1970-01-01T00:00:00.001000");
        let signature = Signature { username: "ann".into(), reason: None, at: at(1) };
        let text = Change { signature: Some(signature), ..change() }.text(&cell(None, None), None);
        assert!(text.contains("\"es_timestamp\": \"1970-01-01T00:00:00.000001\", \"es_username\": \"ann\""));
    }

    #[test]
    fn the_seal_binds_place_and_content() {
        let sealed = Change { cells: vec![cell(None, None)], ..change() };
        let moved = Change { account_sequence: 2, ..sealed.clone() };
        assert_ne!(sealed.seal_text("x"), moved.seal_text("x"));
        assert_ne!(sealed.seal_text("x"), sealed.seal_text("y"));
    }
}
