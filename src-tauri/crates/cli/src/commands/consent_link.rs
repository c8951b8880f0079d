//! `inbox-doctor consent-link`.

use inbox_catalogue::phrase;
use inbox_model::EmailAddress;
use serde_json::json;

use super::Session;
use crate::{
    arguments::ConsentLinkArguments,
    output::{self, Exit},
};

/// Builds the consent address of an organisation.
pub async fn run(session: &Session, arguments: ConsentLinkArguments) -> Exit {
    let json = session.common.json;
    let app = match session.engine.app(arguments.app.as_deref()) {
        Ok(app) => app.clone(),
        Err(error) => return output::error(&error, json),
    };
    let (tenant, cloud, brand) = match (&arguments.tenant, &arguments.domain) {
        (Some(tenant), _) => {
            let plain = tenant.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
            if tenant.is_empty() || !plain || matches!(tenant.as_str(), "common" | "organizations" | "consumers") {
                output::complain("inbox-doctor: --tenant takes a tenant id or a verified domain of the organisation");
                return Exit::Usage;
            }
            (tenant.clone(), session.engine.home_cloud(), None)
        }
        (None, Some(domain)) => {
            let target =
                EmailAddress::parse(domain).map_or_else(|_| domain.clone(), |address| address.domain().to_string());
            match session.engine.discover(&target, &session.cancel).await {
                Ok(discovery) => match discovery.tenant {
                    Some(tenant) => (tenant.id, tenant.cloud, tenant.brand),
                    None => {
                        let domain = discovery.domain.to_unicode();
                        output::complain(&phrase(session.language, "cli.no-tenant", &[("domain", &domain)]));
                        return Exit::NotExamined;
                    }
                },
                Err(error) => return output::error(&error, json),
            }
        }
        (None, None) => return Exit::Usage,
    };
    let Some(links) = session.engine.consent_links(&app, &tenant, cloud) else {
        output::complain(&phrase(session.language, "cli.no-registration", &[("app", &app.name)]));
        return Exit::NotExamined;
    };
    if json {
        output::document(
            &json!({"app": app.id, "tenant": tenant, "organisation": brand, "url": links.short, "urlFull": links.full}),
            true,
        );
    } else {
        output::say(&links.short);
        if let Some(full) = &links.full {
            output::say(full);
        }
    }
    Exit::Works
}
