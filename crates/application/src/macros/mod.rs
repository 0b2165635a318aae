//! Stored macros: questions in SQL that rules ask. Superadmins write them; what a query
//! may read is decided by `domain::stored_macro`. Of collections it sees the records of the
//! caller's account; users, groups and accounts it sees as far as its own conditions say.
//! When it is tried out it sees all.

mod calls;
mod change;
mod trial;

pub use calls::{Answers, MacroCalls};
pub use change::{MacroChange, NewMacro};
pub use trial::{MacroTrial, TrialArguments};

use std::sync::Arc;

use snackbase_domain::collection::Collection;
use snackbase_domain::stored_macro::StoredMacro;
use snackbase_rules as rules;
use snackbase_rules::Expr;

use crate::AppError;
use crate::catalog::Catalog;
use crate::ports::{Clock, Repositories, Storage};

/// The use cases about stored macros.
pub struct Macros {
    storage: Arc<dyn Storage>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
}

impl Macros {
    /// Wires the use cases.
    pub fn new(storage: Arc<dyn Storage>, catalog: Arc<Catalog>, clock: Arc<dyn Clock>) -> Self {
        Self { storage, catalog, clock }
    }

    /// Some of the macros, by name.
    pub async fn list(&self, skip: u64, limit: u64) -> Result<Vec<StoredMacro>, AppError> {
        Ok(self.storage.read().macros().page(skip, limit).await?)
    }

    /// One macro.
    pub async fn get(&self, id: i64) -> Result<StoredMacro, AppError> {
        found(self.storage.read(), id).await
    }

    async fn reload(&self) -> Result<(), AppError> {
        Ok(self.catalog.reload(self.storage.read()).await?)
    }
}

async fn found(store: &dyn Repositories, id: i64) -> Result<StoredMacro, AppError> {
    store.macros().find(id).await?.ok_or_else(|| AppError::not_found("Macro not found"))
}

/// A stored macro that rules may call, and how many arguments it takes.
pub type KnownMacro = (String, usize);

/// All stored macros.
pub async fn known_macros(store: &dyn Repositories) -> Result<Vec<KnownMacro>, AppError> {
    let all = store.macros().all().await?;
    Ok(all.into_iter().map(|stored| (stored.name, stored.parameters.len())).collect())
}

/// The schema that rules over these fields are checked against, with all stored macros.
pub async fn with_macros(store: &dyn Repositories, schema: rules::Schema) -> Result<rules::Schema, AppError> {
    Ok(schema.with_macros(known_macros(store).await?))
}

/// Whether a rule of a collection calls the macro of that name.
fn is_used_by(collection: &Collection, name: &str) -> bool {
    let rules = collection.rules.all().filter_map(|(_, rule)| rule);
    rules.filter_map(|rule| rules::parse(rule).ok()).any(|rule| calls(&rule, name))
}

/// Whether an expression calls the macro of that name, with brackets or without.
fn calls(expr: &Expr, name: &str) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= match part {
            Expr::Macro { name: called, .. } => called == name,
            Expr::Variable { name: variable, .. } => variable.strip_prefix('@') == Some(name),
            _ => false,
        };
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_by_the_whole_name() {
        for (rule, called) in [
            ("@m()", true),
            ("@m", true),
            ("a = 1 || !(@m(b) && @has_role(\"admin\"))", true),
            ("@other(@m())", true),
            ("@mm()", false),
            ("m = \"@m()\"", false),
            ("@request.auth.id = m", false),
        ] {
            assert_eq!(calls(&rules::parse(rule).unwrap(), "m"), called, "{rule}");
        }
    }
}
