//! The policy keys as public properties of the package: what they are called and how they survive an upgrade.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};

use super::{guid, table::Table};
use crate::place;

/// Where the mandatory values are, under `HKEY_LOCAL_MACHINE`.
const POLICIES: &str = r"Software\Policies\InboxDoctor";
/// Where the package remembers which of them it wrote.
const OWN: &str = r"Software\InboxDoctor\Installer";
/// A value that takes a policy away again.
const NOTHING: &str = "-";

/// One policy key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Policy {
    /// The public property: `MICROSOFTCLIENTID`.
    property: String,
    /// The name of the value in the registry: `microsoftClientId`.
    key: String,
}

/// Reads the list that is generated from the table of policies.
pub(super) fn read() -> Result<Vec<Policy>> {
    let file = place::root().join("src-tauri/packaging/policies/msi-properties.tsv");
    parse(&std::fs::read_to_string(&file).with_context(|| file.display().to_string())?)
}

fn parse(text: &str) -> Result<Vec<Policy>> {
    let mut policies = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(property), Some(key)) = (fields.next(), fields.next()) else { bail!("`{line}` has no two fields") };
        if property == "property" {
            continue;
        }
        let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        // A property must be in capitals to be public
        // (<https://learn.microsoft.com/windows/win32/msi/public-properties>).
        if property.is_empty() || property.len() > 60 || !property.chars().all(allowed) {
            bail!("`{property}` cannot be a public property");
        }
        policies.push(Policy { property: property.to_owned(), key: key.to_owned() });
    }
    if policies.is_empty() {
        bail!("the list of policies is empty");
    }
    Ok(policies)
}

impl Policy {
    fn component(&self) -> String {
        format!("Policy_{}", self.property)
    }

    /// What the search for the value in force is kept in.
    fn found(&self) -> String {
        format!("FOUND_{}", self.property)
    }

    /// What the package wrote last time.
    fn kept(&self) -> String {
        format!("KEPT_{}", self.property)
    }
}

/// The searches, as elements of the package's source.
pub(super) fn searches(policies: &[Policy]) -> String {
    let mut text = String::new();
    for policy in policies {
        for (property, place) in [(policy.found(), POLICIES), (policy.kept(), OWN)] {
            let _ = writeln!(
                text,
                r#"    <Property Id="{property}"><RegistrySearch Id="{property}" Root="HKLM" Key="{place}" Name="{}" Type="raw" Win64="yes"/></Property>"#,
                policy.key
            );
        }
    }
    text
}

/// The components, one per key.
pub(super) fn components(policies: &[Policy]) -> String {
    let mut text = String::new();
    for policy in policies {
        let (id, key, property) = (policy.component(), &policy.key, &policy.property);
        let guid = guid::of_name(&format!("policy {key}"));
        let _ = write!(
            text,
            r#"          <Component Id="{id}" Guid="{guid}" Win64="yes">
            <RegistryKey Root="HKLM" Key="{POLICIES}">
              <RegistryValue Name="{key}" Type="string" Value="[{property}]" KeyPath="yes"/>
            </RegistryKey>
            <RegistryKey Root="HKLM" Key="{OWN}">
              <RegistryValue Name="{key}" Type="string" Value="[{property}]"/>
            </RegistryKey>
          </Component>
"#
        );
    }
    text
}

/// The components' places in the feature.
pub(super) fn references(policies: &[Policy]) -> String {
    policies.iter().fold(String::new(), |mut text, policy| {
        let _ = writeln!(text, r#"      <ComponentRef Id="{}"/>"#, policy.component());
        text
    })
}

/// What the compiler of the package does not know: conditions, and the values of the last version for those that were
/// not given. A value that somebody else wrote (a group policy) is never taken over: only what the package wrote itself
/// is remembered, and so removed with it.
pub(super) fn amend(table: &Table<'_>, policies: &[Policy]) -> Result<()> {
    let mut statements = Vec::new();
    for policy in policies {
        let (property, found, kept, component) = (&policy.property, policy.found(), policy.kept(), policy.component());
        // 4: its key is a value of the registry; 64: the condition is looked at again in every maintenance run; 256: the
        // 64-bit view.
        statements.push(format!(
            "UPDATE Component SET Condition='{property} AND {property} <> \"{NOTHING}\"', Attributes=324 WHERE Component='{component}'"
        ));
        for (action, value, condition, sequence) in [
            (format!("Take_{found}"), &found, format!("NOT {property} AND {kept} AND {found}"), 51),
            (format!("Take_{kept}"), &kept, format!("NOT {property} AND {kept}"), 52),
        ] {
            // 51: sets a property.
            statements.push(format!(
                "INSERT INTO CustomAction (Action, Type, Source, Target) VALUES ('{action}', 51, '{property}', '[{value}]')"
            ));
            for sequences in ["InstallExecuteSequence", "InstallUISequence"] {
                statements.push(format!(
                    "INSERT INTO {sequences} (Action, Condition, Sequence) VALUES ('{action}', '{condition}', {sequence})"
                ));
            }
        }
    }
    table.run_all(&statements)
}

/// The properties that may pass from the user's half of an installation to the system's half.
pub(super) fn secure(policies: &[Policy]) -> Vec<String> {
    policies.iter().flat_map(|policy| [policy.property.clone(), policy.found(), policy.kept()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read() {
        let text = "property\tkey\ttype\nMICROSOFTCLIENTID\tmicrosoftClientId\tstring\n";
        let policies = parse(text).unwrap();
        assert_eq!(
            policies,
            [Policy { property: "MICROSOFTCLIENTID".to_owned(), key: "microsoftClientId".to_owned() }]
        );
        assert!(parse("property\tkey\ttype\n").is_err());
        assert!(parse("clientId\tclientId\tstring\n").is_err());
    }
}
