//! Where bytes go, and where they are.

use snackbase_domain::AccountId;
use snackbase_domain::configuration::STORAGE_PROVIDERS;
use snackbase_domain::file::{FilePath, Provider};

use super::Files;
use crate::ports::{FileRoute, Repositories};
use crate::{AppError, Kind, tx};

/// How long bytes that were announced may wait for their row.
const PENDING: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// Bytes that are deleted unless a unit of work keeps them.
pub(super) struct Announced {
    provider: Provider,
    key: String,
}

impl Files {
    /// Where new files go: to the system's default provider, else to the first one that is
    /// enabled; where none was ever configured, to this machine.
    pub(super) async fn active_route(&self) -> Result<FileRoute, AppError> {
        let (store, system) = (self.storage.read(), AccountId::SYSTEM);
        let enabled = self.configurations.enabled_in(store, system, STORAGE_PROVIDERS).await?;
        let mut known = enabled
            .into_iter()
            .filter_map(|settings| Some((Provider::parse(&settings.provider_name)?, settings)));
        match known.next() {
            Some((Provider::Local, _)) => Ok(FileRoute::Local),
            Some((provider, settings)) => Ok(FileRoute::Remote(provider, Box::new(settings))),
            None if self.configurations.of_system(Some(STORAGE_PROVIDERS.to_owned())).await?.is_empty() => {
                Ok(FileRoute::Local)
            }
            None => Err(AppError::detail(
                Kind::Invalid,
                "No enabled system storage provider configured. Enable a storage provider in system configuration.",
            )),
        }
    }

    /// The way to a provider that has files.
    pub(super) async fn route_of(&self, provider: Provider) -> Result<FileRoute, AppError> {
        if provider == Provider::Local {
            return Ok(FileRoute::Local);
        }
        let (store, system) = (self.storage.read(), AccountId::SYSTEM);
        let found =
            self.configurations.provider_in(store, system, STORAGE_PROVIDERS, provider.name()).await?;
        let settings = found.ok_or_else(|| {
            AppError::denied(format!("{} storage provider is not configured or enabled", provider.title()))
        })?;
        Ok(FileRoute::Remote(provider, Box::new(settings)))
    }

    /// The path of a new file.
    pub(super) fn new_path(&self, provider: Provider, account: AccountId, suffix: &str) -> FilePath {
        FilePath::new(provider, account, self.ids.new_id(), suffix)
    }

    /// Announces bytes before they are written. Unless [`Files::keep`] is called within a day they are
    /// deleted, whatever becomes of this program.
    pub(super) async fn announce(&self, provider: Provider, key: &str) -> Result<Announced, AppError> {
        let due_at = self.clock.now() + PENDING;
        let work = self.storage.begin().await?;
        let announced = work.repositories().files().delete_bytes(provider, key, due_at).await;
        tx::finish(work, announced.map_err(AppError::from)).await?;
        Ok(Announced { provider, key: key.to_owned() })
    }

    /// Keeps bytes that were announced, within the unit of work that stores what they are.
    pub(super) async fn keep(store: &dyn Repositories, announced: &Announced) -> Result<(), AppError> {
        match store.files().keep_bytes(announced.provider, &announced.key).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(AppError::Internal("the bytes of a file are being deleted".to_owned())),
            Err(error) => Err(error.into()),
        }
    }

    /// Has bytes deleted that were announced and came to nothing; not if they were kept after all.
    pub(super) async fn discard(&self, announced: &Announced) {
        let discarded = async {
            let work = self.storage.begin().await?;
            let Announced { provider, key } = announced;
            let due = work.repositories().files().delete_at(*provider, key, self.clock.now()).await;
            tx::finish(work, due.map_err(AppError::from)).await
        };
        match discarded.await {
            Ok(()) => self.deletions.notify_one(),
            // They are deleted when they are due.
            Err(error) => tracing::debug!(%error, "bytes that came to nothing are left for later"),
        }
    }
}
