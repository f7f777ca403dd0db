//! Where a document's bytes come from.

use std::cell::{Cell, RefCell};
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

/// Reads ahead where a source is read from front to back in small pieces, at a few places at once: the further one of them
/// goes on, the more.
pub(crate) struct ReadAhead<'a> {
    source: &'a dyn Source,
    /// The one used last stands last.
    windows: RefCell<Vec<Window>>,
    jumps: Cell<u64>,
}

#[derive(Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
}

impl<'a> ReadAhead<'a> {
    pub(crate) fn of(source: &'a dyn Source) -> Self {
        Self { source, windows: RefCell::default(), jumps: Cell::default() }
    }

    pub(crate) fn source(&self) -> &'a dyn Source {
        self.source
    }

    /// How often, since this was asked last, something was read that did not go on from anything.
    pub(crate) fn take_jumps(&self) -> u64 {
        self.jumps.take()
    }
}

impl Source for ReadAhead<'_> {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        if buffer.len() >= MOST_AHEAD_BYTES {
            return self.source.read_at(offset, buffer);
        }
        let mut windows = self.windows.borrow_mut();
        let known = windows.iter().rposition(|window| window.has(offset, buffer.len()));
        let near = || windows.iter().rposition(|window| window.goes_on(offset));
        let (goes_on, place) = match known.or_else(near) {
            Some(place) => (true, Some(place)),
            None => (false, (windows.len() == MOST_WINDOWS).then_some(0)),
        };
        let mut window = place.map(|place| windows.remove(place)).unwrap_or_default();
        let read = match (known, goes_on) {
            (Some(_), _) => Ok(()),
            (None, true) => window.go_on(self.source, offset, buffer.len()),
            (None, false) => {
                self.jumps.set(self.jumps.get() + 1);
                window.begin(self.source, offset, buffer.len())
            }
        };
        let copied = read.and_then(|()| window.copy(offset, buffer));
        windows.push(window);
        copied
    }
}

impl Window {
    fn end(&self) -> u64 {
        self.start.saturating_add(wide(self.bytes.len()))
    }

    fn has(&self, offset: u64, length: usize) -> bool {
        offset >= self.start && offset.saturating_add(wide(length)) <= self.end()
    }

    fn goes_on(&self, offset: u64) -> bool {
        (self.end().saturating_sub(NEAR_BYTES)..self.end().saturating_add(NEAR_BYTES)).contains(&offset)
    }

    fn go_on(&mut self, source: &dyn Source, offset: u64, length: usize) -> Result<(), SourceError> {
        let left = usize::try_from(source.len().saturating_sub(offset)).unwrap_or(usize::MAX);
        let ahead = self.bytes.len().saturating_mul(2).min(MOST_AHEAD_BYTES).min(left);
        self.begin(source, offset, ahead.max(length))
    }

    fn begin(&mut self, source: &dyn Source, offset: u64, length: usize) -> Result<(), SourceError> {
        self.bytes.resize(length, 0);
        self.start = offset;
        let read = source.read_at(offset, &mut self.bytes);
        if read.is_err() {
            self.bytes.clear();
        }
        read
    }

    fn copy(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.bytes.as_slice().read_at(offset.saturating_sub(self.start), buffer)
    }
}

/// A read that begins so near to the end of an earlier one goes on from there.
const NEAR_BYTES: u64 = 4 * 1024;
const MOST_AHEAD_BYTES: usize = 16 * 1024;
/// What was and what is are compared side by side, and each may need something from elsewhere.
const MOST_WINDOWS: usize = 4;

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
        let near = (0..40).map(|piece| (piece * 512, 512));
        let apart = (0..40).map(|piece| (piece % 7 * 40_000 + piece * 100, 300));
        let others = [(70_000, 9), (290_000, 512), (290_600, 512), (299_900, 100), (299_950, 50), (5, 90_000)];
        for (offset, length) in near.chain(apart).chain(others) {
            let (mut read, mut plain) = (vec![0; length], vec![0; length]);
            ahead.read_at(offset, &mut read).expect("inside");
            bytes.read_at(offset, &mut plain).expect("inside");
            assert!(read == plain, "{length} bytes at {offset}");
        }
        assert!(ahead.read_at(299_999, &mut [0; 2]).is_err());
    }

    #[test]
    fn what_is_read_side_by_side_is_asked_for_in_few_pieces() {
        let counted = Counting { bytes: vec![0; 2_000_000], asked: Cell::default(), given: Cell::default() };
        let ahead = ReadAhead::of(&counted);
        for offset in (0..400_000).step_by(50) {
            for from in [0, 600_000, 1_200_000] {
                ahead.read_at(from + offset, &mut [0; 512]).expect("inside");
            }
        }
        assert!(counted.asked.get() < 120, "{}", counted.asked.get());
    }

    #[test]
    fn reading_here_and_there_costs_little_more() {
        let counted = Counting { bytes: vec![0; 2_000_000], asked: Cell::default(), given: Cell::default() };
        let ahead = ReadAhead::of(&counted);
        for pair in 0..200 {
            // Each second one goes on from the first, and nothing goes on from that.
            let offset = pair * 37 % 200 * 9_000;
            ahead.read_at(offset, &mut [0; 512]).expect("inside");
            ahead.read_at(offset + 512, &mut [0; 512]).expect("inside");
        }
        assert!(counted.given.get() < 400 * 512 * 2, "{}", counted.given.get());
        assert_eq!(ahead.take_jumps(), 200);
        assert_eq!(ahead.take_jumps(), 0);
    }

    struct Counting {
        bytes: Vec<u8>,
        asked: Cell<usize>,
        given: Cell<usize>,
    }

    impl Source for Counting {
        fn len(&self) -> u64 {
            Source::len(&self.bytes)
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
            self.asked.set(self.asked.get() + 1);
            self.given.set(self.given.get() + buffer.len());
            self.bytes.read_at(offset, buffer)
        }
    }
}
