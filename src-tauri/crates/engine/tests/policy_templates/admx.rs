//! Group policy templates: one for all languages, and its words in each.
//!
//! Form: <https://learn.microsoft.com/previous-versions/windows/desktop/policy/admx-schema>. No other template is used, so
//! that the files can be imported into Intune by themselves.

use std::fmt::Write as _;

use inbox_engine::{Changer, Definition, Kind, Scope};
use inbox_model::Language;

use crate::{GROUPS, group, identifier, policies, xml::escape};

const KEY: &str = r"SOFTWARE\Policies\InboxDoctor";
const SPACE: &str = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions";
/// The longest that an editor of policies takes without being told otherwise.
const USUAL_LENGTH: u64 = 1023;

/// The policies of the two ranks: the line, the suffix of its name, the registry key.
fn ranked() -> impl Iterator<Item = (&'static Definition, &'static str, String)> {
    let mandatory = policies().map(|line| (line, "", KEY.to_owned()));
    // What only policy may set knows no recommendation: nobody could depart from it.
    let recommended = policies()
        .filter(|line| line.user != Changer::No)
        .map(|line| (line, "_Recommended", format!(r"{KEY}\Recommended")));
    mandatory.chain(recommended)
}

fn since() -> std::collections::BTreeSet<&'static str> {
    policies().map(|line| line.since.as_str()).collect()
}

pub fn admx() -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <!-- Written by the test `policy_templates` from data/policies.toml. Do not edit. -->\n\
         <policyDefinitions xmlns=\"{SPACE}\" revision=\"1.0\" schemaVersion=\"1.0\">\n\
         \x20 <policyNamespaces>\n\
         \x20   <target prefix=\"inboxdoctor\" namespace=\"InboxDoctor.Policies.InboxDoctor\"/>\n\
         \x20 </policyNamespaces>\n\
         \x20 <resources minRequiredRevision=\"1.0\"/>\n\
         \x20 <supportedOn>\n    <definitions>\n"
    );
    for version in since() {
        let id = identifier(version);
        let _ = writeln!(out, "      <definition name=\"Since_{id}\" displayName=\"$(string.Since_{id})\"/>");
    }
    out.push_str("    </definitions>\n  </supportedOn>\n  <categories>\n");
    out.push_str("    <category name=\"InboxDoctor\" displayName=\"$(string.InboxDoctor)\"/>\n");
    out.push_str(
        "    <category name=\"Recommended\" displayName=\"$(string.Recommended)\">\n      <parentCategory ref=\"InboxDoctor\"/>\n    </category>\n",
    );
    for (suffix, parent) in [("", "InboxDoctor"), ("_Recommended", "Recommended")] {
        for (id, _, _) in
            GROUPS.iter().filter(|(id, _, _)| ranked().any(|(line, s, _)| s == suffix && line.group == *id))
        {
            let _ = writeln!(
                out,
                "    <category name=\"{id}{suffix}\" displayName=\"$(string.Group_{id})\">\n      <parentCategory ref=\"{parent}\"/>\n    </category>"
            );
        }
    }
    out.push_str("  </categories>\n  <policies>\n");
    for (line, suffix, key) in ranked() {
        policy(&mut out, line, suffix, &key);
    }
    out.push_str("  </policies>\n</policyDefinitions>\n");
    out
}

fn policy(out: &mut String, line: &Definition, suffix: &str, key: &str) {
    let id = identifier(&line.key);
    let class = if line.scope == Scope::Machine { "Machine" } else { "Both" };
    let words = format!("displayName=\"$(string.{id})\" explainText=\"$(string.{id}_Text)\"");
    let presentation =
        if line.kind == Kind::Bool { String::new() } else { format!(" presentation=\"$(presentation.{id})\"") };
    // A switch is the policy's own value; everything else is an element of it.
    let own = if line.kind == Kind::Bool { format!(" valueName=\"{}\"", line.key) } else { String::new() };
    let _ = writeln!(
        out,
        "    <policy name=\"{id}{suffix}\" class=\"{class}\" {words}{presentation} key=\"{key}\"{own}>\n      \
         <parentCategory ref=\"{}{suffix}\"/>\n      <supportedOn ref=\"Since_{}\"/>",
        line.group,
        identifier(&line.since)
    );
    let name = format!("id=\"{id}\" valueName=\"{}\" required=\"true\"", line.key);
    match line.kind {
        Kind::Bool => out.push_str(
            "      <enabledValue>\n        <decimal value=\"1\"/>\n      </enabledValue>\n      \
             <disabledValue>\n        <decimal value=\"0\"/>\n      </disabledValue>\n",
        ),
        Kind::Integer => element(
            out,
            &format!(
                "<decimal {name} minValue=\"{}\" maxValue=\"{}\"/>",
                line.min.unwrap_or(0),
                line.max.unwrap_or(u64::from(u32::MAX))
            ),
        ),
        Kind::Choice => {
            let mut list = format!("<enum {name}>\n");
            for value in &line.values {
                let _ = writeln!(
                    list,
                    "          <item displayName=\"$(string.{id}_{})\">\n            <value>\n              \
                     <string>{}</string>\n            </value>\n          </item>",
                    identifier(value),
                    escape(value)
                );
            }
            list.push_str("        </enum>");
            element(out, &list);
        }
        Kind::List => element(out, &format!("<list id=\"{id}\" key=\"{key}\\{}\" valuePrefix=\"\"/>", line.key)),
        Kind::Text if line.lines => element(out, &format!("<multiText {name}/>")),
        _ => {
            let length = line.max.filter(|max| *max != USUAL_LENGTH).map(|max| format!(" maxLength=\"{max}\""));
            element(out, &format!("<text {name}{}/>", length.unwrap_or_default()));
        }
    }
    out.push_str("    </policy>\n");
}

fn element(out: &mut String, inner: &str) {
    let _ = writeln!(out, "      <elements>\n        {inner}\n      </elements>");
}

pub fn adml(language: Language) -> String {
    let (name, recommended, since_words) = match language {
        Language::En => ("Inbox Doctor", "Recommended (people may change it)", "Inbox Doctor {} and later"),
        Language::Ja => ("Inbox Doctor", "推奨値（利用者が変更できます）", "Inbox Doctor {} 以降"),
    };
    let mut strings =
        vec![("InboxDoctor".to_owned(), name.to_owned()), ("Recommended".to_owned(), recommended.to_owned())];
    for version in since() {
        strings.push((format!("Since_{}", identifier(version)), since_words.replace("{}", version)));
    }
    for (id, _, _) in GROUPS {
        strings.push((format!("Group_{id}"), group(language, id).to_owned()));
    }
    let mut presentations = String::new();
    for line in policies() {
        let id = identifier(&line.key);
        let (title, text) = line.words(language);
        strings.push((id.clone(), title.to_owned()));
        strings.push((format!("{id}_Text"), explain(line, text, language)));
        for value in &line.values {
            if line.kind == Kind::Choice {
                strings.push((format!("{id}_{}", identifier(value)), value.clone()));
            }
        }
        let title = escape(title);
        let control = match line.kind {
            Kind::Bool => continue,
            Kind::Integer => {
                let default = line.default.as_ref().map(|value| format!(" defaultValue=\"{value}\""));
                format!("<decimalTextBox refId=\"{id}\"{}>{title}</decimalTextBox>", default.unwrap_or_default())
            }
            Kind::Choice => format!("<dropdownList refId=\"{id}\" noSort=\"true\">{title}</dropdownList>"),
            Kind::List => format!("<listBox refId=\"{id}\">{title}</listBox>"),
            Kind::Text if line.lines => format!("<multiTextBox refId=\"{id}\">{title}</multiTextBox>"),
            _ => format!("<textBox refId=\"{id}\"><label>{title}</label></textBox>"),
        };
        let _ = writeln!(presentations, "      <presentation id=\"{id}\">\n        {control}\n      </presentation>");
    }
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <!-- Written by the test `policy_templates` from data/policies.toml. Do not edit. -->\n\
         <policyDefinitionResources xmlns=\"{SPACE}\" revision=\"1.0\" schemaVersion=\"1.0\">\n  \
         <displayName>Inbox Doctor</displayName>\n  <description>Inbox Doctor</description>\n  \
         <resources>\n    <stringTable>\n"
    );
    for (id, text) in strings {
        let _ = writeln!(out, "      <string id=\"{id}\">{}</string>", escape(&text));
    }
    out.push_str("    </stringTable>\n    <presentationTable>\n");
    out.push_str(&presentations);
    out.push_str("    </presentationTable>\n  </resources>\n</policyDefinitionResources>\n");
    out
}

/// The explanation with default and example, which an editor of policies shows beside the field.
fn explain(line: &Definition, text: &str, language: Language) -> String {
    let (default, example) = match language {
        Language::En => ("Default", "Example"),
        Language::Ja => ("既定値", "例"),
    };
    let mut out = text.to_owned();
    if let Some(value) = &line.default {
        let _ = write!(out, "\n\n{default}: {}", crate::page::plain(value));
    }
    if let Some(value) = &line.example {
        let _ = write!(out, "\n\n{example}: {}", crate::page::plain(value));
    }
    out
}

#[test]
fn the_template_is_well_formed_and_every_name_in_it_leads_somewhere() {
    let text = admx();
    let template = roxmltree::Document::parse(&text).unwrap();
    let all = |document: &roxmltree::Document<'_>, tag: &str, attribute: &str| -> Vec<String> {
        let nodes = document.descendants().filter(|node| node.has_tag_name((SPACE, tag)));
        nodes.filter_map(|node| node.attribute(attribute).map(ToOwned::to_owned)).collect()
    };
    let names = all(&template, "policy", "name");
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), distinct.len());
    assert!(names.len() > 60);
    let categories = all(&template, "category", "name");
    for parent in all(&template, "parentCategory", "ref") {
        assert!(categories.contains(&parent), "{parent}");
    }
    // The schema of these templates allows letters, digits and underscores in names.
    for name in names.iter().chain(&categories) {
        assert!(name.chars().all(|c| c.is_alphanumeric() || c == '_'), "{name}");
    }
    for used in all(&template, "supportedOn", "ref") {
        assert!(all(&template, "definition", "name").contains(&used), "{used}");
    }
    for language in Language::ALL {
        let text = adml(*language);
        let words = roxmltree::Document::parse(&text).unwrap();
        let strings = all(&words, "string", "id");
        let distinct: std::collections::BTreeSet<_> = strings.iter().collect();
        assert_eq!(strings.len(), distinct.len(), "a string is there twice");
        assert!(strings.iter().all(|id| id.chars().all(|c| c.is_alphanumeric() || c == '_')), "{strings:?}");
        let presentations = all(&words, "presentation", "id");
        let mut used = std::collections::BTreeSet::new();
        for node in template.descendants() {
            for attribute in node.attributes() {
                if let Some(name) = attribute.value().strip_prefix("$(string.").and_then(|rest| rest.strip_suffix(')'))
                {
                    assert!(strings.iter().any(|known| known == name), "{name}");
                    used.insert(name.to_owned());
                }
                if let Some(name) =
                    attribute.value().strip_prefix("$(presentation.").and_then(|rest| rest.strip_suffix(')'))
                {
                    assert!(presentations.iter().any(|known| known == name), "{name}");
                }
            }
        }
        assert_eq!(used.len(), strings.len(), "no string without use");
        // Every control shows an element of its policy.
        let elements: Vec<String> =
            ["text", "multiText", "decimal", "enum", "list"].iter().flat_map(|tag| all(&template, tag, "id")).collect();
        for tag in ["textBox", "multiTextBox", "decimalTextBox", "dropdownList", "listBox"] {
            for shown in all(&words, tag, "refId") {
                assert!(elements.contains(&shown), "{shown}");
            }
        }
    }
}
