//! The password for the mail servers: typed without echo, or the first line of standard input. Never an argument, never kept.

use std::io::BufRead as _;

use inbox_catalogue::phrase;
use inbox_engine::servers::{MailSignIn, Means};
use inbox_model::{EmailAddress, Secret};

use super::Session;
use crate::{
    arguments::MailPassword,
    output::{self, Exit},
};

/// The longest password that is read, in bytes.
const MAX_PASSWORD: u64 = 1024;

/// Reads it where it was asked for. `target` is the address whose mail servers they are.
///
/// # Errors
/// The exit code, once the reason was printed: no name to sign in with, or nothing to read a password from.
pub fn read(session: &Session, wanted: &MailPassword, target: &str) -> Result<Option<MailSignIn>, Exit> {
    if !wanted.password && !wanted.password_stdin {
        return Ok(None);
    }
    let user = wanted.user.clone().or_else(|| EmailAddress::parse(target).ok().map(|address| address.to_string()));
    let Some(user) = user else {
        output::complain(&phrase(session.language, "road.password-wants-address", &[]));
        return Err(Exit::Usage);
    };
    let typed = if wanted.password_stdin {
        first_line()
    } else {
        rpassword::prompt_password(phrase(session.language, "road.password-prompt", &[("user", &user)]))
    };
    let password = match typed.map(Secret::new) {
        Ok(password) if !password.expose().is_empty() => password,
        Ok(_) => {
            output::complain("inbox-doctor: no password was given");
            return Err(Exit::Usage);
        }
        Err(error) => {
            output::complain(&format!("inbox-doctor: the password cannot be read: {error}"));
            return Err(Exit::Usage);
        }
    };
    Ok(Some(MailSignIn { user: wanted.user.clone(), means: Means::Password(password) }))
}

fn first_line() -> std::io::Result<String> {
    use std::io::Read as _;
    let mut line = String::new();
    std::io::stdin().lock().take(MAX_PASSWORD).read_line(&mut line)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}
