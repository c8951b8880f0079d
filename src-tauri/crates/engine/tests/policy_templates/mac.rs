//! For macOS: a configuration profile to start from, and the description that Jamf Pro makes a form of.
//!
//! Profiles: <https://developer.apple.com/documentation/devicemanagement/custom-settings>. Form of Jamf's description:
//! <https://learn.jamf.com/en-US/bundle/technical-articles/page/Configuration_Profile_Custom_Settings_Schema.html>.

use std::fmt::Write as _;

use inbox_engine::{Definition, Kind};
use inbox_model::Language;
use serde_json::{Map, Value, json};

use crate::{group, policies, schema, xml::escape};

pub const DOMAIN: &str = "app.inboxdoctor.desktop";

/// A profile in which every key stands as a remark; what is not a remark is the harmless `updateCheck`.
pub fn profile() -> String {
    let mut keys = String::new();
    let mut last = "";
    for line in policies() {
        if line.group != last {
            let _ = writeln!(keys, "\n\t\t\t<!-- {} -->", group(Language::En, &line.group));
            last = &line.group;
        }
        let value = line.example.clone().or_else(|| line.default.clone()).unwrap_or_else(|| json!(line.values.first()));
        let entry = format!("<key>{}</key>{}", line.key, plist(&value));
        if line.key == "updateCheck" {
            let _ = writeln!(keys, "\t\t\t{entry}");
        } else {
            let _ = writeln!(keys, "\t\t\t<!-- {}: {entry} -->", escape(&line.en[0]).replace("--", "–"));
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <!-- Written by the test `policy_templates` from data/policies.toml. Copy it, take the remarks away from the keys\n\
         that you want, and give both PayloadUUIDs new values (uuidgen). Values in the dictionary Recommended may be changed by\n\
         people, all others may not. -->\n\
         <plist version=\"1.0\">\n<dict>\n\
         \t<key>PayloadType</key><string>Configuration</string>\n\
         \t<key>PayloadVersion</key><integer>1</integer>\n\
         \t<key>PayloadIdentifier</key><string>{DOMAIN}.profile</string>\n\
         \t<key>PayloadUUID</key><string>5C0B2E1A-6B77-4D0C-9D0E-2F6E1E0B7A01</string>\n\
         \t<key>PayloadDisplayName</key><string>Inbox Doctor</string>\n\
         \t<key>PayloadScope</key><string>System</string>\n\
         \t<key>PayloadContent</key>\n\t<array>\n\t\t<dict>\n\
         \t\t\t<key>PayloadType</key><string>{DOMAIN}</string>\n\
         \t\t\t<key>PayloadVersion</key><integer>1</integer>\n\
         \t\t\t<key>PayloadIdentifier</key><string>{DOMAIN}.settings</string>\n\
         \t\t\t<key>PayloadUUID</key><string>5C0B2E1A-6B77-4D0C-9D0E-2F6E1E0B7A02</string>\n\
         \t\t\t<key>PayloadDisplayName</key><string>Inbox Doctor</string>\n\
         {keys}\n\
         \t\t\t<key>Recommended</key>\n\t\t\t<dict/>\n\
         \t\t</dict>\n\t</array>\n</dict>\n</plist>\n"
    )
}

fn plist(value: &Value) -> String {
    match value {
        Value::Bool(true) => "<true/>".to_owned(),
        Value::Bool(false) => "<false/>".to_owned(),
        Value::Number(number) => format!("<integer>{number}</integer>"),
        Value::Array(entries) => format!("<array>{}</array>", entries.iter().map(plist).collect::<String>()),
        Value::String(text) => format!("<string>{}</string>", escape(text)),
        _ => "<string></string>".to_owned(),
    }
}

/// The description of the preferences' domain for Jamf Pro.
pub fn manifest() -> String {
    let mut properties = Map::new();
    for (place, line) in policies().enumerate() {
        properties.insert(line.key.clone(), property(line, place + 1));
    }
    let text = json!({
        "title": format!("Inbox Doctor ({DOMAIN})"),
        "description": "Mandatory settings of Inbox Doctor. Explanations: docs/policies.md",
        "__preferencedomain": DOMAIN,
        "type": "object",
        "properties": properties,
    });
    serde_json::to_string_pretty(&text).unwrap() + "\n"
}

fn property(line: &Definition, place: usize) -> Value {
    let mut property = schema::of(line);
    let fields = property.as_object_mut().unwrap();
    fields.insert("title".to_owned(), json!(line.en[0]));
    fields.insert("description".to_owned(), json!(format!("{}\n{}: {}", line.en[1], line.ja[0], line.ja[1])));
    fields.insert("property_order".to_owned(), json!(place * 5));
    if let (Some(example), false) = (&line.example, line.kind == Kind::List) {
        fields.insert("options".to_owned(), json!({"inputAttributes": {"placeholder": example}}));
    }
    property
}

#[test]
fn the_profile_is_a_property_list_and_so_it_stays_when_the_remarks_are_taken_away() {
    let text = profile();
    let remarks_away: String = text
        .lines()
        .map(|line| match line.split_once(": <key>") {
            Some((_, entry)) => format!("<key>{}\n", entry.trim_end_matches("-->")),
            None => format!("{line}\n"),
        })
        .collect();
    for (text, wanted) in [(text, 1), (remarks_away, policies().count())] {
        let list = plist::Value::from_reader_xml(text.as_bytes()).unwrap();
        let payload = list.as_dictionary().unwrap()["PayloadContent"].as_array().unwrap()[0].as_dictionary().unwrap();
        assert_eq!(payload["PayloadType"].as_string(), Some(DOMAIN));
        let ours = payload.keys().filter(|key| !key.starts_with("Payload") && *key != "Recommended").count();
        assert_eq!(ours, wanted);
    }
}
