//! Files in a folder of this machine: a temporary file, written through to the disk and renamed.

use std::ffi::OsStr;
use std::fs::ReadDir;
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use snackbase_application::ports::{ByteSource, FileFault, FileObject, FileSink, IdGenerator, ObjectList};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use crate::RandomIds;

/// The folder of files that are not whole yet.
const INCOMING: &str = ".incoming";
/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;
/// Objects of a block of a list.
const BLOCK: usize = 500;

/// A folder for files, made when it is needed.
pub(super) struct LocalFolder {
    root: PathBuf,
}

fn failed(error: io::Error) -> FileFault {
    match error.kind() {
        // A file where a folder should be, or the other way round, is nothing of ours.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileFault::NotFound,
        _ => FileFault::Failed(error.to_string()),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, FileFault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| FileFault::Failed(error.to_string()))?.map_err(failed)
}

impl LocalFolder {
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The file of a key. Keys come from us; one that leads out of the folder is none.
    fn place(&self, key: &str) -> Result<PathBuf, FileFault> {
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
        let path = Path::new(key);
        match !key.is_empty() && path.components().all(plain) && !key.starts_with(INCOMING) {
            true => Ok(self.root.join(path)),
            false => Err(FileFault::NotFound),
        }
    }

    pub async fn put(&self, key: &str) -> Result<Box<dyn FileSink>, FileFault> {
        let (target, incoming) = (self.place(key)?, self.root.join(INCOMING));
        tokio::fs::create_dir_all(&incoming).await.map_err(failed)?;
        let path = incoming.join(RandomIds.new_id().to_string());
        let file = File::create_new(&path).await.map_err(failed)?;
        Ok(Box::new(LocalSink { file, temporary: Some(path), target, root: self.root.clone() }))
    }

    /// Opens what is an ordinary file within the first folder of its key, wherever links lead.
    async fn open(&self, key: &str) -> Result<(File, std::fs::Metadata), FileFault> {
        let (path, root) = (self.place(key)?, self.root.clone());
        let folder = key.split('/').next().unwrap_or_default().to_owned();
        let file = blocking(move || {
            let real = std::fs::canonicalize(&path)?;
            let own = std::fs::canonicalize(root)?.join(folder);
            if !real.starts_with(own) || !std::fs::symlink_metadata(&real)?.is_file() {
                return Err(io::ErrorKind::NotFound.into());
            }
            std::fs::File::open(real)
        });
        let file = File::from_std(file.await?);
        let metadata = file.metadata().await.map_err(failed)?;
        Ok((file, metadata))
    }

    pub async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Box<dyn ByteSource>, FileFault> {
        let (mut file, metadata) = self.open(key).await?;
        let range = range.unwrap_or(0..metadata.len());
        if range.start > 0 {
            file.seek(io::SeekFrom::Start(range.start)).await.map_err(failed)?;
        }
        Ok(Box::new(LocalSource { file, left: range.end.saturating_sub(range.start) }))
    }

    pub async fn head(&self, key: &str) -> Result<Option<FileObject>, FileFault> {
        match self.open(key).await {
            Ok((_, metadata)) => Ok(Some(object(key.to_owned(), &metadata))),
            Err(FileFault::NotFound) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    pub async fn delete(&self, key: &str) -> Result<(), FileFault> {
        let path = self.place(key)?;
        match tokio::fs::remove_file(&path).await.map_err(failed) {
            Ok(()) | Err(FileFault::NotFound) => {}
            Err(fault) => return Err(fault),
        }
        // A folder of small pictures or parts goes with the last of them; others are not empty.
        if let Some(folder) = path.parent().filter(|folder| *folder != self.root) {
            let _ = tokio::fs::remove_dir(folder).await;
        }
        Ok(())
    }

    pub fn list(&self, folder: Option<&str>) -> Result<Box<dyn ObjectList>, FileFault> {
        let start = match folder {
            Some(folder) => self.place(folder)?,
            None => self.root.clone(),
        };
        let walk = Walk { root: self.root.clone(), folders: vec![start], open: None };
        Ok(Box::new(LocalList(Some(walk))))
    }

    /// Removes temporary files of before a moment.
    pub async fn tidy(&self, before: DateTime<Utc>) -> Result<u64, FileFault> {
        let folder = self.root.join(INCOMING);
        let tidied = blocking(move || {
            let mut removed = 0;
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                if entry.metadata()?.modified().map(DateTime::<Utc>::from)? < before {
                    std::fs::remove_file(entry.path())?;
                    removed += 1;
                }
            }
            Ok(removed)
        });
        match tidied.await {
            Err(FileFault::NotFound) => Ok(0),
            outcome => outcome,
        }
    }
}

fn object(key: String, metadata: &std::fs::Metadata) -> FileObject {
    let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    FileObject { key, size: metadata.len(), modified_at: modified.into() }
}

struct LocalSource {
    file: File,
    left: u64,
}

#[async_trait]
impl ByteSource for LocalSource {
    async fn next(&mut self) -> Result<Option<Bytes>, FileFault> {
        if self.left == 0 {
            return Ok(None);
        }
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(PIECE);
        let mut piece = BytesMut::with_capacity(wanted);
        while piece.len() < wanted {
            let mut rest = (&mut self.file).take((wanted - piece.len()) as u64);
            if rest.read_buf(&mut piece).await.map_err(failed)? == 0 {
                return Err(FileFault::Failed("a file is shorter than it was".to_owned()));
            }
        }
        self.left -= piece.len() as u64;
        Ok(Some(piece.freeze()))
    }
}

struct LocalSink {
    file: File,
    /// Until it has its name.
    temporary: Option<PathBuf>,
    target: PathBuf,
    root: PathBuf,
}

/// Makes the entries of a folder outlast a power cut.
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[async_trait]
impl FileSink for LocalSink {
    async fn write(&mut self, piece: Bytes) -> Result<(), FileFault> {
        self.file.write_all(&piece).await.map_err(failed)
    }

    async fn finish(mut self: Box<Self>) -> Result<(), FileFault> {
        self.file.flush().await.map_err(failed)?;
        self.file.sync_all().await.map_err(failed)?;
        let Some(temporary) = self.temporary.clone() else {
            return Ok(());
        };
        let (target, root) = (self.target.clone(), self.root.clone());
        blocking(move || {
            let folder = target.parent().unwrap_or(&root);
            std::fs::create_dir_all(folder)?;
            std::fs::rename(temporary, &target)?;
            sync_folder(folder)?;
            // The folder itself may be new.
            if let Some(above) = folder.parent().filter(|above| above.starts_with(&root)) {
                sync_folder(above)?;
            }
            Ok(())
        })
        .await?;
        self.temporary = None;
        Ok(())
    }

    async fn abort(self: Box<Self>) {}
}

impl Drop for LocalSink {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take()
            && let Err(error) = std::fs::remove_file(&temporary)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a temporary file is left for later");
        }
    }
}

/// A walk through folders, links left out.
struct Walk {
    root: PathBuf,
    folders: Vec<PathBuf>,
    open: Option<ReadDir>,
}

impl Walk {
    fn block(&mut self) -> io::Result<Vec<FileObject>> {
        let mut found = Vec::new();
        while found.len() < BLOCK {
            let Some(entries) = &mut self.open else {
                let Some(folder) = self.folders.pop() else { break };
                match std::fs::read_dir(folder) {
                    Ok(entries) => self.open = Some(entries),
                    // Not made yet, removed meanwhile, or a file.
                    Err(error) if failed(error.kind().into()) == FileFault::NotFound => {}
                    Err(error) => return Err(error),
                }
                continue;
            };
            let Some(entry) = entries.next().transpose()? else {
                self.open = None;
                continue;
            };
            let path = entry.path();
            match entry.metadata() {
                Ok(found) if found.is_dir() && entry.file_name() != OsStr::new(INCOMING) => {
                    self.folders.push(path);
                }
                Ok(metadata) if metadata.is_file() => {
                    let key = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
                    found.extend(key.map(|key| object(key.to_owned(), &metadata)));
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }
}

struct LocalList(Option<Walk>);

#[async_trait]
impl ObjectList for LocalList {
    async fn next(&mut self) -> Result<Vec<FileObject>, FileFault> {
        let Some(mut walk) = self.0.take() else {
            return Ok(Vec::new());
        };
        let (block, walk) = blocking(move || walk.block().map(|block| (block, walk))).await?;
        self.0 = Some(walk);
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn links_and_folders_are_no_files() {
        let folder = tempfile::TempDir::new().unwrap();
        let (root, outside) = (folder.path().join("files"), folder.path().join("secret"));
        std::fs::create_dir_all(root.join("a/inner")).unwrap();
        std::fs::create_dir_all(root.join("b")).unwrap();
        std::fs::write(&outside, b"secret").unwrap();
        std::fs::write(root.join("b/theirs"), b"theirs").unwrap();
        std::os::unix::fs::symlink(&outside, root.join("a/link")).unwrap();
        std::os::unix::fs::symlink(root.join("b/theirs"), root.join("a/other")).unwrap();
        let files = LocalFolder::new(root);
        for key in ["a", "a/inner", "a/link", "a/other", "a/../../secret", "/etc/passwd", "", ".incoming/x"] {
            assert_eq!(files.head(key).await.unwrap_or(None), None, "{key}");
            assert!(files.get(key, None).await.is_err(), "{key}");
        }
        assert!(files.put("../x").await.is_err());
        assert!(files.get("b/theirs", None).await.is_ok());
    }

    #[tokio::test]
    async fn what_is_broken_off_leaves_nothing_and_old_leftovers_go() {
        let folder = tempfile::TempDir::new().unwrap();
        let files = LocalFolder::new(folder.path().to_owned());
        let mut sink = files.put("a/b").await.unwrap();
        sink.write(Bytes::from_static(b"half")).await.unwrap();
        drop(sink);
        let incoming = folder.path().join(INCOMING);
        assert_eq!(std::fs::read_dir(&incoming).unwrap().count(), 0);
        std::fs::write(incoming.join("killed"), b"half").unwrap();
        assert_eq!(files.tidy(DateTime::UNIX_EPOCH).await.unwrap(), 0);
        let later = DateTime::<Utc>::MAX_UTC;
        assert_eq!(files.tidy(later).await.unwrap(), 1);
        assert_eq!(files.list(None).unwrap().next().await.unwrap(), []);
    }
}
