//! Use case: try a macro out.

use std::collections::BTreeMap;
use std::time::Duration;

use snackbase_domain::stored_macro::{Query, StoredMacro};
use snackbase_rules::{Type, Value};

use super::Macros;
use crate::ports::{MacroCall, MacroCaller, StoreError};
use crate::{AppError, Principal};

/// What a macro is tried out with.
#[derive(Clone, Debug)]
pub enum TrialArguments {
    /// One for each parameter, in their order.
    Listed(Vec<String>),
    /// By the names of the parameters.
    Named(BTreeMap<String, String>),
}

/// What a macro answered.
#[derive(Clone, Debug)]
pub struct MacroTrial {
    /// The first value, as text.
    pub result: Option<String>,
    pub took: Duration,
}

impl Macros {
    /// Asks a macro's query, as the superadmin who tries it out.
    pub async fn test(&self, by: &Principal, id: i64, given: TrialArguments) -> Result<MacroTrial, AppError> {
        let stored = self.get(id).await?;
        let arguments = arguments(&stored, given)?;
        let failed = |text: &str| AppError::unprocessable(format!("Macro execution failed: {text}"));
        let query = Query::read(&stored.sql_query, &stored.parameters).map_err(|e| failed(&e.to_string()))?;
        let caller = MacroCaller::from(&**by);
        let now = self.clock.now().timestamp_micros();
        let types = vec![Type::Text; arguments.len()];
        let call = MacroCall { query: &query, arguments: &arguments, types: &types, caller: &caller, now };
        let begun = tokio::time::Instant::now();
        match self.storage.read().macros().answer(&call).await {
            Ok(result) => Ok(MacroTrial { result, took: begun.elapsed() }),
            Err(StoreError::Macro(text)) => Err(failed(&text)),
            Err(StoreError::TimedOut) => Err(failed("the query takes too long")),
            Err(other) => Err(other.into()),
        }
    }
}

fn arguments(stored: &StoredMacro, given: TrialArguments) -> Result<Vec<Value>, AppError> {
    let (wanted, got) = (
        stored.parameters.len(),
        match &given {
            TrialArguments::Listed(values) => values.len(),
            TrialArguments::Named(values) => {
                stored.parameters.iter().filter(|name| values.contains_key(*name)).count()
            }
        },
    );
    if wanted != got {
        return Err(AppError::unprocessable(format!("Expected {wanted} parameters, got {got}")));
    }
    Ok(match given {
        TrialArguments::Listed(values) => values.into_iter().map(Value::Text).collect(),
        TrialArguments::Named(mut values) => {
            let value = |name| values.remove(name).map_or(Value::Null, Value::Text);
            stored.parameters.iter().map(value).collect()
        }
    })
}
