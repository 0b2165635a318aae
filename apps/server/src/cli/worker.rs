//! `snackbase worker`

use clap::Args;

use super::Outcome;
use crate::settings::Settings;
use crate::startup::{self, Overrides};

#[derive(Args)]
pub struct Options {
    /// Only jobs of this queue.
    #[arg(long)]
    queue: Option<String>,
    /// How often to look for jobs, in seconds.
    #[arg(long, value_name = "SECONDS")]
    poll_interval: Option<String>,
}

impl Options {
    /// Options win over settings.
    pub fn apply(&self, set: &mut impl FnMut(&str, String)) {
        set("JOB_WORKER_ENABLED", true.to_string());
        if let Some(seconds) = &self.poll_interval {
            set("JOB_WORKER_POLL_INTERVAL", seconds.clone());
        }
    }
}

pub async fn run(settings: Settings, options: Options) -> Outcome {
    // TLS to databases and services needs a provider before its first use.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed before");
    }
    tracing::info!(queue = options.queue.as_deref().unwrap_or("all"), "the worker takes jobs");
    startup::work(settings, Overrides::default(), options.queue).await.map_err(|e| e.to_string())
}
