//! What an expression may refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ast::{Expr, fields};
use crate::typed::Typed;

/// What the expression of a computed field is converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReturnType {
    Text,
    Number,
    Boolean,
    Datetime,
}

impl ReturnType {
    /// The word in schemas and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
        }
    }
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
    /// Of a reference: the collection that it leads to.
    pub target: Option<String>,
}

impl FieldDef {
    /// A stored field, or a computed one whose expression is not needed because
    /// the schema only serves to check names.
    pub fn new(name: impl Into<String>, kind: FieldKind) -> Self {
        Self { name: name.into(), kind, expression: None, target: None }
    }

    /// A reference to records of a collection.
    pub fn reference(name: impl Into<String>, collection: impl Into<String>) -> Self {
        Self { target: Some(collection.into()), ..Self::new(name, FieldKind::Reference) }
    }

    /// A computed field.
    pub fn computed(name: impl Into<String>, returns: ReturnType, expression: Expr) -> Self {
        Self { expression: Some(Arc::new(expression)), ..Self::new(name, FieldKind::Computed(returns)) }
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

/// A name may lead through this many references, as in `author.city.country.name`.
pub const MAX_REFERENCES: usize = 3;

/// What can be seen of a collection through references to it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its fields. Where these lead, the schema that one starts from knows.
    pub schema: Schema,
    /// What a record must satisfy to be seen; any other is as good as absent.
    pub guard: Option<Typed>,
}

/// The collections that references lead to, by name. One that is not in it does
/// not exist for the expression.
pub type Targets = BTreeMap<String, Target>;

/// The fields of a collection, and what a caller may see of them.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    fields: Arc<BTreeMap<String, FieldDef>>,
    hidden: BTreeSet<String>,
    masked: BTreeSet<String>,
    /// How many arguments each takes.
    macros: BTreeMap<String, usize>,
    /// Fields whose words are indexed.
    searchable: BTreeSet<String>,
    targets: Arc<Targets>,
}

/// A reference that a name leads through.
pub(crate) struct Hop<'a> {
    pub field: &'a str,
    pub collection: &'a str,
    pub target: &'a Target,
}

/// Where a name with dots leads.
pub(crate) struct Path<'a> {
    /// From the first reference to the last.
    pub hops: Vec<Hop<'a>>,
    /// The schema of the collection where the name ends.
    pub schema: &'a Schema,
    pub field: &'a FieldDef,
}

impl Path<'_> {
    /// Whether the field's words are indexed.
    pub fn is_searchable(&self) -> bool {
        self.schema.searchable.contains(&self.field.name)
    }
}

/// Why a name leads nowhere.
pub(crate) enum Astray {
    /// The names that would have been possible, sorted and joined with `, `.
    Unknown { available: String },
    /// Through more references than allowed.
    TooFar,
}

impl Schema {
    /// The given fields and the system fields.
    pub fn new(definitions: impl IntoIterator<Item = FieldDef>) -> Self {
        let system = SYSTEM_FIELDS.map(|(name, kind)| FieldDef::new(name, kind));
        let fields = definitions.into_iter().chain(system).map(|f| (f.name.clone(), f)).collect();
        Self { fields: Arc::new(fields), ..Self::default() }
    }

    /// The collections that names with dots may lead to.
    #[must_use]
    pub fn with_targets(mut self, targets: Arc<Targets>) -> Self {
        self.targets = targets;
        self
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

    /// Names (without `@`) of the stored macros that rules may call, and how many
    /// arguments they take.
    #[must_use]
    pub fn with_macros(mut self, macros: impl IntoIterator<Item = (impl Into<String>, usize)>) -> Self {
        self.macros = macros.into_iter().map(|(name, arguments)| (name.into(), arguments)).collect();
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

    /// The field of that name as seen in a scope; a name with dots leads through
    /// references.
    pub fn field(&self, name: &str, scope: Scope) -> Option<&FieldDef> {
        self.path(name, scope).ok().map(|path| path.field)
    }

    /// Follows a name.
    pub(crate) fn path(&self, name: &str, scope: Scope) -> Result<Path<'_>, Astray> {
        let (mut schema, mut hops) = (self, Vec::new());
        let mut parts = name.split('.').peekable();
        loop {
            let part = parts.next().unwrap_or_default();
            let unknown = || Astray::Unknown { available: available(&hops, schema, scope) };
            let field = schema.own(part, scope).ok_or_else(unknown)?;
            if parts.peek().is_none() {
                return Ok(Path { hops, schema, field });
            }
            // What a caller sees masked does not lead him anywhere.
            let follows = scope != Scope::Computed && (scope != Scope::Filter || !schema.masks(part));
            let collection = field.target.as_deref().filter(|_| follows).ok_or_else(unknown)?;
            let target = self.targets.get(collection).ok_or_else(unknown)?;
            if hops.len() == MAX_REFERENCES {
                return Err(Astray::TooFar);
            }
            hops.push(Hop { field: &field.name, collection, target });
            schema = &target.schema;
        }
    }

    /// A field of the collection itself.
    fn own(&self, name: &str, scope: Scope) -> Option<&FieldDef> {
        self.fields.get(name).filter(|_| scope != Scope::Filter || !self.hidden.contains(name))
    }

    fn masks(&self, name: &str) -> bool {
        self.masked.contains(name)
    }

    /// Whether the field that a name leads to is one that the caller sees masked.
    pub fn is_masked(&self, name: &str) -> bool {
        let (schema, last) = match self.path(name, Scope::Filter) {
            Ok(path) => (path.schema, path.field.name.as_str()),
            Err(_) => (self, name),
        };
        schema.masks(last)
    }

    /// How many arguments the stored macro of that name takes.
    pub(crate) fn macro_arguments(&self, name: &str) -> Option<usize> {
        self.macros.get(name).copied()
    }
}

/// The names that are possible behind some references.
fn available(hops: &[Hop<'_>], schema: &Schema, scope: Scope) -> String {
    let way: String = hops.iter().map(|hop| format!("{}.", hop.field)).collect();
    let names = schema.fields.keys().filter(|name| schema.own(name, scope).is_some());
    names.map(|name| format!("{way}{name}")).collect::<Vec<_>>().join(", ")
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
