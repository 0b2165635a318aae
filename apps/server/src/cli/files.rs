//! `snackbase files …`

use clap::Subcommand;
use snackbase_application::files::MigrationStep;
use snackbase_domain::AccountId;
use snackbase_domain::file::Provider;

use super::{Outcome, open};
use crate::settings::Settings;

#[derive(Subcommand)]
pub enum Command {
    /// Bring files to another provider, beside servers that run; their paths stay. Can be broken off and begun
    /// again.
    Migrate {
        /// Where to: local, s3, azure or gcs. It must be enabled among the system's configurations.
        #[arg(long, value_name = "PROVIDER")]
        to: String,
        /// Only the files of this account.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
        /// Only list what would be moved.
        #[arg(long)]
        dry_run: bool,
    },
    /// Delete bytes that are older than a day and that nothing knows of. A server does so by itself in its local
    /// folder; buckets of services may have other owners besides.
    Sweep {
        /// Where: local, s3, azure or gcs.
        #[arg(long, value_name = "PROVIDER")]
        provider: String,
        /// Only list what would be deleted.
        #[arg(long)]
        dry_run: bool,
    },
}

fn provider(name: &str) -> Result<Provider, String> {
    Provider::parse(name)
        .ok_or_else(|| format!("Unknown provider '{name}': there are local, s3, azure and gcs."))
}

pub async fn run(settings: &Settings, command: Command) -> Outcome {
    // TLS to services needs a provider before its first use.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed before");
    }
    match command {
        Command::Migrate { to, account, dry_run } => {
            let to = provider(&to)?;
            let account =
                account.map(|id| id.parse::<AccountId>().map_err(|_| format!("'{id}' is no account's id.")));
            migrate(settings, to, account.transpose()?, dry_run).await
        }
        Command::Sweep { provider: name, dry_run } => {
            let from = provider(&name)?;
            let services = open(settings).await?;
            let swept = services.files.sweep(from, dry_run, |key| println!("{key}")).await;
            let swept = swept.map_err(|e| e.to_string())?;
            println!("{swept} objects {}.", if dry_run { "would be deleted" } else { "deleted" });
            Ok(())
        }
    }
}

async fn migrate(settings: &Settings, to: Provider, account: Option<AccountId>, dry_run: bool) -> Outcome {
    let services = open(settings).await?;
    let tell = |step: MigrationStep<'_>| match step {
        MigrationStep::Planned(file) => println!("would move {} ({} bytes)", file.path, file.size),
        MigrationStep::Moved(file) => println!("moved {} ({} bytes)", file.path, file.size),
        MigrationStep::Gone(file) => println!("gone {}", file.path),
        MigrationStep::Failed(file, error) => eprintln!("failed {}: {error}", file.path),
    };
    let migrated = services.files.migrate(to, account, dry_run, tell).await.map_err(|e| e.to_string())?;
    if !dry_run {
        // A running server deletes the former bytes as well.
        services.files.delete_due().await.map_err(|e| e.to_string())?;
    }
    let verb = if dry_run { "would be moved" } else { "moved" };
    println!("{} files, {} bytes {verb} to {}.", migrated.files, migrated.bytes, to.name());
    match migrated.failed {
        0 => Ok(()),
        failed => Err(format!("{failed} files stay where they were.")),
    }
}
