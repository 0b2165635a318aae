//! Stored macros, and their queries as SQL.

use async_trait::async_trait;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_query::{Alias, Expr, ExprTrait, Func, Order, Query as SqlQuery, Value as SqlValue};
use snackbase_application::access::Tenant;
use snackbase_application::ports::{CollectionRepository, MacroCall, MacroRepository, StoreError};
use snackbase_domain::AccountId;
use snackbase_domain::stored_macro::{Argument, Query, StoredMacro};
use snackbase_rls::Dialect;
use snackbase_rules::{Type, Value};

use crate::driver::error::from_orm;
use crate::driver::{Stmt, TRUTH, failed};
use crate::entity::macros;
use crate::reach::told;
use crate::store::Session;

fn from_model(model: macros::Model) -> Result<StoredMacro, StoreError> {
    let parameters = serde_json::from_value(model.parameters).map_err(|_| {
        StoreError::Inconsistent(format!("the parameters of macro {} cannot be read", model.id))
    })?;
    Ok(StoredMacro {
        id: model.id,
        name: model.name,
        description: model.description,
        sql_query: model.sql_query,
        parameters,
        created_at: model.created_at,
        updated_at: model.updated_at,
        created_by: model.created_by,
    })
}

/// What a query answers, as a scalar subquery: the arguments stand as a row around it,
/// so that names in the query mean the query's own tables.
fn scalar(query: &Query, sql: &str, now: i64, argument: impl Fn(Argument) -> Expr) -> Expr {
    let inner = Expr::cust(format!("({sql})"));
    let mut row = SqlQuery::select();
    for of in &query.arguments {
        row.expr_as(argument(*of), Alias::new(of.column()));
    }
    if query.uses_time {
        // Statements with equal values may be answered from memory.
        row.expr_as(Expr::val(now), Alias::new("now"));
    }
    if query.arguments.is_empty() && !query.uses_time {
        return inner;
    }
    let around = SqlQuery::select().expr(inner).from_subquery(row, Alias::new(Query::ARGUMENTS)).take();
    Expr::SubQuery(None, Box::new(around.into()))
}

/// The condition of a rule that calls a query: over the records of the caller's account.
pub(crate) fn condition(query: &Query, now: i64, argument: impl Fn(Argument) -> Expr) -> Expr {
    Func::cust(TRUTH).arg(scalar(query, &query.within_account, now, argument)).into()
}

/// The value of an argument that is known.
fn constant(call: &MacroCall<'_>, argument: Argument, dialect: Dialect) -> Expr {
    // A statement is remembered by its text, which has to tell what it takes.
    let typed = |value: Expr, ty| value.cast_as(dialect.physical_type(ty));
    let null = || typed(Expr::cust("NULL"), Type::Text);
    let text = |text: Option<&str>| text.map_or_else(null, |text| typed(Expr::val(text), Type::Text));
    let Argument::Parameter(index) = argument else {
        return text(call.caller.value(argument));
    };
    match call.arguments.get(index) {
        None => null(),
        Some(Value::Null) => typed(Expr::cust("NULL"), call.types.get(index).copied().unwrap_or(Type::Text)),
        Some(Value::Bool(value)) => Expr::cust(if *value { "TRUE" } else { "FALSE" }),
        Some(Value::Number(value)) => typed(Expr::val(*value), Type::Number),
        Some(Value::Text(value)) => text(Some(value)),
        Some(Value::Instant { micros, .. }) => typed(dialect.instant(*micros), Type::Instant),
        Some(Value::Json) => Expr::val("{}").cast_as(dialect.physical_type(Type::Json)),
    }
}

impl Session {
    /// A SELECT of one value, over the records of a tenant.
    fn ask(&self, value: Expr, tenant: Tenant) -> Stmt {
        let mut select = SqlQuery::select();
        select.expr_as(value, Alias::new("answer")).and_where_option(told(tenant, self.dialect()));
        Stmt::build(self.dialect(), &select)
    }
}

#[async_trait]
impl MacroRepository for Session {
    async fn all(&self) -> Result<Vec<StoredMacro>, StoreError> {
        MacroRepository::page(self, 0, i64::MAX.cast_unsigned()).await
    }

    async fn page(&self, skip: u64, limit: u64) -> Result<Vec<StoredMacro>, StoreError> {
        let name = self.dialect().ordered_text(Expr::col(macros::Column::Name));
        let find = macros::Entity::find().order_by(name, Order::Asc).offset(skip).limit(limit);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn find(&self, id: i64) -> Result<Option<StoredMacro>, StoreError> {
        // Ids beyond the column's range are nobody's.
        if i32::try_from(id).is_err() {
            return Ok(None);
        }
        let find = macros::Entity::find_by_id(id);
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn insert(&self, new: &StoredMacro) -> Result<StoredMacro, StoreError> {
        let model = macros::ActiveModel {
            id: NotSet,
            name: Set(new.name.clone()),
            description: Set(new.description.clone()),
            sql_query: Set(new.sql_query.clone()),
            parameters: Set(serde_json::json!(new.parameters)),
            created_at: Set(new.created_at),
            updated_at: Set(new.updated_at),
            created_by: Set(new.created_by.clone()),
        };
        macros::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        CollectionRepository::mark_changed(self).await?;
        let find = macros::Entity::find().filter(macros::Column::Name.eq(new.name.clone()));
        let made = find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()?;
        made.ok_or_else(|| StoreError::Inconsistent("a macro just made is not there".into()))
    }

    async fn update(&self, changed: &StoredMacro) -> Result<(), StoreError> {
        macros::Entity::update_many()
            .col_expr(macros::Column::Name, Expr::val(changed.name.clone()))
            .col_expr(macros::Column::Description, Expr::val(changed.description.clone()))
            .col_expr(macros::Column::SqlQuery, Expr::val(changed.sql_query.clone()))
            .col_expr(macros::Column::Parameters, Expr::val(serde_json::json!(changed.parameters)))
            .col_expr(macros::Column::UpdatedAt, Expr::val(changed.updated_at))
            .filter(macros::Column::Id.eq(changed.id))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        CollectionRepository::mark_changed(self).await
    }

    async fn delete(&self, id: i64) -> Result<bool, StoreError> {
        let deleted = macros::Entity::delete_by_id(id).exec(self.orm()).await.map_err(from_orm)?;
        CollectionRepository::mark_changed(self).await?;
        Ok(deleted.rows_affected > 0)
    }

    async fn holds(&self, call: &MacroCall<'_>) -> Result<Option<bool>, StoreError> {
        let dialect = self.dialect();
        let value = condition(call.query, call.now, |argument| constant(call, argument, dialect));
        // Who has no account sees the records of none.
        let account = call.caller.account_id.as_deref().and_then(|id| id.parse().ok());
        let tenant = Tenant::Account(account.unwrap_or(AccountId::SYSTEM));
        let rows = self.connection.query(self.ask(value, tenant)).await?;
        match rows.into_iter().next().and_then(|row| row.values.into_iter().next()) {
            Some(SqlValue::Bool(truth)) => Ok(truth),
            Some(SqlValue::BigInt(truth)) => Ok(truth.map(|truth| truth != 0)),
            _ => Ok(None),
        }
    }

    async fn answer(&self, call: &MacroCall<'_>) -> Result<Option<String>, StoreError> {
        let (query, dialect) = (call.query, self.dialect());
        let value = scalar(query, &query.sql, call.now, |argument| constant(call, argument, dialect));
        let rows = self
            .connection
            .query_alone(self.ask(value.cast_as("TEXT"), Tenant::All))
            .await
            .map_err(|error| failed(true, error))?;
        match rows.into_iter().next().and_then(|row| row.values.into_iter().next()) {
            Some(SqlValue::String(text)) => Ok(text),
            _ => Ok(None),
        }
    }
}
