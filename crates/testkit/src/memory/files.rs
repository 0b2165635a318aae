//! Uploaded files, and uploads that can be resumed.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use snackbase_application::ports::{
    FilePage, FileQuery, FileRepository, FileSort, FileUpload, StoreError, UploadPart, UploadRepository,
    WaitingDeletion,
};
use snackbase_domain::collection::{Collection, FieldType};
use snackbase_domain::file::{FileMetadata, FilePath, Provider, StoredFile};
use snackbase_domain::record::Record;
use snackbase_domain::{AccountId, CollectionId, FileUploadId, RecordId};

use super::Memory;
use super::state::{State, conflict, cut};

/// The fields of a record that hold files, with their paths.
pub(super) fn held<'r>(
    collection: &'r Collection,
    record: &'r Record,
) -> impl Iterator<Item = (&'r str, String)> {
    let fields = collection.stored_fields().zip(&record.values);
    fields.filter(|(field, _)| field.ty == FieldType::File).filter_map(|(field, value)| {
        let metadata = FileMetadata::stored(value.as_text()?)?;
        Some((field.name.as_str(), metadata.path_text().to_owned()))
    })
}

fn paths_of(key: &str) -> Vec<String> {
    ["", "s3/", "azure/", "gcs/"].map(|prefix| format!("{prefix}{key}")).into()
}

impl State {
    fn holds(&self, path: &str) -> bool {
        self.tables.values().any(|table| {
            table.rows.values().any(|record| held(&table.collection, record).any(|(_, of)| of == path))
        })
    }

    fn delete_bytes(&mut self, provider: Provider, key: &str, due_at: DateTime<Utc>) {
        let waiting = self.deletions.entry((provider, key.to_owned())).or_insert((0, due_at));
        if waiting.0 == 0 {
            waiting.1 = due_at;
        }
    }

    fn delete_file(&mut self, path: &str, now: DateTime<Utc>) -> bool {
        let Some(file) = self.files.remove(path) else {
            return false;
        };
        self.delete_bytes(file.provider, file.path.key(), now);
        true
    }

    fn discard_parts(&mut self, id: FileUploadId, now: DateTime<Utc>) {
        let parts = self.uploads.get_mut(&id).map(|(_, parts)| std::mem::take(parts)).unwrap_or_default();
        for part in parts {
            self.delete_bytes(part.provider, &part.key, now);
        }
    }

    /// Removes the files and uploads of an account.
    pub(super) fn discard_files_of(&mut self, account: AccountId) {
        let files: Vec<_> = self
            .files
            .values()
            .filter(|file| file.path.account() == account)
            .map(|f| f.path.clone())
            .collect();
        for path in files {
            self.delete_file(path.as_str(), DateTime::UNIX_EPOCH);
        }
        let uploads: Vec<_> =
            self.uploads.values().filter(|(u, _)| u.account_id == account).map(|(u, _)| u.id).collect();
        for id in uploads {
            self.discard_parts(id, DateTime::UNIX_EPOCH);
            self.uploads.remove(&id);
        }
    }

    fn has_account(&self, account: AccountId) -> Result<(), StoreError> {
        match self.accounts.contains_key(&account) || self.hidden.contains_key(&account) {
            true => Ok(()),
            false => Err(StoreError::ForeignKey),
        }
    }
}

#[async_trait]
impl FileRepository for Memory {
    async fn insert(&self, file: &StoredFile) -> Result<(), StoreError> {
        let mut state = self.state();
        state.has_account(file.path.account())?;
        if state.files.contains_key(file.path.as_str()) {
            return conflict("files");
        }
        state.files.insert(file.path.as_str().to_owned(), file.clone());
        Ok(())
    }

    async fn find(&self, path: &str) -> Result<Option<StoredFile>, StoreError> {
        Ok(self.state().files.get(path).cloned())
    }

    async fn page(&self, query: &FileQuery) -> Result<FilePage, StoreError> {
        let state = self.state();
        let search = query.search.as_deref().unwrap_or_default().to_ascii_lowercase();
        let files = state.files.values().filter(|file| {
            query.account.is_none_or(|account| file.path.account() == account)
                && file.filename.to_ascii_lowercase().contains(&search)
                && query.held.is_none_or(|held| state.holds(file.path.as_str()) == held)
        });
        let mut files: Vec<_> = files.cloned().collect();
        files.sort_by(|a, b| {
            let by = match query.sort {
                FileSort::CreatedAt => a.created_at.cmp(&b.created_at),
                FileSort::Filename => a.filename.cmp(&b.filename),
                FileSort::Size => a.size.cmp(&b.size),
            };
            let by = if query.descending { by.reverse() } else { by };
            by.then_with(|| a.path.as_str().cmp(b.path.as_str()))
        });
        let (total, bytes) = (files.len() as u64, files.iter().map(|file| file.size).sum());
        let items = cut(files, query.skip, query.limit).into_iter();
        let items = items.map(|file| {
            let held = state.holds(file.path.as_str());
            (file, held)
        });
        Ok(FilePage { items: items.collect(), total, bytes })
    }

    async fn is_held(&self, path: &str) -> Result<bool, StoreError> {
        Ok(self.state().holds(path))
    }

    async fn is_held_by(
        &self,
        path: &str,
        collection: CollectionId,
        record: &RecordId,
        field: &str,
    ) -> Result<bool, StoreError> {
        let state = self.state();
        let table = state.tables.values().find(|table| table.collection.id == collection);
        let found = table.and_then(|table| Some((&table.collection, table.rows.get(record.as_str())?)));
        Ok(found.is_some_and(|(collection, record)| {
            held(collection, record).any(|(name, of)| name == field && of == path)
        }))
    }

    async fn delete(&self, path: &FilePath, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.state().delete_file(path.as_str(), now))
    }

    async fn delete_unused(
        &self,
        before: DateTime<Utc>,
        limit: u64,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut state = self.state();
        let mut old: Vec<_> = state.files.values().filter(|file| file.created_at < before).cloned().collect();
        old.retain(|file| !state.holds(file.path.as_str()));
        old.sort_by_key(|file| file.created_at);
        let old = cut(old, 0, limit);
        for file in &old {
            state.delete_file(file.path.as_str(), now);
        }
        Ok(old.len() as u64)
    }

    async fn elsewhere(
        &self,
        provider: Provider,
        account: Option<AccountId>,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<StoredFile>, StoreError> {
        let state = self.state();
        let found = state.files.values().filter(|file| {
            file.provider != provider
                && account.is_none_or(|account| file.path.account() == account)
                && after.is_none_or(|after| file.path.as_str() > after)
        });
        Ok(cut(found.cloned().collect(), 0, limit))
    }

    async fn moved(&self, file: &StoredFile, to: Provider, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(known) = state.files.get_mut(file.path.as_str()).filter(|f| f.provider == file.provider)
        else {
            return Ok(false);
        };
        known.provider = to;
        state.delete_bytes(file.provider, file.path.key(), now);
        Ok(true)
    }

    async fn known(&self, provider: Provider, keys: &[String]) -> Result<Vec<String>, StoreError> {
        let state = self.state();
        let is_part =
            |key: &str| state.uploads.values().any(|(_, parts)| parts.iter().any(|part| part.key == key));
        let is_known = |key: &&String| {
            paths_of(key).iter().any(|path| state.files.contains_key(path) || state.holds(path))
                || is_part(key)
                || state.deletions.contains_key(&(provider, (*key).clone()))
        };
        Ok(keys.iter().filter(is_known).cloned().collect())
    }

    async fn delete_bytes(
        &self,
        provider: Provider,
        key: &str,
        due_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.state().delete_bytes(provider, key, due_at);
        Ok(())
    }

    async fn keep_bytes(&self, provider: Provider, key: &str) -> Result<bool, StoreError> {
        let mut state = self.state();
        let waiting = (provider, key.to_owned());
        let free = state.deletions.get(&waiting).is_some_and(|(attempts, _)| *attempts == 0);
        if free {
            state.deletions.remove(&waiting);
        }
        Ok(free)
    }

    async fn claim_deletions(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<WaitingDeletion>, StoreError> {
        let mut state = self.state();
        let due = state.deletions.iter().filter(|(_, (_, due_at))| *due_at <= now);
        let mut due: Vec<_> = due.map(|(bytes, (_, due_at))| (*due_at, bytes.clone())).collect();
        due.sort();
        let mut claimed = Vec::new();
        for (_, (provider, key)) in cut(due, 0, limit) {
            let live = paths_of(&key)
                .iter()
                .any(|path| state.files.get(path).is_some_and(|file| file.provider == provider));
            let bytes = (provider, key.clone());
            if live {
                state.deletions.remove(&bytes);
            } else if let Some(waiting) = state.deletions.get_mut(&bytes) {
                *waiting = (waiting.0 + 1, until);
                claimed.push(WaitingDeletion { provider, key, attempts: waiting.0 });
            }
        }
        Ok(claimed)
    }

    async fn deletion_done(&self, provider: Provider, key: &str) -> Result<(), StoreError> {
        self.state().deletions.remove(&(provider, key.to_owned()));
        Ok(())
    }

    async fn delete_at(
        &self,
        provider: Provider,
        key: &str,
        due_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if let Some(waiting) = self.state().deletions.get_mut(&(provider, key.to_owned())) {
            waiting.1 = due_at;
        }
        Ok(())
    }

    async fn forget_stale_uses(&self, _limit: u64) -> Result<u64, StoreError> {
        Ok(0)
    }
}

#[async_trait]
impl UploadRepository for Memory {
    async fn insert(&self, upload: &FileUpload) -> Result<(), StoreError> {
        let mut state = self.state();
        state.has_account(upload.account_id)?;
        state.uploads.insert(upload.id, (upload.clone(), Vec::new()));
        Ok(())
    }

    async fn find(&self, id: FileUploadId) -> Result<Option<FileUpload>, StoreError> {
        Ok(self.state().uploads.get(&id).map(|(upload, _)| upload.clone()))
    }

    async fn count_open(&self, account: AccountId) -> Result<u64, StoreError> {
        let state = self.state();
        let open = state.uploads.values().filter(|(u, _)| u.account_id == account && u.path.is_none());
        Ok(open.count() as u64)
    }

    async fn append(&self, id: FileUploadId, part: &UploadPart) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some((upload, parts)) = state.uploads.get_mut(&id) else {
            return Ok(false);
        };
        if upload.offset != part.start || upload.path.is_some() {
            return Ok(false);
        }
        upload.offset += part.size;
        upload.parts += 1;
        parts.push(part.clone());
        Ok(true)
    }

    async fn parts(&self, id: FileUploadId) -> Result<Vec<UploadPart>, StoreError> {
        Ok(self.state().uploads.get(&id).map(|(_, parts)| parts.clone()).unwrap_or_default())
    }

    async fn finish(&self, id: FileUploadId, path: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some((upload, _)) = state.uploads.get_mut(&id).filter(|(upload, _)| upload.path.is_none()) else {
            return Ok(false);
        };
        upload.path = Some(path.to_owned());
        state.discard_parts(id, now);
        Ok(true)
    }

    async fn delete(&self, id: FileUploadId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.discard_parts(id, now);
        Ok(state.uploads.remove(&id).is_some())
    }

    async fn expired(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<FileUploadId>, StoreError> {
        let state = self.state();
        let expired = state.uploads.values().filter(|(upload, _)| upload.expires_at <= now);
        Ok(cut(expired.map(|(upload, _)| upload.id).collect(), 0, limit))
    }
}
