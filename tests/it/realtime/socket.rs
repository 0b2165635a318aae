//! A client of the realtime calls that does what tests want, also what no good client does.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use url::Url;

/// How long something may take that must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came over a WebSocket.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Text(Value),
    /// A close frame: code and reason.
    Closed(u16, String),
    /// The connection ended without one.
    Lost,
}

/// A WebSocket.
pub struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The headers of the reply to the handshake.
    pub head: String,
    /// Signs of life so far.
    pub heartbeats: usize,
    pub answers_pings: bool,
}

async fn connect(base: &str, receive_buffer: Option<u32>) -> (TcpStream, String) {
    let url = Url::parse(base).unwrap();
    let authority = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let socket = TcpSocket::new_v4().unwrap();
    if let Some(size) = receive_buffer {
        socket.set_recv_buffer_size(size).unwrap();
    }
    (socket.connect(authority.parse().unwrap()).await.unwrap(), authority)
}

/// Reads the head of a reply; answers it and what came behind it.
async fn read_head(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut buffer = Vec::new();
    loop {
        if let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let rest = buffer.split_off(end + 4);
            return (String::from_utf8(buffer).unwrap(), rest);
        }
        let read = tokio::time::timeout(PATIENCE, stream.read_buf(&mut buffer)).await.unwrap().unwrap();
        assert!(read > 0, "the connection ended within the reply's head");
    }
}

impl Socket {
    /// Opens one; the status and body of the reply where the server refuses.
    pub async fn try_open(
        base: &str,
        query: &str,
        headers: &[(&str, &str)],
        receive_buffer: Option<u32>,
    ) -> Result<Self, String> {
        let (mut stream, authority) = connect(base, receive_buffer).await;
        let mut request = format!(
            "GET /api/v1/realtime/ws{query} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n",
            STANDARD.encode([7; 16])
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{request}\r\n").as_bytes()).await.unwrap();
        let (head, mut buffer) = read_head(&mut stream).await;
        if !head.starts_with("HTTP/1.1 101") {
            let length = head
                .to_lowercase()
                .split_once("content-length: ")
                .map(|(_, rest)| rest.split_once("\r\n").unwrap().0.parse::<usize>().unwrap());
            buffer.resize(length.unwrap_or(0), 0);
            return Err(format!("{} {}", &head[9..12], String::from_utf8_lossy(&buffer)));
        }
        Ok(Self { stream, buffer, head, heartbeats: 0, answers_pings: true })
    }

    /// Opens one that must be opened.
    pub async fn open(base: &str, token: &str) -> Self {
        Self::try_open(base, &format!("?token={token}"), &[], None).await.unwrap()
    }

    /// Opens one that takes little at once.
    pub async fn open_narrow(base: &str, token: &str) -> Self {
        Self::try_open(base, &format!("?token={token}"), &[], Some(4096)).await.unwrap()
    }

    /// Sends a frame; `first` is its first byte, the final bit included.
    pub async fn send_frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first];
        match payload.len() {
            short @ 0..126 => frame.push(0x80 | short as u8),
            medium @ 126..65536 => {
                frame.push(0x80 | 126);
                frame.extend((medium as u16).to_be_bytes());
            }
            long => {
                frame.push(0x80 | 127);
                frame.extend((long as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        // A server that has closed may have stopped reading.
        self.stream.write_all(&frame).await.ok();
    }

    /// Sends a text.
    pub async fn send_text(&mut self, text: &str) {
        self.send_frame(0x81, text.as_bytes()).await;
    }

    /// Sends a message.
    pub async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    async fn fill(&mut self, length: usize) -> bool {
        while self.buffer.len() < length {
            self.buffer.reserve(16_384);
            if matches!(self.stream.read_buf(&mut self.buffer).await, Ok(0) | Err(_)) {
                return false;
            }
        }
        true
    }

    async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        if !self.fill(2).await {
            return None;
        }
        let (first, short) = (self.buffer[0], self.buffer[1]);
        let (head, length) = match short {
            126 => {
                self.fill(4).await.then_some(())?;
                (4, usize::from(u16::from_be_bytes(self.buffer[2..4].try_into().unwrap())))
            }
            127 => {
                self.fill(10).await.then_some(())?;
                (10, u64::from_be_bytes(self.buffer[2..10].try_into().unwrap()) as usize)
            }
            short => (2, usize::from(short)),
        };
        self.fill(head + length).await.then_some(())?;
        let rest = self.buffer.split_off(head + length);
        let frame = std::mem::replace(&mut self.buffer, rest);
        Some((first & 0x0f, frame[head..].to_vec()))
    }

    /// What comes next, but for signs of life.
    pub async fn next(&mut self) -> Heard {
        tokio::time::timeout(PATIENCE, self.next_whenever()).await.expect("something must come")
    }

    async fn next_whenever(&mut self) -> Heard {
        loop {
            match self.frame().await {
                None => return Heard::Lost,
                Some((0x1, text)) => {
                    let message: Value = serde_json::from_slice(&text).unwrap();
                    if message["type"] == "heartbeat" {
                        self.heartbeats += 1;
                        continue;
                    }
                    return Heard::Text(message);
                }
                Some((0x8, payload)) => {
                    let code = payload.get(..2).map_or(1005, |code| u16::from_be_bytes([code[0], code[1]]));
                    let reason = payload.get(2..).unwrap_or_default();
                    return Heard::Closed(code, String::from_utf8_lossy(reason).into_owned());
                }
                Some((0x9, payload)) => {
                    if self.answers_pings {
                        self.send_frame(0x8a, &payload).await;
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// The next message, which must be one.
    #[track_caller]
    pub fn message(&mut self) -> impl Future<Output = Value> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            match self.next().await {
                Heard::Text(message) => message,
                other => panic!("{caller}: {other:?} instead of a message"),
            }
        }
    }

    /// Asks something and takes the next message for the answer.
    pub async fn ask(&mut self, message: Value) -> Value {
        self.send(message).await;
        self.message().await
    }

    /// Subscribes to a collection, which must be allowed.
    pub async fn subscribe(&mut self, collection: &str) {
        self.subscribe_as(json!({ "collection": collection })).await;
    }

    /// The same with other keys.
    pub async fn subscribe_as(&mut self, mut message: Value) {
        message["action"] = json!("subscribe");
        let answer = self.ask(message).await;
        assert_eq!(answer["type"], "subscribed", "{answer}");
    }

    /// All that came so far: what was committed before the call is told by the time of the answer.
    /// `marks` is a collection that anybody may list.
    pub async fn so_far(&mut self) -> Vec<Value> {
        self.send(json!({ "action": "subscribe", "collection": "marks" })).await;
        let mut all = Vec::new();
        loop {
            let message = self.message().await;
            if message["type"] == "subscribed" && message["collection"] == "marks" {
                return all;
            }
            all.push(message);
        }
    }

    /// The same, each as its type and its data.
    pub async fn events_so_far(&mut self) -> Vec<(String, Value)> {
        self.so_far().await.into_iter().map(event).collect()
    }

    /// How the server ends the connection, whatever comes before.
    pub async fn end(&mut self) -> (u16, String) {
        loop {
            match self.next().await {
                Heard::Text(_) => {}
                Heard::Closed(code, reason) => return (code, reason),
                Heard::Lost => panic!("the connection ended without a word"),
            }
        }
    }
}

/// The type and the data of an event.
pub fn event(mut message: Value) -> (String, Value) {
    (message["type"].as_str().unwrap_or_else(|| panic!("{message}")).to_owned(), message["data"].take())
}

/// A stream of server-sent events.
pub struct Stream {
    stream: TcpStream,
    /// What came and is not understood yet: chunks of the reply.
    raw: Vec<u8>,
    text: String,
    pub head: String,
}

/// A server-sent event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sent {
    pub name: String,
    pub id: Option<String>,
    pub data: Value,
}

impl Stream {
    /// Opens one; the status and body where the server refuses.
    pub async fn try_open(base: &str, query: &str, headers: &[(&str, &str)]) -> Result<Self, String> {
        let (mut stream, authority) = connect(base, None).await;
        let mut request = format!("GET /api/v1/realtime/subscribe?{query} HTTP/1.1\r\nHost: {authority}\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{request}\r\n").as_bytes()).await.unwrap();
        let (head, raw) = read_head(&mut stream).await;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(format!("{} {}", &head[9..12], String::from_utf8_lossy(&raw)));
        }
        Ok(Self { stream, raw, text: String::new(), head })
    }

    /// The next event that is no sign of life; `None` at the end.
    pub async fn next(&mut self) -> Option<Sent> {
        tokio::time::timeout(PATIENCE, self.next_whenever()).await.expect("something must come")
    }

    async fn next_whenever(&mut self) -> Option<Sent> {
        loop {
            while let Some(end) = self.text.find("\r\n\r\n") {
                let block: String = self.text.drain(..end + 4).collect();
                let mut sent = Sent::default();
                for line in block.lines() {
                    match line.split_once(": ") {
                        Some(("event", name)) => sent.name = name.to_owned(),
                        Some(("id", id)) => sent.id = Some(id.to_owned()),
                        Some(("data", data)) => sent.data = serde_json::from_str(data).unwrap(),
                        _ => {}
                    }
                }
                if !sent.data.is_null() && sent.name != "heartbeat" {
                    return Some(sent);
                }
            }
            if !self.chunk().await {
                return None;
            }
        }
    }

    /// Reads a chunk (RFC 9112, section 7.1); `false` at the end.
    async fn chunk(&mut self) -> bool {
        loop {
            if let Some(line) = self.raw.windows(2).position(|bytes| bytes == b"\r\n") {
                let size =
                    usize::from_str_radix(std::str::from_utf8(&self.raw[..line]).unwrap(), 16).unwrap();
                if size == 0 {
                    return false;
                }
                if self.raw.len() >= line + 4 + size {
                    self.text.push_str(std::str::from_utf8(&self.raw[line + 2..line + 2 + size]).unwrap());
                    self.raw.drain(..line + 4 + size);
                    return true;
                }
            }
            if matches!(self.stream.read_buf(&mut self.raw).await, Ok(0) | Err(_)) {
                return false;
            }
        }
    }
}
