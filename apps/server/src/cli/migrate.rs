//! `snackbase migrate …`

use clap::Subcommand;

use super::{Outcome, open};
use crate::settings::Settings;

#[derive(Subcommand)]
pub enum Command {
    /// Apply what is missing.
    Upgrade {
        /// Up to which revision; only the newest can be named.
        #[arg(long)]
        revision: Option<String>,
    },
    /// Undo migrations; refused.
    Downgrade {
        #[arg(long, allow_hyphen_values = true)]
        revision: Option<String>,
    },
    /// List all migrations.
    History,
    /// Show the newest one that is applied.
    Current,
    /// Not needed: collections need no migrations of their own.
    Revision {
        #[arg(short)]
        m: Option<String>,
    },
    /// Not needed: schema changes are all or nothing.
    Repair {
        #[arg(long)]
        dry_run: bool,
    },
}

pub async fn run(settings: &Settings, command: Command) -> Outcome {
    let services = match command {
        Command::Downgrade { .. } => {
            return Err("Downgrading is refused: it would lose data. Restore a backup instead.".into());
        }
        Command::Revision { .. } | Command::Repair { .. } => {
            println!("Not needed: collections change their tables by themselves, all or nothing.");
            return Ok(());
        }
        _ => open(settings).await?,
    };
    let store = services.store();
    if let Command::Upgrade { revision } = &command {
        let newest = store.newest_migration();
        if let Some(revision) = revision.as_deref().filter(|r| *r != "head" && *r != newest) {
            return Err(format!(
                "Unknown revision '{revision}': this program knows how to reach '{newest}'."
            ));
        }
        store.migrate().await.map_err(|e| e.to_string())?;
    }
    let migrations = store.migrations().await.map_err(|e| e.to_string())?;
    match command {
        Command::History => {
            for migration in &migrations {
                println!("{} {}", if migration.applied { "applied" } else { "pending" }, migration.name);
            }
        }
        _ => {
            let current = migrations.iter().rfind(|migration| migration.applied);
            println!("{}", current.map_or("(none)", |migration| migration.name.as_str()));
        }
    }
    Ok(())
}
