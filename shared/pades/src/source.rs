//! Where a document's bytes come from.

use std::cell::RefCell;
use std::io;

use thiserror::Error;

/// Random access to a document that is never held whole.
///
/// An answer must not change between two calls: what was checked at one
/// moment is what is signed at the next.
pub trait Source {
    /// The document's length in bytes.
    fn len(&self) -> u64;

    /// Fills the whole buffer from `offset`, or says why it cannot.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError>;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Why bytes of a document could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SourceError {
    #[error("{wanted} bytes at {offset} were asked of a source of {len} bytes")]
    BeyondTheEnd { offset: u64, wanted: usize, len: u64 },
    #[error("the source could not be read at {offset}: {kind}")]
    Unreadable { offset: u64, kind: io::ErrorKind },
}

/// A length in memory as an offset in a file.
pub(crate) fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

impl Source for [u8] {
    fn len(&self) -> u64 {
        wide(<[u8]>::len(self))
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let bytes = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..start.checked_add(buffer.len())?))
            .ok_or(SourceError::BeyondTheEnd { offset, wanted: buffer.len(), len: Source::len(self) })?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        Source::len(self.as_slice())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.as_slice().read_at(offset, buffer)
    }
}

/// One document stored in two pieces, such as an original and the revision
/// appended to it.
pub struct Joined<A, B>(pub A, pub B);

impl<A: Source, B: Source> Source for Joined<A, B> {
    fn len(&self) -> u64 {
        self.0.len().saturating_add(self.1.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let seam = self.0.len();
        if offset >= seam {
            return self.1.read_at(offset - seam, buffer);
        }
        let from_first = usize::try_from(seam - offset).unwrap_or(usize::MAX).min(buffer.len());
        let (first, second) = buffer.split_at_mut(from_first);
        self.0.read_at(offset, first)?;
        if second.is_empty() {
            return Ok(());
        }
        self.1.read_at(0, second)
    }
}

/// The first so many bytes of another source.
pub(crate) struct Prefix<'a> {
    pub(crate) source: &'a dyn Source,
    pub(crate) bytes: u64,
}

impl Source for Prefix<'_> {
    fn len(&self) -> u64 {
        self.bytes.min(self.source.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        match offset.checked_add(wide(buffer.len())) {
            Some(end) if end <= self.len() => self.source.read_at(offset, buffer),
            _ => Err(SourceError::BeyondTheEnd { offset, wanted: buffer.len(), len: self.len() }),
        }
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        (**self).read_at(offset, buffer)
    }
}

/// Reads ahead where a source is read from front to back in small pieces, and only there.
pub(crate) struct ReadAhead<'a> {
    source: &'a dyn Source,
    window: RefCell<Window>,
}

#[derive(Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
    /// Where the last read that went to the source ended.
    last_end: u64,
}

impl<'a> ReadAhead<'a> {
    pub(crate) fn of(source: &'a dyn Source) -> Self {
        Self { source, window: RefCell::default() }
    }
}

impl Source for ReadAhead<'_> {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let mut window = self.window.borrow_mut();
        if window.copy(offset, buffer).is_some() {
            return Ok(());
        }
        let goes_on = (window.last_end.saturating_sub(NEAR_BYTES)..window.last_end.saturating_add(NEAR_BYTES)).contains(&offset);
        let left = usize::try_from(self.len().saturating_sub(offset)).unwrap_or(usize::MAX);
        if goes_on && buffer.len() < AHEAD_BYTES.min(left) {
            window.bytes.resize(AHEAD_BYTES.min(left), 0);
            window.start = offset;
            if let Err(problem) = self.source.read_at(offset, &mut window.bytes) {
                window.bytes.clear();
                return Err(problem);
            }
            window.last_end = offset.saturating_add(wide(window.bytes.len()));
            if window.copy(offset, buffer).is_some() {
                return Ok(());
            }
        }
        window.last_end = offset.saturating_add(wide(buffer.len()));
        self.source.read_at(offset, buffer)
    }
}

impl Window {
    fn copy(&self, offset: u64, buffer: &mut [u8]) -> Option<()> {
        let start = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        buffer.copy_from_slice(self.bytes.get(start..start.checked_add(buffer.len())?)?);
        Some(())
    }
}

/// A read that begins so near to the end of the last one goes on from there.
const NEAR_BYTES: u64 = 4 * 1024;
const AHEAD_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_pieces_read_like_one() {
        let joined = Joined(b"first ".to_vec(), b"second".to_vec());
        let mut across = [0; 6];
        joined.read_at(3, &mut across).expect("inside");
        assert_eq!(&across, b"st sec");
        assert_eq!(Source::len(&joined), 12);
    }

    #[test]
    fn nothing_is_read_beyond_the_end() {
        let mut buffer = [0; 4];
        assert!(b"abc".as_slice().read_at(0, &mut buffer).is_err());
        assert!(Joined(vec![1], vec![2]).read_at(1, &mut buffer).is_err());
        assert!(b"abc".as_slice().read_at(u64::MAX, &mut buffer).is_err());
    }

    #[test]
    fn reading_ahead_gives_the_same_bytes() {
        let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let ahead = ReadAhead::of(&bytes);
        for (offset, length) in
            [(0, 512), (512, 512), (700, 512), (70_000, 9), (290_000, 512), (290_600, 512), (299_900, 100), (5, 90_000)]
        {
            let (mut read, mut plain) = (vec![0; length], vec![0; length]);
            ahead.read_at(offset, &mut read).expect("inside");
            bytes.read_at(offset, &mut plain).expect("inside");
            assert!(read == plain, "{length} bytes at {offset}");
        }
        assert!(ahead.read_at(299_999, &mut [0; 2]).is_err());
    }
}
