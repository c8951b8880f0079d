use inbox_model::Settings;
use practice_cloud::{GOOGLE_CLIENT_ID, MICROSOFT_CLIENT_ID, Options, PracticeCloud};

use super::*;
use crate::SettingsSources;

/// The verdict and the codes of a try against the practice cloud.
async fn tried(request: RegistrationRequest) -> (RegistrationVerdict, Vec<Option<String>>) {
    let cloud = PracticeCloud::start(Options::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.json");
    std::fs::write(&file, cloud.settings_json().to_string()).unwrap();
    let sources = SettingsSources { instead_of_user: Some(file), ..SettingsSources::default() };
    let engine = Engine::start(&sources).unwrap();
    let test = engine.test_registration(&request, &CancellationToken::new()).await.unwrap();
    assert!(!format!("{test:?}").contains("canary-secret"), "{test:?}");
    (test.verdict, test.facts.into_iter().map(|fact| fact.code).collect())
}

fn microsoft(client: &str, tenant: Option<&str>) -> RegistrationRequest {
    RegistrationRequest {
        provider: RegistrationProvider::Microsoft,
        client_id: client.to_owned(),
        client_secret: None,
        tenant: tenant.map(str::to_owned),
    }
}

fn google(client: &str, secret: Option<&str>) -> RegistrationRequest {
    RegistrationRequest {
        provider: RegistrationProvider::Google,
        client_id: client.to_owned(),
        client_secret: secret.map(|text| Secret::new(text.to_owned())),
        tenant: None,
    }
}

#[tokio::test]
async fn a_known_registration_comes_back_to_our_own_address() {
    let (verdict, codes) = tried(microsoft(MICROSOFT_CLIENT_ID, None)).await;
    assert_eq!(verdict, RegistrationVerdict::Accepted, "{codes:?}");
    assert_eq!(codes.len(), 2);
    let in_tenant = tried(microsoft(MICROSOFT_CLIENT_ID, Some("contoso.example"))).await;
    assert_eq!(in_tenant.0, RegistrationVerdict::Accepted, "{:?}", in_tenant.1);
}

#[tokio::test]
async fn an_unknown_client_and_an_unknown_tenant_are_told_apart() {
    let (verdict, codes) = tried(microsoft("11111111-2222-3333-4444-555555555555", None)).await;
    assert_eq!(verdict, RegistrationVerdict::UnknownClient);
    assert_eq!(codes[0].as_deref(), Some("AADSTS700016"));
    let (verdict, _) = tried(microsoft(MICROSOFT_CLIENT_ID, Some("nowhere.invalid"))).await;
    assert_eq!(verdict, RegistrationVerdict::UnknownTenant);
}

#[tokio::test]
async fn what_is_not_written_like_an_id_is_not_asked() {
    for request in
        [microsoft("HubSpot", None), microsoft(MICROSOFT_CLIENT_ID, Some("no tenant/../x")), google("x", None)]
    {
        assert_eq!(tried(request).await, (RegistrationVerdict::Malformed, Vec::new()));
    }
}

#[tokio::test]
async fn google_tells_client_and_secret() {
    // The secret of the settings belongs to the client id of the settings.
    assert_eq!(tried(google(GOOGLE_CLIENT_ID, None)).await.0, RegistrationVerdict::Accepted);
    let (verdict, codes) = tried(google(GOOGLE_CLIENT_ID, Some("canary-secret-wrong"))).await;
    assert_eq!((verdict, codes[0].as_deref()), (RegistrationVerdict::WrongSecret, Some("invalid_client")));
    let other = "123-x.apps.googleusercontent.com";
    assert_eq!(tried(google(other, Some("canary-secret-x"))).await.0, RegistrationVerdict::UnknownClient);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_proves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.json");
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut settings = serde_json::to_value(Settings::default()).unwrap();
    settings["endpoints"] = serde_json::json!({"microsoft": {"login": format!("http://127.0.0.1:{port}")}});
    settings.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    std::fs::write(&file, settings.to_string()).unwrap();
    let sources = SettingsSources { instead_of_user: Some(file), ..SettingsSources::default() };
    let engine = Engine::start(&sources).unwrap();
    let request = microsoft(MICROSOFT_CLIENT_ID, None);
    let test = engine.test_registration(&request, &CancellationToken::new()).await.unwrap();
    assert_eq!(test.verdict, RegistrationVerdict::Inconclusive);
    assert!(test.facts.iter().all(|fact| fact.status.is_none() && !fact.detail.is_empty()), "{:?}", test.facts);
    let stopped = CancellationToken::new();
    stopped.cancel();
    assert!(matches!(engine.test_registration(&request, &stopped).await, Err(EngineError::Cancelled)));
}
