//! Mail that does not leave: for developing without a mail server.

use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use snackbase_application::ports::{MailFault, OutgoingMail};

use super::again;
use super::message::{Sender, message};

/// Writes mail to the log, into files, or both. It shows live tokens to who reads
/// these.
#[derive(Clone, Debug)]
pub struct LocalMail {
    log: bool,
    /// The folder of the files.
    folder: Option<PathBuf>,
}

impl LocalMail {
    /// Into the log.
    pub fn to_log() -> Self {
        Self { log: true, folder: None }
    }

    /// Into files of a folder, which is made.
    pub fn to_folder(folder: PathBuf) -> Self {
        Self { log: false, folder: Some(folder) }
    }

    /// Into the log, and into files of a folder.
    pub fn to_log_and_folder(folder: PathBuf) -> Self {
        Self { log: true, folder: Some(folder) }
    }

    /// How the log of mails calls this.
    pub fn name(&self) -> &'static str {
        if self.log { "console" } else { "file" }
    }

    /// Takes a message.
    pub(super) async fn keep(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        if let Some(folder) = &self.folder {
            let from = "snackbase@localhost".parse().expect("an address");
            let sender = Sender { from: Mailbox::new(Some("SnackBase".to_owned()), from), reply_to: None };
            let message = message(&sender, mail)?.formatted();
            let name = format!("{}-{}.eml", mail.date.format("%Y%m%dT%H%M%S%.3f"), mail.id);
            let folder = folder.clone();
            let written = tokio::task::spawn_blocking(move || write(&folder, &name, &message)).await;
            let written = written.unwrap_or_else(|error| Err(io::Error::other(error)));
            written.map_err(|error| again(format!("the mail cannot be written to a file: {error}")))?;
        }
        if self.log {
            tracing::info!(
                target: "snackbase::mail",
                "mail to {} (no mail server is used)\nSubject: {}\n\n{}",
                mail.to,
                mail.subject,
                mail.text_body
            );
        }
        Ok(())
    }
}

/// Only who runs the server may read it.
fn write(folder: &Path, name: &str, message: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(folder.join(name))?;
    file.write_all(message)
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::mail;
    use super::*;

    #[tokio::test]
    async fn files_can_be_read_by_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("snackbase-mail-{}", std::process::id()));
        let local = LocalMail::to_folder(folder.clone());
        local.keep(&mail()).await.unwrap();
        let entry = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(entry.path()).unwrap();
        assert!(text.contains("To: ann@example.org"), "{text}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
