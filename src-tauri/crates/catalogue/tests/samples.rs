//! Own samples of every cause and of look-alikes: the first finding is the right one.

use inbox_catalogue::{CATALOGUE_DATE, TextContext, recognise};

#[test]
fn own_samples_are_recognised() {
    let context = TextContext { today: CATALOGUE_DATE.parse().unwrap(), domain: None, app: None };
    let mut wrong = Vec::new();
    let files = [include_str!("samples.tsv"), include_str!("retold.tsv"), include_str!("families.tsv")];
    for line in files.iter().flat_map(|file| file.lines()) {
        let (cause, text) = line.split_once('\t').unwrap();
        let recognition = recognise(text, &context);
        let first = &recognition.findings[0];
        if first.cause.id() != cause {
            wrong.push(format!("{cause} <- {} {:?}: {text}", first.cause.id(), first.rules));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
