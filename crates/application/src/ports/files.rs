//! Ports: the bytes of files, what is known of them, and small pictures of them.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use snackbase_domain::file::{FilePath, Provider, StoredFile, ThumbSize};
use snackbase_domain::{AccountId, CollectionId, FileUploadId, RecordId, UserId};

use super::StoreError;
use crate::configuration::ProviderSettings;

/// Why nothing came of reading or writing bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// There is nothing under that key.
    #[error("there is no such object")]
    NotFound,
    /// The provider cannot be reached, or refuses us. Says why, without secrets.
    #[error("{0}")]
    Unreachable(String),
    /// Our own disk or program failed.
    #[error("{0}")]
    Failed(String),
}

/// Which provider keeps the bytes, with what is needed to ask it.
#[derive(Clone, Debug, PartialEq)]
pub enum FileRoute {
    /// A folder of this machine.
    Local,
    /// A service.
    Remote(Provider, Box<ProviderSettings>),
}

impl FileRoute {
    /// Whose it is.
    pub fn provider(&self) -> Provider {
        match self {
            Self::Local => Provider::Local,
            Self::Remote(provider, _) => *provider,
        }
    }
}

/// Bytes that come piece by piece.
#[async_trait]
pub trait ByteSource: Send {
    /// The next piece; `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, FileFault>;
}

/// An object that is being written. Nobody sees it before it is finished; dropped or aborted, it
/// leaves nothing behind, as far as the provider can be reached.
#[async_trait]
pub trait FileSink: Send {
    async fn write(&mut self, piece: Bytes) -> Result<(), FileFault>;
    /// Makes the object visible as a whole; it outlasts a power cut when this returns.
    async fn finish(self: Box<Self>) -> Result<(), FileFault>;
    async fn abort(self: Box<Self>);
}

/// What is known of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileObject {
    pub key: String,
    /// In bytes.
    pub size: u64,
    pub modified_at: DateTime<Utc>,
}

/// Objects, block by block, in no particular order.
#[async_trait]
pub trait ObjectList: Send {
    /// The next block; an empty one at the end.
    async fn next(&mut self) -> Result<Vec<FileObject>, FileFault>;
}

/// The bytes of files, under keys of the form `<folder>/<name>[…]`.
#[async_trait]
pub trait FileStore: Send + Sync {
    /// Begins an object; at its end it takes the place of one that was there.
    async fn put(
        &self,
        route: &FileRoute,
        key: &str,
        content_type: &str,
    ) -> Result<Box<dyn FileSink>, FileFault>;
    /// Reads an object, or the bytes of a range that lies within it. `NotFound` also for what is no
    /// ordinary file.
    async fn get(
        &self,
        route: &FileRoute,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<Box<dyn ByteSource>, FileFault>;
    async fn head(&self, route: &FileRoute, key: &str) -> Result<Option<FileObject>, FileFault>;
    /// Removes an object; one that is not there is as good as removed.
    async fn delete(&self, route: &FileRoute, key: &str) -> Result<(), FileFault>;
    /// Removes what writes that were broken off before a moment have left on this machine; answers
    /// how many.
    async fn tidy(&self, before: DateTime<Utc>) -> Result<u64, FileFault>;
    /// All objects whose keys begin with a folder's name and a slash; all there are without one.
    async fn list(&self, route: &FileRoute, folder: Option<&str>) -> Result<Box<dyn ObjectList>, FileFault>;
}

/// Bytes that are to be deleted, and those of the small pictures beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingDeletion {
    pub provider: Provider,
    pub key: String,
    /// How often it has failed.
    pub attempts: u32,
}

/// What files are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileSort {
    #[default]
    CreatedAt,
    Filename,
    Size,
}

/// Files that are asked for.
#[derive(Clone, Debug, Default)]
pub struct FileQuery {
    /// Of this account; of all without one.
    pub account: Option<AccountId>,
    /// A part of the filename; case of ASCII letters does not matter.
    pub search: Option<String>,
    /// Only those that a record holds, or that none does.
    pub held: Option<bool>,
    pub sort: FileSort,
    pub descending: bool,
    pub skip: u64,
    pub limit: u64,
}

/// Some of the files that were asked for.
#[derive(Clone, Debug, Default)]
pub struct FilePage {
    /// With whether a record holds them.
    pub items: Vec<(StoredFile, bool)>,
    /// How many there are.
    pub total: u64,
    /// What all of them take.
    pub bytes: u64,
}

/// What is known of uploaded files, and which records hold them. The latter is kept by the adapter
/// of `RecordStore`, in the unit of work that changes a record.
#[async_trait]
pub trait FileRepository: Send + Sync {
    /// `ForeignKey` when the account is gone.
    async fn insert(&self, file: &StoredFile) -> Result<(), StoreError>;
    async fn find(&self, path: &str) -> Result<Option<StoredFile>, StoreError>;
    async fn page(&self, query: &FileQuery) -> Result<FilePage, StoreError>;
    /// Whether a record of any collection that is still there holds the file.
    async fn is_held(&self, path: &str) -> Result<bool, StoreError>;
    /// Whether one record holds it in one field.
    async fn is_held_by(
        &self,
        path: &str,
        collection: CollectionId,
        record: &RecordId,
        field: &str,
    ) -> Result<bool, StoreError>;
    /// Removes the row, and has the bytes deleted after the commit. Whether it was there.
    async fn delete(&self, path: &FilePath, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Removes at most `limit` files of before a moment that no record holds, as `delete` does. One
    /// that a record takes meanwhile stays. Answers how many.
    async fn delete_unused(
        &self,
        before: DateTime<Utc>,
        limit: u64,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError>;
    /// At most `limit` files that are not at a provider, in the order of their paths, from the one
    /// after `after` on; of one account or all.
    async fn elsewhere(
        &self,
        provider: Provider,
        account: Option<AccountId>,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<StoredFile>, StoreError>;
    /// Says that the bytes are at another provider now, and has the former ones deleted. Whether they
    /// were where `file` says.
    async fn moved(&self, file: &StoredFile, to: Provider, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Those of the keys whose bytes belong to a file, to a resumable upload or to a path that a
    /// record holds, or wait for their deletion.
    async fn known(&self, provider: Provider, keys: &[String]) -> Result<Vec<String>, StoreError>;
    /// Has bytes deleted from a moment on, unless somebody is about to already.
    async fn delete_bytes(
        &self,
        provider: Provider,
        key: &str,
        due_at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Takes a deletion of bytes back. Whether there was one that nobody has claimed.
    async fn keep_bytes(&self, provider: Provider, key: &str) -> Result<bool, StoreError>;
    /// Claims bytes that are to be deleted by now, at most `limit`, those first that have waited
    /// longest: nobody else does until `until`, and each attempt is counted. Deletions of bytes that
    /// are a file's are dropped.
    async fn claim_deletions(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<WaitingDeletion>, StoreError>;
    /// They are gone.
    async fn deletion_done(&self, provider: Provider, key: &str) -> Result<(), StoreError>;
    /// Has bytes deleted from another moment on, if they still are to be.
    async fn delete_at(&self, provider: Provider, key: &str, due_at: DateTime<Utc>)
    -> Result<(), StoreError>;
    /// Forgets at most `limit` notes about records that are not there any more; answers how many.
    async fn forget_stale_uses(&self, limit: u64) -> Result<u64, StoreError>;
}

/// An upload that can be resumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUpload {
    pub id: FileUploadId,
    pub account_id: AccountId,
    pub user_id: UserId,
    pub filename: String,
    pub mime_type: String,
    /// What the client says of it, as it came.
    pub metadata: String,
    /// How many bytes it will have.
    pub length: u64,
    /// How many are there.
    pub offset: u64,
    /// In how many parts they came.
    pub parts: u32,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// The file that it has become.
    pub path: Option<String>,
}

/// Some bytes of an upload that can be resumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadPart {
    pub key: String,
    pub provider: Provider,
    /// The place of its first byte.
    pub start: u64,
    pub size: u64,
}

/// The uploads that can be resumed.
#[async_trait]
pub trait UploadRepository: Send + Sync {
    /// `ForeignKey` when the account is gone.
    async fn insert(&self, upload: &FileUpload) -> Result<(), StoreError>;
    async fn find(&self, id: FileUploadId) -> Result<Option<FileUpload>, StoreError>;
    /// How many of an account are not finished.
    async fn count_open(&self, account: AccountId) -> Result<u64, StoreError>;
    /// Adds a part that begins where the upload ends. Whether it still ended there.
    async fn append(&self, id: FileUploadId, part: &UploadPart) -> Result<bool, StoreError>;
    /// The parts in their order.
    async fn parts(&self, id: FileUploadId) -> Result<Vec<UploadPart>, StoreError>;
    /// Says what file it has become, and has the parts deleted. Whether it had become none before.
    async fn finish(&self, id: FileUploadId, path: &str, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Removes it, and has its parts deleted. Whether it was there.
    async fn delete(&self, id: FileUploadId, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// At most `limit` that have expired.
    async fn expired(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<FileUploadId>, StoreError>;
}

/// Why there is no small picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThumbFault {
    /// The bytes are no picture of a type that is known.
    #[error("the file is no picture that can be read")]
    NoPicture,
    /// It has more pixels, or takes more memory, than may be.
    #[error("the picture is too large")]
    TooLarge,
}

/// Makes small pictures.
#[async_trait]
pub trait Thumbnailer: Send + Sync {
    /// A picture in a size, and its type. Takes its turn, since it is much work.
    async fn thumbnail(&self, picture: Bytes, size: ThumbSize) -> Result<(Bytes, &'static str), ThumbFault>;
}

/// Signs links to files.
pub trait LinkSigner: Send + Sync {
    /// The signature of a text, fit for URLs.
    fn sign(&self, text: &str) -> String;
    /// Whether it is that; takes as long whether it is or not.
    fn verify(&self, text: &str, signature: &str) -> bool;
}
