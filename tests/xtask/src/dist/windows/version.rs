//! Versions as Windows keeps them: numbers in the resources of a program.

use anyhow::{Context as _, Result, bail};

/// Start of the fixed part of a version resource
/// (<https://learn.microsoft.com/windows/win32/api/verrsrc/ns-verrsrc-vs_fixedfileinfo>).
const SIGNATURE: [u8; 4] = 0xFEEF_04BD_u32.to_le_bytes();
/// Offsets of the file's version (two words of 32 bits) and of the product's, from the signature.
const VERSIONS: [usize; 2] = [8, 16];

/// `1.2.3` as four numbers.
pub(super) fn parts(version: &str) -> Result<[u16; 4]> {
    let numbers = version.split('-').next().unwrap_or_default();
    let read: Vec<u16> = numbers.split('.').map(str::parse).collect::<Result<_, _>>().context(version.to_owned())?;
    match read.as_slice() {
        [major, minor, patch] => Ok([*major, *minor, *patch, 0]),
        _ => bail!("`{version}` has not three numbers"),
    }
}

/// `1.2.3` as `1.2.3.0`.
pub(super) fn four(version: &str) -> Result<String> {
    Ok(parts(version)?.map(|part| part.to_string()).join("."))
}

/// The patch version after this one.
pub(super) fn after(version: &str) -> Result<String> {
    let [major, minor, patch, _] = parts(version)?;
    Ok(format!("{major}.{minor}.{}", patch + 1))
}

/// A version before this one.
pub(super) fn before(version: &str) -> Result<String> {
    let [major, minor, patch, _] = parts(version)?;
    match (major, minor, patch) {
        (0, 0, 0) => bail!("there is no version before 0.0.0"),
        (_, 0, 0) => Ok(format!("{}.9.9", major - 1)),
        (_, _, 0) => Ok(format!("{major}.{}.9", minor - 1)),
        _ => Ok(format!("{major}.{minor}.{}", patch - 1)),
    }
}

/// The file version in a program's resources; `None` where it has none.
pub(super) fn fixed(program: &[u8]) -> Option<[u16; 4]> {
    let start = program.windows(4).position(|window| window == SIGNATURE)?;
    let word = |offset: usize| {
        let at = start + VERSIONS.first()? + offset;
        Some(u16::from_le_bytes([*program.get(at)?, *program.get(at + 1)?]))
    };
    // Each pair of 16 bits is stored with its lower half first.
    Some([word(2)?, word(0)?, word(6)?, word(4)?])
}

/// Writes another version into a program's resources.
pub(super) fn set_fixed(program: &mut [u8], version: &str) -> Result<()> {
    let [a, b, c, d] = parts(version)?;
    let start = program.windows(4).position(|window| window == SIGNATURE).context("no version resource")?;
    for offset in VERSIONS {
        for (place, part) in [(2, a), (0, b), (6, c), (4, d)] {
            let at = start + offset + place;
            program.get_mut(at..at + 2).context("cut off")?.copy_from_slice(&part.to_le_bytes());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_a_version() {
        assert_eq!(after("0.1.0").unwrap(), "0.1.1");
        assert_eq!(before("0.1.0").unwrap(), "0.0.9");
        assert_eq!(before("1.0.0").unwrap(), "0.9.9");
        assert_eq!(before("1.2.3").unwrap(), "1.2.2");
        assert_eq!(four("1.2.3").unwrap(), "1.2.3.0");
        assert!(parts("1.2").is_err());
    }

    #[test]
    fn a_version_is_written_and_read_again() {
        let mut program = vec![0_u8; 16];
        program.extend(SIGNATURE);
        program.extend([0; 24]);
        set_fixed(&mut program, "1.22.333").unwrap();
        assert_eq!(fixed(&program), Some([1, 22, 333, 0]));
        assert_eq!(fixed(&[0; 64]), None);
    }
}
