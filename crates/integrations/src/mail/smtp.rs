//! Mail by an SMTP server.

use std::net::SocketAddr;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use snackbase_application::configuration::ProviderSettings;
use snackbase_application::ports::{MailFault, OutgoingMail};
use tokio::net::TcpStream;

use super::message::{Sender, message};
use super::{TIMEOUT, again};
use crate::outbound::Destinations;
use crate::smtp::{SmtpSettings, told};

/// How long one of several addresses may take to answer.
const CONNECT: Duration = Duration::from_secs(5);

/// Connects, secures the connection as the settings say, signs in when they have a
/// user name, and hands the message over.
pub(super) async fn send(
    destinations: Destinations,
    settings: &ProviderSettings,
    mail: &OutgoingMail,
) -> Result<(), MailFault> {
    let message = message(&Sender::read(settings)?, mail)?;
    let server = SmtpSettings::read(&settings.values).map_err(again)?;
    let transports = server.transports(destinations, TIMEOUT).await.map_err(again)?;
    let transport = reachable(transports).await.ok_or_else(|| again("the mail server has no address"))?;
    transport.send(message).await.map_err(|error| fault(&error))?;
    Ok(())
}

/// The first server that can be connected to, or the last. Choosing before sending
/// leaves no doubt whether a server that failed had the message already.
async fn reachable(
    mut transports: Vec<(SocketAddr, AsyncSmtpTransport<Tokio1Executor>)>,
) -> Option<AsyncSmtpTransport<Tokio1Executor>> {
    let (_, last) = transports.pop()?;
    for (address, transport) in transports {
        if matches!(tokio::time::timeout(CONNECT, TcpStream::connect(address)).await, Ok(Ok(_))) {
            return Some(transport);
        }
    }
    Some(last)
}

/// A server that refuses for good (RFC 5321, 5yz) is not asked again, unless it
/// refuses the sign-in (RFC 4954, 53z), which others can mend.
fn fault(error: &Error) -> MailFault {
    let code = error.status().map(u16::from);
    let permanent = error.is_permanent() && !code.is_some_and(|code| (530..540).contains(&code));
    MailFault { reason: told(error), permanent }
}
