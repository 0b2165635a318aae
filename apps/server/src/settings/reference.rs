//! The table of all settings for people.

use std::fmt::Write;

use super::PREFIX;
use super::groups;

/// A line of the table.
pub(super) struct Setting {
    /// The name without the prefix.
    pub name: &'static str,
    /// What may be written.
    pub kind: &'static str,
    /// The default as it would be written; empty for none.
    pub default: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

/// The reference of all settings in Markdown, as in `docs/settings.md`.
pub fn reference_markdown() -> String {
    let mut text = String::from(
        "# Settings\n\n\
        Each setting is an environment variable; a file `.env` in the working directory may hold them too, and the\n\
        environment wins. Letter case of names does not matter, unknown names are ignored, and a value that cannot be read\n\
        stops the start with a message that names the setting. A list is JSON (`[\"a\",\"b\"]`) or has commas (`a,b`).\n\n\
        This page is made from the source: `UPDATE_DOCS=1 cargo test -p snackbase-server settings`.\n",
    );
    for (title, settings) in groups::ALL {
        let line = write!(text, "\n## {title}\n\n| Name | Value | Default | Meaning |\n|---|---|---|---|\n");
        line.expect("a String takes everything");
        for setting in *settings {
            let default = match setting.default {
                "" => "–".to_owned(),
                default => format!("`{}`", default.replace('|', "\\|")),
            };
            writeln!(
                text,
                "| `{PREFIX}{}` | {} | {default} | {} |",
                setting.name,
                setting.kind,
                setting.meaning.trim()
            )
            .expect("a String takes everything");
        }
    }
    text
}
