//! Definitions of automation as a whole, and how far runs of them have come.

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sea_query::Value;
use snackbase_application::ports::{AutomationRepository, Listener, StoreError};
use snackbase_domain::JobId;
use snackbase_domain::automation::EventKind;
use uuid::Uuid;

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::entity::automation_step::{ActiveModel, Column, Entity};
use crate::store::Session;

/// Account, event and collection of all that is enabled and waits for events.
const LISTENERS: &str = "SELECT account_id, event, collection FROM hooks WHERE enabled AND event IS NOT NULL
    UNION
    SELECT account_id, 'records.' || word, collection FROM webhooks
    CROSS JOIN (SELECT 'create' AS word UNION SELECT 'update' UNION SELECT 'delete') words
    WHERE enabled AND ',' || events || ',' LIKE '%,' || word || ',%'";

fn broken() -> StoreError {
    StoreError::Inconsistent("the definitions of automation cannot be read".to_owned())
}

fn listener(values: Vec<Value>) -> Option<Listener> {
    let [Value::String(Some(account)), Value::String(Some(kind)), Value::String(collection)] =
        <[Value; 3]>::try_from(values).ok()?
    else {
        return None;
    };
    Some(Listener { account_id: account.parse().ok()?, kind: EventKind::parse(&kind)?, collection })
}

#[async_trait]
impl AutomationRepository for Session {
    async fn revision(&self) -> Result<u64, StoreError> {
        let read = Stmt::new("SELECT revision FROM automation_state", Vec::new());
        let rows = self.connection.query(read).await?;
        match rows.first().and_then(|row| row.values.first()) {
            Some(Value::BigInt(Some(revision))) => u64::try_from(*revision).map_err(|_| broken()),
            _ => Err(broken()),
        }
    }

    async fn advance(&self) -> Result<(), StoreError> {
        let advance = Stmt::new("UPDATE automation_state SET revision = revision + 1", Vec::new());
        self.connection.execute(advance).await?;
        Ok(())
    }

    async fn listeners(&self) -> Result<Vec<Listener>, StoreError> {
        let rows = self.connection.query(Stmt::new(LISTENERS, Vec::new())).await?;
        rows.into_iter().map(|row| listener(row.values).ok_or_else(broken)).collect()
    }

    async fn steps_done(&self, job: JobId, definition: Uuid) -> Result<Vec<u32>, StoreError> {
        let find = Entity::find()
            .filter(Column::JobId.eq(job.to_string()))
            .filter(Column::Definition.eq(definition.to_string()))
            .order_by_asc(Column::Step);
        let found = find.all(self.orm()).await.map_err(from_orm)?;
        found.into_iter().map(|model| model.step.try_into().map_err(|_| broken())).collect()
    }

    async fn note_step(&self, job: JobId, definition: Uuid, step: u32) -> Result<(), StoreError> {
        let model = ActiveModel {
            job_id: Set(job.to_string()),
            definition: Set(definition.to_string()),
            step: Set(step.into()),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }
}
