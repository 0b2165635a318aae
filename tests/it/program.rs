//! The built program as a process, on a SQLite file in a folder of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::client::Client;
use crate::server::{PASSWORD, SUPERADMIN_EMAIL, skipped};

/// The program and the folder it works in.
pub struct Program {
    binary: PathBuf,
    folder: TempDir,
}

impl Program {
    /// The program that `SNACKBASE_BIN` names, or the one beside the tests. `None`, loudly, when it is
    /// not there.
    pub fn find(test: &str) -> Option<Self> {
        let binary = match std::env::var_os("SNACKBASE_BIN") {
            Some(path) => PathBuf::from(path),
            None => std::env::current_exe().unwrap().ancestors().nth(2)?.join("snackbase"),
        };
        if !binary.is_file() {
            let place = binary.display();
            skipped(test, &format!("no program at {place} (cargo build --workspace makes it)"));
            return None;
        }
        let binary = binary.canonicalize().unwrap();
        Some(Self { binary, folder: TempDir::new().unwrap() })
    }

    /// Where the database file is.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("data/snackbase.db")
    }

    /// The folder it works in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A run with these arguments, with no settings but the database's place.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().to_uppercase().starts_with("SNACKBASE_") {
                command.env_remove(name);
            }
        }
        let database = format!("sqlite:///{}", self.database().display());
        command.args(arguments).current_dir(self.folder()).env("SNACKBASE_DATABASE_URL", database);
        command
    }

    /// Runs it to its end; `input` is what is typed.
    pub fn run(&self, arguments: &[&str], settings: &[(&str, &str)], input: &str) -> Ended {
        let mut command = self.command(arguments);
        command.envs(settings.iter().map(|(name, value)| (format!("SNACKBASE_{name}"), value)));
        let typed = self.folder().join("typed");
        std::fs::write(&typed, input).unwrap();
        let output = command.stdin(std::fs::File::open(typed).unwrap()).output().unwrap();
        Ended::from(output)
    }

    /// Starts a server with the usual superadmin and waits until it is ready.
    pub async fn serve(&self) -> Serving {
        self.serve_with(&[]).await
    }

    /// Starts a server with other settings besides, named without their prefix.
    pub async fn serve_with(&self, others: &[(&str, &str)]) -> Serving {
        self.serve_in(others, &[]).await
    }

    /// The same; it trusts the authorities of a file and no others.
    pub async fn serve_trusting(&self, authorities: &Path, others: &[(&str, &str)]) -> Serving {
        self.serve_in(others, &[("SSL_CERT_FILE", authorities)]).await
    }

    async fn serve_in(&self, others: &[(&str, &str)], variables: &[(&str, &Path)]) -> Serving {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = std::fs::File::create(self.folder().join("log")).unwrap();
        let mut command = self.command(&["serve"]);
        let settings = [
            ("LOG_LEVEL", "WARNING"),
            ("HOST", "127.0.0.1"),
            ("PORT", &port.to_string()),
            ("SUPERADMIN_EMAIL", SUPERADMIN_EMAIL),
            ("SUPERADMIN_PASSWORD", PASSWORD),
        ];
        let settings = settings.iter().chain(others);
        command.envs(settings.map(|(name, value)| (format!("SNACKBASE_{name}"), value.to_string())));
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut serving =
            Serving { child: command.spawn().unwrap(), base: format!("http://127.0.0.1:{port}") };
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return serving;
            }
            assert!(serving.child.try_wait().unwrap().is_none(), "the server ended: {}", self.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server does not listen: {}", self.log());
    }

    /// What the server wrote since its last start.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder().join("log")).unwrap_or_default()
    }
}

/// A run that has ended.
pub struct Ended {
    /// The exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The run itself, which must have that status.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A server process, killed when this is dropped.
pub struct Serving {
    child: Child,
    base: String,
}

impl Serving {
    /// The address, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The id of the process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The superadmin, signed in.
    pub async fn superadmin(&self) -> Client {
        Client::new(&self.base).signed_in("SY0000", SUPERADMIN_EMAIL).await
    }

    /// Ends it without a chance to do anything, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end: SIGTERM.
    pub fn terminate(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
    }

    /// Waits until it has ended, for at most 30 seconds.
    pub async fn ended(&mut self) -> ExitStatus {
        for _ in 0..300 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server does not end");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}
