//! Which database, as one address.

use std::fmt;
use std::path::PathBuf;

use super::parse::Parse;

/// Where the data lives. Printing it hides a password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite database in memory, gone with the process.
    SqliteMemory,
    /// A SQLite file.
    SqliteFile(PathBuf),
    /// A PostgreSQL server, as `postgresql://…` with the password in it.
    Postgres(String),
}

impl DatabaseUrl {
    /// Whether it is SQLite, in a file or in memory.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::SqliteMemory | Self::SqliteFile(_))
    }
}

impl Parse for DatabaseUrl {
    const KIND: &'static str = "sqlite or postgresql URL";

    /// The names Python's drivers go by (`sqlite+aiosqlite`, `postgresql+asyncpg`) are taken too. After
    /// `sqlite:///` follows a path: relative, or absolute with a fourth slash.
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if matches!(text, "sqlite::memory:" | "sqlite+aiosqlite::memory:") {
            return Ok(Self::SqliteMemory);
        }
        let refused = || {
            "an address such as sqlite:///./sb_data/snackbase.db or postgresql://user:password@host/database is needed".to_owned()
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(refused)?;
        match scheme {
            "sqlite" | "sqlite+aiosqlite" => {
                let rest = rest.split('?').next().unwrap_or_default();
                match rest.strip_prefix('/') {
                    None if rest.is_empty() => Ok(Self::SqliteMemory),
                    Some("" | ":memory:") => Ok(Self::SqliteMemory),
                    Some(path) => Ok(Self::SqliteFile(PathBuf::from(path))),
                    None => Err(refused()),
                }
            }
            "postgresql" | "postgres" | "postgresql+asyncpg" | "postgresql+psycopg" => {
                // asyncpg says ssl where libpq says sslmode.
                let rest = rest.replace("?ssl=", "?sslmode=").replace("&ssl=", "&sslmode=");
                Ok(Self::Postgres(format!("postgresql://{rest}")))
            }
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SqliteMemory => f.write_str("sqlite::memory:"),
            Self::SqliteFile(path) => write!(f, "sqlite:///{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// The address with `***` for a password before the host or among the parameters. A password may hold
/// slashes and at-signs that should have been escaped.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (place, parameters) = match rest.split_once('?') {
        Some((place, parameters)) => (place, Some(parameters)),
        None => (rest, None),
    };
    let place = match place.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((name, _)) => format!("{name}:***@{host}"),
            None => place.to_owned(),
        },
        None => place.to_owned(),
    };
    let mut shown = format!("{scheme}://{place}");
    for (index, parameter) in parameters.iter().flat_map(|p| p.split('&')).enumerate() {
        shown.push(if index == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) if name.to_ascii_lowercase().contains("password") => {
                shown.push_str(name);
                shown.push_str("=***");
            }
            _ => shown.push_str(parameter),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, want) in [
            ("sqlite+aiosqlite:///./sb_data/s.db", Some("./sb_data/s.db")),
            ("sqlite:///s.db?mode=rwc", Some("s.db")),
            ("sqlite:////var/s.db", Some("/var/s.db")),
            ("sqlite::memory:", None),
            ("sqlite:///:memory:", None),
            ("sqlite://", None),
        ] {
            let want = match want {
                Some(path) => DatabaseUrl::SqliteFile(path.into()),
                None => DatabaseUrl::SqliteMemory,
            };
            assert_eq!(DatabaseUrl::parse(text), Ok(want), "{text}");
        }
        for text in [
            "postgresql+asyncpg://u:p@h:5432/d?ssl=require",
            "postgres://u:p@h:5432/d?sslmode=require",
            "postgresql://u:p@h:5432/d?sslmode=require",
        ] {
            let want = "postgresql://u:p@h:5432/d?sslmode=require";
            assert_eq!(DatabaseUrl::parse(text), Ok(DatabaseUrl::Postgres(want.into())));
        }
        for text in ["", "x", "mysql://h/d", "sqlite://s.db", "/var/s.db"] {
            assert!(DatabaseUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        for (text, want) in [
            ("postgresql://u:top@h/d", "postgresql://u:***@h/d"),
            ("postgresql://u:t/o@p@h/d", "postgresql://u:***@h/d"),
            ("postgresql://u@h/d", "postgresql://u@h/d"),
            ("postgresql:///d?user=u&password=top", "postgresql:///d?user=u&password=***"),
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            assert_eq!(url.to_string(), want);
            assert_eq!(format!("{url:?}"), format!("DatabaseUrl({want})"));
        }
    }
}
