//! How much the files in a folder take.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use snackbase_application::AppError;
use snackbase_application::ports::StorageUsage;

/// Adds up the files of a folder and all folders in it; links are not followed.
#[derive(Clone, Debug)]
pub struct FolderUsage {
    folder: PathBuf,
}

impl FolderUsage {
    /// Looks at that folder, which need not be there yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

fn size(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            // Not made yet, or removed meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            match entry.metadata() {
                Ok(found) if found.is_dir() => folders.push(entry.path()),
                Ok(found) if found.is_file() => bytes += found.len(),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(bytes)
}

#[async_trait]
impl StorageUsage for FolderUsage {
    async fn bytes(&self) -> Result<u64, AppError> {
        let folder = self.folder.clone();
        let failed =
            |error: &dyn std::fmt::Display| AppError::Internal(format!("size of the files: {error}"));
        tokio::task::spawn_blocking(move || size(&folder))
            .await
            .map_err(|e| failed(&e))?
            .map_err(|e| failed(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_at_all_depths_count_and_links_do_not() {
        let folder = tempfile::TempDir::new().unwrap();
        let usage = FolderUsage::new(folder.path().join("files"));
        assert_eq!(usage.bytes().await.unwrap(), 0, "not there yet");
        let deep = folder.path().join("files/a/b");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("one"), [0; 1000]).unwrap();
        std::fs::write(folder.path().join("files/two"), [0; 24]).unwrap();
        std::fs::write(folder.path().join("outside"), [0; 5000]).unwrap();
        std::os::unix::fs::symlink(folder.path(), deep.join("up")).unwrap();
        assert_eq!(usage.bytes().await.unwrap(), 1024);
    }
}
