//! The action that sends mail.

use serde_json::{Value, json};
use snackbase_domain::automation::{SendEmail, SendEmailContent};
use snackbase_domain::email::{Email, is_address};

use super::records::within;
use super::{Actions, Doing, Failure};
use crate::mail::MailContent;

impl Actions {
    pub(super) async fn send_email(&self, doing: &Doing<'_>, mail: SendEmail) -> Result<Value, Failure> {
        let failed = |reason| within("send_email failed".to_owned(), Failure::Reason(reason));
        if !is_address(&mail.to) {
            return Err(failed(format!("'{}' is no e-mail address", mail.to)));
        }
        let content = match mail.content {
            SendEmailContent::Template { name, variables } => MailContent::Template { name, variables },
            SendEmailContent::Body { subject, body } => {
                MailContent::Written { text_body: without_tags(&body), html_body: body, subject }
            }
        };
        let sent = self.mail.send_now(doing.run.account, &Email::new(mail.to), content).await;
        sent.map_err(Failure::from)?.map_err(failed)?;
        Ok(json!({ "sent": true }))
    }
}

/// The text of HTML: what stands between tags, with the five entities that XML knows.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(begin) = rest.find('<') {
        text.push_str(&rest[..begin]);
        let tag = &rest[begin + 1..];
        // What begins no tag is text.
        if !tag.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!')) {
            text.push('<');
            rest = tag;
            continue;
        }
        match tag.find('>') {
            Some(end) => rest = &tag[end + 1..],
            None => return unescaped(&text),
        }
    }
    text.push_str(rest);
    unescaped(&text)
}

fn unescaped(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_text_stays() {
        for (html, text) in [
            ("plain", "plain"),
            ("<p>Hello <b>you</b></p>", "Hello you"),
            ("1 < 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
            ("a<br/>b<!-- c -->d", "abd"),
            ("cut <a href='x", "cut "),
        ] {
            assert_eq!(without_tags(html), text);
        }
    }
}
