//! Settings are texts: how each type is read from one.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

/// A type a setting can have.
pub trait Parse: Sized {
    /// What an operator may write, for the reference.
    const KIND: &'static str;

    /// Reads the text.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it: it may be a secret.
    fn parse(text: &str) -> Result<Self, String>;
}

impl Parse for String {
    const KIND: &'static str = "text";

    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

impl Parse for PathBuf {
    const KIND: &'static str = "path";

    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a path is needed".to_owned());
        }
        Ok(Self::from(text))
    }
}

impl Parse for bool {
    const KIND: &'static str = "boolean";

    fn parse(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
            "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
            _ => Err("a boolean is needed: true or false, 1 or 0, yes or no, on or off".to_owned()),
        }
    }
}

macro_rules! whole_number {
    ($($type:ty: $kind:literal),*) => {$(
        impl Parse for $type {
            const KIND: &'static str = $kind;

            fn parse(text: &str) -> Result<Self, String> {
                text.trim().parse().map_err(|_| format!("{} is needed", $kind))
            }
        }
    )*};
}

whole_number!(
    u16: "a whole number up to 65535",
    u32: "a whole number from 0",
    u64: "a whole number from 0",
    i64: "a whole number",
    NonZeroU32: "a whole number from 1"
);

impl Parse for Duration {
    const KIND: &'static str = "seconds";

    fn parse(text: &str) -> Result<Self, String> {
        let seconds: f64 = text.trim().parse().map_err(|_| "a number of seconds is needed".to_owned())?;
        Self::try_from_secs_f64(seconds).map_err(|_| "a number of seconds from 0 is needed".to_owned())
    }
}

impl<T: Parse> Parse for Option<T> {
    const KIND: &'static str = T::KIND;

    /// An empty text is none.
    fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        T::parse(text).map(Some)
    }
}

impl<T: Parse> Parse for Vec<T> {
    const KIND: &'static str = "list";

    /// A JSON list of texts, or texts between commas.
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with('[') {
            let items: Vec<String> =
                serde_json::from_str(text).map_err(|_| "a JSON list of texts is needed".to_owned())?;
            items.iter().map(|item| T::parse(item)).collect()
        } else {
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(T::parse).collect()
        }
    }
}

impl Parse for BTreeMap<String, NonZeroU32> {
    const KIND: &'static str = "JSON object of whole numbers from 1";

    fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|_| format!("a {} is needed", Self::KIND))
    }
}
