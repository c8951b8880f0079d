//! Cuts a value into pieces that every password store takes, and reads it back whole or not at all.
//!
//! Windows holds at most 2,560 bytes in one credential (`CRED_MAX_CREDENTIAL_BLOB_SIZE`,
//! <https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw>), and refresh tokens are often longer. The
//! same pieces are made everywhere, so that one way is tested. KDE's store takes text only: the pieces are base64.
//!
//! The pieces are written before the header that counts them, into the one of two sets that the old header does not name.
//! Whatever breaks off, the header in force names a whole set; what is left of the other is swept with the next write.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use inbox_model::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Bytes in one piece.
pub(super) const PIECE: usize = 2560;
/// Pieces of one value at most: 80 kB, some 150 accounts in the list.
pub(super) const MOST: usize = 32;

/// Named places for bytes: a password store, or a test's stand-in.
pub(super) trait Slots {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure>;
    fn set(&self, name: &str, value: &[u8]) -> Result<(), Failure>;
    /// `false` where there was none.
    fn delete(&self, name: &str) -> Result<bool, Failure>;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    v: u32,
    set: Set,
    pieces: usize,
    /// Of the whole value; a piece of another write is found out by it.
    sha256: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Set {
    A,
    B,
}

impl Set {
    fn other(self) -> Self {
        match self {
            Set::A => Set::B,
            Set::B => Set::A,
        }
    }

    fn slot(self, name: &str, index: usize) -> String {
        let set = if self == Set::A { 'a' } else { 'b' };
        format!("{name}.{set}{index}")
    }
}

/// Writes a value in place of an earlier one.
pub(super) fn write(slots: &dyn Slots, name: &str, value: &[u8]) -> Result<(), Failure> {
    let text = Zeroizing::new(STANDARD_NO_PAD.encode(value));
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(PIECE).collect();
    if pieces.len() > MOST {
        return Err(Failure::of(FailureKind::KeychainFailed).with_detail("too long"));
    }
    let set = header(slots, name)?.map_or(Set::A, |old| old.set.other());
    for (index, piece) in pieces.iter().enumerate() {
        slots.set(&set.slot(name, index), piece)?;
    }
    let header = Header { v: 1, set, pieces: pieces.len(), sha256: digest(value) };
    let header = serde_json::to_vec(&header).map_err(|_| Failure::of(FailureKind::KeychainFailed))?;
    slots.set(name, &header)?;
    sweep(slots, name, set, pieces.len())?;
    sweep(slots, name, set.other(), 0)
}

/// Reads a value. `None` where there is none, where a piece is missing, or where the pieces do not make the value.
pub(super) fn read(slots: &dyn Slots, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let Some(header) = header(slots, name)? else { return Ok(None) };
    let mut text = Zeroizing::new(Vec::with_capacity(header.pieces.min(MOST) * PIECE));
    for index in 0..header.pieces.min(MOST) {
        let Some(piece) = slots.get(&header.set.slot(name, index))? else { return Ok(None) };
        text.extend_from_slice(&piece);
    }
    let value = STANDARD_NO_PAD.decode(text.as_slice()).ok().map(Zeroizing::new);
    Ok(value.filter(|value| digest(value) == header.sha256))
}

/// Deletes a value and whatever is left of it. `false` where there was none.
pub(super) fn remove(slots: &dyn Slots, name: &str) -> Result<bool, Failure> {
    let there = slots.delete(name)?;
    sweep(slots, name, Set::A, 0)?;
    sweep(slots, name, Set::B, 0)?;
    Ok(there)
}

/// Deletes the pieces of a set from `from` on. Gaps do not end it: an earlier sweep may have broken off.
fn sweep(slots: &dyn Slots, name: &str, set: Set, from: usize) -> Result<(), Failure> {
    for index in from..MOST {
        slots.delete(&set.slot(name, index))?;
    }
    Ok(())
}

/// A header that cannot be read counts as none; the next write replaces it.
fn header(slots: &dyn Slots, name: &str) -> Result<Option<Header>, Failure> {
    let header = slots.get(name)?;
    Ok(header.and_then(|bytes| serde_json::from_slice::<Header>(&bytes).ok()).filter(|header| header.v == 1))
}

fn digest(value: &[u8]) -> String {
    STANDARD_NO_PAD.encode(Sha256::digest(value))
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::BTreeMap};

    use super::*;

    /// Keeps bytes as strictly as Windows does; fails after a number of writes, like a crash.
    #[derive(Default)]
    struct Strict {
        kept: RefCell<BTreeMap<String, Vec<u8>>>,
        writes_left: RefCell<Option<usize>>,
    }

    impl Slots for Strict {
        fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
            Ok(self.kept.borrow().get(name).cloned().map(Zeroizing::new))
        }

        fn set(&self, name: &str, value: &[u8]) -> Result<(), Failure> {
            assert!(value.len() <= 2560, "{name}");
            assert!(std::str::from_utf8(value).is_ok(), "{name}");
            if let Some(left) = self.writes_left.borrow_mut().as_mut() {
                *left = left.checked_sub(1).ok_or_else(|| Failure::of(FailureKind::KeychainFailed))?;
            }
            self.kept.borrow_mut().insert(name.to_owned(), value.to_vec());
            Ok(())
        }

        fn delete(&self, name: &str) -> Result<bool, Failure> {
            Ok(self.kept.borrow_mut().remove(name).is_some())
        }
    }

    fn value(length: usize, seed: u8) -> Vec<u8> {
        (0..length).map(|index| u8::try_from(index % 251).unwrap() ^ seed).collect()
    }

    #[test]
    fn values_of_every_length_come_back() {
        let slots = Strict::default();
        for length in [0, 1, 1919, 1920, 1921, 2560, 5000, 61_439] {
            write(&slots, "x", &value(length, 3)).unwrap();
            assert_eq!(read(&slots, "x").unwrap().unwrap().as_slice(), value(length, 3), "{length}");
        }
        assert!(write(&slots, "x", &value(70_000, 1)).is_err());
        assert_eq!(read(&slots, "x").unwrap().unwrap().len(), 61_439, "the old value stays");
    }

    #[test]
    fn a_shorter_value_leaves_no_piece_behind() {
        let slots = Strict::default();
        write(&slots, "x", &value(9000, 1)).unwrap();
        write(&slots, "x", b"short").unwrap();
        assert_eq!(slots.kept.borrow().len(), 2);
        assert!(remove(&slots, "x").unwrap());
        assert!(slots.kept.borrow().is_empty());
        assert!(!remove(&slots, "x").unwrap());
    }

    #[test]
    fn a_write_that_breaks_off_anywhere_leaves_the_old_value() {
        for writes in 0..5 {
            let slots = Strict::default();
            write(&slots, "x", &value(4000, 1)).unwrap();
            *slots.writes_left.borrow_mut() = Some(writes);
            let broke = write(&slots, "x", &value(8000, 2)).is_err();
            assert!(broke, "{writes}");
            assert_eq!(read(&slots, "x").unwrap().unwrap().as_slice(), value(4000, 1), "{writes}");
            *slots.writes_left.borrow_mut() = None;
            write(&slots, "x", b"new").unwrap();
            assert_eq!(slots.kept.borrow().len(), 2, "leftovers are swept");
        }
    }

    #[test]
    fn a_gap_or_a_foreign_piece_reads_as_absent() {
        let slots = Strict::default();
        write(&slots, "x", &value(6000, 1)).unwrap();
        let piece = slots.kept.borrow_mut().remove("x.a1").unwrap();
        assert!(read(&slots, "x").unwrap().is_none());
        slots.kept.borrow_mut().insert("x.a1".to_owned(), piece.iter().rev().copied().collect());
        assert!(read(&slots, "x").unwrap().is_none());
        slots.kept.borrow_mut().insert("x".to_owned(), b"not json".to_vec());
        assert!(read(&slots, "x").unwrap().is_none());
    }
}
