//! A mail server that keeps what it is given, or behaves badly as a test wants (RFC 5321, with STARTTLS
//! and AUTH).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

/// A message that was taken.
#[derive(Clone, Debug, Default)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    /// Headers and body, without the dots that the protocol adds.
    pub data: String,
    /// The mechanism, user and password of the sign-in.
    pub login: Option<(String, String, String)>,
    /// Whether it came through TLS.
    pub secured: bool,
}

impl Received {
    /// The header lines of that name, unfolded.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let (headers, _) = self.data.split_once("\r\n\r\n").unwrap();
        let headers = headers.replace("\r\n ", " ").replace("\r\n\t", " ");
        let of_name = |line: &str| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        };
        headers.split("\r\n").filter_map(of_name).collect()
    }

    /// The data with soft line breaks and `=XX` of quoted-printable undone, for a look at the bodies.
    pub fn readable(&self) -> String {
        self.data.replace("=\r\n", "").replace("=3D", "=")
    }
}

/// What a connection does at the end of a message instead of taking it.
#[derive(Clone, Debug)]
pub enum Mood {
    /// Answers with this line.
    Answer(&'static str),
    /// Goes away in the middle of the message.
    Drop,
    /// Waits before it takes the message.
    Slow(Duration),
    /// Never answers.
    Hang,
}

/// How connections are secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    None,
    StartTls,
    Tls,
}

/// An authority that tests trust, and the certificate of `localhost` that it signed.
pub struct Authority {
    /// The authority's own certificate.
    pub pem: String,
    acceptor: TlsAcceptor,
}

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .unwrap();
        Self { pem, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }
}

#[derive(Default)]
struct State {
    received: Mutex<Vec<Received>>,
    moods: Mutex<VecDeque<Mood>>,
    begun: Mutex<usize>,
    changed: Notify,
}

/// A mail server on a port of its own.
pub struct SmtpServer {
    pub port: u16,
    state: Arc<State>,
}

impl SmtpServer {
    /// One without TLS.
    pub async fn start() -> Self {
        Self::start_with(Security::None, None, "PLAIN LOGIN").await
    }

    /// `mechanisms` are those that it knows for signing in.
    pub async fn start_with(
        security: Security,
        authority: Option<&Authority>,
        mechanisms: &'static str,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let (acceptor, kept) = (authority.map(|authority| authority.acceptor.clone()), state.clone());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let talk = Talk { state: kept.clone(), mechanisms, mail: Received::default() };
                tokio::spawn(talk.serve(connection, security, acceptor.clone()));
            }
        });
        Self { port, state }
    }

    /// The next message is met in this mood, those after it in the next ones.
    pub fn next(&self, mood: Mood) {
        self.state.moods.lock().unwrap().push_back(mood);
    }

    /// The messages so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap().clone()
    }

    /// Waits until so many messages were taken.
    pub async fn until_received(&self, count: usize) -> Vec<Received> {
        self.until(|state| state.received.lock().unwrap().len() >= count).await;
        self.received()
    }

    /// Waits until so many messages were begun, whatever became of them.
    pub async fn until_begun(&self, count: usize) {
        self.until(|state| *state.begun.lock().unwrap() >= count).await;
    }

    async fn until(&self, done: impl Fn(&State) -> bool) {
        let wait = async {
            loop {
                let changed = self.state.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if done(&self.state) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), wait).await.expect("mail that does not come");
    }
}

/// One conversation.
struct Talk {
    state: Arc<State>,
    mechanisms: &'static str,
    mail: Received,
}

impl Talk {
    async fn serve(mut self, connection: TcpStream, security: Security, acceptor: Option<TlsAcceptor>) {
        // A client that goes away ends the conversation, which is no failure of the test.
        let _ = match (security, acceptor) {
            (Security::Tls, Some(acceptor)) => match acceptor.accept(connection).await {
                Ok(connection) => {
                    self.mail.secured = true;
                    self.talk(&mut BufStream::new(connection), true, false).await
                }
                Err(_) => Ok(false),
            },
            (Security::StartTls, Some(acceptor)) => {
                let mut clear = BufStream::new(connection);
                match self.talk(&mut clear, true, true).await {
                    Ok(true) => match acceptor.accept(clear.into_inner()).await {
                        Ok(connection) => {
                            self.mail.secured = true;
                            self.talk(&mut BufStream::new(connection), false, false).await
                        }
                        Err(_) => Ok(false),
                    },
                    other => other,
                }
            }
            _ => self.talk(&mut BufStream::new(connection), true, false).await,
        };
    }

    /// Talks until the client goes (false) or wants TLS (true).
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut BufStream<S>,
        greet: bool,
        offer_tls: bool,
    ) -> std::io::Result<bool> {
        if greet {
            say(stream, "220 test server").await?;
        }
        while let Some(line) = line(stream).await? {
            let upper = line.to_uppercase();
            match upper.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => {
                    say(stream, "250-test server").await?;
                    if offer_tls {
                        say(stream, "250-STARTTLS").await?;
                    }
                    say(stream, &format!("250 AUTH {}", self.mechanisms)).await?;
                }
                "STARTTLS" if offer_tls => {
                    say(stream, "220 go ahead").await?;
                    return Ok(true);
                }
                "AUTH" => self.sign_in(stream, &line).await?,
                "MAIL" => {
                    self.mail.from = address(&line);
                    say(stream, "250 ok").await?;
                }
                "RCPT" => {
                    self.mail.to.push(address(&line));
                    say(stream, "250 ok").await?;
                }
                "DATA" => {
                    if !self.take(stream).await? {
                        return Ok(false);
                    }
                }
                "QUIT" => {
                    say(stream, "221 bye").await?;
                    return Ok(false);
                }
                "RSET" | "NOOP" => say(stream, "250 ok").await?,
                _ => say(stream, "502 what?").await?,
            }
        }
        Ok(false)
    }

    async fn sign_in<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut BufStream<S>,
        command: &str,
    ) -> std::io::Result<()> {
        let decode = |text: &str| {
            let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
            String::from_utf8(bytes).unwrap_or_default()
        };
        let words: Vec<_> = command.split_whitespace().collect();
        let (user, password) = if words[1].eq_ignore_ascii_case("LOGIN") {
            say(stream, "334 VXNlcm5hbWU6").await?;
            let user = decode(&line(stream).await?.unwrap_or_default());
            say(stream, "334 UGFzc3dvcmQ6").await?;
            (user, decode(&line(stream).await?.unwrap_or_default()))
        } else {
            let sent = decode(words.get(2).copied().unwrap_or_default());
            let mut parts = sent.split('\0').skip(1).map(str::to_owned);
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        };
        if password == "wrong" {
            return say(stream, "535 5.7.8 Authentication credentials invalid").await;
        }
        self.mail.login = Some((words[1].to_uppercase(), user, password));
        say(stream, "235 ok").await
    }

    /// Takes a message, or does not. Whether the conversation goes on.
    async fn take<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut BufStream<S>,
    ) -> std::io::Result<bool> {
        say(stream, "354 go on").await?;
        *self.state.begun.lock().unwrap() += 1;
        let mood = self.state.moods.lock().unwrap().pop_front();
        self.state.changed.notify_waiters();
        if matches!(mood, Some(Mood::Drop)) {
            line(stream).await?;
            return Ok(false);
        }
        let mut data = String::new();
        while let Some(line) = line(stream).await? {
            if line == "." {
                break;
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
            data.push_str("\r\n");
        }
        match mood {
            Some(Mood::Answer(answer)) => {
                self.mail.to.clear();
                say(stream, answer).await?;
                return Ok(true);
            }
            Some(Mood::Slow(time)) => tokio::time::sleep(time).await,
            Some(Mood::Hang) => std::future::pending().await,
            Some(Mood::Drop) | None => {}
        }
        let mail = Received { data, ..self.mail.clone() };
        self.mail.to.clear();
        self.state.received.lock().unwrap().push(mail);
        self.state.changed.notify_waiters();
        say(stream, "250 kept").await?;
        Ok(true)
    }
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufStream<S>,
    text: &str,
) -> std::io::Result<()> {
    stream.write_all(format!("{text}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn line(stream: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if stream.read_until(b'\n', &mut bytes).await? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned()))
}

/// The address of `MAIL FROM:<…>` and `RCPT TO:<…>`.
fn address(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap();
    rest.split('>').next().unwrap().to_owned()
}
