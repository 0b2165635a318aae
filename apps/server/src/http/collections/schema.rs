//! Fields as requests and replies describe them.

use serde::Serialize;
use serde_json::{Map, Value};
use snackbase_domain::collection::{Field, FieldDraft, FieldList, Index, IndexDraft, MAX_NAME, MaskType};
use utoipa::ToSchema;

use crate::http::input::Fields;

/// A field of a collection.
#[derive(Serialize, ToSchema)]
pub struct FieldBody {
    name: String,
    /// text, number, boolean, datetime, email, url, json, reference, file, date or computed.
    #[serde(rename = "type")]
    ty: String,
    required: bool,
    /// Stored when the key is absent at creation.
    default: Value,
    /// Unique within an account.
    unique: bool,
    #[schema(required, value_type = Option<Map<String, Value>>)]
    options: Option<Value>,
    /// Name of the collection that a reference refers to.
    #[schema(required)]
    collection: Option<String>,
    /// cascade, set_null or restrict.
    #[schema(required)]
    on_delete: Option<String>,
    /// Personal data, masked for callers without the right to see it.
    pii: bool,
    /// custom, email, full, name, phone or ssn.
    #[schema(required)]
    mask_type: Option<String>,
    /// What a computed field is derived by.
    #[schema(required)]
    expression: Option<String>,
    /// boolean, datetime, number or text.
    #[schema(required)]
    return_type: Option<String>,
}

/// An index of a collection; the account comes first in each, by itself.
#[derive(Serialize, ToSchema)]
pub struct IndexBody {
    name: String,
    /// Names of fields, with `-` in front of those in descending order.
    fields: Vec<String>,
    /// Whether no two records of an account may have all values in common. Null is no value.
    unique: bool,
}

/// An index to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct IndexInput {
    /// Derived from the fields if absent.
    name: Option<String>,
    /// Names of stored fields, created_at, updated_at or created_by; with `-` in front, in descending order.
    fields: Vec<String>,
    /// Whether no two records of an account may have all values in common. Null is no value.
    unique: Option<bool>,
}

impl From<&Index> for IndexBody {
    fn from(index: &Index) -> Self {
        let IndexDraft { fields, unique, .. } = IndexDraft::from(index);
        Self { name: index.name.to_string(), fields, unique }
    }
}

/// Reads the list of indexes; `None` when it is absent, empty when it is null.
pub fn read_indexes(fields: &mut Fields<'_>) -> Option<Vec<IndexDraft>> {
    fields.items("indexes", read_index).patch().nullable().map(Option::unwrap_or_default)
}

/// Reads what an index is to be.
pub fn read_index(item: &mut Fields<'_>) -> IndexDraft {
    IndexDraft {
        name: item.string("name").optional(),
        fields: item.strings("fields").required(),
        unique: item.boolean("unique").default(false),
    }
}

/// A field of a collection to be made or changed; only name and type must be there.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub struct FieldInput {
    name: String,
    /// text, number, boolean, datetime, email, url, json, reference, file, date or computed.
    r#type: String,
    required: Option<bool>,
    /// Stored when the key is absent at creation.
    default: Option<Value>,
    /// Unique within an account.
    unique: Option<bool>,
    options: Option<Map<String, Value>>,
    /// Name of the collection that a reference refers to.
    collection: Option<String>,
    /// cascade, set_null or restrict.
    on_delete: Option<String>,
    /// Personal data, masked for callers without the right to see it.
    pii: Option<bool>,
    /// custom, email, full, name, phone or ssn.
    mask_type: Option<String>,
    /// What a computed field is derived by.
    expression: Option<String>,
    /// boolean, datetime, number or text.
    return_type: Option<String>,
}

impl From<&Field> for FieldBody {
    fn from(field: &Field) -> Self {
        let draft = FieldDraft::from(field);
        Self {
            name: draft.name,
            ty: draft.ty,
            required: draft.required,
            default: draft.default,
            unique: draft.unique,
            options: draft.options,
            collection: draft.collection,
            on_delete: draft.on_delete,
            pii: draft.pii,
            mask_type: draft.mask_type,
            expression: draft.expression,
            return_type: draft.return_type,
        }
    }
}

/// Reads the list of fields, `schema` or `fields`.
pub fn read_schema(fields: &mut Fields<'_>) -> Vec<FieldDraft> {
    fields.items("schema", read_named).alias("fields").min_items(1).required()
}

fn read_named(item: &mut Fields<'_>) -> FieldDraft {
    let name = item.string("name").len(1, MAX_NAME).required();
    read_field(item, name)
}

/// Reads what a field of that name is to be.
pub fn read_field(item: &mut Fields<'_>, name: String) -> FieldDraft {
    let draft = FieldDraft {
        name,
        ty: item.string("type").required(),
        required: item.boolean("required").default(false),
        default: item.json("default").optional().unwrap_or(Value::Null),
        unique: item.boolean("unique").default(false),
        options: item.object("options").optional().map(Value::Object),
        collection: item.string("collection").optional(),
        on_delete: item.string("on_delete").optional(),
        pii: item.boolean("pii").default(false),
        mask_type: item.string("mask_type").check(|word| check_mask(word)).optional(),
        expression: item.string("expression").optional(),
        return_type: item.string("return_type").optional(),
    };
    if item.is_sound() && draft.mask_type.is_some() && !draft.pii {
        item.value_error_of_all("mask_type can only be set when pii=True");
    }
    FieldDraft { mask_type: draft.mask_type.map(|word| word.to_ascii_lowercase()), ..draft }
}

fn check_mask(word: &str) -> Result<(), String> {
    match word.parse::<MaskType>() {
        Ok(_) => Ok(()),
        Err(()) => Err(format!("Invalid mask_type '{word}'. Valid types: {}", MaskType::NAMES.join(", "))),
    }
}

/// Checks a list of fields that a rule row holds.
pub fn check_field_list(text: &str) -> Result<(), String> {
    FieldList::parse(text).map(drop).map_err(|fault| fault.to_string())
}
