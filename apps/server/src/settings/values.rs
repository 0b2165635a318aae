//! Settings with values of their own.

use std::fmt;
use std::net::IpAddr;

use actix_web::http::header::{HeaderName, HeaderValue};

use super::parse::Parse;

/// Declares an enum whose values are words, in any letter case.
macro_rules! words {
    ($(#[$about:meta])* $name:ident, $kind:literal {
        $($(#[$doc:meta])* $variant:ident = $word:literal $(| $alias:literal)*),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// The word for the value.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl Parse for $name {
            const KIND: &'static str = $kind;

            fn parse(text: &str) -> Result<Self, String> {
                let word = text.trim();
                $(if word.eq_ignore_ascii_case($word) $(|| word.eq_ignore_ascii_case($alias))* {
                    return Ok(Self::$variant);
                })+
                Err(format!("one of {} is needed", $kind))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What the server runs for.
    Environment, "development, production, testing" {
        /// On a developer's machine: API pages, console log, keys made up when not set.
        Development = "development",
        /// For real: keys must be set, HSTS is sent.
        Production = "production",
        /// Under tests.
        Testing = "testing",
    }
}

words! {
    /// From which weight on events are logged.
    LogLevel, "TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL" {
        /// Everything.
        Trace = "TRACE",
        /// What helps to find a fault.
        Debug = "DEBUG",
        /// What happens.
        Info = "INFO",
        /// What may become a fault.
        Warning = "WARNING" | "WARN",
        /// Faults.
        Error = "ERROR",
        /// Faults (there is nothing above).
        Critical = "CRITICAL",
    }
}

words! {
    /// What happens to mail for which no provider is configured.
    MailTransport, "none, auto, console, file" {
        /// Sending it fails.
        None = "none",
        /// In development it goes to the log and into files, elsewhere sending it fails.
        Auto = "auto",
        /// It goes to the log.
        Console = "console",
        /// It goes into files.
        File = "file",
    }
}

words! {
    /// The form of log lines.
    LogFormat, "json, console" {
        /// One JSON object a line.
        Json = "json",
        /// Coloured text for people.
        Console = "console",
    }
}

words! {
    /// SQLite's `journal_mode`.
    JournalMode, "WAL, DELETE, TRUNCATE, PERSIST, MEMORY, OFF" {
        /// Write-ahead log: readers don't wait for the writer.
        Wal = "WAL",
        /// Rollback journal, deleted after each transaction.
        Delete = "DELETE",
        /// Rollback journal, cut to nothing.
        Truncate = "TRUNCATE",
        /// Rollback journal, its header zeroed.
        Persist = "PERSIST",
        /// Rollback journal in memory.
        Memory = "MEMORY",
        /// No journal.
        Off = "OFF",
    }
}

words! {
    /// SQLite's `synchronous`.
    Synchronous, "FULL, NORMAL, OFF, EXTRA" {
        /// Every commit reaches the disk.
        Full = "FULL",
        /// A power cut may lose the last commits (in WAL mode).
        Normal = "NORMAL",
        /// A power cut may damage the file.
        Off = "OFF",
        /// As full, and the folder's entry too.
        Extra = "EXTRA",
    }
}

words! {
    /// SQLite's `temp_store`.
    TempStore, "MEMORY, FILE, DEFAULT" {
        /// In memory.
        Memory = "MEMORY",
        /// In files.
        File = "FILE",
        /// As SQLite was built.
        Default = "DEFAULT",
    }
}

/// An `http` or `https` address without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebUrl(String);

impl WebUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Parse for WebUrl {
    const KIND: &'static str = "http or https URL";

    fn parse(text: &str) -> Result<Self, String> {
        match url::Url::parse(text.trim()) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                Ok(Self(text.trim().trim_end_matches('/').to_owned()))
            }
            _ => Err(format!("an {} is needed", Self::KIND)),
        }
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A block of addresses in CIDR notation, such as `10.0.0.0/8`; without a length, one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    length: u8,
}

impl Network {
    /// Whether the address is in the block. An IPv4 address mapped into IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(block), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.length)).unwrap_or(0);
                (block.to_bits() ^ address.to_bits()) & mask == 0
            }
            (IpAddr::V6(block), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.length)).unwrap_or(0);
                (block.to_bits() ^ address.to_bits()) & mask == 0
            }
            _ => false,
        }
    }
}

impl Parse for Network {
    const KIND: &'static str = "address block";

    fn parse(text: &str) -> Result<Self, String> {
        let refused = || "an address block such as 10.0.0.0/8 is needed".to_owned();
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            Some(length) => length.parse().ok().filter(|n| *n <= bits).ok_or_else(refused)?,
            None => bits,
        };
        Ok(Self { address, length })
    }
}

impl Parse for HeaderName {
    const KIND: &'static str = "name of a header";

    fn parse(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| format!("a {} is needed", Self::KIND))
    }
}

impl Parse for HeaderValue {
    const KIND: &'static str = "value of a header";

    fn parse(text: &str) -> Result<Self, String> {
        Self::from_str(text.trim()).map_err(|_| format!("a {} is needed", Self::KIND))
    }
}
