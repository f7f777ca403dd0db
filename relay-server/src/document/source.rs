use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use pades::{Source, SourceError};
use tokio_util::sync::CancellationToken;

/// A stored piece of a document, read where it lies.
pub struct FileSource {
    file: File,
    bytes: u64,
}

impl FileSource {
    pub fn new(file: File) -> io::Result<Self> {
        let bytes = file.metadata()?.len();
        Ok(Self { file, bytes })
    }

    #[must_use]
    pub fn into_file(self) -> File {
        self.file
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.file.read_exact_at(buffer, offset).map_err(|error| SourceError::Unreadable { offset, kind: error.kind() })
    }
}

/// A source that gives up: what a stranger's document makes of the time of whoever reads it has an end.
pub struct Bounded<S> {
    source: S,
    until: Instant,
    stop: CancellationToken,
}

impl<S> Bounded<S> {
    /// Every read after `longest`, or after `stop`, fails with [`io::ErrorKind::TimedOut`].
    pub fn new(source: S, longest: Duration, stop: CancellationToken) -> Self {
        Self { source, until: Instant::now() + longest, stop }
    }
}

impl<S: Source> Source for Bounded<S> {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        if Instant::now() >= self.until || self.stop.is_cancelled() {
            return Err(SourceError::Unreadable { offset, kind: io::ErrorKind::TimedOut });
        }
        self.source.read_at(offset, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_after_the_end_of_patience_or_of_the_server() {
        let stop = CancellationToken::new();
        let patient = Bounded::new(vec![7], Duration::from_secs(60), stop.clone());
        let impatient = Bounded::new(vec![7], Duration::ZERO, CancellationToken::new());
        let mut byte = [0];
        assert!(patient.read_at(0, &mut byte).is_ok() && byte == [7]);
        stop.cancel();
        for source in [patient, impatient] {
            let refused = source.read_at(0, &mut byte);
            assert_eq!(refused, Err(SourceError::Unreadable { offset: 0, kind: io::ErrorKind::TimedOut }));
        }
    }
}
