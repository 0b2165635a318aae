//! What an expression may refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ast::{Expr, fields};

/// What the expression of a computed field is converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReturnType {
    Text,
    Number,
    Boolean,
    Datetime,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    Text,
    Number,
    Boolean,
    Datetime,
    Email,
    Url,
    Json,
    Reference,
    File,
    Date,
    Computed(ReturnType),
}

impl FieldKind {
    /// The name of the type in schemas and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
            Self::Email => "email",
            Self::Url => "url",
            Self::Json => "json",
            Self::Reference => "reference",
            Self::File => "file",
            Self::Date => "date",
            Self::Computed(_) => "computed",
        }
    }
}

/// A field of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDef {
    pub name: String,
    pub kind: FieldKind,
    /// Of a computed field: its parsed expression.
    pub expression: Option<Arc<Expr>>,
}

impl FieldDef {
    /// A stored field, or a computed one whose expression is not needed because
    /// the schema only serves to check names.
    pub fn new(name: impl Into<String>, kind: FieldKind) -> Self {
        Self { name: name.into(), kind, expression: None }
    }

    /// A computed field.
    pub fn computed(name: impl Into<String>, returns: ReturnType, expression: Expr) -> Self {
        Self { name: name.into(), kind: FieldKind::Computed(returns), expression: Some(Arc::new(expression)) }
    }
}

const SYSTEM_FIELDS: [(&str, FieldKind); 6] = [
    ("id", FieldKind::Text),
    ("account_id", FieldKind::Text),
    ("created_by", FieldKind::Text),
    ("updated_by", FieldKind::Text),
    ("created_at", FieldKind::Datetime),
    ("updated_at", FieldKind::Datetime),
];

/// The fields of a collection, and what a caller may see of them.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    fields: BTreeMap<String, FieldDef>,
    hidden: BTreeSet<String>,
    masked: BTreeSet<String>,
    macros: BTreeSet<String>,
    searchable: BTreeSet<String>,
}

impl Schema {
    /// The given fields and the system fields.
    pub fn new(definitions: impl IntoIterator<Item = FieldDef>) -> Self {
        let system = SYSTEM_FIELDS.map(|(name, kind)| FieldDef::new(name, kind));
        let fields = definitions.into_iter().chain(system).map(|f| (f.name.clone(), f)).collect();
        Self { fields, ..Self::default() }
    }

    /// Names that filters must treat as not existing.
    #[must_use]
    pub fn with_hidden(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.hidden = names.into_iter().map(Into::into).collect();
        self
    }

    /// Names of fields that the caller sees masked: in filters they may be compared
    /// for equality only. Computed fields that use one of them are included.
    #[must_use]
    pub fn with_masked(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let masked: BTreeSet<String> = names.into_iter().map(Into::into).collect();
        let derived: Vec<String> = self
            .fields
            .values()
            .filter(|f| f.expression.as_ref().is_some_and(|e| fields(e).iter().any(|n| masked.contains(*n))))
            .map(|f| f.name.clone())
            .collect();
        self.masked = masked;
        self.masked.extend(derived);
        self
    }

    /// Names (without `@`) of the stored macros that rules may call.
    #[must_use]
    pub fn with_macros(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.macros = names.into_iter().map(Into::into).collect();
        self
    }

    /// Names of the text fields that have their words indexed.
    #[must_use]
    pub fn with_searchable(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.searchable = names.into_iter().map(Into::into).collect();
        self
    }

    /// The searchable fields whose words the caller may look for, by name: not hidden, not masked.
    pub fn searchable(&self) -> Vec<String> {
        let open = |name: &&String| !self.hidden.contains(*name) && !self.masked.contains(*name);
        self.searchable.iter().filter(open).cloned().collect()
    }

    pub(crate) fn is_searchable(&self, name: &str) -> bool {
        self.searchable.contains(name)
    }

    /// The field of that name as seen in a scope.
    pub fn field(&self, name: &str, scope: Scope) -> Option<&FieldDef> {
        self.fields.get(name).filter(|_| scope != Scope::Filter || !self.hidden.contains(name))
    }

    /// The visible names in a scope, sorted and joined with `, `.
    pub(crate) fn available(&self, scope: Scope) -> String {
        let names: Vec<&str> =
            self.fields.keys().map(String::as_str).filter(|n| self.field(n, scope).is_some()).collect();
        names.join(", ")
    }

    pub(crate) fn is_masked(&self, name: &str) -> bool {
        self.masked.contains(name)
    }

    pub(crate) fn has_macro(&self, name: &str) -> bool {
        self.macros.contains(name)
    }
}

/// What a rule governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    List,
    View,
    Create,
    Update,
    Delete,
}

impl Operation {
    /// The word in messages, e.g. `list`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::View => "view",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The operation of that name; `read` is another name of `list`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "list" | "read" => Some(Self::List),
            "view" => Some(Self::View),
            "create" => Some(Self::Create),
            "update" => Some(Self::Update),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// Where an expression stands: it decides which names exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The `filter` of a list: visible fields, functions; operators are checked
    /// against field types; `x = null` means `x IS NULL`.
    Filter,
    /// A collection rule: all fields, functions, variables and macros.
    Rule(Operation),
    /// A computed field: stored fields and functions.
    Computed,
}
