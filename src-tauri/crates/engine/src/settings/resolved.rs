//! The settings in force with their defaults, each with where it came from.

use inbox_model::{Cloud, Endpoints, Language, LogLevel, Origin, RedactionLevel, Setting, SignInProvider, Theme};

use super::SettingsInForce;

/// Every setting with its default filled in and its origin. What each means stands in [`inbox_model::Settings`].
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the fields are those of `Settings`, documented there")]
pub struct ResolvedSettings {
    pub microsoft_client_id: Setting<Option<String>>,
    pub microsoft_tenant: Setting<Option<String>>,
    pub microsoft_cloud: Setting<Cloud>,
    pub google_client_id: Setting<Option<String>>,
    pub google_client_secret: Setting<Option<inbox_model::Secret<String>>>,
    /// The highest origin of its addresses.
    pub endpoints: Setting<Endpoints>,
    pub allowed_providers: Setting<Option<Vec<SignInProvider>>>,
    pub allowed_apps: Setting<Option<Vec<String>>>,
    pub app: Setting<Option<String>>,
    pub app_files: Setting<Vec<String>>,
    pub language: Setting<Option<Language>>,
    pub theme: Setting<Theme>,
    pub keep_sign_in: Setting<bool>,
    pub keep_history: Setting<bool>,
    pub redaction: Setting<RedactionLevel>,
    pub report_folder: Setting<Option<String>>,
    pub report_logo: Setting<Option<String>>,
    pub allow_write_test: Setting<bool>,
    pub allow_admin_check: Setting<bool>,
    pub helpdesk_name: Setting<Option<String>>,
    pub helpdesk_address: Setting<Option<String>>,
    pub helpdesk_url: Setting<Option<String>>,
    pub helpdesk_language: Setting<Option<Language>>,
    pub message_addition: Setting<Option<String>>,
    pub message_addition_ja: Setting<Option<String>>,
    pub dns_server: Setting<Option<String>>,
    pub dns_over_https: Setting<Option<String>>,
    pub portal_probe: Setting<Option<String>>,
    pub proxy: Setting<Option<String>>,
    pub trusted_root_files: Setting<Vec<String>>,
    pub sign_in_seconds: Setting<u64>,
    pub log_level: Setting<LogLevel>,
    pub update_check: Setting<bool>,
    pub handover_collector: Setting<Option<String>>,
    pub handover_token: Setting<Option<inbox_model::Secret<String>>>,
    pub handover_folder: Setting<Option<String>>,
    pub handover_redaction: Setting<RedactionLevel>,
}

impl SettingsInForce {
    /// Every setting, typed, with its default and its origin.
    #[must_use]
    pub fn resolved(&self) -> ResolvedSettings {
        let values = self.values.clone();
        let secret = |text: Option<String>| text.map(inbox_model::Secret::new);
        ResolvedSettings {
            microsoft_client_id: self.setting("microsoftClientId", values.microsoft_client_id),
            microsoft_tenant: self.setting("microsoftTenant", values.microsoft_tenant),
            microsoft_cloud: self.setting("microsoftCloud", values.microsoft_cloud.unwrap_or_default()),
            google_client_id: self.setting("googleClientId", values.google_client_id),
            google_client_secret: self.setting("googleClientSecret", secret(values.google_client_secret)),
            endpoints: Setting {
                value: values.endpoints.unwrap_or_default(),
                origin: self
                    .origins
                    .iter()
                    .filter(|(key, _)| key.starts_with("endpoints."))
                    .map(|(_, origin)| *origin)
                    .max()
                    .unwrap_or(Origin::BuiltIn),
            },
            allowed_providers: self.setting("allowedProviders", values.allowed_providers),
            allowed_apps: self.setting("allowedApps", values.allowed_apps),
            app: self.setting("app", values.app),
            app_files: self.setting("appFiles", values.app_files),
            language: self.setting("language", values.language),
            theme: self.setting("theme", values.theme.unwrap_or_default()),
            keep_sign_in: self.setting("keepSignIn", values.keep_sign_in.unwrap_or(true)),
            keep_history: self.setting("keepHistory", values.keep_history.unwrap_or(true)),
            redaction: self.setting("redaction", values.redaction.unwrap_or_default()),
            report_folder: self.setting("reportFolder", values.report_folder),
            report_logo: self.setting("reportLogo", values.report_logo),
            allow_write_test: self.setting("allowWriteTest", values.allow_write_test.unwrap_or(true)),
            allow_admin_check: self.setting("allowAdminCheck", values.allow_admin_check.unwrap_or(true)),
            helpdesk_name: self.setting("helpdeskName", values.helpdesk_name),
            helpdesk_address: self.setting("helpdeskAddress", values.helpdesk_address),
            helpdesk_url: self.setting("helpdeskUrl", values.helpdesk_url),
            helpdesk_language: self.setting("helpdeskLanguage", values.helpdesk_language),
            message_addition: self.setting("messageAddition", values.message_addition),
            message_addition_ja: self.setting("messageAdditionJa", values.message_addition_ja),
            dns_server: self.setting("dnsServer", values.dns_server),
            dns_over_https: self.setting("dnsOverHttps", values.dns_over_https),
            portal_probe: self.setting("portalProbe", values.portal_probe),
            proxy: self.setting("proxy", values.proxy),
            trusted_root_files: self.setting("trustedRootFiles", values.trusted_root_files),
            sign_in_seconds: self
                .setting("signInSeconds", values.sign_in_seconds.unwrap_or(crate::examine::SIGN_IN_SECONDS)),
            log_level: self.setting("logLevel", values.log_level.unwrap_or_default()),
            update_check: self.setting("updateCheck", values.update_check.unwrap_or(false)),
            handover_collector: self.setting("handoverCollector", values.handover_collector),
            handover_token: self.setting("handoverToken", secret(values.handover_token)),
            handover_folder: self.setting("handoverFolder", values.handover_folder),
            handover_redaction: self
                .setting("handoverRedaction", values.handover_redaction.unwrap_or(RedactionLevel::Everything)),
        }
    }

    fn setting<T>(&self, key: &str, value: T) -> Setting<T> {
        Setting { value, origin: self.origin(key).unwrap_or(Origin::BuiltIn) }
    }
}
