use std::sync::Mutex;

use async_trait::async_trait;
use inbox_model::{EmailAddress, Stage};
use inbox_net::{Net, NetOptions};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{MicrosoftAddresses, Recorder, Watcher};

/// Pastes what the sign-in page's redirect would have been.
#[derive(Default)]
struct Pasting {
    address: Mutex<Option<String>>,
    opened: Notify,
}

#[async_trait]
impl Watcher for Pasting {
    fn tell(&self, _event: CheckEvent) {}

    async fn open_browser(&self, url: &Url) -> Result<(), BrowserFailure> {
        let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        *self.address.lock().unwrap() = Some(format!("{}/?code=c-1&state={}", value("redirect_uri"), value("state")));
        self.opened.notify_one();
        Ok(())
    }

    async fn reply(&self) -> CheckReply {
        self.opened.notified().await;
        let address = self.address.lock().unwrap().take();
        match address {
            Some(address) => CheckReply::PastedAddress { address },
            None => std::future::pending().await,
        }
    }
}

/// Nobody answers.
struct Silent;

#[async_trait]
impl Watcher for Silent {
    fn tell(&self, _event: CheckEvent) {}

    async fn open_browser(&self, _url: &Url) -> Result<(), BrowserFailure> {
        Ok(())
    }
}

async fn without_listener(watcher: &dyn Watcher, limit: Duration) -> Ended {
    let net = Net::new(&NetOptions::default()).unwrap();
    let (recorder, cancel) = (Recorder::default(), CancellationToken::new());
    let context = SignInContext { http: &net.http, recorder: &recorder, watcher, cancel: &cancel };
    let addresses = MicrosoftAddresses::resolve(inbox_model::Cloud::Worldwide, None).unwrap();
    let provider = IdentityProvider::microsoft(&addresses, "common", "client-1");
    let request = SignInRequest {
        stage: Stage::Identity,
        address: EmailAddress::parse("ana@contoso.example").unwrap(),
        scopes: Vec::new(),
        prompt: None,
        wait: limit,
    };
    let redirect = unreachable_redirect(&provider);
    assert_eq!(redirect, "http://localhost:9");
    let page = sign_in_page(&provider, &request, &Asked { scopes: &[], claims: None }, &redirect).unwrap();
    wait(context, &provider, &request, &page, None, &Scrubber::default()).await
}

#[tokio::test]
async fn without_a_listener_the_pasted_address_still_ends_the_wait() {
    let Ended::Answered { callback, pasted: true } =
        without_listener(&Pasting::default(), Duration::from_secs(20)).await
    else {
        panic!("the pasted address was not taken");
    };
    assert_eq!(callback.code().unwrap().expose(), "c-1");
}

#[tokio::test]
async fn without_a_listener_and_without_a_word_the_listener_is_to_blame() {
    let Ended::Failed(failure) = without_listener(&Silent, Duration::from_millis(50)).await else { panic!() };
    assert_eq!(failure.kind, FailureKind::LoopbackUnavailable);
}
