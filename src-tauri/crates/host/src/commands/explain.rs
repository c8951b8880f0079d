//! `explain`, `message`, `reword`: words for what is known already; nothing here reaches the network.

use inbox_engine::ExplainedText;
use inbox_model::{Domain, EmailAddress, Examination, ExplainedFinding, Language, Message, Tenant};
use serde::Deserialize;

use crate::error::{HostError, HostErrorCode, guarded_blocking};
use crate::host::Host;

/// What a message may name.
#[derive(Debug, Deserialize)]
pub(crate) struct MessageContext {
    app: String,
    address: Option<String>,
    tenant: Option<Tenant>,
}

/// A text to be explained. `domain` is a mail domain or an address; one that is none is left out.
#[derive(Debug, Deserialize)]
pub(crate) struct Explain {
    text: String,
    app: String,
    domain: Option<String>,
    language: Language,
}

/// A message that is to be written.
#[derive(Debug, Deserialize)]
pub(crate) struct MessageOrder {
    finding: ExplainedFinding,
    context: MessageContext,
    language: Language,
}

/// An examination that is to be put into other words.
#[derive(Debug, Deserialize)]
pub(crate) struct Reword {
    examination: Examination,
    language: Language,
}

/// Names the causes in a pasted text.
pub(crate) async fn explain(host: &Host, order: Explain) -> Result<ExplainedText, HostError> {
    let Explain { text, app, domain, language } = order;
    let engine = host.engine().await?;
    guarded_blocking(move || {
        let domain = domain.as_deref().and_then(|text| match EmailAddress::parse(text) {
            Ok(address) => Some(address.domain().clone()),
            Err(_) => Domain::parse(text).ok(),
        });
        Ok(engine.explain_text(&text, engine.app(Some(&app))?, domain.as_ref(), language)?)
    })
    .await
}

/// The message to whoever can mend a finding, in any language.
pub(crate) async fn message(host: &Host, order: MessageOrder) -> Result<Message, HostError> {
    let MessageOrder { finding, context, language } = order;
    let engine = host.engine().await?;
    guarded_blocking(move || {
        let app = engine.app(Some(&context.app))?;
        let address = context.address.as_deref().and_then(|text| EmailAddress::parse(text).ok());
        engine
            .message(&finding.finding, app, address.as_ref(), context.tenant.as_ref(), language)
            .ok_or_else(|| HostErrorCode::NotFound.with(format!("no message belongs to {}", finding.finding.cause)))
    })
    .await
}

/// The same examination with its words in another language.
pub(crate) async fn reword(host: &Host, order: Reword) -> Result<Examination, HostError> {
    let Reword { examination, language } = order;
    let engine = host.engine().await?;
    guarded_blocking(move || Ok(engine.reword(&examination, language))).await
}
