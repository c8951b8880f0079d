//! Reads the addresses in a text: what an authorize, consent or return address says beside the error it carries.

use url::Url;

use super::TextContext;

/// The longest address that is read.
const LONGEST: usize = 16 * 1024;
/// The most addresses that are read.
const MOST: usize = 50;

/// What is worth knowing about the addresses in a text, by fixed names.
pub(super) fn notes(text: &str, context: &TextContext<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for address in addresses(text).take(MOST) {
        for note in notes_of(&address, context) {
            if !notes.iter().any(|known| known == note) {
                notes.push(note.to_owned());
            }
        }
    }
    notes
}

fn addresses(text: &str) -> impl Iterator<Item = Url> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '「' | '」')).filter_map(|word| {
        let at = word.find("https://").or_else(|| word.find("http://"))?;
        let word = word.get(at..)?.trim_end_matches([')', ']', '.', ',', ';', '。', '、']);
        if word.len() > LONGEST { None } else { Url::parse(&word.replace("&amp;", "&")).ok() }
    })
}

fn notes_of(address: &Url, context: &TextContext<'_>) -> Vec<&'static str> {
    let mut notes = Vec::new();
    // With `response_mode=fragment` the answer stands behind the number sign.
    let fragment = address.fragment().unwrap_or_default();
    let mut fields: Vec<(String, String)> = address.query_pairs().into_owned().collect();
    fields.extend(url::form_urlencoded::parse(fragment.as_bytes()).into_owned());
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let host = address.host_str().unwrap_or_default();
    let path = address.path().to_ascii_lowercase();
    let microsoft = host.starts_with("login.microsoftonline") || host == "login.partner.microsoftonline.cn";
    if (microsoft || path.contains("authorize")) && field("prompt").is_some_and(|value| value.contains("consent")) {
        notes.push("prompt-consent");
    }
    if microsoft && path.contains("adminconsent") {
        let tenant = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if matches!(tenant, "common" | "consumers") {
            notes.push("common-in-consent");
        } else if tenant.contains('.')
            && let Some(domain) = context.domain
            && !tenant.eq_ignore_ascii_case(domain.as_ascii())
            && !tenant.ends_with(".onmicrosoft.com")
        {
            notes.push("tenant-mismatch");
        }
        if let (Some(app), Some(client)) = (context.app.and_then(|app| app.microsoft.as_ref()), field("client_id"))
            && !client.eq_ignore_ascii_case(&app.client_id)
        {
            notes.push("other-app");
        }
    }
    if (microsoft || path.contains("authorize"))
        && let (Some(app), Some(scopes)) = (context.app.and_then(|app| app.microsoft.as_ref()), field("scope"))
        && field("client_id").is_some_and(|client| client.eq_ignore_ascii_case(&app.client_id))
    {
        let short = |scope: &str| scope.rsplit('/').next().unwrap_or(scope).to_ascii_lowercase();
        let usual: Vec<String> = app.scopes.iter().map(|scope| short(scope)).collect();
        let asked = scopes.split([' ', '+']).filter(|scope| !scope.is_empty()).map(short);
        // `profile` is a standard scope that every sign-in may carry; `.default` names no scope of its own.
        if asked.into_iter().any(|scope| !usual.contains(&scope) && scope != "profile" && scope != ".default") {
            notes.push("extra-scopes");
        }
    }
    if field("admin_consent").is_some_and(|value| value.eq_ignore_ascii_case("true")) && field("error").is_none() {
        notes.push("consent-granted");
    }
    notes
}
