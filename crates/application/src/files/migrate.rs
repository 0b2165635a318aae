//! Use case: bring the bytes of files to another provider. Paths stay what they are.

use sha2::{Digest, Sha256};
use snackbase_domain::AccountId;
use snackbase_domain::file::{Provider, StoredFile};

use super::upload::hex;
use super::{Files, unreadable, unwritable};
use crate::ports::FileRoute;
use crate::{AppError, tx};

/// Files that are looked up at a time.
const BLOCK: u64 = 100;

/// What became of a file.
#[derive(Debug)]
pub enum MigrationStep<'a> {
    /// It would be moved.
    Planned(&'a StoredFile),
    /// It is at the new provider.
    Moved(&'a StoredFile),
    /// It was deleted or moved by somebody else meanwhile.
    Gone(&'a StoredFile),
    /// It stays where it was.
    Failed(&'a StoredFile, &'a AppError),
}

/// What a migration did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Migrated {
    pub files: u64,
    pub bytes: u64,
    /// Files that stay where they were.
    pub failed: u64,
}

impl Files {
    /// Copies the files of an account, or of all, that are elsewhere to a provider, compares size and
    /// digest, and then says that they are there; the former bytes are deleted afterwards. Can be
    /// broken off and begun again at any time, beside servers that run.
    pub async fn migrate(
        &self,
        to: Provider,
        account: Option<AccountId>,
        dry_run: bool,
        mut tell: impl FnMut(MigrationStep<'_>),
    ) -> Result<Migrated, AppError> {
        let target = self.route_of(to).await?;
        let mut migrated = Migrated::default();
        let mut after: Option<String> = None;
        loop {
            let files = self.storage.read().files();
            let block = files.elsewhere(to, account, after.as_deref(), BLOCK).await?;
            let Some(last) = block.last() else {
                return Ok(migrated);
            };
            after = Some(last.path.as_str().to_owned());
            for file in &block {
                if dry_run {
                    tell(MigrationStep::Planned(file));
                    (migrated.files, migrated.bytes) = (migrated.files + 1, migrated.bytes + file.size);
                    continue;
                }
                match self.bring(file, &target).await {
                    Ok(true) => {
                        (migrated.files, migrated.bytes) = (migrated.files + 1, migrated.bytes + file.size);
                        tell(MigrationStep::Moved(file));
                    }
                    Ok(false) => tell(MigrationStep::Gone(file)),
                    Err(error) => {
                        migrated.failed += 1;
                        tell(MigrationStep::Failed(file, &error));
                    }
                }
            }
        }
    }

    /// Brings one file to a provider. Whether it still was where it was thought to be.
    async fn bring(&self, file: &StoredFile, target: &FileRoute) -> Result<bool, AppError> {
        let key = file.path.key();
        let announced = self.announce(target.provider(), key).await?;
        let copied = async {
            self.copy(file, target).await?;
            let work = self.storage.begin().await?;
            let store = work.repositories();
            let moved = async {
                let moved = store.files().moved(file, target.provider(), self.clock.now()).await?;
                if moved {
                    Self::keep(store, &announced).await?;
                }
                Ok(moved)
            };
            let moved = moved.await;
            tx::finish(work, moved).await
        };
        let copied = copied.await;
        match &copied {
            Ok(true) => self.deletions.notify_one(),
            // Where somebody else has brought it there meanwhile, its bytes stay.
            Ok(false) | Err(_) => self.discard(&announced).await,
        }
        copied
    }

    /// Copies the bytes, and compares what was written with what is known of them.
    async fn copy(&self, file: &StoredFile, target: &FileRoute) -> Result<(), AppError> {
        let path = file.path.as_str();
        let mut source = self.bytes(file, None).await?;
        let mut sink = self.store.put(target, file.path.key(), &file.mime_type).await.map_err(unwritable)?;
        while let Some(piece) = source.next().await.map_err(|fault| unreadable(path, fault))? {
            sink.write(piece).await.map_err(unwritable)?;
        }
        sink.finish().await.map_err(unwritable)?;
        let (mut digest, mut size) = (Sha256::new(), 0);
        let mut written =
            self.store.get(target, file.path.key(), None).await.map_err(|fault| unreadable(path, fault))?;
        while let Some(piece) = written.next().await.map_err(|fault| unreadable(path, fault))? {
            size += piece.len() as u64;
            digest.update(&piece);
        }
        if size != file.size || hex(&digest.finalize()) != file.sha256 {
            return Err(AppError::Internal(format!("the bytes of '{path}' are not what was uploaded")));
        }
        Ok(())
    }
}
