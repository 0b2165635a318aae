//! Use case: compute over groups of records.
//!
//! Of fields that the caller sees masked, nothing tells more than replies with
//! records do: keys of groups are masked and do not decide the order, and what is
//! computed of the values shows [`CONCEALED`] (which of two values is the least
//! tells their order, and a sum tells a value to who knows the others).

use std::cmp::Ordering;

use bytes::Bytes;
use snackbase_domain::aggregate::{
    Aggregate, Function, parse_functions, parse_group_by, parse_having, result_schema,
};
use snackbase_domain::collection::{MaskType, Operation};
use snackbase_domain::limits::MAX_GROUPS;
use snackbase_domain::record::Value;
use snackbase_rules::{self as rules, Expr, Schema, Scope, Typed};

use super::list::{filter, invalid_filter, parse_filter, search};
use super::{Records, render};
use crate::access::{self, Narrowing};
use crate::catalog::Compiled;
use crate::json;
use crate::ports::{AggregateQuery, Group, Measure};
use crate::{AppError, Caller, Kind};

/// What is shown in place of results that are computed of masked values.
const CONCEALED: &str = "***";

/// What to compute.
#[derive(Clone, Debug, Default)]
pub struct AggregateRequest {
    /// e.g. `count(), sum(price)`.
    pub functions: String,
    /// Names of fields, separated by commas.
    pub group_by: Option<String>,
    /// An expression that records must satisfy.
    pub filter: Option<String>,
    /// Words that searchable fields of records must have.
    pub search: Option<String>,
    /// A condition that groups must satisfy.
    pub having: Option<String>,
}

/// The groups and what was computed.
#[derive(Clone, Debug)]
pub struct AggregateReply {
    /// Objects as JSON text, separated by commas, without the brackets.
    pub results: Bytes,
    pub total_groups: u64,
}

/// How a result is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shown {
    AsIs,
    /// [`CONCEALED`] where there is a value.
    Concealed,
}

/// How a key of a group is shown.
struct Key {
    name: String,
    mask: Option<MaskType>,
}

impl Records {
    /// Computes over the records that the caller may list.
    pub(super) async fn attempt_aggregate(
        &self,
        caller: &Caller,
        collection: &str,
        request: &AggregateRequest,
    ) -> Result<AggregateReply, AppError> {
        let now = self.now();
        let Some(compiled) = self.catalog.get(collection) else {
            return Err(match caller.is_superadmin() {
                true => AppError::titled(
                    Kind::NotFound,
                    "Collection not found",
                    format!("Collection '{collection}' does not exist"),
                ),
                false => access::no_rules(Operation::List, collection),
            });
        };
        let access = access::decide(&self.catalog, &compiled, Operation::List, caller, None, now)?;
        let parsed = parse_filter(request.filter.as_deref())?;
        let names = parsed.as_ref().map(rules::fields).unwrap_or_default();
        let visible = access::visible_schema(&self.catalog, &compiled, Operation::List, caller, names, now);
        let aggregates = parse_functions(&request.functions, &visible)
            .map_err(|message| invalid("Invalid aggregation functions", message))?;
        let group_by = parse_group_by(request.group_by.as_deref().unwrap_or_default(), &aggregates, &visible)
            .map_err(|message| invalid("Invalid group_by", message))?;
        let filter = filter(&compiled, &visible, parsed.as_ref(), &[])?;
        let search = search(&compiled, &visible, request.search.as_deref())?;
        let having = having(request.having.as_deref().unwrap_or_default(), &aggregates, &visible)?;
        let masks = access::masks(&compiled, caller);
        let keys: Vec<Key> = group_by
            .iter()
            .map(|name| Key { name: name.clone(), mask: mask(&compiled, &masks, name) })
            .collect();
        let mut measures = Vec::new();
        let mut shown = Vec::new();
        for aggregate in &aggregates {
            let (measure, how) = measure(&compiled, aggregate, &visible)?;
            measures.push((aggregate.alias(), measure));
            shown.push(how);
        }
        let query = AggregateQuery {
            measures,
            group_by,
            having,
            earliest: keys.iter().any(|key| key.mask.is_some()),
            limit: MAX_GROUPS + 1,
        };
        let account = self.anonymous_account(caller).await?;
        let macros = self.macro_calls(caller, filter.iter())?;
        let search = search.map(|(fields, query)| Typed::matches(fields, query));
        let narrowing = Narrowing { filter, search, macros, fields: None };
        let tenant = access::tenant(caller, account);
        let scoped = access::scope(&compiled, Operation::List, caller, tenant, access, narrowing, now);

        let mut groups = self.storage.read().records().aggregate(&scoped, &query).await?;
        if groups.len() as u64 > MAX_GROUPS {
            return Err(invalid(
                "Too many groups",
                format!("At most {MAX_GROUPS} groups are answered. Narrow them by filter or having."),
            ));
        }
        groups.sort_by(|a, b| order(&keys, a, b));
        let mut results = Vec::new();
        for group in &groups {
            write(&mut results, &aggregates, &shown, &keys, group)?;
        }
        Ok(AggregateReply { results: results.into(), total_groups: groups.len() as u64 })
    }
}

fn invalid(title: &'static str, message: String) -> AppError {
    AppError::titled(Kind::Invalid, title, message)
}

fn having(text: &str, aggregates: &[Aggregate], visible: &Schema) -> Result<Option<rules::Typed>, AppError> {
    let wrong = |message| invalid("Invalid having expression", message);
    let Some(expr) = parse_having(text, aggregates, visible).map_err(wrong)? else {
        return Ok(None);
    };
    let schema = result_schema(aggregates, visible);
    let condition = rules::elaborate_condition(&expr, &schema, Scope::Filter);
    condition.map(Some).map_err(|error| wrong(error.to_string()))
}

fn mask(compiled: &Compiled, masks: &[Option<MaskType>], name: &str) -> Option<MaskType> {
    let position = compiled.collection.fields.iter().position(|field| field.name.as_str() == name)?;
    masks.get(position).copied().flatten()
}

/// What the store computes, and how it is shown. Of masked values it computes only
/// whether there are any.
fn measure(
    compiled: &Compiled,
    aggregate: &Aggregate,
    visible: &Schema,
) -> Result<(Measure, Shown), AppError> {
    let Some(name) = &aggregate.field else {
        return Ok((Measure::Rows, Shown::AsIs));
    };
    let count = || {
        let field = rules::elaborate(&Expr::field(name.as_str()), &compiled.schema, Scope::Filter);
        field.map(Measure::Count).map_err(|error| invalid_filter(error.to_string()))
    };
    if aggregate.function != Function::Count && visible.is_masked(name) {
        return Ok((count()?, Shown::Concealed));
    }
    let measure = match aggregate.function {
        Function::Count => count()?,
        Function::Sum => Measure::Sum(name.clone()),
        Function::Avg => Measure::Avg(name.clone()),
        Function::Min => Measure::Min(name.clone()),
        Function::Max => Measure::Max(name.clone()),
    };
    Ok((measure, Shown::AsIs))
}

/// Groups are ordered by their keys, nulls first; where masked ones would decide, by
/// their first records.
fn order(keys: &[Key], a: &Group, b: &Group) -> Ordering {
    let values = a.keys.iter().zip(&b.keys).zip(keys).filter(|(_, key)| key.mask.is_none());
    let by_keys = values.map(|((a, b), _)| order_of_values(a, b)).find(|order| order.is_ne());
    by_keys.unwrap_or_else(|| a.earliest.cmp(&b.earliest))
}

/// The order of two values of one field.
fn order_of_values(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Time { micros: a, .. }, Value::Time { micros: b, .. }) => a.cmp(b),
        (Value::Json(a), Value::Json(b)) => a.to_string().cmp(&b.to_string()),
        _ => b.is_null().cmp(&a.is_null()),
    }
}

fn write(
    out: &mut Vec<u8>,
    aggregates: &[Aggregate],
    shown: &[Shown],
    keys: &[Key],
    group: &Group,
) -> Result<(), AppError> {
    if !out.is_empty() {
        out.push(b',');
    }
    let mut separator = b'{';
    let mut key = |out: &mut Vec<u8>, name: &str| {
        out.push(std::mem::replace(&mut separator, b','));
        json::string(out, name);
        out.push(b':');
    };
    for ((aggregate, shown), value) in aggregates.iter().zip(shown).zip(&group.measures) {
        key(out, &aggregate.alias());
        match (shown, value) {
            (Shown::Concealed, Value::Number(count)) if *count > 0.0 => json::string(out, CONCEALED),
            (Shown::Concealed, _) => json::null(out),
            (Shown::AsIs, Value::Number(n)) if !n.is_finite() => {
                let (name, field) =
                    (aggregate.function.name(), aggregate.field.as_deref().unwrap_or_default());
                return Err(invalid(
                    "Invalid aggregation functions",
                    format!("The result of {name}({field}) is too large for a number"),
                ));
            }
            (Shown::AsIs, value) => render::stored_value(out, value),
        }
    }
    for (name, value) in keys.iter().zip(&group.keys) {
        key(out, &name.name);
        match name.mask {
            Some(kind) => render::masked(out, kind, render::value_text(value).as_deref()),
            None => render::stored_value(out, value),
        }
    }
    out.push(b'}');
    Ok(())
}
