//! Use case: small pictures of files, made when they are first asked for and kept beside the file.

use bytes::{Bytes, BytesMut};
use snackbase_domain::file::{StoredFile, THUMBS, ThumbSize};

use super::{Files, unreadable, unwritable};
use crate::ports::{ByteSource, FileRoute, ThumbFault};
use crate::{AppError, Kind};

/// The most bytes of a picture that a small one is made of.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// How many small pictures of a file are kept; further ones are made each time.
const MOST_KEPT: usize = 50;

/// A small picture.
pub struct Thumbnail {
    pub size: u64,
    pub mime_type: &'static str,
    pub bytes: Box<dyn ByteSource>,
}

/// Bytes that are in memory already.
struct Whole(Option<Bytes>);

#[async_trait::async_trait]
impl ByteSource for Whole {
    async fn next(&mut self) -> Result<Option<Bytes>, crate::ports::FileFault> {
        Ok(self.0.take())
    }
}

/// The type of small pictures of a type.
fn type_of(mime_type: &str) -> Option<&'static str> {
    match mime_type {
        "image/jpeg" => Some("image/jpeg"),
        "image/png" | "image/gif" | "image/webp" => Some("image/png"),
        _ => None,
    }
}

fn refused(fault: &ThumbFault) -> AppError {
    AppError::detail(Kind::Invalid, format!("No thumbnail can be made: {fault}"))
}

impl Files {
    /// A small picture of a file; `None` when it is no picture.
    pub async fn thumbnail(&self, file: &StoredFile, size: ThumbSize) -> Result<Option<Thumbnail>, AppError> {
        let Some(mime_type) = type_of(&file.mime_type) else {
            return Ok(None);
        };
        let route = self.route_of(file.provider).await?;
        let key = format!("{}{THUMBS}{size}", file.path.key());
        let kept = self.store.head(&route, &key).await.map_err(|f| unreadable(file.path.as_str(), f))?;
        if let Some(kept) = kept
            && let Ok(bytes) = self.store.get(&route, &key, None).await
        {
            return Ok(Some(Thumbnail { size: kept.size, mime_type, bytes }));
        }
        if file.size > MOST_BYTES {
            return Err(refused(&ThumbFault::TooLarge));
        }
        let picture = self.whole(file).await?;
        let made = self.thumbnailer.thumbnail(picture, size).await;
        let (small, mime_type) = made.map_err(|fault| refused(&fault))?;
        if let Err(error) = self.keep_thumbnail(&route, file, &key, mime_type, small.clone()).await {
            tracing::warn!(%error, key, "a small picture cannot be kept");
        }
        let bytes = Box::new(Whole(Some(small.clone())));
        Ok(Some(Thumbnail { size: small.len() as u64, mime_type, bytes }))
    }

    async fn keep_thumbnail(
        &self,
        route: &FileRoute,
        file: &StoredFile,
        key: &str,
        mime_type: &str,
        small: Bytes,
    ) -> Result<(), AppError> {
        let folder = format!("{}{}", file.path.key(), THUMBS.trim_end_matches('/'));
        let mut list = self.store.list(route, Some(&folder)).await.map_err(unwritable)?;
        let mut kept = 0;
        loop {
            let block = list.next().await.map_err(unwritable)?;
            kept += block.len();
            if kept >= MOST_KEPT {
                return Ok(());
            }
            if block.is_empty() {
                break;
            }
        }
        let mut sink = self.store.put(route, key, mime_type).await.map_err(unwritable)?;
        sink.write(small).await.map_err(unwritable)?;
        sink.finish().await.map_err(unwritable)?;
        // The file may have gone in between, with the pictures that there were.
        if self.storage.read().files().find(file.path.as_str()).await?.is_none() {
            self.store.delete(route, key).await.map_err(unwritable)?;
        }
        Ok(())
    }

    async fn whole(&self, file: &StoredFile) -> Result<Bytes, AppError> {
        let mut source = self.bytes(file, None).await?;
        let mut whole = BytesMut::new();
        while let Some(piece) = source.next().await.map_err(|f| unreadable(file.path.as_str(), f))? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }
}
