//! Use case: upload a file.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use snackbase_domain::file::{
    FilePath, HEAD_BYTES, StoredFile, clean_filename, essence, fits_type, suffix_of,
};
use snackbase_domain::{AccountId, UserId};

use super::place::Announced;
use super::{Files, Turn, unwritable};
use crate::ports::{FileRoute, FileSink, StoreError};
use crate::{AppError, Kind, Principal, tx};

/// What is said of a file before its bytes come.
#[derive(Clone, Debug, Default)]
pub struct NewFile {
    pub filename: String,
    /// The declared type; none: `application/octet-stream`.
    pub content_type: Option<String>,
    /// Whose it will be; none: the caller's account's.
    pub account: Option<AccountId>,
}

/// A file that comes piece by piece. Dropped before it is finished, nothing is left of it.
pub struct Uploading<'f> {
    files: &'f Files,
    by: Principal,
    writing: Writing,
    /// What is told at the end. From then on bytes are only counted.
    refusal: Option<AppError>,
    _turn: Turn,
}

/// The bytes of a file on their way to the store.
pub(super) struct Writing {
    pub account: AccountId,
    pub user: UserId,
    pub filename: String,
    pub mime_type: String,
    pub size: u64,
    /// The first bytes, until they are enough to tell the type.
    head: Vec<u8>,
    digest: Sha256,
    target: Option<Target>,
}

struct Target {
    route: FileRoute,
    path: FilePath,
    announced: Announced,
    sink: Box<dyn FileSink>,
}

impl Files {
    /// Begins an upload.
    pub async fn begin_upload(&self, by: &Principal, new: &NewFile) -> Result<Uploading<'_>, AppError> {
        let account = self.account_for(by, new.account).await?;
        let turn = self.turns.take(account)?;
        let content_type = new.content_type.as_deref().unwrap_or("application/octet-stream");
        let filename = clean_filename(&new.filename);
        let writing = Writing::new(account, by.user_id, filename, essence(content_type));
        Ok(Uploading { files: self, by: by.clone(), writing, refusal: None, _turn: turn })
    }

    /// Whose an upload becomes: the account's that a superadmin names, else the caller's own.
    ///
    /// # Errors
    /// 404 when there is no such account.
    pub(super) async fn account_for(
        &self,
        by: &Principal,
        named: Option<AccountId>,
    ) -> Result<AccountId, AppError> {
        let Some(account) = named.filter(|_| by.is_superadmin()) else {
            return Ok(by.account_id);
        };
        match self.storage.read().accounts().find(account).await? {
            Some(account) => Ok(account.id),
            None => Err(AppError::not_found("Account not found")),
        }
    }

    /// Refuses a size that is too large.
    pub(super) fn check_size(&self, size: u64) -> Result<(), AppError> {
        let most = self.policy.max_size;
        if size <= most {
            return Ok(());
        }
        let mb = |bytes: u64| format!("{:.2}MB", bytes as f64 / (1024.0 * 1024.0));
        Err(AppError::detail(
            Kind::Invalid,
            format!("File size ({}) exceeds maximum allowed size ({})", mb(size), mb(most)),
        ))
    }

    /// Refuses a type that may not be uploaded.
    pub(super) fn check_type(&self, mime_type: &str) -> Result<(), AppError> {
        if self.policy.allowed_types.iter().any(|allowed| allowed == mime_type) {
            return Ok(());
        }
        let allowed = self.policy.allowed_types.join(", ");
        Err(AppError::detail(
            Kind::Invalid,
            format!("File type '{mime_type}' is not allowed. Allowed types: {allowed}"),
        ))
    }
}

impl Uploading<'_> {
    /// Takes the next piece. Whether more are wanted: not of a file that is too large.
    pub async fn write(&mut self, piece: Bytes) -> bool {
        let size = self.writing.size + piece.len() as u64;
        if let Err(refusal) = self.files.check_size(size) {
            self.writing.size = size;
            self.refuse(refusal).await;
            return false;
        }
        if self.refusal.is_some() {
            self.writing.size = size;
        } else if let Err(refusal) = self.files.write(&mut self.writing, piece).await {
            self.refuse(refusal).await;
        }
        true
    }

    /// Says how large a file really is of which the rest is not read: what is refused names it.
    pub fn is_larger(&mut self, size: u64) {
        if size > self.writing.size
            && self.writing.size > self.files.policy.max_size
            && let Err(refusal) = self.files.check_size(size)
        {
            self.refusal = Some(refusal);
        }
    }

    async fn refuse(&mut self, refusal: AppError) {
        self.refusal = Some(refusal);
        self.files.give_up(&mut self.writing).await;
    }

    /// Stores the file.
    ///
    /// # Errors
    /// What was the matter with it; then nothing of it is left.
    pub async fn finish(mut self) -> Result<StoredFile, AppError> {
        if let Some(refusal) = self.refusal.take() {
            return Err(refusal);
        }
        let work = async |files: &Files, file: &StoredFile, announced: &Announced| {
            let work = files.storage.begin_as(self.by.actor()).await?;
            let store = work.repositories();
            let kept = async {
                Files::keep(store, announced).await?;
                store.files().insert(file).await.map_err(account_gone)
            };
            let kept = kept.await;
            tx::finish(work, kept).await
        };
        self.files.complete(&mut self.writing, work).await
    }

    /// Leaves nothing of it.
    pub async fn abort(mut self) {
        self.files.give_up(&mut self.writing).await;
    }
}

/// The account was deleted meanwhile.
pub(super) fn account_gone(error: StoreError) -> AppError {
    match error {
        StoreError::ForeignKey => AppError::unauthenticated("Account not found"),
        other => other.into(),
    }
}

impl Writing {
    pub fn new(account: AccountId, user: UserId, filename: String, mime_type: String) -> Self {
        Self {
            account,
            user,
            filename,
            mime_type,
            size: 0,
            head: Vec::new(),
            digest: Sha256::new(),
            target: None,
        }
    }
}

impl Files {
    /// Writes the next piece, once the first bytes have told that the type is right.
    pub(super) async fn write(&self, writing: &mut Writing, piece: Bytes) -> Result<(), AppError> {
        writing.size += piece.len() as u64;
        writing.digest.update(&piece);
        let piece = if writing.target.is_none() {
            writing.head.extend_from_slice(&piece);
            if writing.head.len() < HEAD_BYTES {
                return Ok(());
            }
            self.open(writing).await?;
            std::mem::take(&mut writing.head).into()
        } else {
            piece
        };
        match &mut writing.target {
            Some(target) => target.sink.write(piece).await.map_err(unwritable),
            None => Ok(()),
        }
    }

    /// Checks the type and makes a place for the bytes.
    async fn open(&self, writing: &mut Writing) -> Result<(), AppError> {
        self.check_type(&writing.mime_type)?;
        if !fits_type(&writing.head, &writing.mime_type) {
            let mime_type = &writing.mime_type;
            let message = format!("File content does not match type '{mime_type}'");
            return Err(AppError::detail(Kind::Invalid, message));
        }
        let route = self.active_route().await?;
        let path = self.new_path(route.provider(), writing.account, suffix_of(&writing.filename));
        let announced = self.announce(route.provider(), path.key()).await?;
        let sink = self.store.put(&route, path.key(), &writing.mime_type).await.map_err(unwritable)?;
        writing.target = Some(Target { route, path, announced, sink });
        Ok(())
    }

    /// Finishes the bytes; `keep` stores their row. What fails leaves nothing.
    pub(super) async fn complete(
        &self,
        writing: &mut Writing,
        keep: impl AsyncFnOnce(&Self, &StoredFile, &Announced) -> Result<(), AppError>,
    ) -> Result<StoredFile, AppError> {
        if writing.target.is_none() {
            self.open(writing).await?;
        }
        let Some(mut target) = writing.target.take() else {
            return Err(AppError::Internal("a file has no place".to_owned()));
        };
        if !writing.head.is_empty() {
            let head = std::mem::take(&mut writing.head);
            if let Err(fault) = target.sink.write(head.into()).await {
                target.sink.abort().await;
                self.discard(&target.announced).await;
                return Err(unwritable(fault));
            }
        }
        let file = StoredFile {
            provider: target.route.provider(),
            uploaded_by: writing.user,
            filename: writing.filename.clone(),
            size: writing.size,
            mime_type: writing.mime_type.clone(),
            sha256: hex(&std::mem::take(&mut writing.digest).finalize()),
            created_at: chrono::SubsecRound::trunc_subsecs(self.clock.now(), 6),
            path: target.path,
        };
        let kept = match target.sink.finish().await {
            Ok(()) => keep(self, &file, &target.announced).await,
            Err(fault) => Err(unwritable(fault)),
        };
        if let Err(error) = kept {
            self.discard(&target.announced).await;
            return Err(error);
        }
        Ok(file)
    }

    /// Leaves nothing of what was written.
    pub(super) async fn give_up(&self, writing: &mut Writing) {
        if let Some(target) = writing.target.take() {
            target.sink.abort().await;
            self.discard(&target.announced).await;
        }
    }
}

/// Bytes as hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a String takes everything");
        out
    })
}
