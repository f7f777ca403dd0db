//! Where a document's bytes come from.

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
}
