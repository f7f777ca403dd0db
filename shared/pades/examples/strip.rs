//! Writes a copy without signatures: `cargo run -p pades --example strip -- IN.pdf OUT.pdf`

use std::error::Error;
use std::fs::File;
use std::os::unix::fs::FileExt;

use pades::{Source, SourceError, strip};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (original, result) = arguments.next().zip(arguments.next()).ok_or("two file names are expected")?;
    let file = OpenFile::open(File::open(original)?)?;
    strip(&file, &mut File::create_new(result)?)?;
    Ok(())
}

/// A file as a source: nothing of it stays in memory.
struct OpenFile {
    file: File,
    len: u64,
}

impl OpenFile {
    fn open(file: File) -> Result<Self, std::io::Error> {
        let len = file.metadata()?.len();
        Ok(Self { file, len })
    }
}

impl Source for OpenFile {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let read = self.file.read_exact_at(buffer, offset);
        read.map_err(|error| SourceError::Unreadable { offset, kind: error.kind() })
    }
}
