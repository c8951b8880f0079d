//! `explain`, `message`, `reword`: words for what is known already; nothing here reaches the network.

use inbox_engine::ExplainedText;
use inbox_model::{Domain, EmailAddress, Examination, ExplainedFinding, Language, Message, Tenant};
use serde::Deserialize;
use tauri::State;

use crate::commands::Desktop;
use crate::error::{HostError, HostErrorCode, guarded_blocking};

/// What a message may name.
#[derive(Debug, Deserialize)]
pub(crate) struct MessageContext {
    app: String,
    address: Option<String>,
    tenant: Option<Tenant>,
}

/// Names the causes in a pasted text. `domain` is a mail domain or an address; one that is none is left out.
#[tauri::command]
pub(crate) async fn explain(
    desktop: State<'_, Desktop>,
    text: String,
    app: String,
    domain: Option<String>,
    language: Language,
) -> Result<ExplainedText, HostError> {
    let engine = desktop.engine().await?;
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
#[tauri::command]
pub(crate) async fn message(
    desktop: State<'_, Desktop>,
    finding: ExplainedFinding,
    context: MessageContext,
    language: Language,
) -> Result<Message, HostError> {
    let engine = desktop.engine().await?;
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
#[tauri::command]
pub(crate) async fn reword(
    desktop: State<'_, Desktop>,
    examination: Examination,
    language: Language,
) -> Result<Examination, HostError> {
    let engine = desktop.engine().await?;
    guarded_blocking(move || Ok(engine.reword(&examination, language))).await
}
