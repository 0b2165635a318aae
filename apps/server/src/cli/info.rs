//! `snackbase info`

use crate::settings::Settings;

pub fn print(settings: &Settings) {
    let rows = [
        ("Version", env!("CARGO_PKG_VERSION").to_owned()),
        ("Environment", settings.app.environment.to_string()),
        ("Debug", settings.app.debug.to_string()),
        ("Server", format!("{}:{}", settings.listen.host, settings.listen.port)),
        ("API prefix", settings.app.api_prefix.clone()),
        ("Database", settings.database.url.to_string()),
        ("Access token", format!("{} minutes", settings.tokens.access_expire_minutes)),
        ("Refresh token", format!("{} days", settings.tokens.refresh_expire_days)),
        ("Log level", settings.logging.level.to_string()),
        ("Log format", settings.logging.format.to_string()),
        ("Audit log", settings.audit.enabled.to_string()),
    ];
    for (name, value) in rows {
        println!("{name:<14} {value}");
    }
}
