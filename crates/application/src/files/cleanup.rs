//! What is done beside the server: bytes that go after their rows, uploads that have expired,
//! files that nobody wants, and bytes that have no row.

use chrono::TimeDelta;
use snackbase_domain::file::{FilePath, PARTS, Provider, THUMBS};
use uuid::Uuid;

use super::Files;
use crate::ports::{FileFault, FileObject, FileRoute, Repositories, StoreError, WaitingDeletion};
use crate::{AppError, tx};

/// Deletions that are claimed at a time.
const BLOCK: u64 = 20;
/// How long a claim lasts. Bytes that are deleted twice are gone as well.
const CLAIM: TimeDelta = TimeDelta::seconds(20);
/// How long bytes may be without a row.
const GRACE: TimeDelta = TimeDelta::days(1);
/// Rows that are removed in a unit of work.
const PART: u64 = 200;

/// When a deletion is tried again that has failed so often.
fn delay(attempts: u32) -> TimeDelta {
    TimeDelta::seconds(30 << attempts.min(7))
}

/// What a key belongs to: the key of its file, or itself for a part of an upload. `None` for what we
/// have not put there.
fn owner(key: &str) -> Option<&str> {
    if let Some(rest) = key.strip_prefix(PARTS) {
        let (upload, part) = rest.split_once('/')?;
        let is_id = |text: &str| Uuid::try_parse(text).is_ok();
        return (is_id(upload) && is_id(part)).then_some(key);
    }
    let file = key.split_once(THUMBS).map_or(key, |(file, _)| file);
    let path = FilePath::parse(file)?;
    let id = path.name().split('.').next()?;
    (path.key() == file && file.split('/').count() == 2 && Uuid::try_parse(id).is_ok()).then_some(file)
}

impl Files {
    /// Returns when bytes may be to be deleted.
    pub async fn bytes_left(&self) {
        self.deletions.notified().await;
    }

    /// Deletes the bytes that are due; answers how many objects' deletion is done.
    pub async fn delete_due(&self) -> Result<u64, AppError> {
        let mut done = 0;
        loop {
            let now = self.clock.now();
            let claim =
                async |store: &dyn Repositories| store.files().claim_deletions(now, now + CLAIM, BLOCK).await;
            let claimed = self.in_unit(claim).await?;
            if claimed.is_empty() {
                return Ok(done);
            }
            for waiting in claimed {
                match self.delete_bytes(&waiting).await {
                    Ok(()) => {
                        let gone = async |store: &dyn Repositories| {
                            store.files().deletion_done(waiting.provider, &waiting.key).await
                        };
                        self.in_unit(gone).await?;
                        done += 1;
                    }
                    Err(error) => {
                        tracing::warn!(key = waiting.key, %error, "bytes of a file are left for later");
                        let again_at = self.clock.now() + delay(waiting.attempts);
                        let failed = async |store: &dyn Repositories| {
                            store.files().delete_at(waiting.provider, &waiting.key, again_at).await
                        };
                        self.in_unit(failed).await?;
                    }
                }
            }
        }
    }

    async fn in_unit<T>(
        &self,
        change: impl AsyncFnOnce(&dyn Repositories) -> Result<T, StoreError>,
    ) -> Result<T, AppError> {
        let work = self.storage.begin().await?;
        let outcome = change(work.repositories()).await;
        tx::finish(work, outcome.map_err(AppError::from)).await
    }

    async fn delete_bytes(&self, waiting: &WaitingDeletion) -> Result<(), AppError> {
        let failed = |fault: FileFault| AppError::Internal(fault.to_string());
        let route = self.route_of(waiting.provider).await?;
        if !waiting.key.starts_with(PARTS) {
            let folder = format!("{}{}", waiting.key, THUMBS.trim_end_matches('/'));
            let mut thumbs = self.store.list(&route, Some(&folder)).await.map_err(failed)?;
            loop {
                let block = thumbs.next().await.map_err(failed)?;
                if block.is_empty() {
                    break;
                }
                for thumb in block {
                    self.store.delete(&route, &thumb.key).await.map_err(failed)?;
                }
            }
        }
        self.store.delete(&route, &waiting.key).await.map_err(failed)
    }

    /// Removes uploads that have expired; answers how many.
    pub async fn remove_expired_uploads(&self) -> Result<u64, AppError> {
        let mut removed = 0;
        loop {
            let expired = self.storage.read().file_uploads().expired(self.clock.now(), PART).await?;
            if expired.is_empty() {
                return Ok(removed);
            }
            for id in expired {
                self.remove_upload(id).await?;
                removed += 1;
            }
        }
    }

    /// Removes files that no record holds and that are older than the operator keeps such; answers
    /// how many.
    pub async fn remove_unused(&self) -> Result<u64, AppError> {
        let days = self.policy.unused_retention_days;
        if days == 0 {
            return Ok(0);
        }
        let mut removed = 0;
        loop {
            let now = self.clock.now();
            let before = now - TimeDelta::days(days.into());
            let part = async |store: &dyn Repositories| store.files().delete_unused(before, PART, now).await;
            let part = self.in_unit(part).await?;
            removed += part;
            if part > 0 {
                self.deletions.notify_one();
            }
            if part < PART {
                return Ok(removed);
            }
        }
    }

    /// Forgets notes about records that are not there any more; answers how many.
    pub async fn forget_stale_uses(&self) -> Result<u64, AppError> {
        let mut forgotten = 0;
        loop {
            let part = self.in_unit(async |store| store.files().forget_stale_uses(PART).await).await?;
            forgotten += part;
            if part < PART {
                return Ok(forgotten);
            }
        }
    }

    /// Deletes the bytes at a provider that are older than a day and that nothing knows of: no file,
    /// no upload, no record. Calls `tell` with each key; with `dry_run` nothing else happens. Answers
    /// how many.
    pub async fn sweep(
        &self,
        provider: Provider,
        dry_run: bool,
        mut tell: impl FnMut(&str),
    ) -> Result<u64, AppError> {
        let failed = |fault: FileFault| AppError::Internal(fault.to_string());
        let route = self.route_of(provider).await?;
        let mut all = self.store.list(&route, None).await.map_err(failed)?;
        let mut swept = 0;
        loop {
            let block = all.next().await.map_err(failed)?;
            if block.is_empty() {
                return Ok(swept);
            }
            for orphan in self.orphans(&route, block).await? {
                tell(&orphan);
                if !dry_run {
                    self.store.delete(&route, &orphan).await.map_err(failed)?;
                }
                swept += 1;
            }
        }
    }

    /// Removes what uploads have left on this machine that ended with the program; answers how many.
    pub async fn tidy(&self) -> Result<u64, AppError> {
        let tidied = self.store.tidy(self.clock.now() - GRACE).await;
        tidied.map_err(|fault| AppError::Internal(fault.to_string()))
    }

    async fn orphans(&self, route: &FileRoute, block: Vec<FileObject>) -> Result<Vec<String>, AppError> {
        let before = self.clock.now() - GRACE;
        let old = block.into_iter().filter(|object| object.modified_at < before).map(|object| object.key);
        let old: Vec<_> = old.collect();
        let mut owners: Vec<String> = old.iter().filter_map(|key| owner(key)).map(str::to_owned).collect();
        owners.sort();
        owners.dedup();
        if owners.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.storage.read().files().known(route.provider(), &owners).await?;
        let is_orphan =
            |key: &String| owner(key).is_some_and(|owner| !known.iter().any(|known| known == owner));
        Ok(old.into_iter().filter(is_orphan).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_put_there_has_an_owner() {
        const ID: &str = "2cc24966-0000-4000-8000-000000000001";
        let file = format!("{ID}/{ID}.png");
        assert_eq!(owner(&file), Some(file.as_str()));
        assert_eq!(owner(&format!("{file}.thumbs/10x10")), Some(file.as_str()));
        let part = format!(".parts/{ID}/{ID}");
        assert_eq!(owner(&part), Some(part.as_str()));
        for foreign in [
            "backup.tar",
            "logs/2024",
            ".parts/x/y",
            &format!("{ID}/notes.txt"),
            &format!("s3/{file}"),
            &format!("{ID}/{ID}/{ID}"),
        ] {
            assert_eq!(owner(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn failures_are_tried_again_later_and_later() {
        assert_eq!(delay(0), TimeDelta::seconds(30));
        assert_eq!(delay(3), TimeDelta::seconds(240));
        assert_eq!(delay(100), TimeDelta::seconds(30 * 128));
    }
}
