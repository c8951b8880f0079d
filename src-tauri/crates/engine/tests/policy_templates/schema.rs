//! JSON Schema (2020-12) of settings files and of policy files on Linux.

use inbox_engine::{Definition, Kind, Scope, definitions};
use serde_json::{Map, Value, json};

/// What a value of this setting looks like.
pub fn of(line: &Definition) -> Value {
    let mut schema = match line.kind {
        Kind::List => json!({"type": "array", "items": one(line, line.items.unwrap()), "uniqueItems": false}),
        kind => one(line, kind),
    };
    let fields = schema.as_object_mut().unwrap();
    if !line.allowed.is_empty() {
        fields.insert("enum".to_owned(), json!(line.allowed));
    }
    if let Some(default) = &line.default {
        fields.insert("default".to_owned(), default.clone());
    }
    schema
}

fn one(line: &Definition, kind: Kind) -> Value {
    let mut text = json!({"type": "string", "minLength": 1});
    if let Some(max) = line.max {
        text["maxLength"] = json!(max);
    }
    match kind {
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Integer => json!({"type": "integer", "minimum": line.min.unwrap_or(0), "maximum": line.max}),
        Kind::Choice => json!({"type": "string", "enum": line.values}),
        Kind::Email => json!({"type": "string", "format": "email"}),
        Kind::Url => {
            let schemes = if line.schemes.is_empty() { "https?".to_owned() } else { line.schemes.join("|") };
            json!({"type": "string", "pattern": format!("^({schemes})://[^/]+")})
        }
        _ => {
            if line.plain {
                text["pattern"] = json!("^[A-Za-z0-9._-]+$");
            }
            text
        }
    }
}

pub fn schema() -> String {
    let mut properties = Map::new();
    properties.insert("$schema".to_owned(), json!({"type": "string"}));
    properties.insert("schema".to_owned(), json!({"const": 1, "description": "Version of the file's form."}));
    for line in definitions() {
        let mut property = of(line);
        property["title"] = json!(line.en[0]);
        let note = match line.scope {
            Scope::Preference => " Each person's own; no policy can set it.",
            _ => "",
        };
        property["description"] = json!(format!("{}{note}", line.en[1]));
        // With dots, as in lists of settings, and nested, as in files.
        properties.insert(line.key.clone(), property.clone());
        if line.key.contains('.') {
            nest(&mut properties, &line.key, property);
        }
    }
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Written by the test `policy_templates` from data/policies.toml. Do not edit.",
        "title": "Settings and policies of Inbox Doctor",
        "type": "object",
        "properties": properties,
        "patternProperties": {"^(\\$|//)": {}},
        "additionalProperties": false,
    });
    serde_json::to_string_pretty(&whole).unwrap() + "\n"
}

fn nest(properties: &mut Map<String, Value>, key: &str, property: Value) {
    match key.split_once('.') {
        None => drop(properties.insert(key.to_owned(), property)),
        Some((head, rest)) => {
            let inner = properties
                .entry(head.to_owned())
                .or_insert_with(|| json!({"type": "object", "properties": {}, "additionalProperties": false}));
            nest(inner["properties"].as_object_mut().unwrap(), rest, property);
        }
    }
}
