//! Handing mail over: to an SMTP server, to Amazon SES, to Resend, or to who
//! develops.

mod local;
mod message;
mod resend;
mod ses;
mod smtp;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use snackbase_application::configuration::ProviderSettings;
use snackbase_application::ports::{Clock, MailFault, MailRoute, Mailer, OutgoingMail};

use crate::outbound::{Destinations, Http, HttpReply, OutboundFault};

pub use local::LocalMail;

/// How long a provider may take to answer a request, or a command of SMTP.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The most bytes of a provider's reply.
const MAX_REPLY: usize = 1 << 16;

/// Sends mail by the provider that a route names.
pub struct ProviderMailer {
    destinations: Destinations,
    http: Http,
    clock: Arc<dyn Clock>,
    local: Option<LocalMail>,
}

impl ProviderMailer {
    /// `local` takes the mail of those who have no provider.
    pub fn new(destinations: Destinations, clock: Arc<dyn Clock>, local: Option<LocalMail>) -> Self {
        let http = Http::new(destinations, TIMEOUT, MAX_REPLY);
        Self { destinations, http, clock, local }
    }

    async fn by_provider(&self, settings: &ProviderSettings, mail: &OutgoingMail) -> Result<(), MailFault> {
        match settings.provider_name.as_str() {
            "smtp" => smtp::send(self.destinations, settings, mail).await,
            "resend" => resend::send(&self.http, settings, mail).await,
            "aws_ses" => ses::send(&self.http, settings, mail, self.clock.now()).await,
            other => Err(again(format!("The provider '{other}' cannot send mail."))),
        }
    }
}

#[async_trait]
impl Mailer for ProviderMailer {
    fn local(&self) -> Option<&'static str> {
        self.local.as_ref().map(LocalMail::name)
    }

    async fn send(&self, route: &MailRoute, mail: &OutgoingMail) -> Result<(), MailFault> {
        match (route, &self.local) {
            (MailRoute::Provider(settings), _) => self.by_provider(settings, mail).await,
            (MailRoute::Local, Some(local)) => local.keep(mail).await,
            (MailRoute::Local, None) => Err(again("There is no local way for mail.")),
        }
    }
}

/// A fault that may pass.
fn again(reason: impl Into<String>) -> MailFault {
    MailFault { reason: reason.into(), permanent: false }
}

/// A fault that stays.
fn for_good(reason: impl Into<String>) -> MailFault {
    MailFault { reason: reason.into(), permanent: true }
}

impl From<OutboundFault> for MailFault {
    fn from(fault: OutboundFault) -> Self {
        again(fault.to_string())
    }
}

/// A setting that must be there.
fn required<'v>(settings: &'v ProviderSettings, name: &str) -> Result<&'v str, MailFault> {
    settings.text(name).ok_or_else(|| again(format!("{name} is missing")))
}

/// What a reply over HTTP means. Of what the provider says, `message` is told.
fn judged(reply: &HttpReply) -> Result<(), MailFault> {
    if reply.status.is_success() {
        return Ok(());
    }
    let said: Option<serde_json::Value> = serde_json::from_slice(&reply.body).ok();
    let message = |name: &str| said.as_ref().and_then(|said| said[name].as_str());
    let status = reply.status.as_u16();
    let reason = match message("message").or_else(|| message("Message")) {
        Some(said) => format!("status {status}: {}", said.chars().take(300).collect::<String>()),
        None => format!("status {status}"),
    };
    // The message as such is refused; other refusals are about the settings, the
    // rate or the provider's own state.
    Err(MailFault { reason, permanent: matches!(status, 400 | 413 | 422) })
}
