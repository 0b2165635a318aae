//! The command line.

mod audit;
mod create_superadmin;
mod files;
mod info;
mod init_db;
mod migrate;
mod rotate_secrets;
mod serve;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::logging;
use crate::settings::Settings;
use crate::startup::{self, Overrides, Services};

/// What went wrong, for people; the exit status is 1.
type Outcome = Result<(), String>;

/// SnackBase: a backend for any app, in one binary.
#[derive(Parser)]
#[command(name = "snackbase", version, about)]
struct Cli {
    /// Show the reasons of unexpected errors in replies.
    #[arg(long, global = true, overrides_with = "no_debug")]
    debug: bool,
    /// Do not.
    #[arg(long, global = true)]
    no_debug: bool,
    /// From which weight on events are logged.
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server.
    Serve(serve::Options),
    /// Do jobs without serving requests, beside servers or instead of them.
    Worker(worker::Options),
    /// Make the database ready: folder, migrations, roles, superadmin of the environment.
    InitDb(init_db::Options),
    /// Make a superadmin.
    CreateSuperadmin(create_superadmin::Options),
    /// Show the settings that matter most.
    Info,
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Uploaded files.
    #[command(subcommand)]
    Files(files::Command),
    /// Migrations of the database's schema.
    #[command(subcommand)]
    Migrate(migrate::Command),
    /// Encrypt all stored secrets with today's key; SNACKBASE_ENCRYPTION_KEY_PREVIOUS holds the earlier ones.
    RotateSecrets,
    /// Print the reference of all settings, in Markdown.
    Settings,
    /// Print the OpenAPI document.
    Openapi,
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match execute(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: Cli) -> Outcome {
    let mut overrides: Vec<(String, String)> = Vec::new();
    let mut set = |name: &str, value: String| overrides.push((format!("SNACKBASE_{name}"), value));
    if cli.debug || cli.no_debug {
        set("DEBUG", cli.debug.to_string());
    }
    if let Some(level) = cli.log_level {
        set("LOG_LEVEL", level);
    }
    match &cli.command {
        Command::Settings => {
            print!("{}", crate::settings::reference_markdown());
            return Ok(());
        }
        Command::Openapi => {
            print!("{}", crate::http::docs::document_text());
            return Ok(());
        }
        Command::Serve(options) => options.apply(&mut set),
        Command::Worker(options) => options.apply(&mut set),
        Command::InitDb(options) => options.check_environment()?,
        _ => {}
    }
    let settings = Settings::from_env_and(overrides).map_err(|e| e.to_string())?;
    logging::init(&settings.logging, settings.app.environment, settings.database.echo)
        .map_err(|e| format!("SNACKBASE_LOG_FILE: {e}"))?;
    actix_web::rt::System::new().block_on(async {
        match cli.command {
            Command::Serve(_) => serve::run(settings).await,
            Command::Worker(options) => worker::run(settings, options).await,
            Command::InitDb(options) => init_db::run(&settings, &options).await,
            Command::CreateSuperadmin(options) => create_superadmin::run(&settings, options).await,
            Command::Info => {
                info::print(&settings);
                Ok(())
            }
            Command::Audit(command) => audit::run(&settings, command).await,
            Command::Files(command) => files::run(&settings, command).await,
            Command::Migrate(command) => migrate::run(&settings, command).await,
            Command::RotateSecrets => rotate_secrets::run(&settings).await,
            Command::Settings | Command::Openapi => Ok(()),
        }
    })
}

/// The use cases over the database of the settings.
async fn open(settings: &Settings) -> Result<Services, String> {
    startup::services(settings, Overrides::default()).await.map_err(|e| e.to_string())
}

/// Asks a question that is answered with yes or no.
fn confirm(question: &str) -> Result<bool, String> {
    use std::io::Write;
    print!("{question} [y/N]: ");
    std::io::stdout().flush().map_err(|e| e.to_string())?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|e| e.to_string())?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
