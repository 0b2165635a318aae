//! Use case: upload a file in parts, going on after interruptions (tus 1.0.0,
//! <https://tus.io/protocols/resumable-upload>).
//!
//! Each request's bytes become an object of their own, so that any node can go on at any provider.
//! When the last byte is there, the parts are streamed into the file.

use bytes::Bytes;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use snackbase_domain::file::{PARTS, StoredFile, clean_filename, essence};
use snackbase_domain::{AccountId, FileUploadId};

use super::place::Announced;
use super::upload::{Writing, account_gone};
use super::{Files, Turn, unwritable};
use crate::ports::{FileRoute, FileSink, FileUpload, UploadPart};
use crate::{AppError, Kind, Principal, Refusal, tx};

/// Uploads of an account that are not finished.
const MOST_OPEN: u64 = 100;
/// Parts of an upload.
const MOST_PARTS: u32 = 10_000;
/// Characters of what a client says of an upload.
const MOST_METADATA: usize = 4096;

/// What is said of an upload before its bytes come.
#[derive(Clone, Debug, Default)]
pub struct NewUpload {
    /// In bytes.
    pub length: u64,
    pub filename: String,
    /// The declared type; none: `application/octet-stream`.
    pub content_type: Option<String>,
    /// As it came, to be shown again.
    pub metadata: String,
    /// Whose it will be; none: the caller's account's.
    pub account: Option<AccountId>,
}

/// An upload as it is now, and the file that it has become.
#[derive(Clone, Debug)]
pub struct Resumed {
    pub upload: FileUpload,
    pub file: Option<StoredFile>,
}

/// What the bytes of a request must add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checksum {
    Sha1(Vec<u8>),
    Sha256(Vec<u8>),
}

impl Checksum {
    /// The names of the algorithms.
    pub const NAMES: &'static str = "sha1,sha256";

    /// The checksum of an algorithm, when both fit.
    pub fn new(algorithm: &str, bytes: Vec<u8>) -> Option<Self> {
        match (algorithm, bytes.len()) {
            ("sha1", 20) => Some(Self::Sha1(bytes)),
            ("sha256", 32) => Some(Self::Sha256(bytes)),
            _ => None,
        }
    }
}

/// A checksum that is computed, beside the one that it must be.
enum Summing {
    Nothing,
    Sha1(Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
}

impl Summing {
    fn new(wanted: Option<Checksum>) -> Self {
        match wanted {
            None => Self::Nothing,
            Some(Checksum::Sha1(wanted)) => Self::Sha1(Sha1::new(), wanted),
            Some(Checksum::Sha256(wanted)) => Self::Sha256(Sha256::new(), wanted),
        }
    }

    fn update(&mut self, piece: &[u8]) {
        match self {
            Self::Nothing => {}
            Self::Sha1(sum, _) => sum.update(piece),
            Self::Sha256(sum, _) => sum.update(piece),
        }
    }

    fn matches(self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Sha1(sum, wanted) => sum.finalize()[..] == wanted,
            Self::Sha256(sum, wanted) => sum.finalize()[..] == wanted,
        }
    }
}

/// The bytes of a request that are added to an upload.
pub struct Appending<'f> {
    files: &'f Files,
    by: Principal,
    upload: FileUpload,
    part: Option<Part>,
    size: u64,
    sum: Summing,
    _turn: Turn,
}

struct Part {
    route: FileRoute,
    key: String,
    announced: Announced,
    sink: Box<dyn FileSink>,
}

fn no_upload() -> AppError {
    AppError::not_found("Upload not found")
}

fn wrong_offset() -> AppError {
    AppError::conflict("Upload-Offset is not where the upload ends")
}

impl Files {
    /// Makes a place for an upload.
    pub async fn create_upload(&self, by: &Principal, new: &NewUpload) -> Result<Resumed, AppError> {
        if let Err(AppError::Refused(refusal)) = self.check_size(new.length) {
            return Err(AppError::Refused(Refusal { kind: Kind::TooLarge, ..refusal }));
        }
        let mime_type = essence(new.content_type.as_deref().unwrap_or("application/octet-stream"));
        self.check_type(&mime_type)?;
        if new.metadata.len() > MOST_METADATA {
            return Err(AppError::detail(Kind::Invalid, "Upload-Metadata is too long"));
        }
        let account = self.account_for(by, new.account).await?;
        self.active_route().await?;
        let now = chrono::SubsecRound::trunc_subsecs(self.clock.now(), 6);
        let upload = FileUpload {
            id: FileUploadId::new(self.ids.new_id()),
            account_id: account,
            user_id: by.user_id,
            filename: clean_filename(&new.filename),
            mime_type,
            metadata: new.metadata.clone(),
            length: new.length,
            offset: 0,
            parts: 0,
            created_at: now,
            expires_at: now + self.policy.upload_lifetime,
            path: None,
        };
        let work = self.storage.begin_as(by.actor()).await?;
        let uploads = work.repositories().file_uploads();
        let outcome = async {
            if uploads.count_open(account).await? >= MOST_OPEN {
                return Err(AppError::detail(Kind::TooManyRequests, "Too many uploads are under way"));
            }
            uploads.insert(&upload).await.map_err(account_gone)
        };
        let outcome = outcome.await;
        tx::finish(work, outcome).await?;
        self.whole_or_so_far(by, upload).await
    }

    /// An upload of the caller's own.
    pub async fn upload(&self, by: &Principal, id: &str) -> Result<Resumed, AppError> {
        let upload = self.own_upload(by, id).await?;
        self.whole_or_so_far(by, upload).await
    }

    async fn own_upload(&self, by: &Principal, id: &str) -> Result<FileUpload, AppError> {
        let Ok(id) = id.parse() else {
            return Err(no_upload());
        };
        let found = self.storage.read().file_uploads().find(id).await?;
        let is_own =
            |upload: &FileUpload| upload.user_id == by.user_id && upload.expires_at > self.clock.now();
        found.filter(is_own).ok_or_else(no_upload)
    }

    /// Begins to add bytes, of which `offset` tells the place of the first one.
    pub async fn append(
        &self,
        by: &Principal,
        id: &str,
        offset: u64,
        checksum: Option<Checksum>,
    ) -> Result<Appending<'_>, AppError> {
        let upload = self.own_upload(by, id).await?;
        if offset != upload.offset {
            return Err(wrong_offset());
        }
        if upload.parts >= MOST_PARTS {
            return Err(AppError::detail(Kind::Invalid, "The upload has too many parts"));
        }
        let turn = self.turns.take(upload.account_id)?;
        let sum = Summing::new(checksum);
        Ok(Appending { files: self, by: by.clone(), upload, part: None, size: 0, sum, _turn: turn })
    }

    /// Removes an upload that is not wanted any more; the file that it has become stays.
    pub async fn terminate_upload(&self, by: &Principal, id: &str) -> Result<(), AppError> {
        let upload = self.own_upload(by, id).await?;
        self.remove_upload(upload.id).await
    }

    pub(super) async fn remove_upload(&self, id: FileUploadId) -> Result<(), AppError> {
        let work = self.storage.begin().await?;
        let removed = work.repositories().file_uploads().delete(id, self.clock.now()).await;
        tx::finish(work, removed.map_err(AppError::from)).await?;
        self.deletions.notify_one();
        Ok(())
    }

    /// The upload, made a file when all bytes are there.
    async fn whole_or_so_far(&self, by: &Principal, upload: FileUpload) -> Result<Resumed, AppError> {
        if let Some(path) = &upload.path {
            let file = self.storage.read().files().find(path).await?;
            return Ok(Resumed { upload, file });
        }
        if upload.offset < upload.length {
            return Ok(Resumed { upload, file: None });
        }
        match self.assemble(by, &upload).await {
            Ok(file) => {
                self.deletions.notify_one();
                let path = Some(file.path.as_str().to_owned());
                Ok(Resumed { upload: FileUpload { path, ..upload }, file: Some(file) })
            }
            Err(error) => {
                if let AppError::Refused(Refusal { kind: Kind::Invalid, .. }) = &error {
                    // It will never be taken.
                    self.remove_upload(upload.id).await?;
                }
                Err(error)
            }
        }
    }

    async fn assemble(&self, by: &Principal, upload: &FileUpload) -> Result<StoredFile, AppError> {
        let parts = self.storage.read().file_uploads().parts(upload.id).await?;
        let (filename, mime_type) = (upload.filename.clone(), upload.mime_type.clone());
        let mut writing = Writing::new(upload.account_id, upload.user_id, filename, mime_type);
        for part in parts {
            if let Err(error) = self.copy_part(&mut writing, &part).await {
                self.give_up(&mut writing).await;
                return Err(error);
            }
        }
        if writing.size != upload.length {
            self.give_up(&mut writing).await;
            return Err(AppError::inconsistent("the parts of an upload do not add up"));
        }
        let keep = async |files: &Self, file: &StoredFile, announced: &Announced| {
            let work = files.storage.begin_as(by.actor()).await?;
            let store = work.repositories();
            let kept = async {
                Self::keep(store, announced).await?;
                store.files().insert(file).await.map_err(account_gone)?;
                match store.file_uploads().finish(upload.id, file.path.as_str(), files.clock.now()).await? {
                    true => Ok(()),
                    false => Err(AppError::conflict("The upload is finished already")),
                }
            };
            let kept = kept.await;
            tx::finish(work, kept).await
        };
        self.complete(&mut writing, keep).await
    }

    async fn copy_part(&self, writing: &mut Writing, part: &UploadPart) -> Result<(), AppError> {
        let route = self.route_of(part.provider).await?;
        let mut source = self.store.get(&route, &part.key, None).await.map_err(unwritable)?;
        while let Some(piece) = source.next().await.map_err(unwritable)? {
            self.write(writing, piece).await?;
        }
        Ok(())
    }
}

impl Appending<'_> {
    /// Takes the next piece.
    ///
    /// # Errors
    /// For bytes beyond the announced length, and when they cannot be stored; nothing of the request
    /// is kept then.
    pub async fn write(&mut self, piece: Bytes) -> Result<(), AppError> {
        self.size += piece.len() as u64;
        if self.upload.offset + self.size > self.upload.length {
            return Err(AppError::detail(Kind::TooLarge, "There are more bytes than Upload-Length says"));
        }
        if piece.is_empty() {
            return Ok(());
        }
        self.sum.update(&piece);
        if self.part.is_none() {
            let route = self.files.active_route().await?;
            let key = format!("{PARTS}{}/{}", self.upload.id, self.files.ids.new_id());
            let announced = self.files.announce(route.provider(), &key).await?;
            let sink = self.files.store.put(&route, &key, "application/octet-stream").await;
            self.part = Some(Part { route, key, announced, sink: sink.map_err(unwritable)? });
        }
        match &mut self.part {
            Some(part) => part.sink.write(piece).await.map_err(unwritable),
            None => Ok(()),
        }
    }

    /// Keeps nothing of it.
    pub async fn abort(mut self) {
        self.give_up().await;
    }

    async fn give_up(&mut self) {
        if let Some(part) = self.part.take() {
            part.sink.abort().await;
            self.files.discard(&part.announced).await;
        }
    }

    /// Keeps what came. `broken` says that the client went away meanwhile: then bytes count that no
    /// checksum was announced for.
    pub async fn finish(mut self, broken: bool) -> Result<Resumed, AppError> {
        let sum = std::mem::replace(&mut self.sum, Summing::Nothing);
        let unchecked = matches!(sum, Summing::Nothing);
        if (broken && !unchecked) || !sum.matches() {
            self.give_up().await;
            return Err(AppError::detail(Kind::Damaged, "Checksum mismatch"));
        }
        let files = self.files;
        if let Some(part) = self.part.take() {
            let stored = UploadPart {
                key: part.key.clone(),
                provider: part.route.provider(),
                start: self.upload.offset,
                size: self.size,
            };
            let kept = match part.sink.finish().await {
                Ok(()) => self.keep(&stored, &part.announced).await,
                Err(fault) => Err(unwritable(fault)),
            };
            if let Err(error) = kept {
                files.discard(&part.announced).await;
                return Err(error);
            }
            self.upload.offset += self.size;
            self.upload.parts += 1;
        }
        files.whole_or_so_far(&self.by, self.upload).await
    }

    async fn keep(&self, part: &UploadPart, announced: &Announced) -> Result<(), AppError> {
        let work = self.files.storage.begin_as(self.by.actor()).await?;
        let store = work.repositories();
        let kept = async {
            Files::keep(store, announced).await?;
            match store.file_uploads().append(self.upload.id, part).await? {
                true => Ok(()),
                // Another request was faster.
                false => Err(wrong_offset()),
            }
        };
        let kept = kept.await;
        tx::finish(work, kept).await
    }
}
