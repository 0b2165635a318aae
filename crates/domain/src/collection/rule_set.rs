//! The rules of a collection: who may do what, and with which fields.

use std::collections::BTreeSet;

/// What a rule decides about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    List,
    View,
    Create,
    Update,
    Delete,
}

impl Operation {
    /// All five, in the order of a rule row.
    pub const ALL: [Self; 5] = [Self::List, Self::View, Self::Create, Self::Update, Self::Delete];

    /// The word in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::View => "view",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The key of its rule, e.g. `list_rule`.
    pub fn rule_key(self) -> &'static str {
        match self {
            Self::List => "list_rule",
            Self::View => "view_rule",
            Self::Create => "create_rule",
            Self::Update => "update_rule",
            Self::Delete => "delete_rule",
        }
    }
}

/// The rule row of a collection. A rule is `None` when locked, empty when
/// public, else an expression; the field lists are `*` or a JSON array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// Whether there is a rule row at all. Without one everything is locked.
    pub defined: bool,
    pub list_rule: Option<String>,
    pub view_rule: Option<String>,
    pub create_rule: Option<String>,
    pub update_rule: Option<String>,
    pub delete_rule: Option<String>,
    /// What a record must satisfy after an update; nothing when `None` or empty.
    pub update_check_rule: Option<String>,
    pub list_fields: String,
    pub view_fields: String,
    pub create_fields: String,
    pub update_fields: String,
}

impl Default for RuleSet {
    /// Locked for everybody but superadmins.
    fn default() -> Self {
        let all = || FieldList::ALL.to_owned();
        Self {
            defined: true,
            list_rule: None,
            view_rule: None,
            create_rule: None,
            update_rule: None,
            delete_rule: None,
            update_check_rule: None,
            list_fields: all(),
            view_fields: all(),
            create_fields: all(),
            update_fields: all(),
        }
    }
}

impl RuleSet {
    /// The key of the rule that records must satisfy after an update.
    pub const UPDATE_CHECK: &'static str = "update_check_rule";

    /// What holds where there is no rule row.
    pub fn missing() -> Self {
        Self { defined: false, ..Self::default() }
    }

    /// Every rule with its key, the check after updates last.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, Option<&str>)> {
        let rules = Operation::ALL.into_iter().map(|operation| (operation.rule_key(), self.rule(operation)));
        rules.chain([(Self::UPDATE_CHECK, self.update_check_rule.as_deref())])
    }

    /// Every rule, in the same order.
    pub fn all_mut(&mut self) -> [&mut Option<String>; 6] {
        [
            &mut self.list_rule,
            &mut self.view_rule,
            &mut self.create_rule,
            &mut self.update_rule,
            &mut self.delete_rule,
            &mut self.update_check_rule,
        ]
    }

    /// The rule for an operation.
    pub fn rule(&self, operation: Operation) -> Option<&str> {
        match operation {
            Operation::List => &self.list_rule,
            Operation::View => &self.view_rule,
            Operation::Create => &self.create_rule,
            Operation::Update => &self.update_rule,
            Operation::Delete => &self.delete_rule,
        }
        .as_deref()
    }

    /// Where the rule for an operation stands.
    pub fn rule_mut(&mut self, operation: Operation) -> &mut Option<String> {
        match operation {
            Operation::List => &mut self.list_rule,
            Operation::View => &mut self.view_rule,
            Operation::Create => &mut self.create_rule,
            Operation::Update => &mut self.update_rule,
            Operation::Delete => &mut self.delete_rule,
        }
    }

    /// The field list for an operation; deleting has none.
    pub fn fields(&self, operation: Operation) -> &str {
        match operation {
            Operation::List => &self.list_fields,
            Operation::View => &self.view_fields,
            Operation::Create => &self.create_fields,
            Operation::Update => &self.update_fields,
            Operation::Delete => FieldList::ALL,
        }
    }

    /// Whether anybody may do anything without signing in.
    pub fn has_public_access(&self) -> bool {
        Operation::ALL.iter().any(|op| self.rule(*op) == Some(""))
    }
}

/// Which fields an operation may read or write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldList {
    /// Every field.
    All,
    /// Only these.
    Only(BTreeSet<String>),
}

/// Why a text is no field list; the message is the client's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldListFault {
    #[error("Field list must be '*' or valid JSON array: {0}")]
    Syntax(String),
    #[error("Field list must be '*' or a JSON array")]
    NotAnArray,
    #[error("All field names must be strings")]
    NotNames,
}

impl FieldList {
    /// The text that stands for every field.
    pub const ALL: &'static str = "*";

    /// Reads `*` or a JSON array of names. Names that the schema lacks are fine.
    pub fn parse(text: &str) -> Result<Self, FieldListFault> {
        if text == Self::ALL {
            return Ok(Self::All);
        }
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|e| FieldListFault::Syntax(e.to_string()))?;
        let serde_json::Value::Array(items) = value else {
            return Err(FieldListFault::NotAnArray);
        };
        items
            .into_iter()
            .map(|item| match item {
                serde_json::Value::String(name) => Ok(name),
                _ => Err(FieldListFault::NotNames),
            })
            .collect::<Result<_, _>>()
            .map(Self::Only)
    }

    /// Whether the list has the field.
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }
}
