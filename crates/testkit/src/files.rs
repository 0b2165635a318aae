//! The bytes of files, in memory.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use snackbase_application::ports::{
    ByteSource, FileFault, FileObject, FileRoute, FileSink, FileStore, ObjectList,
};
use snackbase_domain::file::Provider;

use crate::builders::moment;

type Objects = BTreeMap<(Provider, String), Bytes>;

/// Keeps the bytes of all providers in memory; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    objects: Arc<Mutex<Objects>>,
}

impl MemoryFiles {
    fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn object(key: &str, bytes: &Bytes) -> FileObject {
    FileObject { key: key.to_owned(), size: bytes.len() as u64, modified_at: moment(0) }
}

struct Whole(Option<Bytes>);

#[async_trait]
impl ByteSource for Whole {
    async fn next(&mut self) -> Result<Option<Bytes>, FileFault> {
        Ok(self.0.take())
    }
}

struct Listed(Vec<FileObject>);

#[async_trait]
impl ObjectList for Listed {
    async fn next(&mut self) -> Result<Vec<FileObject>, FileFault> {
        Ok(std::mem::take(&mut self.0))
    }
}

struct Gathered {
    files: MemoryFiles,
    place: (Provider, String),
    bytes: BytesMut,
}

#[async_trait]
impl FileSink for Gathered {
    async fn write(&mut self, piece: Bytes) -> Result<(), FileFault> {
        self.bytes.extend_from_slice(&piece);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<(), FileFault> {
        let Self { files, place, bytes } = *self;
        files.objects().insert(place, bytes.freeze());
        Ok(())
    }

    async fn abort(self: Box<Self>) {}
}

#[async_trait]
impl FileStore for MemoryFiles {
    async fn put(
        &self,
        route: &FileRoute,
        key: &str,
        _content_type: &str,
    ) -> Result<Box<dyn FileSink>, FileFault> {
        let place = (route.provider(), key.to_owned());
        Ok(Box::new(Gathered { files: self.clone(), place, bytes: BytesMut::new() }))
    }

    async fn get(
        &self,
        route: &FileRoute,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<Box<dyn ByteSource>, FileFault> {
        let found = self.objects().get(&(route.provider(), key.to_owned())).cloned();
        let bytes = found.ok_or(FileFault::NotFound)?;
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let part = range.map(|range| bytes.slice(place(range.start)..place(range.end)));
        Ok(Box::new(Whole(Some(part.unwrap_or(bytes)))))
    }

    async fn head(&self, route: &FileRoute, key: &str) -> Result<Option<FileObject>, FileFault> {
        Ok(self.objects().get(&(route.provider(), key.to_owned())).map(|bytes| object(key, bytes)))
    }

    async fn delete(&self, route: &FileRoute, key: &str) -> Result<(), FileFault> {
        self.objects().remove(&(route.provider(), key.to_owned()));
        Ok(())
    }

    async fn tidy(&self, _before: DateTime<Utc>) -> Result<u64, FileFault> {
        Ok(0)
    }

    async fn list(&self, route: &FileRoute, folder: Option<&str>) -> Result<Box<dyn ObjectList>, FileFault> {
        let folder = folder.map(|folder| format!("{folder}/")).unwrap_or_default();
        let objects = self.objects();
        let found = objects
            .iter()
            .filter(|((provider, key), _)| *provider == route.provider() && key.starts_with(&folder));
        Ok(Box::new(Listed(found.map(|((_, key), bytes)| object(key, bytes)).collect())))
    }
}
