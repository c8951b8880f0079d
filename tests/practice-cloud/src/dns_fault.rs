//! Faults of the DNS on purpose: records of one kind are answered in one wrong way.

use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{Name, RData, Record, rdata::TXT};
use serde::Serialize;

/// How late a slow answer is: after a resolver has asked a second time, within its patience.
const SLOWNESS: Duration = Duration::from_secs(3);

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DnsFault {
    /// REFUSED
    Refused,
    /// No answer.
    Silent,
    /// SERVFAIL
    ServerFailure,
    /// NXDOMAIN, though the name exists.
    NoSuchName,
    /// The answer is cut in the middle.
    CutOff,
    /// Bytes that are no answer.
    Malformed,
    /// Far more records than were asked for.
    Oversized,
    /// The right answer, late.
    Slow,
    /// The answer to another question.
    WrongQuestion,
}

impl DnsFault {
    /// All, in the order of the table.
    pub const ALL: [DnsFault; 9] = [
        DnsFault::Refused,
        DnsFault::Silent,
        DnsFault::ServerFailure,
        DnsFault::NoSuchName,
        DnsFault::CutOff,
        DnsFault::Malformed,
        DnsFault::Oversized,
        DnsFault::Slow,
        DnsFault::WrongQuestion,
    ];

    /// In a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Refused => "REFUSED",
            Self::Silent => "no answer",
            Self::ServerFailure => "SERVFAIL",
            Self::NoSuchName => "NXDOMAIN",
            Self::CutOff => "breaks off",
            Self::Malformed => "malformed",
            Self::Oversized => "oversized",
            Self::Slow => "slow",
            Self::WrongQuestion => "answer to another question",
        }
    }

    /// The wrong answer in place of the right one, and how long it takes; `None` for silence.
    pub(crate) fn change(self, right: Vec<u8>) -> Option<(Vec<u8>, Duration)> {
        let now = |bytes: Vec<u8>| Some((bytes, Duration::ZERO));
        let with_code = |code: ResponseCode| {
            let mut message = Message::from_vec(&right).ok()?;
            message.answers.clear();
            message.metadata.response_code = code;
            now(message.to_vec().ok()?)
        };
        match self {
            Self::Refused => with_code(ResponseCode::Refused),
            Self::Silent => None,
            Self::ServerFailure => with_code(ResponseCode::ServFail),
            Self::NoSuchName => with_code(ResponseCode::NXDomain),
            Self::CutOff => now(right.get(..right.len() / 2)?.to_vec()),
            Self::Malformed => {
                // The head stays, so that it counts as an answer to this question at all.
                let mut bytes = right;
                bytes.iter_mut().skip(12).for_each(|byte| *byte = 0xff);
                now(bytes)
            }
            Self::Oversized => {
                let mut message = Message::from_vec(&right).ok()?;
                let owner = message.queries.first().map(|query| query.name().clone()).unwrap_or_else(Name::root);
                for number in 0..200 {
                    let text = TXT::new(vec![format!("{number} {}", "x".repeat(200))]);
                    message.add_answer(Record::from_rdata(owner.clone(), 5, RData::TXT(text)));
                }
                now(message.to_vec().ok()?)
            }
            Self::Slow => Some((right, SLOWNESS)),
            Self::WrongQuestion => {
                let mut message = Message::from_vec(&right).ok()?;
                if let Some(query) = message.queries.first_mut() {
                    query.set_name(Name::from_ascii("another.practice.example.").ok()?);
                }
                now(message.to_vec().ok()?)
            }
        }
    }
}

/// Which records get which fault.
#[derive(Debug, Clone, Default)]
pub(crate) struct DnsPlan(pub(crate) Option<(String, DnsFault)>);

impl DnsPlan {
    pub(crate) fn fault(&self, kind: &str) -> Option<DnsFault> {
        self.0.as_ref().filter(|(planned, _)| planned == kind).map(|(_, fault)| *fault)
    }
}
