//! The local folder keeps the promises of the port.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use snackbase_application::ports::FileRoute;
use snackbase_integrations::ProviderFiles;
use snackbase_integrations::outbound::Destinations;
use snackbase_testkit::contract;

#[tokio::test]
async fn the_local_folder_is_a_store_of_files() {
    let folder = tempfile::TempDir::new().unwrap();
    let files = ProviderFiles::new(Destinations::new(false), folder.path().join("files"));
    contract::file_store::suite(Arc::new(files), FileRoute::Local).await;
}
