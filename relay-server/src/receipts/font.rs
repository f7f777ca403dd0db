//! The font of receipts' pages: some twenty megabytes, held once for all copies that are being made, and by nobody else.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

pub(super) struct PageFont {
    path: PathBuf,
    held: Mutex<Weak<Vec<u8>>>,
}

impl PageFont {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, held: Mutex::default() }
    }

    /// Read where nobody holds it; whoever asks meanwhile waits for that reading.
    pub(super) fn bytes(&self) -> io::Result<Arc<Vec<u8>>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(font) = held.upgrade() {
            return Ok(font);
        }
        let font = Arc::new(self.read()?);
        *held = Arc::downgrade(&font);
        Ok(font)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        // So much room comes from the system itself and goes back to it at once; only what is read of it takes memory.
        let mut font = Vec::with_capacity(LARGEST_FONT);
        let limit = u64::try_from(LARGEST_FONT).unwrap_or(u64::MAX);
        if File::open(&self.path)?.take(limit).read_to_end(&mut font)? == LARGEST_FONT {
            return Err(io::Error::other("a font of 64 MiB or more"));
        }
        Ok(font)
    }
}

/// Three times the largest that Debian ships for Japanese.
const LARGEST_FONT: usize = 64 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_copies_of_a_moment_share_one_font_and_the_last_one_lets_it_go() {
        let folder = tempfile::tempdir().expect("room for the test");
        let path = folder.path().join("font.ttf");
        std::fs::write(&path, b"one").expect("room for the test");
        let font = PageFont::at(path.clone());
        let (first, second) = (font.bytes().expect("it is there"), font.bytes().expect("it is held"));
        assert!(Arc::ptr_eq(&first, &second));
        std::fs::write(&path, b"another").expect("room for the test");
        drop(first);
        assert_eq!(*font.bytes().expect("it is held"), b"one");
        drop(second);
        assert_eq!(*font.bytes().expect("it is read anew"), b"another");
    }

    #[test]
    fn a_font_that_is_away_or_without_end_is_not_held() {
        for path in ["/nowhere/font.ttf", "/dev/zero"] {
            assert!(PageFont::at(path.into()).bytes().is_err(), "{path}");
        }
    }
}
