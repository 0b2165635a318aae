//! What a database is given before requests are served.

use snackbase_application::{AppError, Refusal, Says};
use snackbase_domain::email::Email;

use super::{Services, StartError};
use crate::http::input::EmailAddress;
use crate::settings::Settings;

/// Brings the database up to date: migrations, default rows, the superadmin of
/// the settings. Can be repeated.
pub async fn prepare(services: &Services, settings: &Settings) -> Result<(), StartError> {
    services.store.migrate().await?;
    services.setup.seed().await?;
    services.configurations.seed().await?;
    services.mail.seed().await?;
    superadmin_from_settings(services, settings).await?;
    services.registration.ensure_single_tenant(settings.single_tenant.account_name.as_deref()).await?;
    services.catalog.reload(services.storage.read()).await?;
    services.listeners.reload(services.storage.read()).await?;
    Ok(())
}

/// A superadmin that cannot be made so is told of in the log; the start goes on.
async fn superadmin_from_settings(services: &Services, settings: &Settings) -> Result<(), StartError> {
    let (Some(email), Some(password)) = (&settings.superadmin.email, &settings.superadmin.password) else {
        return Ok(());
    };
    if !services.setup.is_needed().await? {
        return Ok(());
    }
    let address = match EmailAddress::parse(email) {
        Ok(address) => address,
        Err(reason) => {
            tracing::error!(reason, "SNACKBASE_SUPERADMIN_EMAIL is no e-mail address: no superadmin made");
            return Ok(());
        }
    };
    match services.setup.create_superadmin(Email::new(address.as_str()), password.expose()).await {
        Ok(_) => {
            tracing::info!("superadmin made from the settings");
            Ok(())
        }
        Err(AppError::Refused(Refusal { says: Says::Faults(faults), .. })) => {
            let reasons: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
            tracing::error!(
                reasons = reasons.join("; "),
                "SNACKBASE_SUPERADMIN_PASSWORD is too weak: no superadmin made"
            );
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
