//! The statement of a macro's query, written anew from its syntax tree: tables, names, order and bounds.

use std::collections::BTreeSet;

use sqlparser::ast::{
    Distinct, GroupByExpr, Ident, Join, JoinConstraint, JoinOperator, LimitClause, ObjectName, OrderBy,
    OrderByExpr, OrderByKind, OrderBySort, Query as SqlQuery, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, SetOperator, SetQuantifier, TableAlias, TableFactor,
    TableWithJoins, WildcardAdditionalOptions,
};

use super::query::{Argument, MAX_DEPTH, OPEN_TABLES, Query, QueryProblem, is_record_table};

/// The name of the row in which a query's arguments stand. Names of the query's own
/// cannot begin so.
const RESERVED: &str = "sb_";

pub(super) type Written = Result<String, QueryProblem>;

pub(super) fn unsupported<T>(what: impl Into<String>) -> Result<T, QueryProblem> {
    Err(QueryProblem::Unsupported(what.into()))
}

/// A table in FROM: the name that columns are asked by, and which columns it has, if
/// that is known.
struct Source {
    name: String,
    table: &'static str,
    columns: Option<&'static [&'static str]>,
}

/// Writes a syntax tree as SQL.
pub(super) struct Writer<'a> {
    pub parameters: &'a [String],
    /// Whether tables of records show the caller's account alone.
    pub within_account: bool,
    pub arguments: Vec<Argument>,
    pub uses_time: bool,
    /// The tables of records so far.
    pub tables: BTreeSet<String>,
    /// The sources of the queries around, outermost first.
    scopes: Vec<Vec<Source>>,
    pub depth: usize,
}

impl<'a> Writer<'a> {
    /// For a query with parameters of these names.
    pub fn new(parameters: &'a [String]) -> Self {
        Self {
            parameters,
            within_account: false,
            arguments: Vec::new(),
            uses_time: false,
            tables: BTreeSet::new(),
            scopes: Vec::new(),
            depth: 0,
        }
    }

    /// Runs `inner` one level deeper.
    pub fn nested(&mut self, inner: impl FnOnce(&mut Self) -> Written) -> Written {
        if self.depth == MAX_DEPTH {
            return Err(QueryProblem::TooComplex);
        }
        self.depth += 1;
        let written = inner(self);
        self.depth -= 1;
        written
    }

    pub fn query(&mut self, query: &SqlQuery) -> Written {
        let SqlQuery { with, body, order_by, limit_clause, fetch, locks, for_clause, settings, .. } = query;
        if with.is_some() {
            return unsupported("WITH");
        }
        let strange = query.format_clause.is_some() || !query.pipe_operators.is_empty();
        if fetch.is_some() || !locks.is_empty() || for_clause.is_some() || settings.is_some() || strange {
            return unsupported("FETCH, FOR or clauses of other databases");
        }
        self.nested(|writer| {
            let before = writer.scopes.len();
            let mut sql = writer.body(body, true)?;
            let order = order_by.as_ref().map(|order| writer.order_by(order)).transpose();
            writer.scopes.truncate(before);
            sql.push_str(&order?.unwrap_or_default());
            if let Some(limit) = limit_clause {
                sql.push_str(&writer.limit(limit)?);
            }
            Ok(sql)
        })
    }

    /// A SELECT, or several that are joined. Where `keep` says so, the sources of a
    /// plain one stay in scope, for ORDER BY.
    fn body(&mut self, body: &SetExpr, keep: bool) -> Written {
        match body {
            SetExpr::Select(select) => {
                self.scopes.push(Vec::new());
                let written = self.select(select);
                if !keep {
                    self.scopes.pop();
                }
                written
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let op = match (op, set_quantifier) {
                    (SetOperator::Union, SetQuantifier::All) => "UNION ALL",
                    (SetOperator::Union, SetQuantifier::None | SetQuantifier::Distinct) => "UNION",
                    (SetOperator::Except, SetQuantifier::None | SetQuantifier::Distinct) => "EXCEPT",
                    (SetOperator::Intersect, SetQuantifier::None | SetQuantifier::Distinct) => "INTERSECT",
                    (op, quantifier) => return unsupported(format!("{op} {quantifier}")),
                };
                if matches!(**right, SetExpr::SetOperation { .. }) {
                    return unsupported("brackets around a set operation");
                }
                let left = self.nested(|writer| writer.body(left, false))?;
                let right = self.nested(|writer| writer.body(right, false))?;
                Ok(format!("{left} {op} {right}"))
            }
            _ => unsupported("anything but SELECT"),
        }
    }

    fn select(&mut self, select: &Select) -> Written {
        let plain = select.optimizer_hints.is_empty()
            && select.select_modifiers.is_none()
            && select.top.is_none()
            && select.exclude.is_none()
            && select.into.is_none()
            && select.lateral_views.is_empty()
            && select.prewhere.is_none()
            && select.connect_by.is_empty()
            && select.cluster_by.is_empty()
            && select.distribute_by.is_empty()
            && select.sort_by.is_empty()
            && select.named_window.is_empty()
            && select.qualify.is_none()
            && select.value_table_mode.is_none()
            && select.flavor == SelectFlavor::Standard;
        if !plain {
            return unsupported("INTO, WINDOW or clauses of other databases");
        }
        let distinct = match &select.distinct {
            None | Some(Distinct::All) => "",
            Some(Distinct::Distinct) => "DISTINCT ",
            Some(_) => return unsupported("DISTINCT ON"),
        };
        // First, because it says which columns there are.
        let from = self.list(&select.from, Self::table_with_joins)?;
        let items = self.list(&select.projection, Self::item)?;
        let mut sql = format!("SELECT {distinct}{items}");
        if !from.is_empty() {
            sql.push_str(" FROM ");
            sql.push_str(&from);
        }
        if let Some(condition) = &select.selection {
            sql.push_str(" WHERE ");
            sql.push_str(&self.expr(condition)?);
        }
        match &select.group_by {
            GroupByExpr::Expressions(by, modifiers) if modifiers.is_empty() => {
                if !by.is_empty() {
                    sql.push_str(" GROUP BY ");
                    sql.push_str(&self.list(by, |writer, expr| writer.by(expr))?);
                }
            }
            _ => return unsupported("GROUP BY with ALL or modifiers"),
        }
        if let Some(condition) = &select.having {
            sql.push_str(" HAVING ");
            sql.push_str(&self.expr(condition)?);
        }
        Ok(sql)
    }

    /// Writes items with commas between them.
    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T) -> Written) -> Written {
        let written: Vec<_> = items.iter().map(|item| write(self, item)).collect::<Result<_, _>>()?;
        Ok(written.join(", "))
    }

    fn item(&mut self, item: &SelectItem) -> Written {
        let plain = |options: &WildcardAdditionalOptions| *options == WildcardAdditionalOptions::default();
        match item {
            SelectItem::UnnamedExpr(expr) => self.expr(expr),
            SelectItem::ExprWithAlias { expr, alias } => {
                Ok(format!("{} AS {}", self.expr(expr)?, self.name(alias)?))
            }
            SelectItem::Wildcard(options) if plain(options) => Ok("*".to_owned()),
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(table), options)
                if plain(options) =>
            {
                Ok(format!("{}.*", self.name(only_part(table)?)?))
            }
            _ => unsupported("such a list of columns"),
        }
    }

    fn table_with_joins(&mut self, table: &TableWithJoins) -> Written {
        let mut sql = self.table(&table.relation)?;
        for Join { relation, global, join_operator } in &table.joins {
            let (word, constraint) = match join_operator {
                JoinOperator::Join(on) | JoinOperator::Inner(on) => ("JOIN", on),
                JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => ("LEFT JOIN", on),
                JoinOperator::CrossJoin(on) => ("CROSS JOIN", on),
                _ => return unsupported("joins but JOIN, LEFT JOIN and CROSS JOIN"),
            };
            if *global {
                return unsupported("GLOBAL");
            }
            let joined = self.table(relation)?;
            let constraint = match constraint {
                JoinConstraint::On(on) => format!(" ON {}", self.expr(on)?),
                JoinConstraint::Using(columns) => {
                    let columns = self.list(columns, |writer, column| writer.name(only_part(column)?))?;
                    format!(" USING ({columns})")
                }
                JoinConstraint::None => String::new(),
                _ => return unsupported("NATURAL"),
            };
            sql = format!("{sql} {word} {joined}{constraint}");
        }
        Ok(sql)
    }

    fn table(&mut self, factor: &TableFactor) -> Written {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let plain = TableFactor::Table {
                    name: name.clone(),
                    alias: alias.clone(),
                    args: None,
                    with_hints: Vec::new(),
                    version: None,
                    with_ordinality: false,
                    partitions: Vec::new(),
                    json_path: None,
                    sample: None,
                    index_directives: Vec::new(),
                    inheritance: None,
                };
                if *factor != plain {
                    return unsupported("such a table in FROM");
                }
                let alias = alias.as_ref().map(|alias| self.alias(alias)).transpose()?;
                self.stored_table(name, alias)
            }
            TableFactor::Derived { lateral: false, subquery, alias: Some(alias), sample: None } => {
                let alias = self.alias(alias)?;
                let sql = self.query(subquery)?;
                self.source(alias.clone(), "", None);
                Ok(format!("({sql}) AS {}", quoted(&alias)))
            }
            TableFactor::Derived { alias: None, .. } => unsupported("a subquery in FROM without a name"),
            TableFactor::Table { name, .. } => Err(QueryProblem::Function(name.to_string())),
            _ => unsupported("anything but tables and subqueries in FROM"),
        }
    }

    fn stored_table(&mut self, name: &ObjectName, alias: Option<String>) -> Written {
        let closed = || QueryProblem::Table(name.to_string().replace('"', ""));
        let ident = only_part(name).map_err(|_| closed())?;
        let table = self.checked(ident)?.to_ascii_lowercase();
        let alias = alias.unwrap_or_else(|| ident.value.clone());
        if let Some((table, columns)) = OPEN_TABLES.into_iter().find(|(open, _)| *open == table) {
            let names: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
            self.source(alias.clone(), table, Some(columns));
            let names = names.join(", ");
            return Ok(format!("(SELECT {names} FROM {}) AS {}", quoted(table), quoted(&alias)));
        }
        if !is_record_table(&table) {
            return Err(closed());
        }
        self.tables.insert(table.clone());
        self.source(alias.clone(), "", None);
        let rows = match self.within_account {
            false => quoted(&table),
            true => {
                let account = self.argument(Argument::AuthAccountId);
                format!("(SELECT * FROM {} WHERE \"account_id\" = {account})", quoted(&table))
            }
        };
        Ok(format!("{rows} AS {}", quoted(&alias)))
    }

    /// The column of an argument.
    pub fn argument(&mut self, argument: Argument) -> String {
        if !self.arguments.contains(&argument) {
            self.arguments.push(argument);
        }
        format!("{}.{}", quoted(Query::ARGUMENTS), quoted(&argument.column()))
    }

    fn source(&mut self, name: String, table: &'static str, columns: Option<&'static [&'static str]>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(Source { name, table, columns });
        }
    }

    fn alias(&mut self, alias: &TableAlias) -> Written {
        if !alias.columns.is_empty() || alias.at.is_some() {
            return unsupported("names of columns behind a table's");
        }
        Ok(self.checked(&alias.name)?.to_owned())
    }

    fn order_by(&mut self, order: &OrderBy) -> Written {
        let OrderBy { kind: OrderByKind::Expressions(by), interpolate: None } = order else {
            return unsupported("ORDER BY ALL");
        };
        let by = self.list(by, |writer, OrderByExpr { expr, options, with_fill }| {
            let direction = match &options.sort {
                None | Some(OrderBySort::Asc) => "",
                Some(OrderBySort::Desc) => " DESC",
                Some(OrderBySort::Using(_)) => return unsupported("USING in ORDER BY"),
            };
            let nulls = match options.nulls_first {
                None => "",
                Some(true) => " NULLS FIRST",
                Some(false) => " NULLS LAST",
            };
            if with_fill.is_some() {
                return unsupported("WITH FILL");
            }
            Ok(format!("{}{direction}{nulls}", writer.by(expr)?))
        })?;
        Ok(format!(" ORDER BY {by}"))
    }

    fn limit(&mut self, limit: &LimitClause) -> Written {
        let LimitClause::LimitOffset { limit, offset, limit_by } = limit else {
            return unsupported("LIMIT with a comma");
        };
        if !limit_by.is_empty() {
            return unsupported("LIMIT BY");
        }
        let mut sql = String::new();
        if let Some(limit) = limit {
            sql = format!(" LIMIT {}", self.expr(limit)?);
        }
        if let Some(offset) = offset {
            if sql.is_empty() {
                return unsupported("OFFSET without LIMIT");
            }
            sql = format!("{sql} OFFSET {}", self.expr(&offset.value)?);
        }
        Ok(sql)
    }

    /// A name as it may be written: quoted in the result, so that it is nothing but a name.
    pub fn name(&self, ident: &Ident) -> Written {
        Ok(quoted(self.checked(ident)?))
    }

    fn checked<'i>(&self, ident: &'i Ident) -> Result<&'i str, QueryProblem> {
        let name = ident.value.as_str();
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let reserved = name.get(..RESERVED.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED));
        if !plain || reserved || ident.quote_style.is_some_and(|quote| quote != '"') {
            return unsupported(format!("the name '{name}'"));
        }
        Ok(name)
    }

    /// A column without the name of its table. It is refused where it can only be
    /// one that is closed.
    pub fn column(&self, ident: &Ident) -> Written {
        let name = self.name(ident)?;
        let mut sources = self.scopes.iter().flatten().peekable();
        let first = sources.peek().map(|source| source.table);
        let closed =
            sources.all(|s| s.columns.is_some_and(|columns| !columns.contains(&ident.value.as_str())));
        match first {
            Some(table) if closed => Err(QueryProblem::Table(table.to_owned())),
            _ => Ok(name),
        }
    }

    /// A column with the name of its table.
    pub fn column_of(&self, table: &Ident, column: &Ident) -> Written {
        let sources = self.scopes.iter().rev().flatten();
        let source = sources.into_iter().find(|source| source.name.eq_ignore_ascii_case(&table.value));
        match source.map(|source| (source.table, source.columns)) {
            Some((table, Some(columns))) if !columns.contains(&column.value.as_str()) => {
                Err(QueryProblem::Table(table.to_owned()))
            }
            _ => Ok(format!("{}.{}", self.name(table)?, self.name(column)?)),
        }
    }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// The only part of a name that has no dots.
pub(super) fn only_part(name: &ObjectName) -> Result<&Ident, QueryProblem> {
    match name.0.as_slice() {
        [part] => part.as_ident().ok_or_else(|| QueryProblem::Unsupported("such a name".into())),
        _ => unsupported(format!("the name '{name}'")),
    }
}
