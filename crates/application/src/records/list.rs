//! Use case: list records.

use std::sync::Arc;

use bytes::Bytes;
use snackbase_domain::collection::{FieldType, MaskType, Operation, SYSTEM_FIELDS};
use snackbase_domain::limits::{MAX_SORT_KEYS, exceeded};
use snackbase_domain::record::Record;
use snackbase_rules as rules;
use snackbase_rules::search::{MAX_TERMS, SearchQuery};
use snackbase_rules::{CompareOp, Expr, Literal, Schema, Scope, Typed};

use super::expand::ExpandTree;
use super::view::{as_stored, wanted_fields};
use super::{Records, render};
use crate::access::{self, Narrowing, Scoped};
use crate::catalog::Compiled;
use crate::macros::MacroCalls;
use crate::ports::{JsonPage, ListQuery, Sort, SortBy, StoredRecord};
use crate::{AppError, Caller, Kind};

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct ListRequest {
    pub skip: u64,
    pub limit: u64,
    /// e.g. `-created_at,+title`.
    pub sort: Option<String>,
    /// Names of fields, separated by commas.
    pub fields: Option<String>,
    /// An expression.
    pub filter: Option<String>,
    /// Words that searchable fields must have.
    pub search: Option<String>,
    /// References to expand.
    pub expand: Option<String>,
    /// Whether not to count all that match: where they are many, that takes longer than the page.
    pub skip_total: bool,
    /// Other parameters: fields and the values they must have.
    pub equals: Vec<(String, String)>,
}

/// A page of records.
#[derive(Clone, Debug)]
pub struct ListReply {
    /// The records as JSON text, separated by commas, without the brackets.
    pub items: Bytes,
    /// How many match in all, unless that was to be left out.
    pub total: Option<u64>,
    pub skip: u64,
    pub limit: u64,
}

/// A list as a caller may see it, worked out from a request.
pub(super) struct Listing {
    pub scoped: Scoped,
    pub sort: Vec<Sort>,
    tree: ExpandTree,
}

impl Records {
    /// A page of records.
    pub(super) async fn attempt_list(
        &self,
        caller: &Caller,
        collection: &str,
        request: &ListRequest,
    ) -> Result<ListReply, AppError> {
        let listing = self.listing(caller, collection, request).await?;
        let Listing { scoped, sort, tree } = &listing;
        let query = ListQuery {
            skip: request.skip,
            limit: request.limit,
            sort: sort.clone(),
            count: !request.skip_total,
        };
        let records = self.storage.read().records();
        let page = if tree.is_empty() && as_stored(scoped) {
            records.list_json(scoped, &query).await?
        } else {
            let (rows, total) = records.list(scoped, &query).await?;
            JsonPage { items: self.rendered(caller, &listing, rows).await?.into(), total }
        };
        Ok(ListReply { items: page.items, total: page.total, skip: request.skip, limit: request.limit })
    }

    /// What a caller asks of a list, as far as he may.
    pub(super) async fn listing(
        &self,
        caller: &Caller,
        collection: &str,
        request: &ListRequest,
    ) -> Result<Listing, AppError> {
        let now = self.now();
        let Some(compiled) = self.catalog.get(collection) else {
            return Err(match caller.is_superadmin() {
                true => self.collection(collection).err().unwrap_or_else(super::record_not_found),
                false => access::no_rules(Operation::List, collection),
            });
        };
        let access = access::decide(&self.catalog, &compiled, Operation::List, caller, None, now)?;
        let parsed = parse_filter(request.filter.as_deref())?;
        let names = names(request, parsed.as_ref());
        let visible = access::visible_schema(&self.catalog, &compiled, Operation::List, caller, names, now);
        let filter = filter(&compiled, &visible, parsed.as_ref(), &request.equals)?;
        let tree = ExpandTree::parse(&compiled, request.expand.as_deref())?;
        let search = search(&compiled, &visible, request.search.as_deref())?;
        let mut sort = sort(&compiled, &visible, &access::masks(&compiled, caller), request.sort.as_deref())?;
        let by_relevance = search.as_ref().filter(|_| request.sort.as_deref().is_none_or(str::is_empty));
        if let Some((fields, query)) = by_relevance {
            let by = SortBy::Expression(Typed::relevance(fields.clone(), query.clone()));
            sort.insert(0, Sort { by, descending: true });
        }
        let account = self.anonymous_account(caller).await?;
        let keys = sort.iter().filter_map(|key| match &key.by {
            SortBy::Expression(typed) => Some(typed),
            SortBy::Field(_) => None,
        });
        let macros = self.macro_calls(caller, filter.iter().chain(keys))?;
        let search = search.map(|(fields, query)| Typed::matches(fields, query));
        let narrowing =
            Narrowing { filter, search, macros, fields: wanted_fields(request.fields.as_deref()) };
        let tenant = access::tenant(caller, account);
        let scoped = access::scope(&compiled, Operation::List, caller, tenant, access, narrowing, now);
        Ok(Listing { scoped, sort, tree })
    }

    /// The stored macros that expressions of a caller's lead to.
    pub(super) fn macro_calls<'t>(
        &self,
        caller: &Caller,
        expressions: impl Iterator<Item = &'t Typed>,
    ) -> Result<Option<Arc<MacroCalls>>, AppError> {
        let Some(identity) = caller.identity() else {
            return Ok(None);
        };
        let called = MacroCalls::of(expressions, &self.catalog, identity);
        called.map_err(|_| AppError::Refused(access::unreadable_rule()))
    }

    /// Records of a list as JSON text, separated by commas.
    pub(super) async fn rendered(
        &self,
        caller: &Caller,
        listing: &Listing,
        rows: Vec<StoredRecord>,
    ) -> Result<Vec<u8>, AppError> {
        let scoped = &listing.scoped;
        let (found, names): (Vec<Record>, Vec<_>) =
            rows.into_iter().map(|row| (row.record, row.account_name)).unzip();
        let expansions = self.expansions(caller, scoped, &listing.tree, &found).await?;
        let mut items = Vec::new();
        for (record, name) in found.iter().zip(&names) {
            if !items.is_empty() {
                items.push(b',');
            }
            let (compiled, projection) = (scoped.compiled(), scoped.projection());
            render::record(
                &mut items,
                compiled,
                record,
                name.as_deref(),
                projection,
                &expansions,
                scoped.now(),
            );
        }
        Ok(items)
    }
}

/// The kind of a field that the caller may see.
fn kind(schema: &Schema, name: &str) -> Option<rules::FieldKind> {
    schema.field(name, Scope::Filter).map(|field| field.kind)
}

/// Reads a filter; empty and blanks mean none.
pub(super) fn parse_filter(text: Option<&str>) -> Result<Option<Expr>, AppError> {
    let text = text.filter(|text| !text.trim().is_empty());
    text.map(rules::parse).transpose().map_err(|e| invalid_filter(e.to_string()))
}

/// The names that a request filters and sorts by.
fn names<'a>(request: &'a ListRequest, filter: Option<&'a Expr>) -> Vec<&'a str> {
    let sorted = sort_keys(request.sort.as_deref()).map(|(name, _)| name);
    let equal = request.equals.iter().map(|(name, _)| name.as_str());
    filter.map(rules::fields).unwrap_or_default().into_iter().chain(sorted).chain(equal).collect()
}

/// The conditions of a request, as far as the caller may ask for them.
pub(crate) fn filter(
    compiled: &Compiled,
    visible: &Schema,
    filter: Option<&Expr>,
    equals: &[(String, String)],
) -> Result<Option<Typed>, AppError> {
    let mut conditions = Vec::new();
    for (name, value) in equals {
        conditions.push(equality(compiled, visible, name, value)?);
    }
    if let Some(expr) = filter {
        rules::check(expr, visible, Scope::Filter).map_err(|e| invalid_filter(e.to_string()))?;
        conditions.push(expr.clone());
    }
    let expr = match conditions.len() {
        0 => return Ok(None),
        1 => conditions.remove(0),
        _ => Expr::And(conditions),
    };
    let typed = rules::elaborate_condition(&expr, visible, Scope::Filter);
    typed.map(Some).map_err(|e| invalid_filter(e.to_string()))
}

/// The fields to search and what for.
pub(super) fn search(
    compiled: &Compiled,
    visible: &Schema,
    text: Option<&str>,
) -> Result<Option<(Vec<String>, SearchQuery)>, AppError> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let refuse = |message| Err(AppError::titled(Kind::Invalid, "Invalid search", message));
    let fields = visible.searchable();
    if fields.is_empty() {
        return refuse(format!("Collection '{}' has no searchable fields", compiled.name()));
    }
    let query = SearchQuery::parse(text);
    if query.terms.len() > MAX_TERMS {
        return refuse(format!("At most {MAX_TERMS} words and phrases can be searched for"));
    }
    Ok(Some((fields, query)))
}

pub(super) fn invalid_filter(message: String) -> AppError {
    AppError::titled(Kind::Invalid, "Invalid filter expression", message)
}

/// `?field=value`, which the published SDK makes of simple filters.
fn equality(compiled: &Compiled, visible: &Schema, name: &str, value: &str) -> Result<Expr, AppError> {
    let field = Expr::field(name);
    if kind(visible, name).is_none() {
        if kind(&compiled.schema, name).is_some() {
            let hidden = rules::check(&field, visible, Scope::Filter);
            hidden.map_err(|e| invalid_filter(e.to_string()))?;
        }
        return Err(AppError::titled(
            Kind::Invalid,
            "Unsupported query parameter",
            format!(
                "Direct query parameter filtering (e.g., ?{name}={value}) is no longer supported. \
                 Use the 'filter' parameter instead: ?filter={name} = \"{value}\""
            ),
        ));
    }
    if value == "null" {
        return Ok(Expr::IsNull { expr: Box::new(field), negated: false });
    }
    let never = Expr::Literal(Literal::Bool(false));
    let literal = match kind(visible, name) {
        Some(rules::FieldKind::Number | rules::FieldKind::Computed(rules::ReturnType::Number)) => {
            rules::functions::parse_number(value).map(Literal::Number)
        }
        Some(rules::FieldKind::Boolean | rules::FieldKind::Computed(rules::ReturnType::Boolean)) => {
            match value.to_ascii_lowercase().as_str() {
                "true" | "1" => Some(Literal::Bool(true)),
                "false" | "0" => Some(Literal::Bool(false)),
                _ => None,
            }
        }
        Some(rules::FieldKind::Json) => None,
        _ => Some(Literal::Text(value.to_owned())),
    };
    Ok(match literal {
        None => never,
        Some(literal) => Expr::compare(CompareOp::Eq, field, Expr::Literal(literal)),
    })
}

/// Reads `-n,+title`; a name alone is descending, a blank (an unencoded `+`)
/// ascending. Names that cannot be sorted by are skipped; when none is left the
/// order is that of creation, in the direction of the first.
fn sort(
    compiled: &Compiled,
    visible: &Schema,
    masks: &[Option<MaskType>],
    text: Option<&str>,
) -> Result<Vec<Sort>, AppError> {
    let wanted = text.unwrap_or_default().split(',').filter(|part| !part.trim().is_empty()).count();
    if wanted > MAX_SORT_KEYS {
        let message = exceeded(MAX_SORT_KEYS, "sort keys", wanted);
        return Err(AppError::titled(Kind::Invalid, "Invalid sort", message));
    }
    let mut keys = Vec::new();
    let mut first_direction = None;
    for (name, descending) in sort_keys(text) {
        first_direction.get_or_insert(descending);
        if let Some(by) = sort_by(compiled, visible, masks, name) {
            keys.push(Sort { by, descending });
        }
    }
    if keys.is_empty() {
        let descending = first_direction.unwrap_or(true);
        keys.push(Sort { by: SortBy::Field("created_at".to_owned()), descending });
    }
    Ok(keys)
}

/// The names in `-n,+title` and whether they are descending.
fn sort_keys(text: Option<&str>) -> impl Iterator<Item = (&str, bool)> {
    let parts = text.unwrap_or_default().split(',').map(|part| match part.as_bytes().first() {
        Some(b'+' | b' ') => (part[1..].trim(), false),
        Some(b'-') => (part[1..].trim(), true),
        _ => (part.trim(), true),
    });
    parts.filter(|(name, _)| !name.is_empty())
}

fn sort_by(compiled: &Compiled, visible: &Schema, masks: &[Option<MaskType>], name: &str) -> Option<SortBy> {
    let kind = kind(visible, name)?;
    if name.contains('.') {
        let sortable =
            !visible.is_masked(name) && !matches!(kind, rules::FieldKind::Json | rules::FieldKind::File);
        let typed = rules::elaborate(&Expr::field(name), visible, Scope::Filter).ok();
        return typed.filter(|_| sortable).map(SortBy::Expression);
    }
    if SYSTEM_FIELDS.contains(&name) {
        return Some(SortBy::Field(name.to_owned()));
    }
    let position = compiled.collection.fields.iter().position(|f| f.name.as_str() == name)?;
    if masks[position].is_some() {
        return None;
    }
    match compiled.collection.fields[position].ty {
        FieldType::Json | FieldType::File => None,
        FieldType::Computed(_) => {
            let computed = compiled.computed.iter().find(|c| c.index == position)?;
            Some(SortBy::Expression(computed.expression.clone()))
        }
        _ => Some(SortBy::Field(name.to_owned())),
    }
}
