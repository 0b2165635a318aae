//! A message in the form that is sent (RFC 5322, MIME).

use std::time::SystemTime;

use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use snackbase_application::configuration::ProviderSettings;
use snackbase_application::ports::{MailFault, OutgoingMail};
use url::Host;

use super::{again, for_good, required};

/// Whom a message is from, and who gets the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sender {
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
}

impl Sender {
    /// Reads `from_email`, `from_name` and `reply_to` of a provider's settings.
    pub fn read(settings: &ProviderSettings) -> Result<Self, MailFault> {
        let read = |name: &str, text: &str| -> Result<Address, MailFault> {
            address(text.trim()).ok_or_else(|| again(format!("{name} is no e-mail address")))
        };
        let name = in_one_line(settings.text("from_name").unwrap_or("SnackBase"));
        let from = Mailbox::new(Some(name), read("from_email", required(settings, "from_email")?)?);
        let reply_to = settings.text("reply_to").map(|text| read("reply_to", text)).transpose()?;
        Ok(Self { from, reply_to: reply_to.map(|address| Mailbox::new(None, address)) })
    }
}

/// Who gets a message.
pub(super) fn recipient(mail: &OutgoingMail) -> Result<Mailbox, MailFault> {
    let address = address(&mail.to).ok_or_else(|| for_good("the recipient is no e-mail address"))?;
    Ok(Mailbox::new(None, address))
}

/// An address with its domain in ASCII (RFC 5891), which every mail server takes.
fn address(text: &str) -> Option<Address> {
    let (local, domain) = text.rsplit_once('@')?;
    match Host::parse(domain) {
        Ok(Host::Domain(domain)) => Address::new(local, domain).ok(),
        _ => None,
    }
}

/// The whole message: text first, then HTML.
pub(super) fn message(sender: &Sender, mail: &OutgoingMail) -> Result<Message, MailFault> {
    // The same for each attempt, so that who gets two can tell that they are one.
    let id = format!("<{}@{}>", mail.id, sender.from.email.domain());
    let builder = Message::builder()
        .from(sender.from.clone())
        .to(recipient(mail)?)
        .subject(in_one_line(&mail.subject))
        .date(SystemTime::from(mail.date))
        .message_id(Some(id));
    let builder = match &sender.reply_to {
        Some(address) => builder.reply_to(address.clone()),
        None => builder,
    };
    let parts = MultiPart::alternative_plain_html(mail.text_body.clone(), mail.html_body.clone());
    builder.multipart(parts).map_err(|error| for_good(error.to_string()))
}

/// A header's text has one line: what follows a break would be another header.
pub(super) fn in_one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::DateTime;
    use serde_json::{Value, json};
    use snackbase_domain::{AccountId, ConfigurationId, MailId};
    use uuid::Uuid;

    use super::*;

    pub fn settings(values: Value) -> ProviderSettings {
        ProviderSettings {
            id: ConfigurationId::new(Uuid::from_u128(1)),
            account_id: AccountId::SYSTEM,
            category: "email_providers".to_owned(),
            provider_name: "smtp".to_owned(),
            values: values.as_object().unwrap().clone(),
        }
    }

    pub fn mail() -> OutgoingMail {
        OutgoingMail {
            id: MailId::new(Uuid::from_u128(0xabc)),
            date: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            to: "ann@example.org".to_owned(),
            subject: "Grüße".to_owned(),
            html_body: "<p>Ähm</p>".to_owned(),
            text_body: "Ähm\n.\nend".to_owned(),
        }
    }

    fn made(values: Value, mail: &OutgoingMail) -> String {
        let sender = Sender::read(&settings(values)).unwrap();
        String::from_utf8(message(&sender, mail).unwrap().formatted()).unwrap()
    }

    #[test]
    fn messages_have_what_mail_servers_look_for() {
        let text = made(
            json!({ "from_email": "from@example.com", "from_name": "Zoë", "reply_to": "re@example.com" }),
            &mail(),
        );
        for line in [
            "From: =?utf-8?b?Wm/Dqw==?= <from@example.com>\r\n",
            "To: ann@example.org\r\n",
            "Reply-To: re@example.com\r\n",
            "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n",
            "Message-ID: <00000000-0000-0000-0000-000000000abc@example.com>\r\n",
            "MIME-Version: 1.0\r\n",
            "Content-Type: multipart/alternative;",
        ] {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
        let (plain, html) = (text.find("text/plain").unwrap(), text.find("text/html").unwrap());
        assert!(plain < html, "the last part is the one to prefer");
    }

    #[test]
    fn nothing_adds_headers() {
        let evil = "x\r\nBcc: eve@example.org\r\n\r\nbody";
        let mail = OutgoingMail { subject: evil.to_owned(), ..mail() };
        let text = made(json!({ "from_email": "from@example.com", "from_name": evil }), &mail);
        let (headers, _) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = headers
            .lines()
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        assert_eq!(names, ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]);
        for (key, value) in [("from_email", "a@b.co\r\nBcc: eve@example.org"), ("reply_to", "a@b.co\nX: y")] {
            let mut values = json!({ "from_email": "from@example.com" });
            values[key] = value.into();
            assert!(Sender::read(&settings(values)).is_err(), "{key}");
        }
        let to = OutgoingMail { to: "a@b.co\r\nBcc: eve@example.org".to_owned(), ..mail };
        let fault = recipient(&to).unwrap_err();
        assert!(fault.permanent);
    }

    #[test]
    fn domains_are_sent_in_ascii() {
        let to = |to: &str| recipient(&OutgoingMail { to: to.to_owned(), ..mail() });
        assert_eq!(to("ann@münchen.de").unwrap().to_string(), "ann@xn--mnchen-3ya.de");
        assert_eq!(to("ann@example.org").unwrap().to_string(), "ann@example.org");
        for none in ["ann", "ann@", "@b.co", "ann@127.0.0.1", "ann@b.co>", "a b@c.co\n"] {
            assert!(to(none).unwrap_err().permanent, "{none}");
        }
    }

    #[test]
    fn a_sender_is_needed() {
        let fault = Sender::read(&settings(json!({ "from_name": "x" }))).unwrap_err();
        assert_eq!((fault.reason.as_str(), fault.permanent), ("from_email is missing", false));
        let sender = Sender::read(&settings(json!({ "from_email": " a@b.co " }))).unwrap();
        assert_eq!(sender.from.to_string(), "SnackBase <a@b.co>");
    }
}
