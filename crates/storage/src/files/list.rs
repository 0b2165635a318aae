//! Files that somebody looks through.

use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use sea_query::{Expr, ExprTrait, Func, LikeExpr};
use snackbase_application::ports::{FilePage, FileQuery, FileSort, StoreError};

use super::{from_model, unheld};
use crate::driver::error::from_orm;
use crate::driver::{Stmt, scalar};
use crate::entity::file::{Column, Entity};
use crate::store::Session;

/// The pattern of texts that contain a part.
fn containing(part: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for letter in part.to_ascii_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    LikeExpr::new(pattern + "%").escape('!')
}

fn asked_for(query: &FileQuery) -> sea_orm::Select<Entity> {
    let mut find = Entity::find();
    if let Some(account) = query.account {
        find = find.filter(Column::AccountId.eq(account.to_string()));
    }
    if let Some(part) = query.search.as_deref().filter(|part| !part.is_empty()) {
        let name = Func::lower(Expr::col((Entity, Column::Filename)));
        find = find.filter(Expr::expr(name).like(containing(part)));
    }
    match query.held {
        Some(true) => find.filter(unheld().not()),
        Some(false) => find.filter(unheld()),
        None => find,
    }
}

impl Session {
    pub(super) async fn page_of_files(&self, query: &FileQuery) -> Result<FilePage, StoreError> {
        let order = if query.descending { Order::Desc } else { Order::Asc };
        let column = match query.sort {
            FileSort::CreatedAt => Column::CreatedAt,
            FileSort::Filename => Column::Filename,
            FileSort::Size => Column::Size,
        };
        let find = asked_for(query).order_by(column, order).order_by_asc(Column::Path);
        let find = find.offset(query.skip).limit(query.limit);
        let models = find.all(self.orm()).await.map_err(from_orm)?;
        let mut items = Vec::with_capacity(models.len());
        for model in models {
            let file = from_model(model)?;
            let held = self.holds_any(file.path.as_str()).await?;
            items.push((file, held));
        }
        let count = async |expression: &'static str| -> Result<u64, StoreError> {
            let mut select = sea_orm::QueryTrait::into_query(asked_for(query));
            select.clear_selects().expr(Expr::cust(expression));
            Ok(scalar(&self.connection.query(Stmt::build(self.dialect(), &select)).await?))
        };
        Ok(FilePage {
            items,
            total: count("COUNT(*)").await?,
            bytes: count("CAST(COALESCE(SUM(size), 0) AS bigint)").await?,
        })
    }
}
