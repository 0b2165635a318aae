//! The bytes of files: in a folder of this machine, at Amazon S3 and services like it, at Azure Blob
//! Storage, and at Google Cloud Storage.

mod connect;
mod local;
mod remote;
mod thumbnails;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use snackbase_application::ports::{
    ByteSource, FileFault, FileObject, FileRoute, FileSink, FileStore, ObjectList,
};
use snackbase_domain::file::Provider;

use crate::outbound::Destinations;
use local::LocalFolder;
use remote::RemoteStores;

pub use thumbnails::ImageThumbnailer;

/// The way to the bytes that a route names.
pub struct ProviderFiles {
    local: LocalFolder,
    remote: RemoteStores,
}

impl ProviderFiles {
    /// `folder` is made when it is needed. Services are reached past the guard of outgoing connections.
    pub fn new(destinations: Destinations, folder: impl Into<PathBuf>) -> Self {
        Self { local: LocalFolder::new(folder.into()), remote: RemoteStores::new(destinations) }
    }

    fn store(&self, route: &FileRoute) -> Result<Option<Arc<dyn object_store::ObjectStore>>, FileFault> {
        match route {
            FileRoute::Local => Ok(None),
            FileRoute::Remote(provider, settings) => self.remote.store(*provider, &settings.values).map(Some),
        }
    }
}

#[async_trait]
impl FileStore for ProviderFiles {
    async fn put(
        &self,
        route: &FileRoute,
        key: &str,
        content_type: &str,
    ) -> Result<Box<dyn FileSink>, FileFault> {
        match self.store(route)? {
            None => self.local.put(key).await,
            Some(store) => remote::put(store, key, content_type),
        }
    }

    async fn get(
        &self,
        route: &FileRoute,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<Box<dyn ByteSource>, FileFault> {
        match self.store(route)? {
            None => self.local.get(key, range).await,
            Some(store) => remote::get(&*store, key, range).await,
        }
    }

    async fn head(&self, route: &FileRoute, key: &str) -> Result<Option<FileObject>, FileFault> {
        match self.store(route)? {
            None => self.local.head(key).await,
            Some(store) => remote::head(&*store, key).await,
        }
    }

    async fn delete(&self, route: &FileRoute, key: &str) -> Result<(), FileFault> {
        match self.store(route)? {
            None => self.local.delete(key).await,
            Some(store) => remote::delete(&*store, key).await,
        }
    }

    async fn list(&self, route: &FileRoute, folder: Option<&str>) -> Result<Box<dyn ObjectList>, FileFault> {
        match self.store(route)? {
            None => self.local.list(folder),
            Some(store) => remote::list(&*store, folder),
        }
    }

    async fn tidy(&self, before: DateTime<Utc>) -> Result<u64, FileFault> {
        self.local.tidy(before).await
    }
}

/// Tries the settings of a service; what went well, or wrong.
pub(crate) async fn test(
    destinations: Destinations,
    provider: Provider,
    values: &Map<String, Value>,
) -> Result<String, String> {
    let title = provider.title();
    let store = RemoteStores::new(destinations).store(provider, values).map_err(|fault| fault.to_string())?;
    match remote::reach(&*store).await {
        Ok(()) => Ok(remote::reached(provider, values)),
        Err((code, text)) => Err(format!("{title} connection failed ({code}): {text}")),
    }
}
