//! Actions that write records.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use snackbase_domain::RecordId;
use snackbase_domain::automation::template::is_template;

use super::{Actions, Doing, Failure};
use crate::records::{Write, data_of};
use crate::{AppError, Kind};

impl Actions {
    pub(super) async fn create_record(
        &self,
        doing: &Doing<'_>,
        collection: &str,
        data: &Map<String, Value>,
        filled: Map<String, Value>,
    ) -> Result<Value, Failure> {
        let failed = |failure| within(format!("create_record failed for collection '{collection}'"), failure);
        let body = self.body(collection, data, filled).map_err(failed)?;
        self.write(doing, collection, Write::Create(&body)).await.map_err(failed)
    }

    pub(super) async fn update_record(
        &self,
        doing: &Doing<'_>,
        collection: &str,
        id: &str,
        data: &Map<String, Value>,
        filled: Map<String, Value>,
    ) -> Result<Value, Failure> {
        let failed = |failure| {
            within(format!("update_record failed for collection '{collection}' record '{id}'"), failure)
        };
        let body = self.body(collection, data, filled).map_err(failed)?;
        let write = Write::Update(&RecordId::new(id), &body);
        self.write(doing, collection, write).await.map_err(failed)
    }

    pub(super) async fn delete_record(
        &self,
        doing: &Doing<'_>,
        collection: &str,
        id: &str,
    ) -> Result<Value, Failure> {
        let failed = |failure| {
            within(format!("delete_record failed for collection '{collection}' record '{id}'"), failure)
        };
        self.known(collection).map_err(failed)?;
        self.write(doing, collection, Write::Delete(&RecordId::new(id))).await.map_err(failed)?;
        Ok(json!({ "deleted": true, "id": id }))
    }

    async fn write(&self, doing: &Doing<'_>, collection: &str, write: Write<'_>) -> Result<Value, Failure> {
        let written = self.records.write_as_step(&doing.caller(), collection, write, doing.note).await;
        let written = written.map_err(|error| match error {
            AppError::Refused(refusal) if refusal.kind == Kind::NotFound => {
                Failure::Reason("Record not found".to_owned())
            }
            error => error.into(),
        })?;
        Ok(written.as_ref().map_or(Value::Null, read))
    }

    fn body(
        &self,
        collection: &str,
        data: &Map<String, Value>,
        filled: Map<String, Value>,
    ) -> Result<Map<String, Value>, Failure> {
        let compiled = self.known(collection)?;
        Ok(data_of(&compiled.collection, data, filled, is_template))
    }

    pub(super) fn known(
        &self,
        collection: &str,
    ) -> Result<std::sync::Arc<crate::catalog::Compiled>, Failure> {
        self.catalog.get(collection).ok_or_else(|| Failure::Reason("Collection not found".to_owned()))
    }
}

/// Says what failed before it says why.
pub(super) fn within(what: String, failure: Failure) -> Failure {
    match failure {
        Failure::Reason(reason) => Failure::Reason(format!("{what}: {reason}")),
        later => later,
    }
}

/// What a use case wrote as JSON text.
pub(super) fn read(text: &Bytes) -> Value {
    serde_json::from_slice(text).unwrap_or_default()
}
