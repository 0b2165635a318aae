//! Mail without a mail server.

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use serde_json::{Map, Value};
use snackbase_application::ports::{
    MailFault, MailRoute, Mailer, OutgoingMail, TemplateEngine, TemplateFault, TemplateTarget,
};

/// Keeps what it is given, and fails as often as it is told.
#[derive(Debug, Default)]
pub struct FakeMailer {
    sent: Mutex<Vec<OutgoingMail>>,
    faults: Mutex<VecDeque<MailFault>>,
    local: Option<&'static str>,
}

impl FakeMailer {
    /// One that has a local route.
    pub fn local(name: &'static str) -> Self {
        Self { local: Some(name), ..Self::default() }
    }

    /// Lets one more sending fail.
    pub fn fail(&self, reason: &str, permanent: bool) {
        self.faults.lock().unwrap().push_back(MailFault { reason: reason.to_owned(), permanent });
    }

    /// What was sent so far.
    pub fn sent(&self) -> Vec<OutgoingMail> {
        self.sent.lock().unwrap().clone()
    }
}

#[async_trait]
impl Mailer for FakeMailer {
    fn local(&self) -> Option<&'static str> {
        self.local
    }

    async fn send(&self, _route: &MailRoute, mail: &OutgoingMail) -> Result<(), MailFault> {
        if let Some(fault) = self.faults.lock().unwrap().pop_front() {
            return Err(fault);
        }
        self.sent.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

/// Puts variables in place of `{{ name }}`; everything else stays. `{{ fail }}`
/// fails.
#[derive(Debug, Default)]
pub struct PlainTemplates;

impl TemplateEngine for PlainTemplates {
    fn render(
        &self,
        template: &str,
        variables: &Map<String, Value>,
        _target: TemplateTarget,
    ) -> Result<String, TemplateFault> {
        if template.contains("{{ fail }}") {
            return Err(TemplateFault("as asked".to_owned()));
        }
        let mut text = template.to_owned();
        for (name, value) in variables {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            text = text.replace(&format!("{{{{ {name} }}}}"), &value);
        }
        Ok(text)
    }
}
