//! Actions that read records.

use serde_json::{Map, Value, json};
use snackbase_domain::automation::{AggregateRecords, QueryRecords};
use snackbase_domain::collection::SYSTEM_FIELDS;
use snackbase_rules as rules;

use super::records::{read, within};
use super::{Actions, Doing, Failure};
use crate::catalog::Compiled;
use crate::records::{AggregateRequest, ListRequest};

/// Most records of one query.
const MOST: u64 = 1000;

impl Actions {
    pub(super) async fn query_records(
        &self,
        doing: &Doing<'_>,
        query: QueryRecords,
    ) -> Result<Value, Failure> {
        let collection = query.collection.as_str();
        let failed = |failure| within(format!("query_records failed for collection '{collection}'"), failure);
        let compiled = self.known(collection).map_err(failed)?;
        let sorted = query.sort.as_deref().unwrap_or_default().split(',');
        let sorted = sorted.map(|key| key.trim().trim_start_matches(['+', '-']));
        check(&compiled, sorted, query.filter.as_deref()).map_err(failed)?;
        let request = ListRequest {
            skip: query.offset,
            limit: query.limit.min(MOST),
            sort: query.sort,
            filter: query.filter,
            skip_total: true,
            ..ListRequest::default()
        };
        let page = self.records.list(&doing.caller(), collection, &request).await;
        let items = page.map_err(|error| failed(error.into()))?.items;
        Ok(read(&[&b"["[..], &items, b"]"].concat().into()))
    }

    pub(super) async fn aggregate_records(
        &self,
        doing: &Doing<'_>,
        query: AggregateRecords,
    ) -> Result<Value, Failure> {
        let collection = query.collection.as_str();
        let failed =
            |failure| within(format!("aggregate_records failed for collection '{collection}'"), failure);
        let compiled = self.known(collection).map_err(failed)?;
        let names = query.field.as_deref().into_iter().chain(query.group_by.as_deref());
        check(&compiled, names, query.filter.as_deref()).map_err(failed)?;
        let functions = format!("{}({})", query.function.name(), query.field.as_deref().unwrap_or_default());
        let group_by = query.group_by.clone();
        let request = AggregateRequest { functions, group_by, filter: query.filter, ..Default::default() };
        let reply = self.records.aggregate(&doing.caller(), collection, &request).await;
        let results = reply.map_err(|error| failed(error.into()))?.results;
        let rows = read(&[&b"["[..], &results, b"]"].concat().into());
        let rows: Vec<Map<String, Value>> = serde_json::from_value(rows).unwrap_or_default();
        let group_by = query.group_by.as_deref();
        // Beside the key of the group there is one value.
        let value = |row: &Map<String, Value>| {
            let mut others = row.iter().filter(|(name, _)| Some(name.as_str()) != group_by);
            others.next().map_or(Value::Null, |(_, value)| value.clone())
        };
        let Some(key) = group_by else {
            return Ok(json!({ "value": rows.first().map_or(Value::Null, value) }));
        };
        let group = |row: &Map<String, Value>| {
            let of = row.get(key).cloned().unwrap_or_default();
            Value::Object(Map::from_iter([(key.to_owned(), of), ("value".to_owned(), value(row))]))
        };
        Ok(json!({ "groups": rows.iter().map(group).collect::<Vec<_>>() }))
    }
}

/// Refuses names that are no fields.
fn check<'a>(
    compiled: &Compiled,
    names: impl Iterator<Item = &'a str>,
    filter: Option<&str>,
) -> Result<(), Failure> {
    let known = |name: &str| {
        let first = name.split('.').next().unwrap_or_default();
        SYSTEM_FIELDS.contains(&first) || compiled.collection.field(first).is_some()
    };
    let unknown = |name: &str| Failure::Reason(format!("Unknown field '{name}'"));
    if let Some(name) = names.filter(|name| !name.is_empty()).find(|name| !known(name)) {
        return Err(unknown(name));
    }
    let Some(Ok(parsed)) = filter.filter(|text| !text.trim().is_empty()).map(rules::parse_condition) else {
        return Ok(());
    };
    match rules::fields(&parsed).into_iter().find(|name| !known(name)) {
        Some(name) => Err(unknown(name)),
        None => Ok(()),
    }
}
