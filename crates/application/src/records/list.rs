//! Use case: list records.

use std::borrow::Cow;

use bytes::Bytes;
use snackbase_domain::collection::{FieldList, FieldType, MaskType, Operation, SYSTEM_FIELDS};
use snackbase_domain::record::Record;
use snackbase_rules as rules;
use snackbase_rules::search::{MAX_TERMS, SearchQuery};
use snackbase_rules::{CompareOp, Expr, Literal, Schema, Typed};

use super::expand::ExpandTree;
use super::view::{as_stored, wanted_fields};
use super::{Records, render};
use crate::access::{self, Narrowing, Scoped};
use crate::catalog::Compiled;
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
    /// Other parameters: fields and the values they must have.
    pub equals: Vec<(String, String)>,
}

/// A page of records.
#[derive(Clone, Debug)]
pub struct ListReply {
    /// The records as JSON text, separated by commas, without the brackets.
    pub items: Bytes,
    /// How many match in all.
    pub total: u64,
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
    pub async fn list(
        &self,
        caller: &Caller,
        collection: &str,
        request: &ListRequest,
    ) -> Result<ListReply, AppError> {
        let listing = self.listing(caller, collection, request).await?;
        let Listing { scoped, sort, tree } = &listing;
        let query = ListQuery { skip: request.skip, limit: request.limit, sort: sort.clone() };
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
                false => {
                    AppError::denied(format!("Permission denied for list on {collection} (no rules defined)"))
                }
            });
        };
        let access = access::decide(&self.catalog, &compiled, Operation::List, caller, None, now)?;
        let visible = visible_schema(&compiled, caller);
        let filter = filter(&compiled, &visible, request)?;
        let tree = ExpandTree::parse(&compiled, request.expand.as_deref())?;
        let search = search(&compiled, &visible, request)?;
        let by_relevance = search.as_ref().filter(|_| request.sort.as_deref().is_none_or(str::is_empty));
        let mut sort = sort(&compiled, &visible, &access::masks(&compiled, caller), request.sort.as_deref());
        if let Some((fields, query)) = by_relevance {
            let by = SortBy::Expression(Typed::relevance(fields.clone(), query.clone()));
            sort.insert(0, Sort { by, descending: true });
        }
        let account = self.anonymous_account(caller).await?;
        let search = search.map(|(fields, query)| Typed::matches(fields, query));
        let narrowing = Narrowing { filter, search, fields: wanted_fields(request.fields.as_deref()) };
        let tenant = access::tenant(caller, account);
        let scoped = access::scope(&compiled, Operation::List, caller, tenant, access, narrowing, now)?;
        Ok(Listing { scoped, sort, tree })
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
        let expansions = self.expansions(caller, scoped, &listing.tree, &found, 1).await?;
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

/// The schema as the caller sees it: fields that he may not see in lists do not
/// exist for him, and masked ones may only be compared for equality.
fn visible_schema<'a>(compiled: &'a Compiled, caller: &Caller) -> Cow<'a, Schema> {
    let readable = access::readable(compiled, Operation::List, caller);
    let masks = access::masks(compiled, caller);
    if *readable == FieldList::All && masks.iter().all(Option::is_none) {
        return Cow::Borrowed(&compiled.schema);
    }
    let fields = || compiled.collection.fields.iter();
    let hidden: Vec<_> = fields().map(|f| f.name.as_str()).filter(|name| !readable.contains(name)).collect();
    let masked = fields().zip(&masks).filter(|(_, mask)| mask.is_some());
    let masked: Vec<_> = masked.map(|(field, _)| field.name.as_str()).collect();
    Cow::Owned(compiled.schema.clone().with_hidden(hidden).with_masked(masked))
}

/// The kind of a field that the caller may see.
fn kind(schema: &Schema, name: &str) -> Option<rules::FieldKind> {
    schema.field(name, rules::Scope::Filter).map(|field| field.kind)
}

fn filter(compiled: &Compiled, visible: &Schema, request: &ListRequest) -> Result<Option<Expr>, AppError> {
    let mut conditions = Vec::new();
    for (name, value) in &request.equals {
        conditions.push(equality(compiled, visible, name, value)?);
    }
    if let Some(text) = request.filter.as_deref().filter(|text| !text.trim().is_empty()) {
        let expr = rules::parse(text).map_err(|e| invalid_filter(e.to_string()))?;
        rules::check(&expr, visible, rules::Scope::Filter).map_err(|e| invalid_filter(e.to_string()))?;
        conditions.push(expr);
    }
    Ok(match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(Expr::And(conditions)),
    })
}

/// The fields to search and what for.
fn search(
    compiled: &Compiled,
    visible: &Schema,
    request: &ListRequest,
) -> Result<Option<(Vec<String>, SearchQuery)>, AppError> {
    let Some(text) = request.search.as_deref().filter(|text| !text.trim().is_empty()) else {
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

fn invalid_filter(message: String) -> AppError {
    AppError::titled(Kind::Invalid, "Invalid filter expression", message)
}

/// `?field=value`, which the published SDK makes of simple filters.
fn equality(compiled: &Compiled, visible: &Schema, name: &str, value: &str) -> Result<Expr, AppError> {
    let field = Expr::field(name);
    if kind(visible, name).is_none() {
        if kind(&compiled.schema, name).is_some() {
            let hidden = rules::check(&field, visible, rules::Scope::Filter);
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
fn sort(compiled: &Compiled, visible: &Schema, masks: &[Option<MaskType>], text: Option<&str>) -> Vec<Sort> {
    let mut keys = Vec::new();
    let mut first_direction = None;
    for part in text.unwrap_or_default().split(',') {
        let (name, descending) = match part.as_bytes().first() {
            Some(b'+' | b' ') => (&part[1..], false),
            Some(b'-') => (&part[1..], true),
            _ => (part, true),
        };
        let name = name.trim();
        if name.is_empty() {
            continue;
        }
        first_direction.get_or_insert(descending);
        if let Some(by) = sort_by(compiled, visible, masks, name) {
            keys.push(Sort { by, descending });
        }
    }
    if keys.is_empty() {
        let descending = first_direction.unwrap_or(true);
        keys.push(Sort { by: SortBy::Field("created_at".to_owned()), descending });
    }
    keys
}

fn sort_by(compiled: &Compiled, visible: &Schema, masks: &[Option<MaskType>], name: &str) -> Option<SortBy> {
    kind(visible, name)?;
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
