//! SMTP: settings out of a configuration's values, and connections to guarded
//! destinations.

use std::net::SocketAddr;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use serde_json::{Map, Value};

use crate::outbound::Destinations;

/// How to reach a mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    /// Signs in only when there is one.
    pub username: Option<String>,
    pub password: String,
    pub security: SmtpSecurity,
}

/// How a connection to a mail server is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    None,
    /// Begins in clear and must become TLS.
    StartTls,
    /// TLS from the start.
    Tls,
}

impl SmtpSettings {
    /// Reads the values of a configuration `email_providers/smtp`.
    ///
    /// # Errors
    /// What is missing or cannot be, for people.
    pub fn read(values: &Map<String, Value>) -> Result<Self, String> {
        let text = |name: &str| match values.get(name) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
            _ => None,
        };
        let flag = |name: &str, default: bool| match values.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(word)) => word.eq_ignore_ascii_case("true"),
            _ => default,
        };
        let port = match values.get("port") {
            None | Some(Value::Null) => Some(587),
            Some(Value::Number(port)) => port.as_u64().and_then(|port| u16::try_from(port).ok()),
            Some(Value::String(port)) => port.trim().parse().ok(),
            Some(_) => None,
        };
        let security = match (flag("use_ssl", false), flag("use_tls", true)) {
            (true, _) => SmtpSecurity::Tls,
            (false, true) => SmtpSecurity::StartTls,
            (false, false) => SmtpSecurity::None,
        };
        Ok(Self {
            host: text("host").ok_or("host is missing")?.trim().to_owned(),
            port: port.filter(|port| *port != 0).ok_or("port must be a number from 1 to 65535")?,
            username: text("username"),
            password: text("password").unwrap_or_default(),
            security,
        })
    }

    /// A way to the server for each of its addresses, with the address. No connection is made yet.
    ///
    /// # Errors
    /// Why it may not or cannot be connected to.
    pub async fn transports(
        &self,
        destinations: Destinations,
        timeout: Duration,
    ) -> Result<Vec<(SocketAddr, AsyncSmtpTransport<Tokio1Executor>)>, String> {
        let addresses =
            destinations.resolve(&self.host, self.port).await.map_err(|fault| fault.to_string())?;
        // The certificate must be of the name although the connection goes to an address.
        let tls = || TlsParameters::new(self.host.clone()).map_err(|error| error.to_string());
        let tls = match self.security {
            SmtpSecurity::None => Tls::None,
            SmtpSecurity::StartTls => Tls::Required(tls()?),
            SmtpSecurity::Tls => Tls::Wrapper(tls()?),
        };
        let transport = |address: SocketAddr| {
            let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
                .port(address.port())
                .tls(tls.clone())
                .timeout(Some(timeout));
            let builder = match &self.username {
                Some(name) => builder.credentials(Credentials::new(name.clone(), self.password.clone())),
                None => builder,
            };
            (address, builder.build())
        };
        Ok(addresses.into_iter().map(transport).collect())
    }
}

/// An error with its causes.
pub(crate) fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        let source_text = source.to_string();
        if !text.contains(&source_text) {
            text = format!("{text}: {source_text}");
        }
        cause = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(values: Value) -> Result<SmtpSettings, String> {
        SmtpSettings::read(values.as_object().unwrap())
    }

    #[test]
    fn values_are_read_with_their_defaults() {
        let least = read(json!({ "host": " mail.example.com " })).unwrap();
        assert_eq!((least.host.as_str(), least.port), ("mail.example.com", 587));
        assert_eq!((least.username, least.security), (None, SmtpSecurity::StartTls));
        let full = json!({ "host": "h", "port": "465", "username": "u", "password": "p", "use_tls": true, "use_ssl": true });
        let full = read(full).unwrap();
        assert_eq!((full.port, full.security), (465, SmtpSecurity::Tls));
        let plain = read(json!({ "host": "h", "port": 25, "username": "", "use_tls": false })).unwrap();
        assert_eq!((plain.port, plain.username, plain.security), (25, None, SmtpSecurity::None));
        assert_eq!(read(json!({})).err().as_deref(), Some("host is missing"));
        for port in [json!(0), json!(65536), json!("x"), json!(-1), json!([])] {
            assert!(read(json!({ "host": "h", "port": port })).is_err());
        }
    }
}
