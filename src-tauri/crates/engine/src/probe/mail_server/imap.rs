//! IMAP: greeting, CAPABILITY before and after TLS, LOGOUT.

use inbox_model::{CodeFamily, Failure};
use inbox_net::{
    Dialogue,
    line::imap::{self, Reply, Status},
};

use super::{Offer, next, no_start_tls, other_protocol, refused};

/// The most lines before the answer to a command.
const MAX_LINES: usize = 64;

pub(super) async fn ask(mut dialogue: Dialogue, start_tls: bool) -> Result<Offer, Failure> {
    let line = next(&mut dialogue).await?;
    let greeting = imap::greeting(&line).ok_or_else(|| other_protocol(&line))?;
    if greeting.status == Status::Bye {
        return Err(refusal(greeting));
    }
    let mut offer = Offer::default();
    if start_tls {
        let before = capabilities(&mut dialogue, "a1").await?;
        if !before.iter().any(|name| name == "STARTTLS") {
            dialogue.part("a9 LOGOUT").await;
            return Err(no_start_tls());
        }
        offer.login_disabled_before_tls = Some(is_disabled(&before));
        offer.capabilities_before_tls = Some(before);
        command(&mut dialogue, "a2", "STARTTLS", |_| {}).await?;
        dialogue.start_tls().await?;
    }
    // What was said before TLS is forgotten (RFC 9051 section 6.2.1).
    let names = capabilities(&mut dialogue, "a3").await?;
    offer.login_disabled = Some(is_disabled(&names));
    offer.mechanisms = Some(imap::mechanisms(&names));
    offer.capabilities = Some(names);
    dialogue.part("a9 LOGOUT").await;
    Ok(offer)
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
