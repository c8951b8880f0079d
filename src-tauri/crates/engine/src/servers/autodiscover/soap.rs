//! Autodiscover in SOAP
//! (<https://learn.microsoft.com/exchange/client-developer/web-service-reference/getusersettings-operation-soap>).

use crate::servers::xml::{XmlError, children, document, escape, find, text};

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SoapAnswer {
    /// Addresses of Exchange Web Services, the one for outside first.
    pub ews: Vec<String>,
    /// Another address or place to ask instead. It is shown, never followed.
    pub redirect: Option<String>,
    /// Why it gives no settings: the server's word.
    pub error: Option<String>,
}

/// The question about an address.
pub(crate) fn question(address: &str, url: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <soap:Envelope xmlns:a=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\" \
         xmlns:wsa=\"http://www.w3.org/2005/08/addressing\" xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <soap:Header><a:RequestedServerVersion>Exchange2013</a:RequestedServerVersion>\
         <wsa:Action>http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/GetUserSettings</wsa:Action>\
         <wsa:To>{}</wsa:To></soap:Header><soap:Body><a:GetUserSettingsRequestMessage><a:Request>\
         <a:Users><a:User><a:Mailbox>{}</a:Mailbox></a:User></a:Users><a:RequestedSettings>\
         <a:Setting>ExternalEwsUrl</a:Setting><a:Setting>InternalEwsUrl</a:Setting></a:RequestedSettings>\
         </a:Request></a:GetUserSettingsRequestMessage></soap:Body></soap:Envelope>",
        escape(url),
        escape(address)
    )
}

/// Reads an answer.
///
/// # Errors
/// When it is no such answer.
pub fn parse(answer: &str) -> Result<SoapAnswer, XmlError> {
    let document = document(answer)?;
    let root = document.root_element();
    if root.tag_name().name() != "Envelope" {
        return Err(XmlError::OtherKind);
    }
    if let Some(fault) = find(root, "Fault") {
        let words = text(fault, "faultstring").unwrap_or_else(|| "fault".to_owned());
        return Ok(SoapAnswer { error: Some(words), ..SoapAnswer::default() });
    }
    let response = find(root, "Response").ok_or(XmlError::OtherKind)?;
    let good = |code: &String| code != "NoError";
    let mut read = SoapAnswer { error: text(response, "ErrorCode").filter(good), ..SoapAnswer::default() };
    if let Some(user) = find(response, "UserResponse") {
        read.error = read.error.or_else(|| text(user, "ErrorCode").filter(good));
        read.redirect = text(user, "RedirectTarget");
        let settings = children(user, "UserSettings").flat_map(|all| children(all, "UserSetting"));
        let mut named: Vec<(String, String)> =
            settings.filter_map(|one| Some((text(one, "Name")?, text(one, "Value")?))).collect();
        named.sort_by_key(|(name, _)| name != "ExternalEwsUrl");
        read.ews = named.into_iter().filter(|(name, _)| name.ends_with("EwsUrl")).map(|(_, url)| url).take(4).collect();
    }
    Ok(read)
}
