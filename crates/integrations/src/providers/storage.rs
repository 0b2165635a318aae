//! Files on the local disk.

use std::path::Path;

/// Writes a file where files are kept, and removes it.
pub(super) async fn local(folder: &Path) -> Result<String, String> {
    let shown = folder.display();
    let name = folder.join(format!(".snackbase-write-test-{}", std::process::id()));
    let tried = async {
        tokio::fs::create_dir_all(folder).await?;
        tokio::fs::write(&name, b"a test").await?;
        tokio::fs::remove_file(&name).await
    };
    match tried.await {
        Ok(()) => Ok(format!("Local storage is writable at '{shown}'.")),
        Err(error) => Err(format!("Local storage is not writable at '{shown}': {error}")),
    }
}
