//! The stored macros. There is no SQL in memory: the queries that can be asked are those
//! of one constant or one parameter.

use async_trait::async_trait;
use snackbase_application::ports::{MacroCall, MacroRepository, StoreError};
use snackbase_domain::stored_macro::{Argument, Query, StoredMacro};
use snackbase_rules::{Value, functions};

use super::Memory;
use super::state::{conflict, cut};

/// The answer to `SELECT` of a constant or an argument.
fn asked(call: &MacroCall<'_>) -> Result<Value, StoreError> {
    let what = call.query.sql.strip_prefix("SELECT ").and_then(|sql| sql.strip_suffix(" LIMIT 1"));
    let what = what.unwrap_or_default();
    let text = |text: &str| Value::Text(text.to_owned());
    if let [argument] = call.query.arguments[..]
        && what == format!("\"{}\".\"{}\"", Query::ARGUMENTS, argument.column())
    {
        return Ok(match argument {
            Argument::Parameter(index) => call.arguments.get(index).cloned().unwrap_or(Value::Null),
            _ => call.caller.value(argument).map_or(Value::Null, text),
        });
    }
    if let Some(quoted) = what.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Ok(text(quoted));
    }
    match (what, functions::parse_number(what)) {
        ("NULL", _) => Ok(Value::Null),
        ("TRUE", _) => Ok(Value::Bool(true)),
        ("FALSE", _) => Ok(Value::Bool(false)),
        (_, Some(number)) => Ok(Value::Number(number)),
        _ => Err(StoreError::Macro(format!("cannot be asked in memory: {what}"))),
    }
}

#[async_trait]
impl MacroRepository for Memory {
    async fn all(&self) -> Result<Vec<StoredMacro>, StoreError> {
        self.page(0, u64::MAX).await
    }

    async fn page(&self, skip: u64, limit: u64) -> Result<Vec<StoredMacro>, StoreError> {
        let mut all: Vec<_> = self.state().macros.values().cloned().collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(cut(all, skip, limit))
    }

    async fn find(&self, id: i64) -> Result<Option<StoredMacro>, StoreError> {
        Ok(self.state().macros.get(&id).cloned())
    }

    async fn insert(&self, new: &StoredMacro) -> Result<StoredMacro, StoreError> {
        let mut state = self.state();
        if state.macros.values().any(|known| known.name == new.name) {
            return conflict("macros.name");
        }
        state.last_macro += 1;
        let made = StoredMacro { id: state.last_macro, ..new.clone() };
        state.macros.insert(made.id, made.clone());
        Ok(made)
    }

    async fn update(&self, changed: &StoredMacro) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.macros.values().any(|known| known.id != changed.id && known.name == changed.name) {
            return conflict("macros.name");
        }
        if let Some(known) = state.macros.get_mut(&changed.id) {
            let (created_at, created_by) = (known.created_at, known.created_by.clone());
            *known = StoredMacro { created_at, created_by, ..changed.clone() };
        }
        Ok(())
    }

    async fn delete(&self, id: i64) -> Result<bool, StoreError> {
        Ok(self.state().macros.remove(&id).is_some())
    }

    async fn holds(&self, call: &MacroCall<'_>) -> Result<Option<bool>, StoreError> {
        Ok(match asked(call)? {
            Value::Null => None,
            Value::Bool(truth) => Some(truth),
            Value::Number(number) => Some(number != 0.0),
            Value::Text(text) => Some(!matches!(text.as_str(), "" | "false" | "0")),
            Value::Instant { .. } | Value::Json => Some(true),
        })
    }

    async fn answer(&self, call: &MacroCall<'_>) -> Result<Option<String>, StoreError> {
        Ok(match asked(call)? {
            Value::Null | Value::Json => None,
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Number(number) => Some(functions::number_text(number)),
            Value::Text(text) => Some(text),
            Value::Instant { micros, .. } => Some(functions::instant_text(micros)),
        })
    }
}
