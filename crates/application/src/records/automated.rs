//! Writes of automation: what a step did and that it is done are one unit of work.

use bytes::Bytes;
use futures_util::FutureExt as _;
use serde_json::Value as Json;
use snackbase_domain::collection::{Collection, FieldType};
use snackbase_domain::{JobId, RecordId};
use uuid::Uuid;

use super::{Body, Precondition, Records, cells};
use crate::ports::Repositories;
use crate::{AppError, Caller, tx};

/// What is to be done to a record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Write<'a> {
    Create(&'a Body),
    /// The fields that are there.
    Update(&'a RecordId, &'a Body),
    Delete(&'a RecordId),
}

/// Which step of a definition does it, for which job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StepNote {
    pub job: JobId,
    pub definition: Uuid,
    pub step: u32,
}

impl StepNote {
    /// Notes that the step is done, within the unit of work that does it.
    pub async fn write(self, store: &dyn Repositories) -> Result<(), AppError> {
        Ok(store.automation().note_step(self.job, self.definition, self.step).await?)
    }
}

impl Records {
    /// Writes, and notes that the step which wanted it is done. Answers the record as JSON text, unless
    /// it is gone.
    pub(crate) async fn write_as_step(
        &self,
        caller: &Caller,
        collection: &str,
        write: Write<'_>,
        note: Option<StepNote>,
    ) -> Result<Option<Bytes>, AppError> {
        self.current(collection, || self.attempt_write(caller, collection, write, note).boxed()).await
    }

    async fn attempt_write(
        &self,
        caller: &Caller,
        collection: &str,
        write: Write<'_>,
        note: Option<StepNote>,
    ) -> Result<Option<Bytes>, AppError> {
        let work = self.storage.begin_as(caller.actor()).await?;
        let outcome = async {
            let store = work.repositories();
            let written = match write {
                Write::Create(body) => Some(self.create_in(store, caller, None, collection, body).await?),
                Write::Update(id, body) => {
                    Some(self.patch_in(store, caller, None, collection, id, body).await?)
                }
                Write::Delete(id) => {
                    self.delete_in(store, caller, None, collection, id, &Precondition::None).await?;
                    None
                }
            };
            if let Some(note) = note {
                note.write(store).await?;
            }
            Ok(written)
        }
        .await;
        tx::finish(work, outcome).await
    }
}

/// The fields to be written: `filled` is `data` with its placeholders filled in. Texts that came out of
/// placeholders become values of their fields' types, an empty one null where the field holds no text.
pub(crate) fn data_of(
    collection: &Collection,
    data: &Body,
    filled: Body,
    is_template: impl Fn(&str) -> bool,
) -> Body {
    let convert = |(name, value): (String, Json)| {
        let written = data.get(&name).and_then(Json::as_str);
        let field = collection.field(&name);
        let value = match (field, value) {
            (Some(field), Json::String(text)) if written.is_some_and(&is_template) => {
                match (text.is_empty(), &field.ty) {
                    (_, FieldType::Text) => Json::String(text),
                    (true, _) => Json::Null,
                    (false, ty) => cells::typed(ty, &text),
                }
            }
            (_, value) => value,
        };
        (name, value)
    };
    filled.into_iter().map(convert).collect()
}
