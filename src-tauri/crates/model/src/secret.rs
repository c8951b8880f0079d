//! A value that must never be seen: not in `Debug`, not serialised, wiped when dropped.

use zeroize::Zeroize;

/// A secret such as a token. It has no `Serialize`, no `Display`, and its `Debug` is a mask.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a value into custody.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Gives the value out. Callers keep it out of logs, reports, events and arguments.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> std::fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_a_mask() {
        assert_eq!(format!("{:?}", Secret::new("0.ARoA-canary".to_owned())), "Secret(***)");
    }
}
