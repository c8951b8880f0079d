//! SMTP submission: greeting, EHLO before and after TLS, sign-in, QUIT. No mail is begun.

use inbox_model::{CodeFamily, Failure};
use inbox_net::{
    Dialogue,
    line::{
        sasl::{self, Challenge},
        smtp::{Reader, Reply},
    },
};

use super::{
    Offer, next, no_start_tls, other_protocol, refused,
    sign_in::{Credentials, Means, SignedIn, with_challenge},
};

/// What a server may ask for in the middle of a sign-in (RFC 4954 section 4).
const GO_ON: u16 = 334;
/// The most questions of one sign-in: LOGIN has two.
const MAX_QUESTIONS: usize = 4;

/// An address literal in place of a name (RFC 5321 section 4.1.4): it tells nothing about this computer.
const HELLO: &str = "EHLO [127.0.0.1]";

pub(super) async fn ask(mut dialogue: Dialogue, start_tls: bool) -> Result<Offer, Failure> {
    let offer = begin(&mut dialogue, start_tls).await?;
    dialogue.part("QUIT").await;
    Ok(offer)
}

/// Up to the point where somebody could sign in.
async fn begin(dialogue: &mut Dialogue, start_tls: bool) -> Result<Offer, Failure> {
    reply(dialogue).await?;
    let mut offer = Offer::default();
    if start_tls {
        let hello = command(dialogue, HELLO).await?;
        let before = hello.keywords();
        if !before.iter().any(|name| name == "STARTTLS") {
            // A friendly end; what comes of it changes nothing.
            let _ = dialogue.send("QUIT").await;
            return Err(no_start_tls());
        }
        offer.capabilities_before_tls = Some(before);
        command(dialogue, "STARTTLS").await?;
        dialogue.start_tls().await?;
    }
    // What was said before TLS is forgotten (RFC 3207 section 4.2).
    let hello = command(dialogue, HELLO).await?;
    offer.capabilities = Some(hello.keywords());
    offer.mechanisms = Some(hello.mechanisms());
    Ok(offer)
}

/// Signs in and leaves.
pub(super) async fn sign_in(
    mut dialogue: Dialogue,
    start_tls: bool,
    credentials: &Credentials<'_>,
) -> Result<SignedIn, Failure> {
    let offer = begin(&mut dialogue, start_tls).await?;
    let mechanism = credentials.choose(&offer)?;
    let reply = match (mechanism, credentials.means) {
        ("LOGIN", Means::Password(password)) => {
            dialogue.send("AUTH LOGIN").await?;
            asked(&mut dialogue).await?;
            dialogue.send_secret(&sasl::encode(credentials.user), credentials.user).await?;
            asked(&mut dialogue).await?;
            dialogue.send_secret(&sasl::encode(password.expose()), "***").await?;
            whole(&mut dialogue).await?
        }
        (name, means) => {
            let (first, end) = credentials.first(name, means, &dialogue);
            let line = inbox_model::Secret::new(format!("AUTH {name} {}", first.expose()));
            dialogue.send_secret(&line, &format!("AUTH {name} ***")).await?;
            let mut reply = whole(&mut dialogue).await?;
            let mut challenge = None;
            for _ in 0..MAX_QUESTIONS {
                if reply.code != GO_ON {
                    break;
                }
                challenge = Challenge::parse(&reply.text());
                if let Some(read) = &challenge {
                    dialogue.transcript().note(&read.words());
                }
                dialogue.send(end).await?;
                reply = whole(&mut dialogue).await?;
            }
            if !reply.is_positive() {
                return Err(with_challenge(refusal(&reply), challenge.as_ref()));
            }
            reply
        }
    };
    if !reply.is_positive() {
        return Err(refusal(&reply));
    }
    dialogue.part("QUIT").await;
    Ok(SignedIn { mechanism: mechanism.to_owned(), capabilities: None, inbox: None })
}

/// Waits for the next question of a sign-in.
async fn asked(dialogue: &mut Dialogue) -> Result<(), Failure> {
    let reply = whole(dialogue).await?;
    if reply.code == GO_ON { Ok(()) } else { Err(refusal(&reply)) }
}

fn refusal(reply: &Reply) -> Failure {
    refused(CodeFamily::Smtp, Some(reply.codes()), &reply.text())
}

async fn command(dialogue: &mut Dialogue, line: &str) -> Result<Reply, Failure> {
    dialogue.send(line).await?;
    reply(dialogue).await
}

async fn reply(dialogue: &mut Dialogue) -> Result<Reply, Failure> {
    let reply = whole(dialogue).await?;
    if reply.is_positive() { Ok(reply) } else { Err(refusal(&reply)) }
}

/// The next reply, whatever it says.
async fn whole(dialogue: &mut Dialogue) -> Result<Reply, Failure> {
    let mut reader = Reader::default();
    loop {
        let line = next(dialogue).await?;
        match reader.take(&line) {
            Ok(Some(reply)) => return Ok(reply),
            Ok(None) => {}
            Err(_) => return Err(other_protocol(&line)),
        }
    }
}
