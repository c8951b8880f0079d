//! Who keeps the mailbox of an address, found without any sign-in.

use std::time::Duration;

use inbox_model::{
    AddressError, Autodiscover, Confidence, Discovery, Domain, EmailAddress, MailReception, Provider,
};
use inbox_net::Net;
use tokio_util::sync::CancellationToken;

use crate::{MicrosoftAddresses, Recorder};

/// What to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The domain.
    pub domain: Domain,
    /// The address, where one was typed: only then Microsoft is asked about the address itself.
    pub address: Option<EmailAddress>,
}

impl Target {
    /// A domain or an address as typed.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.contains('@') || text.contains('＠') {
            let address = EmailAddress::parse(text)?;
            Ok(Self { domain: address.domain().clone(), address: Some(address) })
        } else {
            Ok(Self { domain: Domain::parse(text)?, address: None })
        }
    }
}

/// Looks everything up side by side and weighs it.
pub async fn discover(
    target: &Target,
    _net: &Net,
    _addresses: &MicrosoftAddresses,
    _recorder: &Recorder,
    _budget: Duration,
    _cancel: &CancellationToken,
) -> Discovery {
    Discovery {
        domain: target.domain.clone(),
        decided_by: None,
        provider: Provider::Unknown,
        confidence: Confidence::Possible,
        gateway: None,
        forwarder: None,
        reception: MailReception::NotChecked,
        tenant: None,
        autodiscover: Autodiscover::NotChecked,
        evidence: Vec::new(),
    }
}
