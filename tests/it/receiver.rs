//! Somebody else's server, which is told of changes over real HTTP.

use std::collections::VecDeque;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A request that came in.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method and path.
    pub line: String,
    /// Names are in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    /// The values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The one value of a header.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        match self.all(name)[..] {
            [value] => value,
            _ => panic!("not one header {name}: {:?}", self.headers),
        }
    }

    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Default)]
struct State {
    received: Vec<Request>,
    /// What is answered to the requests to come, whole; else 200 and `ok`.
    answers: VecDeque<String>,
}

/// A server that keeps what it is told. Dropped, it is gone.
pub struct Receiver {
    port: u16,
    state: watch::Sender<State>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (state, _) = watch::channel(State::default());
        let shared = state.clone();
        let serving = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, shared.clone()));
            }
        });
        Self { port, state, serving }
    }

    /// Where it is.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it answers to one more request.
    pub fn answer(&self, status: &str, body: &str) {
        let length = body.len();
        self.answer_with(format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}"));
    }

    /// The same, head and all.
    pub fn answer_with(&self, answer: String) {
        self.state.send_modify(|state| state.answers.push_back(answer));
    }

    /// What it has received so far.
    pub fn received(&self) -> Vec<Request> {
        self.state.borrow().received.clone()
    }

    /// What it has received, once that is so many.
    pub async fn until_received(&self, count: usize) -> Vec<Request> {
        let mut state = self.state.subscribe();
        let arrived = state.wait_for(|state| state.received.len() >= count);
        let arrived = tokio::time::timeout(std::time::Duration::from_secs(30), arrived).await;
        let received = arrived.unwrap_or_else(|_| panic!("not {count} requests: {:?}", self.received()));
        received.unwrap().received.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(mut connection: TcpStream, state: watch::Sender<State>) {
    let mut bytes = Vec::new();
    while let Some(request) = read(&mut connection, &mut bytes).await {
        let mut answer = None;
        state.send_modify(|state| {
            state.received.push(request);
            answer = state.answers.pop_front();
        });
        let answer = answer.unwrap_or_else(|| "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_owned());
        if connection.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The next request of a connection; what comes after it stays in `bytes`.
async fn read(connection: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<Request> {
    let mut length = None;
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let (Some(end), None) = (end, length) {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            length = Some(end + 4 + content_length(&head));
        }
        if let (Some(end), Some(length)) = (end, length)
            && bytes.len() >= length
        {
            let request: Vec<_> = bytes.drain(..length).collect();
            let head = std::str::from_utf8(&request[..end]).unwrap();
            let (line, headers) = head.split_once("\r\n").unwrap();
            let headers = headers.lines().map(|line| {
                let (name, value) = line.split_once(": ").unwrap();
                (name.to_lowercase(), value.to_owned())
            });
            return Some(Request {
                line: line.trim_end_matches(" HTTP/1.1").to_owned(),
                headers: headers.collect(),
                body: String::from_utf8(request[end + 4..].to_vec()).unwrap(),
            });
        }
        let mut piece = [0; 8192];
        match connection.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}

fn content_length(head: &str) -> usize {
    let named =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    named.map_or(0, |length| length.parse().unwrap())
}
