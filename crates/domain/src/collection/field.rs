//! Fields and their types.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FieldName;

/// A field of a collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: FieldName,
    pub ty: FieldType,
    pub required: bool,
    /// Stored when the key is absent at creation; `Null` when there is none.
    pub default: Value,
    /// Unique within an account.
    pub unique: bool,
    /// Kept and returned as given. `searchable` has a meaning, the rest is free for clients.
    pub options: Option<Value>,
    /// Personal data: masked for callers without the right to see it.
    pub pii: bool,
    pub mask_type: Option<MaskType>,
}

impl Field {
    /// Whether the field is derived and has no column.
    pub fn is_computed(&self) -> bool {
        matches!(self.ty, FieldType::Computed(_))
    }

    /// Whether its words can be searched for: text with `"searchable": true` among its options.
    pub fn is_searchable(&self) -> bool {
        let asked = self.options.as_ref().and_then(|options| options.get("searchable"));
        matches!(self.ty, FieldType::Text | FieldType::Email | FieldType::Url)
            && asked == Some(&Value::Bool(true))
    }

    /// Whether values are texts, of any length, and stored as that.
    pub fn holds_text(&self) -> bool {
        matches!(self.ty, FieldType::Text | FieldType::Email | FieldType::Url | FieldType::Reference(_))
    }

    /// The reference, when it is one.
    pub fn reference(&self) -> Option<&Reference> {
        match &self.ty {
            FieldType::Reference(reference) => Some(reference),
            _ => None,
        }
    }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    Text,
    Number,
    Boolean,
    Datetime,
    Email,
    Url,
    Json,
    Reference(Reference),
    File,
    Date,
    Computed(Computed),
}

impl FieldType {
    /// The names of all types, as messages list them.
    pub const NAMES: [&str; 11] = [
        "text",
        "number",
        "boolean",
        "datetime",
        "email",
        "url",
        "json",
        "reference",
        "file",
        "date",
        "computed",
    ];

    /// The name of the type.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
            Self::Email => "email",
            Self::Url => "url",
            Self::Json => "json",
            Self::Reference(_) => "reference",
            Self::File => "file",
            Self::Date => "date",
            Self::Computed(_) => "computed",
        }
    }

    /// Whether values are moments, so that they are stored with their instant.
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Datetime | Self::Date)
    }
}

/// The target of a reference field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Name of the target collection.
    pub collection: String,
    pub on_delete: OnDelete,
}

/// What happens to a record when the one it refers to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// It is deleted too.
    Cascade,
    /// The reference becomes null.
    SetNull,
    /// The deletion is refused.
    Restrict,
}

impl OnDelete {
    /// The word in schemas.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cascade => "cascade",
            Self::SetNull => "set_null",
            Self::Restrict => "restrict",
        }
    }
}

impl FromStr for OnDelete {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.to_ascii_lowercase().as_str() {
            "cascade" => Ok(Self::Cascade),
            "set_null" => Ok(Self::SetNull),
            "restrict" => Ok(Self::Restrict),
            _ => Err(()),
        }
    }
}

/// How a computed field is derived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    pub expression: String,
    pub return_type: ReturnType,
}

/// The type of a computed field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnType {
    Boolean,
    Datetime,
    Number,
    Text,
}

impl ReturnType {
    /// The word in schemas.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
            Self::Number => "number",
            Self::Text => "text",
        }
    }
}

impl FromStr for ReturnType {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.to_ascii_lowercase().as_str() {
            "boolean" => Ok(Self::Boolean),
            "datetime" => Ok(Self::Datetime),
            "number" => Ok(Self::Number),
            "text" => Ok(Self::Text),
            _ => Err(()),
        }
    }
}

/// How a personal value is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaskType {
    Custom,
    Email,
    Full,
    Name,
    Phone,
    Ssn,
}

impl MaskType {
    /// The words, as messages list them.
    pub const NAMES: [&str; 6] = ["custom", "email", "full", "name", "phone", "ssn"];

    /// The word in schemas.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "custom",
            Self::Email => "email",
            Self::Full => "full",
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Ssn => "ssn",
        }
    }
}

impl FromStr for MaskType {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.to_ascii_lowercase().as_str() {
            "custom" => Ok(Self::Custom),
            "email" => Ok(Self::Email),
            "full" => Ok(Self::Full),
            "name" => Ok(Self::Name),
            "phone" => Ok(Self::Phone),
            "ssn" => Ok(Self::Ssn),
            _ => Err(()),
        }
    }
}

/// A field as a client describes it: of the right shape, not yet checked.
/// It is also the form in which schemas are stored and shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldDraft {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: String,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub default: Value,
    #[serde(default)]
    pub unique: bool,
    #[serde(default)]
    pub options: Option<Value>,
    #[serde(default)]
    pub collection: Option<String>,
    #[serde(default)]
    pub on_delete: Option<String>,
    #[serde(default)]
    pub pii: bool,
    #[serde(default)]
    pub mask_type: Option<String>,
    #[serde(default)]
    pub expression: Option<String>,
    #[serde(default)]
    pub return_type: Option<String>,
}

impl From<&Field> for FieldDraft {
    fn from(field: &Field) -> Self {
        let (collection, on_delete) = match &field.ty {
            FieldType::Reference(r) => (Some(r.collection.clone()), Some(r.on_delete.as_str().into())),
            _ => (None, None),
        };
        let (expression, return_type) = match &field.ty {
            FieldType::Computed(c) => (Some(c.expression.clone()), Some(c.return_type.as_str().into())),
            _ => (None, None),
        };
        Self {
            name: field.name.as_str().to_owned(),
            ty: field.ty.name().to_owned(),
            required: field.required,
            default: field.default.clone(),
            unique: field.unique,
            options: field.options.clone(),
            collection,
            on_delete,
            pii: field.pii,
            mask_type: field.mask_type.map(|m| m.as_str().to_owned()),
            expression,
            return_type,
        }
    }
}
