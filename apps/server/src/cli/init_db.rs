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

impl Options {
    /// Refuses production, unless forced.
    pub fn check_environment(&self) -> Outcome {
        match !self.force && Settings::is_production_by_env() {
            true => {
                Err("ERROR: Running in production mode. Use 'migrate upgrade' instead of init_db.".into())
            }
            false => Ok(()),
        }
    }
}

pub async fn run(settings: &Settings, options: &Options) -> Outcome {
    if !options.force && !confirm(&format!("Initialize the database {}?", settings.database.url))? {
        return Err("Aborted.".into());
    }
    let services = open(settings).await?;
    startup::prepare(&services, settings).await.map_err(|e| e.to_string())?;
    println!("Database initialized.");
    Ok(())
}
