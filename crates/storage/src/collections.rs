//! The descriptions of collections.

use std::collections::HashMap;

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Iterable, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sea_query::{Expr, ExprTrait, OnConflict};
use snackbase_application::ports::{
    CollectionQuery, CollectionRepository, CollectionSort, RuleRow, StoreError,
};
use snackbase_domain::CollectionId;
use snackbase_domain::collection::{
    Collection, CollectionName, Field, FieldDraft, Index, IndexDraft, RuleSet, SchemaContext,
    validate_fields, validate_indexes,
};
use snackbase_rls::Dialect;

use crate::accounts::{containing, lower};
use crate::driver::error::from_orm;
use crate::driver::{Stmt, scalar};
use crate::entity::{collection, collection_rules};
use crate::store::Session;

/// The channel on which PostgreSQL tells of changes of schemas and rules.
pub(crate) const SCHEMA_CHANNEL: &str = "snackbase_schema";

/// Reads stored fields. They were checked when they were saved, so references
/// and expressions are taken as they are.
fn fields(schema: &serde_json::Value) -> Option<Vec<Field>> {
    let drafts: Vec<FieldDraft> = serde_json::from_value(schema.clone()).ok()?;
    let trusting = SchemaContext { collection_exists: &|_| true, check_expression: &|_, _, _| Ok(()) };
    validate_fields(&drafts, &trusting).ok()
}

fn schema(fields: &[Field]) -> Result<serde_json::Value, StoreError> {
    let drafts: Vec<_> = fields.iter().map(FieldDraft::from).collect();
    serde_json::to_value(drafts).map_err(|e| StoreError::Other(e.to_string()))
}

/// Reads stored indexes, which were checked when they were saved.
fn indexes(stored: Option<serde_json::Value>, fields: &[Field]) -> Option<Vec<Index>> {
    let drafts: Vec<IndexDraft> = stored.map_or(Ok(Vec::new()), serde_json::from_value).ok()?;
    validate_indexes(&drafts, fields).ok()
}

/// Null where there are none.
fn stored_indexes(indexes: &[Index]) -> Result<Option<serde_json::Value>, StoreError> {
    let drafts: Vec<_> = indexes.iter().map(IndexDraft::from).collect();
    let stored = (!drafts.is_empty()).then(|| serde_json::to_value(drafts)).transpose();
    stored.map_err(|e| StoreError::Other(e.to_string()))
}

fn from_models(
    model: collection::Model,
    rules: Option<collection_rules::Model>,
) -> Result<Collection, StoreError> {
    let broken = || StoreError::Inconsistent(format!("collection '{}' cannot be read", model.name));
    let fields = fields(&model.schema).ok_or_else(broken)?;
    Ok(Collection {
        id: model.id.parse().map_err(|_| broken())?,
        name: CollectionName::parse(&model.name).ok_or_else(broken)?,
        indexes: indexes(model.indexes.clone(), &fields).ok_or_else(broken)?,
        fields,
        rules: rules.map_or_else(RuleSet::missing, rule_set),
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

fn rule_set(model: collection_rules::Model) -> RuleSet {
    RuleSet {
        defined: true,
        list_rule: model.list_rule,
        view_rule: model.view_rule,
        create_rule: model.create_rule,
        update_rule: model.update_rule,
        delete_rule: model.delete_rule,
        update_check_rule: model.update_check_rule,
        list_fields: model.list_fields,
        view_fields: model.view_fields,
        create_fields: model.create_fields,
        update_fields: model.update_fields,
    }
}

fn rules_model(row: &RuleRow) -> collection_rules::ActiveModel {
    let rules = row.rules.clone();
    collection_rules::ActiveModel {
        id: Set(row.id.clone()),
        collection_id: Set(row.collection_id.to_string()),
        list_rule: Set(rules.list_rule),
        view_rule: Set(rules.view_rule),
        create_rule: Set(rules.create_rule),
        update_rule: Set(rules.update_rule),
        delete_rule: Set(rules.delete_rule),
        update_check_rule: Set(rules.update_check_rule),
        list_fields: Set(rules.list_fields),
        view_fields: Set(rules.view_fields),
        create_fields: Set(rules.create_fields),
        update_fields: Set(rules.update_fields),
        created_at: Set(row.created_at),
        updated_at: Set(row.updated_at),
    }
}

impl Session {
    async fn with_rules(&self, models: Vec<collection::Model>) -> Result<Vec<Collection>, StoreError> {
        let ids = models.iter().map(|model| model.id.clone());
        let find = collection_rules::Entity::find().filter(collection_rules::Column::CollectionId.is_in(ids));
        let rules = find.all(self.orm()).await.map_err(from_orm)?;
        let mut rules: HashMap<_, _> =
            rules.into_iter().map(|row| (row.collection_id.clone(), row)).collect();
        models
            .into_iter()
            .map(|model| {
                let rules = rules.remove(&model.id);
                from_models(model, rules)
            })
            .collect()
    }

    async fn rules_of(&self, id: CollectionId) -> Result<Option<collection_rules::Model>, StoreError> {
        let find = collection_rules::Entity::find()
            .filter(collection_rules::Column::CollectionId.eq(id.to_string()));
        find.one(self.orm()).await.map_err(from_orm)
    }
}

#[async_trait]
impl CollectionRepository for Session {
    async fn all(&self) -> Result<Vec<Collection>, StoreError> {
        let find = collection::Entity::find().order_by_asc(collection::Column::Name);
        let models = find.all(self.orm()).await.map_err(from_orm)?;
        let mut collections = self.with_rules(models).await?;
        collections.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(collections)
    }

    async fn find(&self, id: CollectionId) -> Result<Option<Collection>, StoreError> {
        let find = collection::Entity::find_by_id(id.to_string());
        let Some(model) = find.one(self.orm()).await.map_err(from_orm)? else {
            return Ok(None);
        };
        from_models(model, self.rules_of(id).await?).map(Some)
    }

    async fn page(&self, query: &CollectionQuery) -> Result<(Vec<Collection>, u64), StoreError> {
        let mut find = collection::Entity::find();
        if let Some(search) = query.search.as_deref().filter(|s| !s.is_empty()) {
            let any = Condition::any()
                .add(lower(collection::Column::Name).like(containing(search)))
                .add(lower(collection::Column::Id).like(containing(search)));
            find = find.filter(any);
        }
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let order = if query.descending { Order::Desc } else { Order::Asc };
        let column = match query.sort {
            CollectionSort::Id => collection::Column::Id,
            CollectionSort::Name => collection::Column::Name,
            CollectionSort::CreatedAt => collection::Column::CreatedAt,
            CollectionSort::UpdatedAt => collection::Column::UpdatedAt,
        };
        let find = find
            .order_by(column, order.clone())
            .order_by(collection::Column::Id, order)
            .offset(query.skip)
            .limit(query.limit);
        let models = find.all(self.orm()).await.map_err(from_orm)?;
        Ok((self.with_rules(models).await?, total))
    }

    async fn insert(&self, collection: &Collection, rules_id: &str) -> Result<(), StoreError> {
        let model = collection::ActiveModel {
            id: Set(collection.id.to_string()),
            name: Set(collection.name.to_string()),
            name_key: Set(collection.name.as_str().to_ascii_lowercase()),
            schema: Set(schema(&collection.fields)?),
            indexes: Set(stored_indexes(&collection.indexes)?),
            created_at: Set(collection.created_at),
            updated_at: Set(collection.updated_at),
        };
        collection::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        let rules = rules_model(&RuleRow {
            id: rules_id.to_owned(),
            collection_id: collection.id,
            rules: collection.rules.clone(),
            created_at: collection.created_at,
            updated_at: collection.created_at,
        });
        let insert = collection_rules::Entity::insert(rules);
        insert.exec_without_returning(self.orm()).await.map_err(from_orm)?;
        self.mark_changed().await
    }

    async fn update(&self, collection: &Collection) -> Result<(), StoreError> {
        collection::Entity::update_many()
            .col_expr(collection::Column::Name, Expr::val(collection.name.as_str()))
            .col_expr(collection::Column::NameKey, Expr::val(collection.name.as_str().to_ascii_lowercase()))
            .col_expr(collection::Column::Schema, Expr::val(schema(&collection.fields)?))
            .col_expr(collection::Column::Indexes, Expr::val(stored_indexes(&collection.indexes)?))
            .col_expr(collection::Column::UpdatedAt, Expr::val(collection.updated_at))
            .filter(collection::Column::Id.eq(collection.id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        self.mark_changed().await
    }

    async fn delete(&self, id: CollectionId) -> Result<bool, StoreError> {
        let deleted = collection::Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        let deleted = deleted.map_err(from_orm)?.rows_affected > 0;
        self.mark_changed().await?;
        Ok(deleted)
    }

    async fn rules(&self, id: CollectionId) -> Result<Option<RuleRow>, StoreError> {
        Ok(self.rules_of(id).await?.map(|model| RuleRow {
            id: model.id.clone(),
            collection_id: id,
            created_at: model.created_at,
            updated_at: model.updated_at,
            rules: rule_set(model),
        }))
    }

    async fn update_rules(&self, row: &RuleRow) -> Result<(), StoreError> {
        use collection_rules::Column;
        let replaced = Column::iter().filter(|column| !matches!(column, Column::Id | Column::CollectionId));
        let mut on_conflict = OnConflict::column(Column::Id);
        on_conflict.update_columns(replaced);
        let insert = collection_rules::Entity::insert(rules_model(row)).on_conflict(on_conflict);
        insert.exec_without_returning(self.orm()).await.map_err(from_orm)?;
        self.mark_changed().await
    }

    async fn lock_schema(&self) -> Result<(), StoreError> {
        match self.dialect() {
            // The one writer does one transaction after the other.
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => {
                let lock = Stmt::new("SELECT pg_advisory_xact_lock(7305802)", Vec::new());
                self.connection.query(lock).await.map(drop)
            }
        }
    }

    async fn version(&self) -> Result<u64, StoreError> {
        let select = Stmt::new("SELECT version FROM schema_version", Vec::new());
        Ok(scalar(&self.connection.query(select).await?))
    }

    async fn mark_changed(&self) -> Result<(), StoreError> {
        let raise = "INSERT INTO schema_version (id, version) VALUES (1, 1) \
                     ON CONFLICT (id) DO UPDATE SET version = schema_version.version + 1";
        self.connection.execute(Stmt::new(raise, Vec::new())).await?;
        match self.dialect() {
            // The other programs on the same file, e.g. the command line, look at the number.
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => {
                let notify = format!("SELECT pg_notify('{SCHEMA_CHANNEL}', '')");
                self.connection.query(Stmt::new(notify, Vec::new())).await.map(drop)
            }
        }
    }
}
