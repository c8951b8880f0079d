//! Finds out whether one of many strings stands in a text, looking at every third place only.
//!
//! Of each string one stretch of six bytes is chosen, as rare as the string has. Whatever way the text falls under the
//! comb of every third place, one of the three grams of four bytes in that stretch is looked at. A bit for each gram lets
//! nearly all places pass; at the rest the whole strings are compared. The build script makes the tables, so that there
//! is nothing to build at run time, and nothing to keep but the tables themselves.
//!
//! The idea is that of q-gram filters: Navarro and Raffinot, "Flexible Pattern Matching in Strings" (2002), chapter 3.

// The build script reads this file too, from another place.

/// Bytes that are looked at in one piece.
const GRAM: usize = 4;
/// The comb: every so many places are looked at.
const STRIDE: usize = 3;
/// The shortest string that cannot fall through the comb.
#[allow(dead_code, reason = "used by the build script and by tests")]
pub(crate) const SHORTEST: usize = GRAM + STRIDE - 1;
/// Bits of a place in the filter: 16 KB of it stay in the fastest memory.
const FILTER_BITS: u32 = 17;
/// Bits of a place in the table of entries.
const BUCKET_BITS: u32 = 12;

/// A gram of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The gram without regard to case.
    pub gram: u32,
    /// The string, by its place in the list.
    pub string: u16,
    /// Where the gram stands in it.
    pub offset: u16,
}

/// What the build script made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grams<'a> {
    /// The strings, one after the other.
    pub text: &'a str,
    /// Where each ends in `text`.
    pub ends: &'a [u32],
    /// One bit for each hash of a gram.
    pub filter: &'a [u64],
    /// Where the entries of each bucket begin, and a last one for the end.
    pub buckets: &'a [u16],
    /// The entries by bucket.
    pub entries: &'a [Entry],
}

impl Grams<'_> {
    /// Where the next of the strings begins in a text, in either case, from a place on. Of several near each other it may be
    /// another one than the first.
    pub fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let places = text.get(from..)?.windows(GRAM).step_by(STRIDE);
        for (index, place) in places.enumerate() {
            let gram = gram(place)?;
            let hash = hash(gram);
            let slot = (hash >> (32 - FILTER_BITS)) as usize;
            if self.filter.get(slot / 64)? & (1 << (slot % 64)) != 0
                && let Some(start) = self.compare(text, from + index * STRIDE, gram, hash)
            {
                return Some(start);
            }
        }
        None
    }

    /// Whether a string stands around this place.
    #[cold]
    fn compare(&self, text: &[u8], at: usize, gram: u32, hash: u32) -> Option<usize> {
        let bucket = (hash >> (32 - BUCKET_BITS)) as usize;
        let (first, last) = (*self.buckets.get(bucket)?, *self.buckets.get(bucket + 1)?);
        let entries = self.entries.get(usize::from(first)..usize::from(last))?;
        entries.iter().filter(|entry| entry.gram == gram).find_map(|entry| {
            let string = self.string(entry.string)?;
            let start = at.checked_sub(usize::from(entry.offset))?;
            let stands = text.get(start..start + string.len())?.eq_ignore_ascii_case(string);
            stands.then_some(start)
        })
    }

    fn string(&self, index: u16) -> Option<&[u8]> {
        let index = usize::from(index);
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.as_bytes().get(start as usize..*self.ends.get(index)? as usize)
    }
}

/// Four bytes as a number, letters in lower case. Some signs become one with others, which only costs a comparison.
fn gram(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.try_into().ok()?) | 0x2020_2020)
}

/// Spreads a gram over 32 bits; the upper ones are the best.
fn hash(gram: u32) -> u32 {
    // The multiplier of Knuth's multiplicative hashing, 2^32 over the golden ratio.
    gram.wrapping_mul(0x9e37_79b1)
}

/// The tables for a list of strings, and strings that are too short for them.
#[allow(dead_code, reason = "used by the build script and by tests")]
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub text: String,
    pub ends: Vec<u32>,
    pub filter: Vec<u64>,
    pub buckets: Vec<u16>,
    pub entries: Vec<Entry>,
}

/// Makes the tables. `usual` is a text as most texts are: of each string the stretch is chosen that is rarest there.
///
/// `None` where a string is shorter than [`SHORTEST`] or there are too many.
#[allow(dead_code, reason = "used by the build script and by tests")]
pub(crate) fn tables(strings: &[&str], usual: &str) -> Option<Tables> {
    let mut tables = Tables { filter: vec![0; 1 << (FILTER_BITS - 6)], ..Tables::default() };
    let usual: Vec<u32> = usual.as_bytes().windows(GRAM).filter_map(gram).collect();
    for (index, string) in strings.iter().enumerate() {
        let grams: Vec<u32> = string.as_bytes().windows(GRAM).filter_map(gram).collect();
        // How many of the usual grams share three bytes with it counts a little, all four much.
        let near = |a: u32, b: u32| usize::from(a << 8 == b << 8) + usize::from(a >> 8 == b >> 8);
        let weight =
            |gram: &u32| usual.iter().map(|other| near(*gram, *other) + 20 * usize::from(gram == other)).sum::<usize>();
        let weights: Vec<usize> = grams.iter().map(weight).collect();
        let stretches = weights.windows(STRIDE).map(|stretch| stretch.iter().sum::<usize>());
        let (offset, _) = stretches.enumerate().min_by_key(|(_, weight)| *weight)?;
        for (offset, gram) in grams.iter().enumerate().skip(offset).take(STRIDE) {
            let (string, offset) = (u16::try_from(index).ok()?, u16::try_from(offset).ok()?);
            tables.entries.push(Entry { gram: *gram, string, offset });
            let slot = (hash(*gram) >> (32 - FILTER_BITS)) as usize;
            *tables.filter.get_mut(slot / 64)? |= 1 << (slot % 64);
        }
        tables.text.push_str(string);
        tables.ends.push(u32::try_from(tables.text.len()).ok()?);
    }
    let bucket = |entry: &Entry| (hash(entry.gram) >> (32 - BUCKET_BITS)) as usize;
    tables.entries.sort_by_key(|entry| (bucket(entry), entry.gram, entry.string, entry.offset));
    for number in 0..=1 << BUCKET_BITS {
        tables.buckets.push(u16::try_from(tables.entries.partition_point(|entry| bucket(entry) < number)).ok()?);
    }
    Some(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(strings: &[&str], text: &str) -> Option<usize> {
        let tables = tables(strings, "").unwrap();
        let grams = Grams {
            text: &tables.text,
            ends: &tables.ends,
            filter: &tables.filter,
            buckets: &tables.buckets,
            entries: &tables.entries,
        };
        grams.next(text.as_bytes(), 0)
    }

    #[test]
    fn strings_are_found_at_every_place_in_either_case() {
        for before in 0..20 {
            let text = format!("{}AADSTS{}", "x".repeat(before), "y".repeat(before % 3));
            assert_eq!(found(&["aadsts", "管理者の承認"], &text), Some(before));
            let text = format!("{}管理者の承認が必要", "。".repeat(before));
            assert_eq!(found(&["aadsts", "管理者の承認"], &text), Some(before * 3));
        }
        assert_eq!(found(&["aadsts"], "aadst"), None);
        assert_eq!(found(&["aadsts"], "a ads ts aadst s"), None);
        assert_eq!(found(&["aadsts"], ""), None);
    }

    #[test]
    fn a_string_that_could_fall_through_the_comb_is_refused() {
        assert!(tables(&["12345"], "").is_none());
        assert!(tables(&["123456"], "").is_some());
    }
}
