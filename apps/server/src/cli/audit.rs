//! `snackbase audit …`

use clap::Subcommand;
use snackbase_application::audit::Verdict;

use super::{Outcome, open};
use crate::settings::Settings;

#[derive(Subcommand)]
pub enum Command {
    /// Check that nobody has changed, removed, moved or cut off entries of the audit log.
    Verify {
        /// The end of the log as an earlier verification printed it, `<entry>:<checksum>`: the log must
        /// still hold that entry.
        #[arg(long, value_name = "ENTRY:CHECKSUM")]
        anchor: Option<String>,
    },
}

pub async fn run(settings: &Settings, command: Command) -> Outcome {
    let Command::Verify { anchor } = command;
    let services = open(settings).await?;
    let anchor = anchor.as_deref().map(read_anchor).transpose()?;
    let verdict = services.audit.verify().await.map_err(|e| e.to_string())?;
    let kept = match anchor {
        Some((entry, checksum)) => services.audit.holds(entry, checksum).await.map_err(|e| e.to_string())?,
        None => true,
    };
    for problem in &verdict.problems {
        let account = problem.account_id.map(|id| format!(" (account {id})")).unwrap_or_default();
        println!("entry {}{account}: {}: {}", problem.id, problem.kind.name(), problem.message);
    }
    if !kept {
        println!("the entry of the anchor is not in the log: it was cut back or replaced");
    }
    if !verdict.is_valid() || !kept {
        return Err(format!("The audit log does not hold ({} entries checked).", verdict.checked));
    }
    println!("The audit log holds: {} entries.{}", verdict.checked, end(&verdict));
    Ok(())
}

/// Tells the end of the log, for a later verification.
fn end(verdict: &Verdict) -> String {
    let head = verdict.head.as_ref().filter(|head| head.entries > 0);
    head.map(|head| format!(" Anchor: {}:{}", head.entries, head.checksum)).unwrap_or_default()
}

fn read_anchor(text: &str) -> Result<(i64, &str), String> {
    let parts = text.split_once(':').and_then(|(entry, checksum)| Some((entry.parse().ok()?, checksum)));
    parts.ok_or_else(|| format!("'{text}' is no anchor: <entry>:<checksum>"))
}
