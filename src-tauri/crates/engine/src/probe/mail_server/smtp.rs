//! SMTP submission: greeting, EHLO before and after TLS, QUIT. No mail is begun.

use inbox_model::{CodeFamily, Failure};
use inbox_net::{
    Dialogue,
    line::smtp::{Reader, Reply},
};

use super::{Offer, next, no_start_tls, other_protocol, refused};

/// An address literal in place of a name (RFC 5321 section 4.1.4): it tells nothing about this computer.
const HELLO: &str = "EHLO [127.0.0.1]";

pub(super) async fn ask(mut dialogue: Dialogue, start_tls: bool) -> Result<Offer, Failure> {
    reply(&mut dialogue).await?;
    let mut offer = Offer::default();
    if start_tls {
        let hello = command(&mut dialogue, HELLO).await?;
        let before = hello.keywords();
        if !before.iter().any(|name| name == "STARTTLS") {
            dialogue.part("QUIT").await;
            return Err(no_start_tls());
        }
        offer.capabilities_before_tls = Some(before);
        command(&mut dialogue, "STARTTLS").await?;
        dialogue.start_tls().await?;
    }
    // What was said before TLS is forgotten (RFC 3207 section 4.2).
    let hello = command(&mut dialogue, HELLO).await?;
    offer.capabilities = Some(hello.keywords());
    offer.mechanisms = Some(hello.mechanisms());
    dialogue.part("QUIT").await;
    Ok(offer)
}

async fn command(dialogue: &mut Dialogue, line: &str) -> Result<Reply, Failure> {
    dialogue.send(line).await?;
    reply(dialogue).await
}

async fn reply(dialogue: &mut Dialogue) -> Result<Reply, Failure> {
    let mut reader = Reader::default();
    loop {
        let line = next(dialogue).await?;
        match reader.take(&line) {
            Ok(Some(reply)) if reply.is_positive() => return Ok(reply),
            Ok(Some(reply)) => return Err(refused(CodeFamily::Smtp, Some(reply.codes()), &reply.text())),
            Ok(None) => {}
            Err(_) => return Err(other_protocol(&line)),
        }
    }
}
