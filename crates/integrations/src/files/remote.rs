//! Files at a service, by `object_store`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, GetOptions, GetRange, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMultipartOptions, PutOptions, PutPayload, RetryConfig,
};
use serde_json::{Map, Value};
use snackbase_application::ports::{ByteSource, FileFault, FileObject, FileSink, ObjectList};
use snackbase_domain::file::Provider;
use tokio::task::JoinHandle;

use super::connect::GuardedConnector;
use crate::outbound::Destinations;

/// Bytes of a part of an object; one is on its way while the next one is gathered.
const PART: usize = 6 * 1024 * 1024;
/// Objects of a block of a list.
const BLOCK: usize = 500;

/// Settings, and the service that they lead to.
type Known = (Map<String, Value>, Arc<dyn ObjectStore>);

/// The services, as they were asked last.
pub(super) struct RemoteStores {
    destinations: Destinations,
    /// Reading the system's certificates takes a while, so it is made when it is needed.
    connector: OnceLock<GuardedConnector>,
    known: Mutex<HashMap<Provider, Known>>,
}

fn unreachable(reason: impl Into<String>) -> FileFault {
    FileFault::Unreachable(reason.into())
}

/// What went wrong, without addresses.
fn fault(error: object_store::Error) -> FileFault {
    match error {
        object_store::Error::NotFound { .. } => FileFault::NotFound,
        other => {
            let (code, text) = explained(&other);
            unreachable(format!("{code}: {text}"))
        }
    }
}

/// The text between two tags of an error's XML.
fn tagged<'t>(text: &'t str, tag: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("<{tag}>"))?;
    rest.split_once(&format!("</{tag}>")).map(|(text, _)| text)
}

/// What a service says of an error: its code and a sentence.
fn explained(error: &object_store::Error) -> (String, String) {
    let mut innermost: &dyn std::error::Error = error;
    let mut all = error.to_string();
    while let Some(source) = innermost.source() {
        innermost = source;
        all = format!("{all} {innermost}");
    }
    if let (Some(code), Some(message)) = (tagged(&all, "Code"), tagged(&all, "Message")) {
        return (code.to_owned(), message.chars().take(300).collect());
    }
    let status = all.split("status code: ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let code = status.map(|status| status.trim_end_matches(':').to_owned());
    let text: String = innermost.to_string().chars().take(300).collect();
    (code.unwrap_or_else(|| "unreachable".to_owned()), text)
}

fn text<'v>(values: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    values.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

fn required<'v>(values: &'v Map<String, Value>, name: &str) -> Result<&'v str, FileFault> {
    text(values, name).ok_or_else(|| unreachable(format!("{name} is missing")))
}

/// Some more attempts, within the time that somebody waits.
fn retries() -> RetryConfig {
    RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(30), ..RetryConfig::default() }
}

impl RemoteStores {
    pub fn new(destinations: Destinations) -> Self {
        Self { destinations, connector: OnceLock::new(), known: Mutex::default() }
    }

    fn connector(&self) -> Result<GuardedConnector, FileFault> {
        if let Some(connector) = self.connector.get() {
            return Ok(connector.lend());
        }
        let made =
            GuardedConnector::new(self.destinations).map_err(|fault| unreachable(fault.to_string()))?;
        Ok(self.connector.get_or_init(|| made).lend())
    }

    /// The service of these settings.
    pub fn store(
        &self,
        provider: Provider,
        values: &Map<String, Value>,
    ) -> Result<Arc<dyn ObjectStore>, FileFault> {
        let known = || self.known.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some((_, store)) = known().get(&provider).filter(|(settings, _)| settings == values) {
            return Ok(Arc::clone(store));
        }
        let store = self.open(provider, values)?;
        known().insert(provider, (values.clone(), Arc::clone(&store)));
        Ok(store)
    }

    fn open(
        &self,
        provider: Provider,
        values: &Map<String, Value>,
    ) -> Result<Arc<dyn ObjectStore>, FileFault> {
        let connector = self.connector()?;
        let is_plain = |url: &str| url.starts_with("http://");
        Ok(match provider {
            Provider::Local => return Err(FileFault::Failed("the local folder is no service".to_owned())),
            Provider::S3 => {
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(required(values, "bucket")?)
                    .with_region(text(values, "region").unwrap_or("us-east-1"))
                    .with_access_key_id(required(values, "access_key_id")?)
                    .with_secret_access_key(required(values, "secret_access_key")?)
                    .with_disable_tagging(true)
                    .with_retry(retries())
                    .with_http_connector(connector);
                if let Some(endpoint) = text(values, "endpoint_url") {
                    builder = builder.with_endpoint(endpoint).with_allow_http(is_plain(endpoint));
                } else {
                    builder = builder.with_virtual_hosted_style_request(true);
                }
                Arc::new(builder.build().map_err(fault)?)
            }
            Provider::Azure => {
                let mut builder = MicrosoftAzureBuilder::new()
                    .with_account(required(values, "account_name")?)
                    .with_container_name(required(values, "container")?)
                    .with_access_key(required(values, "access_key")?)
                    .with_disable_tagging(true)
                    .with_retry(retries())
                    .with_http_connector(connector);
                if let Some(endpoint) = text(values, "endpoint_url") {
                    builder = builder.with_endpoint(endpoint.to_owned()).with_allow_http(is_plain(endpoint));
                }
                Arc::new(builder.build().map_err(fault)?)
            }
            Provider::Gcs => {
                let mut builder = GoogleCloudStorageBuilder::new()
                    .with_bucket_name(required(values, "bucket")?)
                    .with_service_account_key(required(values, "service_account_key")?)
                    .with_retry(retries())
                    .with_http_connector(connector);
                if let Some(endpoint) = text(values, "endpoint_url") {
                    builder = builder.with_base_url(endpoint);
                }
                Arc::new(builder.build().map_err(fault)?)
            }
        })
    }
}

fn location(key: &str) -> Result<Path, FileFault> {
    Path::parse(key).map_err(|_| FileFault::NotFound)
}

fn object(meta: &ObjectMeta) -> FileObject {
    FileObject { key: meta.location.to_string(), size: meta.size, modified_at: meta.last_modified }
}

/// Begins an object.
pub(super) fn put(
    store: Arc<dyn ObjectStore>,
    key: &str,
    content_type: &str,
) -> Result<Box<dyn FileSink>, FileFault> {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, content_type.to_owned().into());
    Ok(Box::new(RemoteSink {
        store,
        location: location(key)?,
        attributes,
        gathered: Vec::new(),
        size: 0,
        upload: None,
        sending: None,
    }))
}

pub(super) async fn get(
    store: &dyn ObjectStore,
    key: &str,
    range: Option<Range<u64>>,
) -> Result<Box<dyn ByteSource>, FileFault> {
    let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
    let found = store.get_opts(&location(key)?, options).await.map_err(fault)?;
    Ok(Box::new(RemoteSource(found.into_stream())))
}

pub(super) async fn head(store: &dyn ObjectStore, key: &str) -> Result<Option<FileObject>, FileFault> {
    match store.head(&location(key)?).await.map_err(fault) {
        Ok(meta) => Ok(Some(object(&meta))),
        Err(FileFault::NotFound) => Ok(None),
        Err(fault) => Err(fault),
    }
}

pub(super) async fn delete(store: &dyn ObjectStore, key: &str) -> Result<(), FileFault> {
    match store.delete(&location(key)?).await.map_err(fault) {
        Err(FileFault::NotFound) => Ok(()),
        outcome => outcome,
    }
}

pub(super) fn list(store: &dyn ObjectStore, folder: Option<&str>) -> Result<Box<dyn ObjectList>, FileFault> {
    let folder = folder.map(location).transpose()?;
    Ok(Box::new(RemoteList(store.list(folder.as_ref()).chunks(BLOCK).boxed())))
}

/// Whether the bucket or container can be listed; else the service's code and sentence.
pub(super) async fn reach(store: &dyn ObjectStore) -> Result<(), (String, String)> {
    match store.list(None).next().await {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(error)) => Err(explained(&error)),
    }
}

/// What is told of a service that was reached.
pub(super) fn reached(provider: Provider, values: &Map<String, Value>) -> String {
    let value = |name| text(values, name).unwrap_or_default();
    match provider {
        Provider::S3 => {
            let region = text(values, "region").unwrap_or("us-east-1");
            let bucket = value("bucket");
            format!("S3 connection successful. Bucket '{bucket}' is accessible in region '{region}'.")
        }
        Provider::Azure => {
            format!("Azure connection successful. Container '{}' is accessible.", value("container"))
        }
        Provider::Gcs | Provider::Local => {
            format!("{} connection successful. Bucket '{}' is accessible.", provider.title(), value("bucket"))
        }
    }
}

struct RemoteSource(BoxStream<'static, object_store::Result<Bytes>>);

#[async_trait]
impl ByteSource for RemoteSource {
    async fn next(&mut self) -> Result<Option<Bytes>, FileFault> {
        self.0.next().await.transpose().map_err(fault)
    }
}

struct RemoteList(BoxStream<'static, Vec<object_store::Result<ObjectMeta>>>);

#[async_trait]
impl ObjectList for RemoteList {
    async fn next(&mut self) -> Result<Vec<FileObject>, FileFault> {
        let block = self.0.next().await.unwrap_or_default();
        block.into_iter().map(|meta| Ok(object(&meta.map_err(fault)?))).collect()
    }
}

/// An object on its way: as one request when it is small, else in parts.
struct RemoteSink {
    store: Arc<dyn ObjectStore>,
    location: Path,
    attributes: Attributes,
    gathered: Vec<Bytes>,
    /// Bytes that are gathered.
    size: usize,
    upload: Option<Box<dyn MultipartUpload>>,
    sending: Option<JoinHandle<object_store::Result<()>>>,
}

impl RemoteSink {
    fn gathered(&mut self) -> PutPayload {
        self.size = 0;
        PutPayload::from_iter(std::mem::take(&mut self.gathered))
    }

    async fn sent(&mut self) -> Result<(), FileFault> {
        match self.sending.take() {
            Some(sending) => {
                sending.await.map_err(|error| FileFault::Failed(error.to_string()))?.map_err(fault)
            }
            None => Ok(()),
        }
    }

    async fn send_part(&mut self) -> Result<(), FileFault> {
        self.sent().await?;
        if self.upload.is_none() {
            let options = PutMultipartOptions { attributes: self.attributes.clone(), ..Default::default() };
            let upload = self.store.put_multipart_opts(&self.location, options).await;
            self.upload = Some(upload.map_err(fault)?);
        }
        let part = self.gathered();
        if let Some(upload) = &mut self.upload {
            self.sending = Some(tokio::spawn(upload.put_part(part)));
        }
        Ok(())
    }

    /// What ends an upload whose parts the service keeps else.
    fn ending(&mut self) -> Option<impl Future<Output = ()> + Send + 'static> {
        let sending = self.sending.take();
        let upload = self.upload.take();
        upload.map(|mut upload| async move {
            if let Some(sending) = sending {
                sending.abort();
            }
            if let Err(error) = upload.abort().await {
                let (code, text) = explained(&error);
                tracing::warn!(code, text, "the parts of an upload that was broken off may still be there");
            }
        })
    }
}

#[async_trait]
impl FileSink for RemoteSink {
    async fn write(&mut self, mut piece: Bytes) -> Result<(), FileFault> {
        while self.size + piece.len() >= PART {
            // All parts but the last one have one size, which some services want.
            let first = piece.split_to(PART - self.size);
            self.gathered.push(first);
            self.send_part().await?;
        }
        if !piece.is_empty() {
            self.size += piece.len();
            self.gathered.push(piece);
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<(), FileFault> {
        if self.upload.is_none() {
            let options = PutOptions { attributes: self.attributes.clone(), ..Default::default() };
            let whole = self.gathered();
            return self.store.put_opts(&self.location, whole, options).await.map(drop).map_err(fault);
        }
        if self.size > 0 {
            self.send_part().await?;
        }
        self.sent().await?;
        if let Some(upload) = &mut self.upload {
            upload.complete().await.map_err(fault)?;
        }
        self.upload = None;
        Ok(())
    }

    async fn abort(mut self: Box<Self>) {
        if let Some(ending) = self.ending() {
            ending.await;
        }
    }
}

impl Drop for RemoteSink {
    fn drop(&mut self) {
        if let Some(ending) = self.ending()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(ending);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_the_services_words() {
        let source = "Server returned non-2xx status code: 403 Forbidden: \
                      <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
        let error = object_store::Error::Generic { store: "S3", source: source.into() };
        assert_eq!(explained(&error), ("AccessDenied".to_owned(), "Access Denied".to_owned()));
        let source = "Server returned non-2xx status code: 404 Not Found: ";
        let error = object_store::Error::Generic { store: "S3", source: source.into() };
        assert_eq!(explained(&error).0, "404");
    }
}
