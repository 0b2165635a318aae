//! `snackbase migrate …`

use clap::Subcommand;
use snackbase_storage::{DowngradeTo, Store};

use super::{Outcome, open};
use crate::settings::Settings;

#[derive(Subcommand)]
pub enum Command {
    /// Apply what is missing.
    Upgrade {
        /// Up to which revision; without it, or with `head`, to the newest.
        #[arg(long)]
        revision: Option<String>,
    },
    /// Undo migrations; refused where data would be lost.
    Downgrade {
        /// The revision to go back to, `-2` for two steps back, or `base`.
        #[arg(long, allow_hyphen_values = true, default_value = "-1")]
        revision: String,
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
        Command::Revision { .. } | Command::Repair { .. } => {
            println!("Not needed: collections change their tables by themselves, all or nothing.");
            return Ok(());
        }
        _ => open(settings).await?,
    };
    let store = services.store();
    if let Command::Upgrade { revision } = &command {
        let revision = revision.as_deref().filter(|revision| *revision != "head");
        if let Some(unknown) = revision.filter(|revision| !store.knows_migration(revision)) {
            let newest = store.newest_migration();
            return Err(format!("Unknown revision '{unknown}': this program knows those up to '{newest}'."));
        }
        store.migrate_to(revision).await.map_err(|e| e.to_string())?;
    }
    if let Command::Downgrade { revision } = &command {
        for undone in store.downgrade(&target(store, revision).await?).await.map_err(|e| e.to_string())? {
            println!("undone {undone}");
        }
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

/// How far back `revision` means.
async fn target(store: &Store, revision: &str) -> Result<DowngradeTo, String> {
    if revision == "base" {
        let applied = store.migrations().await.map_err(|e| e.to_string())?;
        let applied = applied.iter().filter(|migration| migration.applied).count();
        return Ok(DowngradeTo::Steps(u32::try_from(applied).map_err(|e| e.to_string())?));
    }
    match revision.strip_prefix('-') {
        None => Ok(DowngradeTo::Revision(revision.to_owned())),
        Some(steps) => match steps.parse() {
            Ok(steps) => Ok(DowngradeTo::Steps(steps)),
            Err(_) => Err(format!("'{revision}' is neither a revision nor a number of steps back.")),
        },
    }
}
