//! Use case: signed links to files, for those who cannot sign in.

use chrono::{DateTime, Utc};

use super::Files;
use crate::{AppError, Principal};

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedLink {
    pub url: String,
    pub expires_at: DateTime<Utc>,
}

/// What a link says of itself.
#[derive(Clone, Copy, Debug)]
pub struct LinkClaims<'a> {
    pub path: &'a str,
    /// Seconds since the Unix epoch.
    pub expires: i64,
    /// Whether a browser may show the file instead of saving it.
    pub inline: bool,
}

impl LinkClaims<'_> {
    /// What is signed. No path has a line feed.
    fn text(&self) -> String {
        let disposition = if self.inline { "inline" } else { "attachment" };
        format!("file\n{}\n{}\n{disposition}", self.path, self.expires)
    }
}

impl Files {
    /// Makes a link to a file that the caller may read, for so many seconds. The path names the
    /// account; whoever has the link reads the file until it expires or is deleted.
    pub async fn link(
        &self,
        by: &Principal,
        path: &str,
        seconds: i64,
        inline: bool,
    ) -> Result<SignedLink, AppError> {
        let file = self.readable(by, path).await?;
        let expires = self.clock.now().timestamp() + seconds;
        let claims = LinkClaims { path: file.path.as_str(), expires, inline };
        let signature = self.signer.sign(&claims.text());
        let disposition = if inline { "&disposition=inline" } else { "" };
        // Paths of files that are there are ids, letters and digits.
        let url = format!(
            "{}/files/{}?expires={expires}{disposition}&signature={signature}",
            self.policy.base_url, file.path
        );
        let expires_at = DateTime::from_timestamp(expires, 0);
        let expires_at = expires_at.ok_or_else(|| AppError::Internal("a link without an end".to_owned()))?;
        Ok(SignedLink { url, expires_at })
    }

    /// Refuses a link that was not made here, is not what it was, or has expired.
    pub fn check_link(&self, claims: &LinkClaims<'_>, signature: &str) -> Result<(), AppError> {
        let genuine = self.signer.verify(&claims.text(), signature);
        if genuine && self.clock.now().timestamp() < claims.expires {
            return Ok(());
        }
        Err(AppError::denied("Invalid or expired link"))
    }
}
