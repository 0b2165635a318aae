//! Replies that are kept to be given again.
//!
//! With the text of a reply is kept which of its fields were masked. Who gives it again leaves out
//! fields that the caller may not read any more, and masks those that he sees masked by now; what
//! was masked at the time stays so, whatever he may see today.

use bytes::Bytes;
use serde_json::Value as Json;
use snackbase_domain::collection::{ACCOUNT_NAME, Operation, SYSTEM_FIELDS};
use snackbase_domain::record::mask;

use super::Body;
use super::render::json_text;
use crate::access;
use crate::catalog::Compiled;
use crate::{AppError, Caller};

/// The fields that a caller sees masked.
fn masked<'c>(compiled: &'c Compiled, caller: &Caller) -> Vec<&'c str> {
    let fields = compiled.collection.fields.iter().zip(access::masks(compiled, caller));
    fields.filter(|(_, mask)| mask.is_some()).map(|(field, _)| field.name.as_str()).collect()
}

/// What is kept of the reply to a create: a line with the fields that are masked in it, and its
/// records, separated by commas.
pub(super) fn kept(compiled: &Compiled, caller: &Caller, items: &[u8]) -> String {
    format!("{}\n{}", Json::from(masked(compiled, caller)), String::from_utf8_lossy(items))
}

/// The records of a reply that was kept, as far as the caller may see them.
pub(super) fn narrowed(compiled: &Compiled, caller: &Caller, kept: &str) -> Result<Bytes, AppError> {
    let unreadable = |error: serde_json::Error| AppError::inconsistent(format!("a kept reply: {error}"));
    let (was_masked, items) = kept.split_once('\n').unwrap_or(("[]", kept));
    let was_masked: Vec<String> = serde_json::from_str(was_masked).map_err(unreadable)?;
    let records: Vec<Body> = serde_json::from_str(&format!("[{items}]")).map_err(unreadable)?;
    let readable = access::readable(compiled, Operation::Create, caller);
    let masks = access::masks(compiled, caller);
    let mut changed = false;
    let narrow = |mut record: Body| {
        record.retain(|key, value| {
            if SYSTEM_FIELDS.contains(&key.as_str()) || key == ACCOUNT_NAME {
                return true;
            }
            let position = compiled.collection.fields.iter().position(|field| field.name.as_str() == key);
            let Some(position) = position.filter(|_| readable.contains(key)) else {
                changed = true;
                return false;
            };
            if let Some(kind) = masks[position].filter(|_| !was_masked.contains(key))
                && let Some(text) = json_text(value)
            {
                changed = true;
                *value = Json::from(mask(kind, &text));
            }
            true
        });
        record
    };
    let records: Vec<Body> = records.into_iter().map(narrow).collect();
    if !changed {
        return Ok(Bytes::copy_from_slice(items.as_bytes()));
    }
    let texts: Result<Vec<_>, _> = records.iter().map(serde_json::to_string).collect();
    Ok(texts.map_err(unreadable)?.join(",").into())
}
