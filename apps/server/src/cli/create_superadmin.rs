//! `snackbase create-superadmin`

use std::io::Write;

use clap::Args;
use snackbase_application::{AppError, Kind, Refusal, Says};
use snackbase_domain::email::Email;
use snackbase_domain::password;

use super::{Outcome, confirm, open};
use crate::http::input::EmailAddress;
use crate::settings::Settings;
use crate::startup;

#[derive(Args)]
pub struct Options {
    /// The e-mail address; asked for when absent.
    #[arg(long)]
    email: Option<String>,
    /// The password; asked for, without showing it, when absent.
    #[arg(long)]
    password: Option<String>,
    /// Do not ask when there is a superadmin already.
    #[arg(long)]
    force: bool,
}

fn ask(question: &str) -> Result<String, String> {
    print!("{question}: ");
    std::io::stdout().flush().map_err(|e| e.to_string())?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|e| e.to_string())?;
    Ok(answer.trim().to_owned())
}

fn ask_password() -> Result<String, String> {
    let first = rpassword::prompt_password("Password: ").map_err(|e| e.to_string())?;
    let second = rpassword::prompt_password("Repeat for confirmation: ").map_err(|e| e.to_string())?;
    if first == second { Ok(first) } else { Err("Error: The two entered values do not match.".into()) }
}

pub async fn run(settings: &Settings, options: Options) -> Outcome {
    let email = match options.email {
        Some(email) => email,
        None => ask("Email")?,
    };
    let address = EmailAddress::parse(&email).map_err(|_| "Error: Invalid email format".to_owned())?;
    let password = match options.password {
        Some(password) => password,
        None => ask_password()?,
    };
    let faults = password::faults(&password);
    if !faults.is_empty() {
        let texts: Vec<_> = faults.iter().map(|f| format!("{}: {}", f.field, f.message)).collect();
        return Err(format!("Error: Password validation failed: {}", texts.join("; ")));
    }
    let services = open(settings).await?;
    startup::prepare(&services, settings).await.map_err(|e| e.to_string())?;
    let exists = !services.setup.is_needed().await.map_err(|e| e.to_string())?;
    if exists && !options.force && !confirm("A superadmin already exists. Create another one?")? {
        return Err("Aborted.".into());
    }
    let made = services.setup.create_superadmin(Email::new(address.as_str()), &password).await;
    let detail = made.map_err(|error| match error {
        AppError::Refused(Refusal { kind: Kind::Conflict, says: Says::Detail(_) }) => {
            format!("Error: A superadmin with email '{}' already exists", address.as_str())
        }
        error => format!("Error: {error}"),
    })?;
    println!("Superadmin created successfully!");
    println!("  User ID: {}", detail.user.id);
    println!("  Account ID: {}", detail.user.account_id);
    println!("  Account code: {}", detail.account_code);
    Ok(())
}
