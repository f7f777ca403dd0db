//! Appends a revision that waits for a signature:
//! `cargo run -p pades --example prepare -- IN.pdf OUT.pdf`

use std::error::Error;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::time::SystemTime;

use pades::{PrepareOptions, Source, SourceError, prepare};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (original, result) = arguments.next().zip(arguments.next()).ok_or("two file names are expected")?;
    let file = OpenFile::open(File::open(&original)?)?;
    let options = PrepareOptions::new(SystemTime::UNIX_EPOCH, [7; 16]);
    let prepared = prepare(&file, &options)?;
    fs::copy(&original, &result)?;
    let copy = File::options().write(true).open(&result)?;
    copy.write_all_at(&prepared.revision, file.len())?;
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
