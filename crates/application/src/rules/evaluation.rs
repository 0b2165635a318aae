//! Rules and their clauses, evaluated about one record.

use snackbase_domain::record::Record;
use snackbase_rules as rules;
use snackbase_rules::{Clause, Join};

use super::ClauseOutcome;
use crate::AppError;
use crate::access::{Bound, RuleContext};
use crate::catalog::Compiled;
use crate::macros::{Answers, MacroCalls};
use crate::ports::Repositories;
use crate::records::Related;

/// An expression, bound to who asks.
pub(super) fn bound(
    expr: &rules::Expr,
    context: &RuleContext<'_>,
    compiled: &Compiled,
) -> Result<Bound, String> {
    let expr = rules::bind(expr, context).map_err(|error| error.to_string())?;
    let schema = compiled.schema.clone().with_targets(context.catalog.targets());
    let scope = rules::Scope::Rule(rules::Operation::List);
    let condition = rules::elaborate_condition(&expr, &schema, scope).map_err(|error| error.to_string())?;
    let macros = MacroCalls::of([&condition], context.catalog, context.identity)?;
    Ok(Bound { condition, macros })
}

/// What the parts of a rule are evaluated with.
pub(super) struct Evaluation<'a> {
    pub store: &'a dyn Repositories,
    pub compiled: &'a Compiled,
    pub context: RuleContext<'a>,
    pub record: &'a Record,
    pub text: &'a str,
    pub now: i64,
}

impl Evaluation<'_> {
    /// An expression, bound, and its truth.
    pub async fn truth(&self, expr: &rules::Expr) -> Result<(Bound, Option<bool>), String> {
        let bound = bound(expr, &self.context, self.compiled)?;
        let (store, condition, now) = (self.store, &bound.condition, self.now);
        let related =
            Related::load(store, self.context.catalog, self.compiled, self.record, [condition], now).await;
        let related = related.map_err(|error| error.to_string())?;
        let row = related.row(self.compiled, self.record);
        let answers = match &bound.macros {
            None => Answers::default(),
            Some(macros) => {
                macros.ask(store, condition, &row, now).await.map_err(|error| error.to_string())?
            }
        };
        let truth = rules::eval_condition(condition, &answers.beside(&row), now);
        Ok((bound, truth))
    }

    /// A clause and its parts; `decisive` when the whole came out as this did.
    pub async fn outcome(&self, clause: &Clause, decisive: bool) -> Result<ClauseOutcome, AppError> {
        let (_, result) = self.truth(&clause.expr).await.map_err(AppError::Internal)?;
        let mut parts = None;
        if let Some((join, clauses)) = &clause.parts {
            let mut outcomes = Vec::with_capacity(clauses.len());
            let mut decided = !decisive;
            for part in clauses {
                let (_, truth) = self.truth(&part.expr).await.map_err(AppError::Internal)?;
                // The first that makes a conjunction fail or a disjunction hold; where all had to
                // fail or to hold, each of them.
                let makes = match join {
                    Join::And => (result == Some(true)) || (truth != Some(true) && !decided),
                    Join::Or => (result != Some(true)) || (truth == Some(true) && !decided),
                };
                let alone = (*join == Join::And) == (result != Some(true));
                outcomes.push(Box::pin(self.outcome(part, decisive && makes)).await?);
                decided |= makes && alone;
            }
            parts = Some((*join, outcomes));
        }
        let text = self.text.chars().skip(clause.start).take(clause.end - clause.start).collect();
        Ok(ClauseOutcome { text, start: clause.start, end: clause.end, result, decisive, parts })
    }
}
