use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use pades::{Source, SourceError};

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
