//! `snackbase serve`

use clap::Args;

use super::Outcome;
use crate::settings::Settings;
use crate::startup::{self, Overrides};

#[derive(Args)]
pub struct Options {
    /// The address to listen on.
    #[arg(long)]
    host: Option<String>,
    /// The port to listen on.
    #[arg(long)]
    port: Option<u16>,
    /// Worker processes.
    #[arg(long)]
    workers: Option<u32>,
    /// Accepted for programs that start other servers so; the binary does not change while it runs.
    #[arg(long)]
    reload: bool,
}

impl Options {
    /// Options win over settings.
    pub fn apply(&self, set: &mut impl FnMut(&str, String)) {
        if let Some(host) = &self.host {
            set("HOST", host.clone());
        }
        if let Some(port) = self.port {
            set("PORT", port.to_string());
        }
        if let Some(workers) = self.workers {
            set("WORKERS", workers.to_string());
        }
        if self.reload {
            eprintln!("--reload has no effect");
        }
    }
}

pub async fn run(settings: Settings) -> Outcome {
    // TLS to databases and services needs a provider before its first use.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed before");
    }
    let host = settings.listen.host.clone();
    let application = startup::build(settings, Overrides::default()).await.map_err(|e| e.to_string())?;
    let shown = if host == "0.0.0.0" || host == "::" { "localhost" } else { &host };
    let base = format!("http://{shown}:{}", application.port());
    tracing::info!(address = %base, "SnackBase serves");
    if let Some(token) = application.setup_token() {
        println!("\nTo make the first superadmin, open {base}/_/setup?token={token}\n");
    }
    application.run().await.map_err(|e| e.to_string())
}
