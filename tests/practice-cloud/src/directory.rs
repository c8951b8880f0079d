//! The organisations that the played Microsoft knows: which domain belongs to which tenant.

use crate::world::guid_for;

/// Tenant of all personal Microsoft accounts (<https://learn.microsoft.com/entra/identity-platform/access-tokens>).
pub(crate) const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Organisation {
    /// Its domain; every domain below it is its own too.
    pub(crate) domain: &'static str,
    /// Name before `.onmicrosoft.com`.
    pub(crate) short: &'static str,
    /// Name on the sign-in page.
    pub(crate) brand: &'static str,
    /// Where its own sign-in server stands; empty for a managed domain.
    pub(crate) federation: &'static str,
    /// `cloud_instance_name`.
    pub(crate) cloud: &'static str,
    /// `tenant_region_scope`.
    pub(crate) region: &'static str,
}

const fn organisation(domain: &'static str, short: &'static str, brand: &'static str) -> Organisation {
    Organisation { domain, short, brand, federation: "", cloud: "microsoftonline.com", region: "NA" }
}

const ORGANISATIONS: [Organisation; 9] = [
    organisation("contoso.example", "contoso", "Contoso"),
    Organisation {
        federation: "https://sts.adatum.example/adfs/ls/",
        region: "EU",
        ..organisation("adatum.example", "adatum", "Adatum Corporation")
    },
    organisation("proseware.example", "proseware", "Proseware"),
    organisation("relecloud.example", "relecloud", "Relecloud"),
    organisation("treyresearch.example", "treyresearch", "Trey Research"),
    Organisation { region: "AS", ..organisation("northwind.example", "northwind", "Northwind Traders") },
    Organisation {
        region: "AS",
        // 例え.example
        ..organisation("xn--r8jz45g.example", "tatoe", "例え株式会社")
    },
    Organisation {
        cloud: "partner.microsoftonline.cn",
        region: "AS",
        ..organisation("cohovineyard.example", "cohovineyard", "Coho Vineyard")
    },
    Organisation {
        cloud: "microsoftonline.us",
        region: "USGov",
        ..organisation("litware.example", "litware", "Litware")
    },
];

/// The tenant whose guest `wrong-organisation@contoso.example` is.
pub(crate) const HOST_OF_GUESTS: Organisation = organisation("fourthcoffee.example", "fourthcoffee", "Fourth Coffee");

/// The tenant of personal accounts.
pub(crate) const PERSONAL: Organisation = organisation("woodgrove.example", "", "Microsoft account");

impl Organisation {
    /// Tenant id.
    pub(crate) fn tenant(&self) -> String {
        if *self == PERSONAL { PERSONAL_TENANT.to_owned() } else { guid_for(self.domain) }
    }

    fn owns(&self, domain: &str) -> bool {
        domain == self.domain
            || domain.strip_suffix(self.domain).is_some_and(|head| head.ends_with('.'))
            || domain.strip_suffix(".onmicrosoft.com") == Some(self.short)
    }

    /// `msgraph_host` of its cloud
    /// (<https://learn.microsoft.com/graph/deployments#microsoft-graph-and-graph-explorer-service-root-endpoints>).
    pub(crate) fn graph_host(&self) -> &'static str {
        match self.cloud {
            "microsoftonline.us" => "graph.microsoft.us",
            "partner.microsoftonline.cn" => "microsoftgraph.chinacloudapi.cn",
            _ => "graph.microsoft.com",
        }
    }
}

/// The tenant that a domain belongs to; a sub-domain belongs to the tenant of its parent.
pub(crate) fn of_domain(domain: &str) -> Option<Organisation> {
    let domain = domain.to_ascii_lowercase();
    let domain = domain.trim_end_matches('.');
    ORGANISATIONS.into_iter().chain([HOST_OF_GUESTS]).find(|organisation| organisation.owns(domain))
}

/// The tenant with an id or a domain.
pub(crate) fn of_segment(segment: &str) -> Option<Organisation> {
    let lower = segment.to_ascii_lowercase();
    ORGANISATIONS
        .into_iter()
        .chain([HOST_OF_GUESTS, PERSONAL])
        .find(|organisation| organisation.tenant() == lower)
        .or_else(|| of_domain(&lower))
}
