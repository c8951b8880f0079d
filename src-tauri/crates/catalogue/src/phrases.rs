//! Short phrases beside the causes: names of steps, notes, verdicts. From `data/text/{en,ja}/steps.toml`.

use std::{collections::BTreeMap, sync::OnceLock};

use inbox_model::{Language, SkipReason};

type Table = BTreeMap<String, BTreeMap<String, String>>;

fn table(language: Language) -> &'static Table {
    static EN: OnceLock<Table> = OnceLock::new();
    static JA: OnceLock<Table> = OnceLock::new();
    let (cell, text) = match language {
        Language::En => (&EN, include_str!(concat!(env!("OUT_DIR"), "/steps-en.json"))),
        Language::Ja => (&JA, include_str!(concat!(env!("OUT_DIR"), "/steps-ja.json"))),
    };
    cell.get_or_init(|| serde_json::from_str(text).unwrap_or_default())
}

/// The phrase under `key` (`step.mail-host`, `verdict.works`, `not-checked.stopped-before`), with `{name}` replaced by the
/// value of that name. A name without a value stays as it is. An unknown key comes back itself, so that a mistake is seen.
#[must_use]
pub fn phrase(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    let found = key.split_once('.').and_then(|(group, name)| table(language).get(group)?.get(name));
    let Some(text) = found else { return key.to_owned() };
    let mut filled = String::with_capacity(text.len());
    let mut rest = text.as_str();
    // One pass, so that braces inside a value are never taken for a name.
    while let Some((head, tail)) = rest.split_once('{') {
        filled.push_str(head);
        let Some((name, after)) = tail.split_once('}') else {
            filled.push('{');
            rest = tail;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => {
                filled.push('{');
                filled.push_str(name);
                filled.push('}');
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The key of the phrase that says why something was not checked.
#[must_use]
pub fn skip_key(reason: SkipReason) -> String {
    let name = match reason {
        SkipReason::DependencyFailed => "dependency",
        SkipReason::NoSignIn => "no-sign-in",
        SkipReason::NoClientRegistered => "no-client",
        SkipReason::NotApplicable => "not-applicable",
        SkipReason::NotRequested => "not-requested",
        SkipReason::OutOfTime => "out-of-time",
        SkipReason::Cancelled => "cancelled",
        SkipReason::Policy => "policy",
    };
    format!("not-checked.{name}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use inbox_model::{Fixer, Step, StepState, Verdict};

    use super::*;

    fn names(text: &str) -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned())).collect()
    }

    #[test]
    fn both_languages_have_the_same_keys_and_names() {
        let (en, ja) = (table(Language::En), table(Language::Ja));
        assert!(en.len() > 10, "the file is read");
        assert_eq!(en.keys().collect::<Vec<_>>(), ja.keys().collect::<Vec<_>>());
        for (group, phrases) in en {
            assert_eq!(phrases.keys().collect::<Vec<_>>(), ja[group].keys().collect::<Vec<_>>(), "{group}");
            for (key, text) in phrases {
                assert_eq!(names(text), names(&ja[group][key]), "{group}.{key}");
                assert!(!text.contains('!') && !ja[group][key].contains('！'), "{group}.{key}");
            }
        }
    }

    #[test]
    fn every_step_state_verdict_and_fixer_has_a_phrase() {
        fn id(value: impl serde::Serialize) -> String {
            serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
        }
        let states =
            [StepState::Waiting, StepState::Running, StepState::Fine, StepState::Problem, StepState::NotChecked];
        let verdicts = [Verdict::Works, Verdict::Limited, Verdict::Blocked, Verdict::Inconclusive];
        let fixers = [Fixer::You, Fixer::Admin, Fixer::Vendor, Fixer::Wait, Fixer::Network];
        let mut keys: Vec<String> = Step::ALL.iter().map(|step| format!("step.{}", id(step))).collect();
        keys.extend(Step::ALL.iter().map(|step| format!("doing.{}", id(step))));
        keys.extend(states.iter().map(|state| format!("state.{}", id(state))));
        keys.extend(verdicts.iter().flat_map(|v| [format!("verdict.{}", id(v)), format!("verdict.short-{}", id(v))]));
        keys.extend(fixers.iter().map(|fixer| format!("who.{}", id(fixer))));
        for language in Language::ALL {
            for key in &keys {
                assert_ne!(phrase(*language, key, &[]), *key);
            }
        }
    }

    #[test]
    fn every_reason_for_skipping_has_a_phrase() {
        let all = [
            (SkipReason::DependencyFailed, "dependency"),
            (SkipReason::NoSignIn, "no-sign-in"),
            (SkipReason::NoClientRegistered, "no-client"),
            (SkipReason::NotApplicable, "not-applicable"),
            (SkipReason::NotRequested, "not-requested"),
            (SkipReason::OutOfTime, "out-of-time"),
            (SkipReason::Cancelled, "cancelled"),
            (SkipReason::Policy, "policy"),
        ];
        for (reason, key) in all {
            assert_eq!(skip_key(reason), format!("not-checked.{key}"));
            assert_ne!(phrase(Language::Ja, &skip_key(reason), &[]), skip_key(reason));
        }
    }

    #[test]
    fn every_question_and_answer_of_recognition_has_words() {
        let context = crate::TextContext { today: jiff::civil::date(2026, 11, 24), domain: None, app: None };
        let mut seen = BTreeSet::new();
        for text in [
            "MailboxNotEnabledForRESTAPI",
            "?error=access_denied&error_subcode=cancel",
            "{\"error\":\"interaction_required\"}",
            "AADSTS65001: The user or administrator has not consented",
            "Error 403: access_denied",
            "{\"error\":{\"code\":\"ErrorAccessDenied\"}}",
            "{\"error\":\"invalid_grant\"}",
            "NO [AUTHENTICATIONFAILED] Invalid credentials",
        ] {
            for question in crate::recognise(text, &context).questions {
                for language in Language::ALL {
                    let key = format!("question.{}", question.id);
                    assert_ne!(phrase(*language, &key, &[]), key);
                    for (answer, _) in &question.answers {
                        let key = format!("answer.{}-{answer}", question.id);
                        assert_ne!(phrase(*language, &key, &[]), key);
                    }
                }
                seen.insert(question.id);
            }
        }
        assert!(seen.len() >= 5, "{seen:?}");
    }

    #[test]
    fn values_are_filled_in_one_pass() {
        let text = phrase(Language::En, "sign-in.done", &[("account", "{account}@contoso.example")]);
        assert_eq!(text, "Signed in as {account}@contoso.example");
        assert_eq!(phrase(Language::En, "sign-in.done", &[]), "Signed in as {account}");
        assert_eq!(phrase(Language::En, "no.such", &[]), "no.such");
        assert_eq!(phrase(Language::En, "nothing", &[]), "nothing");
    }
}
