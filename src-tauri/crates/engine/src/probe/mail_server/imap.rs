//! IMAP: greeting, CAPABILITY before and after TLS, ID, sign-in, EXAMINE INBOX, LOGOUT.

use inbox_model::{CodeFamily, Failure, Secret};
use inbox_net::{
    Dialogue,
    line::{
        imap::{self, Reply, Status},
        sasl::{self, Challenge},
    },
};

use super::{
    Offer, next, no_start_tls, other_protocol, refused,
    sign_in::{Credentials, Means, SignedIn, with_challenge},
};

/// The most lines before the answer to a command.
const MAX_LINES: usize = 64;

pub(super) async fn ask(mut dialogue: Dialogue, start_tls: bool) -> Result<Offer, Failure> {
    let offer = begin(&mut dialogue, start_tls).await?;
    dialogue.part("a9 LOGOUT").await;
    Ok(offer)
}

/// Up to the point where somebody could sign in.
async fn begin(dialogue: &mut Dialogue, start_tls: bool) -> Result<Offer, Failure> {
    let line = next(dialogue).await?;
    let greeting = imap::greeting(&line).ok_or_else(|| other_protocol(&line))?;
    if greeting.status == Status::Bye {
        return Err(refusal(greeting));
    }
    let mut offer = Offer::default();
    if start_tls {
        let before = capabilities(dialogue, "a1").await?;
        if !before.iter().any(|name| name == "STARTTLS") {
            // A friendly end; what comes of it changes nothing.
            let _ = dialogue.send("a9 LOGOUT").await;
            return Err(no_start_tls());
        }
        offer.login_disabled_before_tls = Some(is_disabled(&before));
        offer.capabilities_before_tls = Some(before);
        command(dialogue, "a2", "STARTTLS", |_| {}).await?;
        dialogue.start_tls().await?;
    }
    // What was said before TLS is forgotten (RFC 9051 section 6.2.1).
    let names = capabilities(dialogue, "a3").await?;
    if names.iter().any(|name| name == "ID") {
        // Which program answers (RFC 2971). `NIL` tells it nothing about us. A refusal changes nothing.
        match command(dialogue, "a4", "ID NIL", |_| {}).await {
            Err(failure) if failure.kind != inbox_model::FailureKind::ProviderRefused => return Err(failure),
            _ => {}
        }
    }
    offer.login_disabled = Some(is_disabled(&names));
    offer.mechanisms = Some(imap::mechanisms(&names));
    offer.capabilities = Some(names);
    Ok(offer)
}

/// Signs in, opens the inbox read-only, leaves.
pub(super) async fn sign_in(
    mut dialogue: Dialogue,
    start_tls: bool,
    credentials: &Credentials<'_>,
) -> Result<SignedIn, Failure> {
    let offer = begin(&mut dialogue, start_tls).await?;
    let names = offer.capabilities.clone().unwrap_or_default();
    let initial = names.iter().any(|name| name == "SASL-IR");
    let mechanism = credentials.choose(&offer)?;
    let mut capabilities = None;
    let reply = match (mechanism, credentials.means) {
        ("LOGIN", Means::Password(password)) if offer.login_disabled == Some(true) => {
            authenticate_login(&mut dialogue, credentials.user, password, &mut capabilities).await?
        }
        ("LOGIN", Means::Password(password)) => {
            login(&mut dialogue, credentials.user, password, &mut capabilities).await?
        }
        (name, means) => {
            let (first, end) = credentials.first(name, means, &dialogue);
            authenticate(&mut dialogue, name, &first, initial, end, &mut capabilities).await?
        }
    };
    // What it offers to this person (RFC 9051 section 6.2.2: the list may change).
    let capabilities = match capabilities.or_else(|| imap::capabilities_of(&reply)) {
        Some(names) => Some(names),
        None => self::capabilities(&mut dialogue, "a6").await.ok(),
    };
    let mut messages = None;
    let opened = command(&mut dialogue, "a7", "EXAMINE INBOX", |line| messages = imap::exists(line).or(messages)).await;
    dialogue.part("a9 LOGOUT").await;
    Ok(SignedIn { mechanism: mechanism.to_owned(), capabilities, inbox: Some(opened.map(|_| messages)) })
}

async fn login(
    dialogue: &mut Dialogue,
    user: &str,
    password: &Secret<String>,
    capabilities: &mut Option<Vec<String>>,
) -> Result<Reply, Failure> {
    let quoted = imap::quoted(password.expose()).map(Secret::new);
    let name = imap::quoted(user).ok_or_else(|| refused(CodeFamily::Vendor, None, "user-name"))?;
    match quoted {
        Some(quoted) => {
            let line = Secret::new(format!("a5 LOGIN {name} {}", quoted.expose()));
            dialogue.send_secret(&line, &format!("a5 LOGIN {name} ***")).await?;
        }
        None => {
            // A literal: its length first, its bytes once the server agrees (RFC 9051 section 4.3).
            dialogue.send(&format!("a5 LOGIN {name} {{{}}}", password.expose().len())).await?;
            agreed(dialogue, "a5").await?;
            dialogue.send_secret(password, "***").await?;
        }
    }
    answer(dialogue, "a5", None, capabilities).await
}

/// The mechanism of that name, which asks for name and password one after the other.
async fn authenticate_login(
    dialogue: &mut Dialogue,
    user: &str,
    password: &Secret<String>,
    capabilities: &mut Option<Vec<String>>,
) -> Result<Reply, Failure> {
    dialogue.send("a5 AUTHENTICATE LOGIN").await?;
    agreed(dialogue, "a5").await?;
    dialogue.send_secret(&sasl::encode(user), user).await?;
    agreed(dialogue, "a5").await?;
    dialogue.send_secret(&sasl::encode(password.expose()), "***").await?;
    answer(dialogue, "a5", None, capabilities).await
}

async fn authenticate(
    dialogue: &mut Dialogue,
    mechanism: &str,
    first: &Secret<String>,
    initial: bool,
    end: &str,
    capabilities: &mut Option<Vec<String>>,
) -> Result<Reply, Failure> {
    if initial {
        // RFC 4959: the first answer goes along with the command.
        let line = Secret::new(format!("a5 AUTHENTICATE {mechanism} {}", first.expose()));
        dialogue.send_secret(&line, &format!("a5 AUTHENTICATE {mechanism} ***")).await?;
    } else {
        dialogue.send(&format!("a5 AUTHENTICATE {mechanism}")).await?;
        agreed(dialogue, "a5").await?;
        dialogue.send_secret(first, "***").await?;
    }
    answer(dialogue, "a5", Some(end), capabilities).await
}

/// Waits until the server wants the rest of a command.
async fn agreed(dialogue: &mut Dialogue, tag: &str) -> Result<(), Failure> {
    for _ in 0..MAX_LINES {
        let line = next(dialogue).await?;
        if imap::continuation(&line).is_some() {
            return Ok(());
        }
        if let Some(reply) = imap::tagged(&line, tag).or_else(|| imap::bye(&line)) {
            return Err(refusal(reply));
        }
    }
    Err(other_protocol("no answer to the command"))
}

/// The answer to a sign-in. A challenge is answered with `end`: it tells why the server says no, and the no comes after it.
async fn answer(
    dialogue: &mut Dialogue,
    tag: &str,
    end: Option<&str>,
    capabilities: &mut Option<Vec<String>>,
) -> Result<Reply, Failure> {
    let mut challenge = None;
    for _ in 0..MAX_LINES {
        let line = next(dialogue).await?;
        if let Some(reply) = imap::tagged(&line, tag) {
            let ok = reply.status == Status::Ok;
            return if ok { Ok(reply) } else { Err(with_challenge(refusal(reply), challenge.as_ref())) };
        }
        if let Some(reply) = imap::bye(&line) {
            return Err(with_challenge(refusal(reply), challenge.as_ref()));
        }
        match (imap::continuation(&line), end) {
            (Some(text), Some(end)) => {
                challenge = Challenge::parse(text);
                if let Some(read) = &challenge {
                    dialogue.transcript().note(&read.words());
                }
                dialogue.send(end).await?;
            }
            _ if line.starts_with("* ") => *capabilities = imap::capabilities(&line).or(capabilities.take()),
            _ => return Err(other_protocol(&line)),
        }
    }
    Err(other_protocol("no answer to the sign-in"))
}

fn is_disabled(names: &[String]) -> bool {
    names.iter().any(|name| name == "LOGINDISABLED")
}

async fn capabilities(dialogue: &mut Dialogue, tag: &str) -> Result<Vec<String>, Failure> {
    let mut names = None;
    let reply = command(dialogue, tag, "CAPABILITY", |line| {
        if let Some(read) = imap::capabilities(line) {
            names = Some(read);
        }
    })
    .await?;
    names.or_else(|| imap::capabilities_of(&reply)).ok_or_else(|| other_protocol(&reply.text))
}

/// Sends a command and reads up to its answer; each line before it is shown to `see`.
async fn command(dialogue: &mut Dialogue, tag: &str, words: &str, mut see: impl FnMut(&str)) -> Result<Reply, Failure> {
    dialogue.send(&format!("{tag} {words}")).await?;
    for _ in 0..MAX_LINES {
        let line = next(dialogue).await?;
        if let Some(reply) = imap::tagged(&line, tag) {
            return if reply.status == Status::Ok { Ok(reply) } else { Err(refusal(reply)) };
        }
        if let Some(reply) = imap::bye(&line) {
            return Err(refusal(reply));
        }
        if !line.starts_with("* ") {
            return Err(other_protocol(&line));
        }
        see(&line);
    }
    Err(other_protocol("no answer to the command"))
}

fn refusal(reply: Reply) -> Failure {
    refused(CodeFamily::Imap, reply.code, &reply.text)
}
