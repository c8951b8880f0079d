//! POP3: greeting, CAPA before and after TLS, QUIT.

use inbox_model::{CodeFamily, Failure};
use inbox_net::{
    Dialogue,
    line::pop::{self, List},
};

use super::{Offer, next, no_start_tls, other_protocol, refused};

pub(super) async fn ask(mut dialogue: Dialogue, start_tls: bool) -> Result<Offer, Failure> {
    agreed(&mut dialogue).await?;
    let mut offer = Offer::default();
    if start_tls {
        let before = capabilities(&mut dialogue).await?.map(|list| pop::capabilities(&list));
        // A server without CAPA may still know STLS (RFC 2595 section 4); its answer tells.
        if before.as_ref().is_some_and(|names| !names.iter().any(|name| name == "STLS")) {
            dialogue.part("QUIT").await;
            return Err(no_start_tls());
        }
        offer.capabilities_before_tls = before;
        dialogue.send("STLS").await?;
        agreed(&mut dialogue).await?;
        dialogue.start_tls().await?;
    }
    if let Some(list) = capabilities(&mut dialogue).await? {
        offer.mechanisms = Some(pop::mechanisms(&list));
        let names = pop::capabilities(&list);
        // USER stands for the plain sign-in with name and password (RFC 2449 section 6.3).
        offer.login_disabled = Some(!names.iter().any(|name| name == "USER"));
        offer.capabilities = Some(names);
    }
    dialogue.part("QUIT").await;
    Ok(offer)
}

/// Reads a status line that must be a yes.
async fn agreed(dialogue: &mut Dialogue) -> Result<(), Failure> {
    let line = next(dialogue).await?;
    let reply = pop::reply(&line).ok_or_else(|| other_protocol(&line))?;
    if reply.ok { Ok(()) } else { Err(refused(CodeFamily::Vendor, reply.code, &reply.text)) }
}

/// The list of CAPA; `None` where the server does not know the command (it is optional, RFC 2449).
async fn capabilities(dialogue: &mut Dialogue) -> Result<Option<Vec<String>>, Failure> {
    dialogue.send("CAPA").await?;
    let line = next(dialogue).await?;
    let reply = pop::reply(&line).ok_or_else(|| other_protocol(&line))?;
    if !reply.ok {
        return Ok(None);
    }
    let mut list = List::default();
    loop {
        let line = next(dialogue).await?;
        match list.take(&line) {
            Ok(Some(lines)) => return Ok(Some(lines)),
            Ok(None) => {}
            Err(_) => return Err(other_protocol(&line)),
        }
    }
}
