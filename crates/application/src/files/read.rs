//! Use case: read a file.

use std::ops::Range;

use snackbase_domain::file::{FilePath, Provider, StoredFile};

use super::{Files, not_found, unreadable};
use crate::access;
use crate::ports::{ByteSource, FileFault, StoreError};
use crate::{AppError, Caller, Principal};

/// Attempts at a file that moves from one provider to another meanwhile.
const ATTEMPTS: u32 = 3;

fn foreign() -> AppError {
    AppError::denied("Invalid file path: does not belong to this account")
}

impl Files {
    /// The file of a path, which is decoded, as far as the caller may read it.
    ///
    /// # Errors
    /// 403 for what is no path of the caller's account, before anything is looked up.
    pub async fn readable(&self, by: &Principal, path: &str) -> Result<StoredFile, AppError> {
        let parsed = self.own_path(by, path)?;
        let found = self.storage.read().files().find(parsed.as_str()).await?;
        let Some(file) = found else {
            // A provider that is off is told of whether the file is there or not.
            self.check_provider(parsed.provider()).await?;
            return Err(not_found(path));
        };
        if !self.may_read(by, &file).await? {
            return Err(not_found(path));
        }
        self.check_provider(file.provider).await?;
        Ok(file)
    }

    /// The file of a path whoever asks: for links that were signed for it.
    pub async fn linked(&self, path: &str) -> Result<StoredFile, AppError> {
        let parsed = FilePath::parse(path).ok_or_else(foreign)?;
        let found = self.storage.read().files().find(parsed.as_str()).await?;
        let file = found.ok_or_else(|| not_found(path))?;
        self.check_provider(file.provider).await?;
        Ok(file)
    }

    pub(super) fn own_path(&self, by: &Principal, path: &str) -> Result<FilePath, AppError> {
        let parsed = FilePath::parse(path).ok_or_else(foreign)?;
        if !by.is_superadmin() && parsed.account() != by.account_id {
            return Err(foreign());
        }
        Ok(parsed)
    }

    async fn check_provider(&self, provider: Provider) -> Result<(), AppError> {
        if provider == Provider::Local { Ok(()) } else { self.route_of(provider).await.map(drop) }
    }

    /// The bytes of a file, or those of a range within it.
    pub async fn bytes(
        &self,
        file: &StoredFile,
        range: Option<Range<u64>>,
    ) -> Result<Box<dyn ByteSource>, AppError> {
        let mut file = file.clone();
        let mut attempt = 0;
        loop {
            attempt += 1;
            let route = self.route_of(file.provider).await?;
            let fault = match self.store.get(&route, file.path.key(), range.clone()).await {
                Ok(source) => return Ok(source),
                Err(fault) => fault,
            };
            let now = self.storage.read().files().find(file.path.as_str()).await?;
            match now {
                Some(now)
                    if fault == FileFault::NotFound
                        && now.provider != file.provider
                        && attempt < ATTEMPTS =>
                {
                    file = now;
                }
                _ => return Err(unreadable(file.path.as_str(), fault)),
            }
        }
    }

    /// Whether somebody of its account may read a file: admins, who uploaded it, and who may view a
    /// record that holds it. One that no record holds is read by all of the account.
    pub(super) async fn may_read(&self, by: &Principal, file: &StoredFile) -> Result<bool, AppError> {
        let caller = Caller::User(by.clone());
        if access::owns_file(&caller, file) {
            return Ok(true);
        }
        let (store, path) = (self.storage.read(), file.path.as_str());
        if !store.files().is_held(path).await? {
            return Ok(true);
        }
        let (tenant, now) = (access::tenant(&caller, None), self.clock.now().timestamp_micros());
        for compiled in self.catalog.all() {
            match access::shows_file(&self.catalog, store, &compiled, &caller, tenant, path, now).await {
                Ok(true) => return Ok(true),
                // The collection has changed meanwhile, or its rule cannot be asked: it shows nothing.
                Ok(false) | Err(StoreError::NoTable | StoreError::Outdated | StoreError::Macro(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(false)
    }
}
