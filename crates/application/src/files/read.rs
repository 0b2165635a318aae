//! Use case: read a file.

use std::ops::Range;
use std::sync::Arc;

use snackbase_domain::collection::{FieldType, Operation};
use snackbase_domain::file::{FilePath, Provider, StoredFile};
use snackbase_domain::role::ADMIN;

use super::{Files, not_found, unreadable};
use crate::access::{self, Narrowing};
use crate::catalog::Compiled;
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
        if by.is_superadmin() || by.role == ADMIN || by.user_id == file.uploaded_by {
            return Ok(true);
        }
        let path = file.path.as_str();
        if !self.storage.read().files().is_held(path).await? {
            return Ok(true);
        }
        let caller = Caller::User(by.clone());
        for compiled in self.catalog.all() {
            if self.is_shown(&caller, &compiled, path).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a record of a collection shows a file to a caller.
    async fn is_shown(
        &self,
        caller: &Caller,
        compiled: &Arc<Compiled>,
        path: &str,
    ) -> Result<bool, AppError> {
        let readable = access::readable(compiled, Operation::View, caller);
        let masks = access::masks(compiled, caller);
        let fields = compiled.collection.fields.iter().zip(&masks);
        let shown = fields.filter(|(field, mask)| {
            field.ty == FieldType::File && mask.is_none() && readable.contains(field.name.as_str())
        });
        let shown: Vec<_> = shown.map(|(field, _)| field.name.as_str()).collect();
        if shown.is_empty() {
            return Ok(false);
        }
        let now = self.clock.now().timestamp_micros();
        let Ok(access) = access::decide(&self.catalog, compiled, Operation::View, caller, None, now) else {
            return Ok(false);
        };
        let tenant = access::tenant(caller, None);
        let narrowing = Narrowing::default();
        let scoped = access::scope(compiled, Operation::View, caller, tenant, access, narrowing, now);
        match self.storage.read().records().shows_file(&scoped, path, &shown).await {
            Ok(shows) => Ok(shows),
            // The collection has changed meanwhile, or its rule cannot be asked: it shows nothing.
            Err(StoreError::NoTable | StoreError::Outdated | StoreError::Macro(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
