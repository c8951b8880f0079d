//! Many strings as one string and numbers: a string of its own for each would be a pointer for each, and the start of
//! the program would have to mend thousands of pointers before its first line runs.

/// A list of strings that the build script packed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    text: &'a str,
    /// Where each string ends in `text`, in bytes.
    ends: &'a [u32],
}

impl<'a> Packed<'a> {
    /// The strings of a text that end at these places.
    pub const fn new(text: &'a str, ends: &'a [u32]) -> Self {
        Self { text, ends }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string at a place of the list.
    pub fn get(&self, index: usize) -> Option<&'a str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start as usize..end)
    }

    /// All, in order.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(move |index| self.get(index))
    }
}

/// Texts with names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Documents {
    /// In order.
    names: Packed<'static>,
    texts: Packed<'static>,
}

impl Documents {
    /// Texts in the order of their names.
    pub const fn new(names: Packed<'static>, texts: Packed<'static>) -> Self {
        Self { names, texts }
    }

    /// The text with this name.
    pub fn find(&self, name: &str) -> Option<&'static str> {
        let (mut from, mut to) = (0, self.names.len());
        while from < to {
            let middle = from.midpoint(to);
            match self.names.get(middle)?.cmp(name) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return self.texts.get(middle),
            }
        }
        None
    }

    /// All texts, in the order of their names.
    pub fn texts(self) -> impl Iterator<Item = &'static str> {
        self.texts.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_as_they_were_packed() {
        let packed = Packed::new("aé日", &[1, 3, 3, 6]);
        assert_eq!(packed.iter().collect::<Vec<_>>(), ["a", "é", "", "日"]);
        assert_eq!(packed.get(4), None);
        let documents = Documents::new(Packed::new("abc", &[1, 2, 3]), Packed::new("123", &[1, 2, 3]));
        assert_eq!(
            ["a", "b", "c", "d", ""].map(|name| documents.find(name)),
            [Some("1"), Some("2"), Some("3"), None, None]
        );
    }
}
