//! HTTP requests without a network.

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use snackbase_application::ports::{HttpFault, HttpRequest, HttpResponse, HttpSender};

/// Keeps what it is to send, and answers as it is told: 200 where it is told nothing.
#[derive(Debug, Default)]
pub struct FakeSender {
    sent: Mutex<Vec<HttpRequest>>,
    answers: Mutex<VecDeque<Result<HttpResponse, HttpFault>>>,
}

impl FakeSender {
    /// What one more request is answered.
    pub fn answer(&self, status: u16, body: &str) {
        self.answers.lock().unwrap().push_back(Ok(HttpResponse { status, body: body.to_owned() }));
    }

    /// How one more request fails.
    pub fn fail(&self, fault: HttpFault) {
        self.answers.lock().unwrap().push_back(Err(fault));
    }

    /// What was sent since the last call.
    pub fn take_sent(&self) -> Vec<HttpRequest> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

#[async_trait]
impl HttpSender for FakeSender {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        self.sent.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front();
        answer.unwrap_or_else(|| Ok(HttpResponse { status: 200, body: "ok".to_owned() }))
    }
}
