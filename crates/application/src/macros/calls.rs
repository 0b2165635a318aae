//! Calls of stored macros in rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use snackbase_domain::stored_macro::Query;
use snackbase_rules as rules;
use snackbase_rules::{Node, Row, Typed, Value};

use crate::catalog::Catalog;
use crate::ports::{MacroCall, MacroCaller, Repositories, StoreError};

/// The stored macros that a rule calls, and who asks.
#[derive(Clone, Debug, PartialEq)]
pub struct MacroCalls {
    queries: BTreeMap<String, Arc<Query>>,
    caller: MacroCaller,
}

impl MacroCalls {
    /// The macros of conditions that are bound to their caller; `None` when they call none.
    ///
    /// # Errors
    /// Why they cannot be evaluated: a macro is gone, or takes other arguments by now.
    pub fn of<'t>(
        conditions: impl IntoIterator<Item = &'t Typed>,
        catalog: &Catalog,
        caller: impl Into<MacroCaller>,
    ) -> Result<Option<Arc<Self>>, String> {
        let mut calls = Vec::new();
        conditions.into_iter().for_each(|condition| innermost_first(condition, &mut calls));
        if calls.is_empty() {
            return Ok(None);
        }
        let mut queries = BTreeMap::new();
        for (name, arguments) in calls {
            let arguments = arguments.len();
            let known = catalog.stored_macro(name).ok_or_else(|| format!("Unknown macro '@{name}'"))?;
            if known.parameters != arguments {
                let wanted = known.parameters;
                return Err(format!("@{name}() requires exactly {wanted} argument(s), got {arguments}"));
            }
            let query = known.query.as_ref().map_err(ToString::to_string)?;
            queries.insert(name.to_owned(), Arc::clone(query));
        }
        Ok(Some(Arc::new(Self { queries, caller: caller.into() })))
    }

    /// These, and others of the same caller.
    pub(crate) fn joined(&self, others: &Self) -> Arc<Self> {
        let mut all = self.clone();
        all.queries.extend(others.queries.iter().map(|(name, query)| (name.clone(), Arc::clone(query))));
        Arc::new(all)
    }

    /// The query of a macro.
    pub fn query(&self, name: &str) -> Option<&Query> {
        self.queries.get(name).map(Arc::as_ref)
    }

    /// Who asks.
    pub fn caller(&self) -> &MacroCaller {
        &self.caller
    }

    /// Asks all calls in an expression for the arguments that a row gives them.
    pub async fn ask(
        &self,
        store: &dyn Repositories,
        typed: &Typed,
        row: &(dyn Row + Sync),
        now: i64,
    ) -> Result<Answers, StoreError> {
        let mut calls = Vec::new();
        innermost_first(typed, &mut calls);
        let mut answers = Answers::default();
        for (name, args) in calls {
            let known = Answered { row, answers: &answers };
            let arguments: Vec<Value> = args.iter().map(|arg| rules::eval(arg, &known, now)).collect();
            if answers.get(name, &arguments).is_some() {
                continue;
            }
            let Some(query) = self.query(name) else { continue };
            let types: Vec<_> = args.iter().map(|arg| arg.ty).collect();
            let call = MacroCall { query, arguments: &arguments, types: &types, caller: &self.caller, now };
            let truth = store.macros().holds(&call).await?;
            answers.0.push((name.to_owned(), arguments, truth));
        }
        Ok(answers)
    }
}

/// What macros answered, by name and arguments.
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<(String, Vec<Value>, Option<bool>)>);

impl Answers {
    fn get(&self, name: &str, arguments: &[Value]) -> Option<Option<bool>> {
        let mut known = self.0.iter();
        known.find(|(of, with, _)| of == name && with == arguments).map(|(.., truth)| *truth)
    }

    /// A row that knows these answers.
    pub fn beside<'a>(&'a self, row: &'a (dyn Row + Sync)) -> impl Row + 'a {
        Answered { row, answers: self }
    }
}

/// A row, and what macros answered for it.
struct Answered<'a> {
    row: &'a (dyn Row + Sync),
    answers: &'a Answers,
}

impl Row for Answered<'_> {
    fn get(&self, field: &str) -> Value {
        self.row.get(field)
    }

    fn related(&self, field: &str) -> Option<Box<dyn Row + '_>> {
        self.row.related(field)
    }

    fn stored_macro(&self, name: &str, args: &[Value]) -> Option<bool> {
        self.answers.get(name, args).flatten()
    }
}

fn innermost_first<'t>(typed: &'t Typed, calls: &mut Vec<(&'t str, &'t [Typed])>) {
    for child in typed.children() {
        innermost_first(child, calls);
    }
    if let Node::StoredMacro { name, args } = &typed.node {
        calls.push((name, args));
    }
}
