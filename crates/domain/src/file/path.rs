//! Paths of files: which account they belong to, and where they were put.

use std::fmt;

use uuid::Uuid;

use crate::AccountId;

/// Who keeps the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Provider {
    Local,
    S3,
    Azure,
    Gcs,
}

impl Provider {
    pub const ALL: [Self; 4] = [Self::Local, Self::S3, Self::Azure, Self::Gcs];

    /// Its name among the configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::S3 => "s3",
            Self::Azure => "azure",
            Self::Gcs => "gcs",
        }
    }

    /// The provider of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// What it is called in messages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::S3 => "S3",
            Self::Azure => "Azure",
            Self::Gcs => "Google Cloud",
        }
    }
}

/// The path of a file: `<account>/<name>`, after the provider's name unless that is the local one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath {
    text: String,
    /// Where the key begins.
    key: usize,
    account: AccountId,
}

impl FilePath {
    /// The path of a new file; the suffix has its point.
    pub fn new(provider: Provider, account: AccountId, id: Uuid, suffix: &str) -> Self {
        let prefix = match provider {
            Provider::Local => String::new(),
            other => format!("{}/", other.name()),
        };
        let key = prefix.len();
        Self { text: format!("{prefix}{account}/{}{suffix}", id.as_hyphenated()), key, account }
    }

    /// Reads a path that was decoded before. `None` for what can be no file's: parts that are
    /// empty, `.` or `..`, with a backslash or a control character, or no account's id first.
    pub fn parse(text: &str) -> Option<Self> {
        let harmless = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && !part.contains(['\\', '\0'])
                && !has_control(part)
        };
        if !text.split('/').all(harmless) {
            return None;
        }
        let prefix = text
            .split_once('/')
            .filter(|(first, _)| Provider::parse(first).is_some_and(|provider| provider != Provider::Local));
        let key = prefix.map_or(0, |(first, _)| first.len() + 1);
        let first = text[key..].split('/').next()?;
        let account: AccountId = first.parse().ok()?;
        // Ids have one way in which they are written.
        (account.to_string() == first).then(|| Self { text: text.to_owned(), key, account })
    }

    /// The path as a whole.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account that it belongs to.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Where the bytes are at a provider.
    pub fn key(&self) -> &str {
        &self.text[self.key..]
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }

    /// The provider that the path names.
    pub fn provider(&self) -> Provider {
        self.text[..self.key].strip_suffix('/').and_then(Provider::parse).unwrap_or(Provider::Local)
    }
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "2cc24966-0000-4000-8000-000000000001";

    #[test]
    fn paths_say_whose_they_are_and_where() {
        let account: AccountId = ACCOUNT.parse().unwrap();
        let id = Uuid::from_u128(5);
        for (provider, text) in [
            (Provider::Local, format!("{ACCOUNT}/{id}.txt")),
            (Provider::S3, format!("s3/{ACCOUNT}/{id}.txt")),
            (Provider::Azure, format!("azure/{ACCOUNT}/{id}.txt")),
            (Provider::Gcs, format!("gcs/{ACCOUNT}/{id}.txt")),
        ] {
            let path = FilePath::new(provider, account, id, ".txt");
            assert_eq!(path.as_str(), text);
            assert_eq!(FilePath::parse(&text).as_ref(), Some(&path));
            assert_eq!((path.account(), path.provider()), (account, provider));
            assert_eq!(path.key(), format!("{ACCOUNT}/{id}.txt"));
            assert_eq!(path.name(), format!("{id}.txt"));
        }
        assert!(FilePath::parse(ACCOUNT).is_some(), "the account's own folder, in which no file is");
    }

    #[test]
    fn what_leads_elsewhere_is_no_path() {
        for tail in ["/..", "/../x", "/a/../b", "/./a", "//a", "/", "/a\\b", "/a\0", "/a\nb", "/\u{7f}"] {
            assert_eq!(FilePath::parse(&format!("{ACCOUNT}{tail}")), None, "{tail:?}");
        }
        let upper = ACCOUNT.to_uppercase();
        for text in ["", "/", "x", "nope.txt", "s3", "s3/x", "local/x", "..", "s3/../x", &upper, "{x}/a"] {
            assert_eq!(FilePath::parse(text), None, "{text:?}");
            assert_eq!(FilePath::parse(&format!("/{ACCOUNT}/{text}/..")), None);
        }
        let plain = ACCOUNT.replace('-', "");
        assert_eq!(FilePath::parse(&format!("{plain}/a")), None);
        assert_eq!(FilePath::parse(&format!("local/{ACCOUNT}/a")), None);
    }
}
