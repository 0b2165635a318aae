//! Many subscribers of one collection, and changes that all of them hear.
//!
//!     snackbase-bench-realtime ADDRESS TOKEN COLLECTION SUBSCRIBERS CHANGES WRITERS [PID]
//!
//! Prints what was delivered, how long it took from the reply to a write until a subscriber had it, and
//! what a subscriber costs the server with that process id in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Barrier, Semaphore};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Connections that are opened at once.
const OPENING: usize = 64;
const PATIENCE: Duration = Duration::from_secs(120);

struct Run {
    address: String,
    token: String,
    collection: String,
    changes: usize,
    begun: Instant,
    /// When each write was sent and when it was answered, in microseconds.
    sent: Vec<AtomicU64>,
    answered: Vec<AtomicU64>,
    delivered: AtomicUsize,
}

impl Run {
    fn now(&self) -> u64 {
        self.begun.elapsed().as_micros() as u64
    }
}

/// The bytes of a connection, read as far as needed.
struct Reader {
    stream: TcpStream,
    buffer: Vec<u8>,
    at: usize,
}

impl Reader {
    async fn need(&mut self, length: usize) -> Outcome<()> {
        while self.buffer.len() - self.at < length {
            if self.at > 0 {
                self.buffer.drain(..self.at);
                self.at = 0;
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the connection ended".into());
            }
        }
        Ok(())
    }

    async fn head(&mut self) -> Outcome<String> {
        loop {
            let rest = &self.buffer[self.at..];
            if let Some(end) = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&rest[..end]).into_owned();
                self.at += end + 4;
                return Ok(head);
            }
            let there = rest.len();
            self.need(there + 1).await?;
        }
    }

    /// The next text of a WebSocket.
    async fn text(&mut self) -> Outcome<&[u8]> {
        loop {
            self.need(2).await?;
            let (first, short) = (self.buffer[self.at], usize::from(self.buffer[self.at + 1]));
            let head = match short {
                126 => 4,
                127 => 10,
                _ => 2,
            };
            self.need(head).await?;
            let bytes = &self.buffer[self.at + 2..self.at + head];
            let length = match head {
                2 => short,
                _ => bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
            };
            self.need(head + length).await?;
            let start = self.at + head;
            self.at = start + length;
            match first & 0x0f {
                1 => return Ok(&self.buffer[start..start + length]),
                8 => return Err(format!("closed: {:?}", &self.buffer[start..start + length]).into()),
                _ => {}
            }
        }
    }
}

async fn subscriber(run: Arc<Run>, turns: Arc<Semaphore>, ready: Arc<Barrier>) -> Outcome<Vec<u32>> {
    let turn = turns.acquire().await?;
    let mut stream = TcpStream::connect(&run.address).await?;
    let handshake = format!(
        "GET /api/v1/realtime/ws HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer {}\r\n\r\n",
        run.address, run.token
    );
    stream.write_all(handshake.as_bytes()).await?;
    let mut reader = Reader { stream, buffer: Vec::with_capacity(4096), at: 0 };
    let head = reader.head().await?;
    if !head.starts_with("HTTP/1.1 101") {
        return Err(head.into());
    }
    let message = format!(r#"{{"action":"subscribe","collection":"{}"}}"#, run.collection);
    let mut frame = vec![0x81, 0x80 | message.len() as u8, 0, 0, 0, 0];
    frame.extend(message.bytes());
    reader.stream.write_all(&frame).await?;
    reader.text().await?;
    drop(turn);
    ready.wait().await;
    let mut latencies = vec![0; run.changes];
    for _ in 0..run.changes {
        let text = loop {
            let text = reader.text().await?;
            if text.starts_with(br#"{"type":""#) && text.windows(5).any(|bytes| bytes == b"data\"") {
                break text;
            }
        };
        let key = br#""n":"#;
        let place = text.windows(key.len()).position(|bytes| bytes == key).ok_or("no number")?;
        let digits = text[place + key.len()..].iter().take_while(|byte| byte.is_ascii_digit());
        let n = digits.fold(0, |n, digit| n * 10 + usize::from(digit - b'0'));
        let sent = run.sent[n].load(Ordering::Relaxed);
        latencies[n] = run.now().saturating_sub(sent) as u32;
        run.delivered.fetch_add(1, Ordering::Relaxed);
    }
    Ok(latencies)
}

async fn writer(run: Arc<Run>, next: Arc<AtomicUsize>) -> Outcome<()> {
    let stream = TcpStream::connect(&run.address).await?;
    stream.set_nodelay(true)?;
    let mut reader = Reader { stream, buffer: Vec::with_capacity(4096), at: 0 };
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= run.changes {
            return Ok(());
        }
        let body = format!(r#"{{"title":"a title of some length","body":"{}","n":{n}}}"#, "x".repeat(100));
        let request = format!(
            "POST /api/v1/records/{} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            run.collection,
            run.address,
            run.token,
            body.len()
        );
        run.sent[n].store(run.now(), Ordering::Relaxed);
        reader.stream.write_all(request.as_bytes()).await?;
        let head = reader.head().await?;
        run.answered[n].store(run.now(), Ordering::Relaxed);
        if !head.starts_with("HTTP/1.1 201") {
            return Err(head.into());
        }
        let lower = head.to_ascii_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or("no length")?;
        let length = length.trim().parse()?;
        reader.need(length).await?;
        reader.at += length;
    }
}

/// Kilobytes that a process holds.
fn resident(pid: Option<&String>) -> u64 {
    let status = pid.and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/status")).ok());
    let line = status.as_deref().and_then(|status| status.lines().find(|line| line.starts_with("VmRSS")));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

fn quantile(sorted: &[u32], part: f64) -> f64 {
    let place = ((sorted.len() - 1) as f64 * part) as usize;
    f64::from(sorted[place]) / 1000.0
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Outcome<()> {
    let given: Vec<String> = std::env::args().collect();
    let [_, address, token, collection, subscribers, changes, writers, rest @ ..] = &given[..] else {
        return Err("ADDRESS TOKEN COLLECTION SUBSCRIBERS CHANGES WRITERS [PID]".into());
    };
    let (subscribers, changes): (usize, usize) = (subscribers.parse()?, changes.parse()?);
    let writers: usize = writers.parse()?;
    let moments = || (0..changes).map(|_| AtomicU64::new(0)).collect();
    let run = Arc::new(Run {
        address: address.clone(),
        token: token.clone(),
        collection: collection.clone(),
        changes,
        begun: Instant::now(),
        sent: moments(),
        answered: moments(),
        delivered: AtomicUsize::new(0),
    });
    let before = resident(rest.first());
    let (turns, ready) = (Arc::new(Semaphore::new(OPENING)), Arc::new(Barrier::new(subscribers + 1)));
    let listening: Vec<_> =
        (0..subscribers).map(|_| tokio::spawn(subscriber(run.clone(), turns.clone(), ready.clone()))).collect();
    if tokio::time::timeout(PATIENCE, ready.wait()).await.is_err() {
        for one in listening {
            if one.is_finished() {
                one.await??;
            }
        }
        return Err("not all could subscribe".into());
    }
    let opened = run.begun.elapsed();
    let connected = resident(rest.first());
    let begun = run.now();
    let next = Arc::new(AtomicUsize::new(0));
    let writing: Vec<_> = (0..writers).map(|_| tokio::spawn(writer(run.clone(), next.clone()))).collect();
    for one in writing {
        one.await??;
    }
    let written = run.now() - begun;
    let mut all: Vec<u32> = Vec::with_capacity(subscribers * changes);
    let mut since_reply = Vec::with_capacity(subscribers * changes);
    for one in listening {
        let latencies = tokio::time::timeout(PATIENCE, one).await???;
        for (n, latency) in latencies.into_iter().enumerate() {
            let reply = run.answered[n].load(Ordering::Relaxed) - run.sent[n].load(Ordering::Relaxed);
            all.push(latency);
            since_reply.push(latency.saturating_sub(reply as u32));
        }
    }
    let took = run.now() - begun;
    let loaded = resident(rest.first());
    all.sort_unstable();
    since_reply.sort_unstable();
    let delivered = run.delivered.load(Ordering::Relaxed);
    println!("{subscribers} subscribers, {changes} changes by {writers} writers");
    println!("all subscribed after                {:.1} s", opened.as_secs_f64());
    println!("writes per second                   {:.0}", changes as f64 / (written as f64 / 1e6));
    println!("delivered                           {delivered} of {}", subscribers * changes);
    println!("delivered messages per second       {:.0}", delivered as f64 / (took as f64 / 1e6));
    println!("from the write's reply to a client  p50 {:.1} ms, p99 {:.1} ms", quantile(&since_reply, 0.5), quantile(&since_reply, 0.99));
    println!("from sending the write              p50 {:.1} ms, p99 {:.1} ms", quantile(&all, 0.5), quantile(&all, 0.99));
    if before > 0 {
        println!("memory of a subscriber              {:.1} KiB", (connected.saturating_sub(before)) as f64 / subscribers as f64);
        println!("memory: before, subscribed, after   {:.0}, {:.0}, {:.0} MiB", before as f64 / 1024.0, connected as f64 / 1024.0, loaded as f64 / 1024.0);
    }
    Ok(())
}
