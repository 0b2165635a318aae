//! `snackbase rotate-secrets`

use super::{Outcome, open};
use crate::settings::Settings;

pub async fn run(settings: &Settings) -> Outcome {
    let services = open(settings).await?;
    let done = services.secrets.rotate().await.map_err(|e| format!("Nothing was changed: {e}"))?;
    println!("{} secrets encrypted with the current key, {} were so already.", done.sealed, done.current);
    Ok(())
}
