//! A service that speaks S3, in this process, with its objects in a folder.

use std::path::Path;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const BUCKET: &str = "files";
const KEY_ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "a secret of the bucket";

/// Serves until it is dropped.
pub struct S3Server {
    folder: TempDir,
    endpoint: String,
    serving: JoinHandle<()>,
}

impl S3Server {
    /// A server with one empty bucket.
    pub async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let server = Builder::new(TokioExecutor::new());
                    // A client that goes away is no matter of ours.
                    let _ = server.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self { folder, endpoint, serving }
    }

    /// The folder of the bucket's objects.
    pub fn objects(&self) -> std::path::PathBuf {
        Path::new(self.folder.path()).join(BUCKET)
    }

    /// Settings that lead here.
    pub fn settings(&self) -> Value {
        json!({
            "bucket": BUCKET, "region": "us-east-1", "access_key_id": KEY_ID, "secret_access_key": SECRET,
            "endpoint_url": self.endpoint,
        })
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
