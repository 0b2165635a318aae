//! `snackbase init-db`

use clap::Args;

use super::{Outcome, confirm, open};
use crate::settings::Settings;
use crate::startup;

#[derive(Args)]
pub struct Options {
    /// Do not ask, and also in production.
    #[arg(long)]
    force: bool,
}

pub async fn run(settings: &Settings, options: &Options) -> Outcome {
    if !options.force {
        if settings.is_production() {
            return Err("ERROR: Running in production mode. Use 'migrate upgrade' instead of init_db.".into());
        }
        if !confirm(&format!("Initialize the database {}?", settings.database.url))? {
            return Err("Aborted.".into());
        }
    }
    let services = open(settings).await?;
    startup::prepare(&services, settings).await.map_err(|e| e.to_string())?;
    println!("Database initialized.");
    Ok(())
}
