//! The files of words, links and apps as JSON: people write TOML, and the program reads JSON ten times as fast. Only the
//! piece that is needed is read at run time.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use serde_json::{Map, Value};

/// The words of causes and of single codes, in both languages.
pub fn texts(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    for language in ["en", "ja"] {
        let mut causes = BTreeMap::new();
        for entry in std::fs::read_dir(folder.join(language))? {
            let path = entry?.path();
            let Some(name) = path.file_stem().and_then(|name| name.to_str()) else { continue };
            if path.extension().is_none_or(|ending| ending != "toml") || ["steps", "aadsts"].contains(&name) {
                continue;
            }
            causes.insert(name.to_owned(), serde_json::to_string(&read(&path)?)?);
        }
        let mut codes = BTreeMap::new();
        for (name, entry) in read(&folder.join(language).join("aadsts.toml"))? {
            codes.insert(name, serde_json::to_string(&entry)?);
        }
        let tag = language.to_uppercase();
        writeln!(out, "static CAUSES_{tag}: Documents = {};", documents(&causes)?)?;
        writeln!(out, "static CODES_{tag}: Documents = {};", documents(&codes)?)?;
    }
    Ok(out)
}

/// The links by their ids.
pub fn links(file: &Path) -> Result<String, Box<dyn Error>> {
    let table = read(file)?;
    let rows = table.get("link").and_then(Value::as_array).ok_or("links.toml holds no links")?;
    let mut links = BTreeMap::new();
    for row in rows {
        let id = row.get("id").and_then(Value::as_str).ok_or("a link without an id")?;
        if links.insert(id.to_owned(), serde_json::to_string(row)?).is_some() {
            return Err(format!("{}: the link {id} stands twice", file.display()).into());
        }
    }
    Ok(format!("static LINKS: Documents = {};\n", documents(&links)?))
}

/// A whole file as JSON.
pub fn json(file: &Path) -> Result<String, Box<dyn Error>> {
    Ok(serde_json::to_string(&read(file)?)?)
}

/// Strings as one string and the places where each ends.
pub fn packed<'a>(strings: impl IntoIterator<Item = &'a str>) -> Result<String, Box<dyn Error>> {
    let (mut text, mut ends) = (String::new(), Vec::new());
    for string in strings {
        text.push_str(string);
        ends.push(u32::try_from(text.len())?);
    }
    Ok(format!("Packed::new({text:?}, &{ends:?})"))
}

fn documents(all: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let (names, texts) = (packed(all.keys().map(String::as_str))?, packed(all.values().map(String::as_str))?);
    Ok(format!("Documents::new({names}, {texts})"))
}

fn read(file: &Path) -> Result<Map<String, Value>, Box<dyn Error>> {
    let place = |fault: &dyn std::fmt::Display| format!("{}: {fault}", file.display());
    let text = std::fs::read_to_string(file).map_err(|fault| place(&fault))?;
    let table: toml::Table = text.parse().map_err(|fault: toml::de::Error| place(&fault))?;
    if has_dates(&table.values().cloned().collect::<Vec<_>>()) {
        return Err(place(&"write days in quotation marks").into());
    }
    match serde_json::to_value(table)? {
        Value::Object(map) => Ok(map),
        _ => Err(place(&"this is no table").into()),
    }
}

fn has_dates(values: &[toml::Value]) -> bool {
    values.iter().any(|value| match value {
        toml::Value::Datetime(_) => true,
        toml::Value::Array(items) => has_dates(items),
        toml::Value::Table(table) => has_dates(&table.values().cloned().collect::<Vec<_>>()),
        _ => false,
    })
}
