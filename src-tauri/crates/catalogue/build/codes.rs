//! The code files as tables.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;

/// A sign-in code of Microsoft Entra.
pub struct Entra {
    pub number: String,
    pub name: String,
    pub cause: String,
    pub confidence: String,
    pub variant: String,
    pub meaning: String,
}

/// A code or name of another family.
pub struct Named {
    pub family: String,
    pub value: String,
    pub cause: String,
    pub confidence: String,
    pub rank: u8,
    pub in_text: bool,
    pub variant: String,
}

/// All codes.
pub struct Codes {
    pub entra: Vec<Entra>,
    pub named: Vec<Named>,
}

/// Reads the files.
pub fn read(folder: &Path) -> Result<Codes, Box<dyn Error>> {
    let mut entra = Vec::new();
    for (place, fields) in lines(&folder.join("aadsts.tsv"))? {
        let [number, name, cause, confidence, variant, meaning] = fields.as_slice() else {
            return Err(format!("{place}: six fields are wanted").into());
        };
        entra.push(Entra {
            number: number.clone(),
            name: name.clone(),
            cause: cause.clone(),
            confidence: confidence.clone(),
            variant: variant.clone(),
            meaning: meaning.clone(),
        });
    }
    let mut named = Vec::new();
    for (place, fields) in lines(&folder.join("names.tsv"))? {
        let [family, value, cause, confidence, rank, reach, variant @ ..] = fields.as_slice() else {
            return Err(format!("{place}: six or seven fields are wanted").into());
        };
        named.push(Named {
            family: family.clone(),
            value: value.clone(),
            cause: cause.clone(),
            confidence: confidence.clone(),
            rank: rank.parse().map_err(|_| format!("{place}: the rank is no number"))?,
            in_text: match reach.as_str() {
                "text" => true,
                "field" => false,
                _ => return Err(format!("{place}: the reach is text or field").into()),
            },
            variant: variant.first().cloned().unwrap_or_default(),
        });
    }
    // Look-ups are by length and then by digits.
    entra.sort_by(|a, b| a.number.len().cmp(&b.number.len()).then(a.number.cmp(&b.number)));
    Ok(Codes { entra, named })
}

/// A line: its place and its fields.
type Row = (String, Vec<String>);

/// What every row of a data file inherits from its head: where it comes from and the day on which that was checked.
pub fn head(text: &str) -> Result<(), String> {
    let head: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
    if !head.iter().any(|line| line.split_whitespace().any(|word| word.starts_with("https://"))) {
        return Err("the head names no reference".to_owned());
    }
    let day =
        head.iter().find_map(|line| line.strip_prefix("# checked_on: ")).ok_or("the day of the check is missing")?;
    let parts: Vec<Option<u16>> = day.trim().split('-').map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [Some(2026..=2999), Some(1..=12), Some(1..=31)] => Ok(()),
        _ => Err(format!("the day of the check is no day: {day}")),
    }
}

fn lines(file: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    head(&text).map_err(|fault| format!("{}: {fault}", file.display()))?;
    let rows = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()).skip(1);
    Ok(rows
        .map(|(index, line)| {
            (format!("{}:{}", file.display(), index + 1), line.split('\t').map(str::to_owned).collect())
        })
        .collect())
}

impl Codes {
    /// The tables as Rust.
    pub fn tables(&self) -> Result<String, Box<dyn Error>> {
        let mut out = String::from("static ENTRA: &[EntraCode] = &[\n");
        for row in &self.entra {
            writeln!(
                out,
                "EntraCode {{ number: {:?}, cause: {}, confidence: {}, variant: {}, meaning: {:?} }},",
                row.number,
                cause(&row.cause),
                confidence(&row.confidence)?,
                optional(&row.variant),
                row.meaning
            )?;
        }
        out.push_str("];\nstatic NAMED: &[NamedCode] = &[\n");
        for row in &self.named {
            writeln!(
                out,
                "NamedCode {{ family: CodeFamily::{}, value: {:?}, cause: {}, confidence: {}, rank: {}, variant: {} }},",
                camel(&row.family),
                row.value,
                cause(&row.cause),
                confidence(&row.confidence)?,
                row.rank,
                optional(&row.variant)
            )?;
        }
        out.push_str("];\n");
        Ok(out)
    }
}

/// The path of a cause; one that does not exist stops the compiler.
pub fn cause(id: &str) -> String {
    format!("Cause::{}", camel(id))
}

/// The path of a confidence.
pub fn confidence(id: &str) -> Result<String, Box<dyn Error>> {
    match id {
        "certain" | "likely" | "possible" => Ok(format!("Confidence::{}", camel(id))),
        _ => Err(format!("no such confidence: {id}").into()),
    }
}

/// An optional text.
pub fn optional(text: &str) -> String {
    if text.is_empty() { "None".to_owned() } else { format!("Some({text:?})") }
}

fn camel(id: &str) -> String {
    id.split('-')
        .flat_map(|part| part.chars().take(1).flat_map(char::to_uppercase).chain(part.chars().skip(1)))
        .collect()
}
