use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use memmap2::Mmap;
use pades::{Source, SourceError};
use pages::{Fonts, Limits, PagesError};
use signer::FailureKind;
use tokio::task::{JoinHandle, spawn_blocking};
use zeroize::Zeroizing;

use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;

/// A PDF on disk, read where it is looked at and never held whole.
pub(crate) struct PdfFile {
    file: File,
    length: u64,
    modified: SystemTime,
}

impl PdfFile {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        regular(path).and_then(Self::try_from).map_err(|_| unreadable(path))
    }
}

impl PdfFile {
    /// From its beginning, whoever else reads it.
    pub(crate) fn reader(&self) -> impl io::Read {
        io::Read::take(&self.file, self.length)
    }

    /// Refuses where another file stands in its place, or it was written to: what was made of it is made of something
    /// else than what lies there.
    pub(crate) fn refuse_change(&self, path: &Path) -> Result<(), Failure> {
        let there = regular(path).and_then(|file| Ok((file.metadata()?.len(), file.metadata()?.modified()?)));
        match there {
            Ok((length, modified)) if length == self.length && modified == self.modified => Ok(()),
            _ => Err(unreadable(path)),
        }
    }
}

impl TryFrom<File> for PdfFile {
    type Error = io::Error;

    fn try_from(file: File) -> Result<Self, Self::Error> {
        let found = file.metadata()?;
        let modified = found.modified()?;
        Ok(Self { file, length: found.len(), modified })
    }
}

impl Source for PdfFile {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let read = read_exact_at(&self.file, buffer, offset);
        read.map_err(|problem| SourceError::Unreadable { offset, kind: problem.kind() })
    }
}

/// A document of which nothing is read any more once somebody wants to end.
pub(crate) struct Stoppable {
    pub(crate) file: PdfFile,
    pub(crate) interrupt: Interrupt,
}

impl Source for Stoppable {
    fn len(&self) -> u64 {
        self.file.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        match self.interrupt.is_set() {
            true => Err(SourceError::Unreadable { offset, kind: io::ErrorKind::Interrupted }),
            false => self.file.read_at(offset, buffer),
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, buffer, offset)?;
        buffer = buffer.get_mut(read..).filter(|_| read > 0).ok_or(io::ErrorKind::UnexpectedEof)?;
        offset += u64::try_from(read).unwrap_or(u64::MAX);
    }
    Ok(())
}

pub(crate) fn read_whole(path: &Path) -> Result<Arc<Vec<u8>>, Failure> {
    let file = PdfFile::open(path)?;
    if file.length > MOST_BYTES_IN_MEMORY {
        return Err(Failure::before_all(Kind::Shared(FailureKind::PdfTooLarge)));
    }
    let mut bytes = Vec::new();
    let read = usize::try_from(file.length).map_err(io::Error::other).and_then(|length| {
        bytes.try_reserve_exact(length)?;
        file.reader().read_to_end(&mut bytes)
    });
    // What grew meanwhile is taken as it was, what was cut short is another document.
    match read {
        Ok(read) if u64::try_from(read) == Ok(file.length) => Ok(Arc::new(bytes)),
        _ => Err(unreadable(path)),
    }
}

/// A file of settings or certificates, which may come through a pipe. One without an end is refused.
pub(crate) fn read_small(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    match File::open(path)?.take(SMALL_BYTES + 1).read_to_end(&mut bytes)? {
        read if u64::try_from(read).is_ok_and(|read| read <= SMALL_BYTES) => Ok(bytes),
        _ => Err(io::ErrorKind::FileTooLarge.into()),
    }
}

/// Pipes and devices are waited for without an end, or have none.
fn regular(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.is_file() { File::open(path) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// Documents that are being looked through while other work goes on: what cannot be shown is not signed.
pub(crate) struct Inspection(JoinHandle<Result<(), Objection>>);

/// The document that cannot be signed, and why.
type Objection = (PathBuf, Failure);

impl Inspection {
    pub(crate) fn begin(documents: Vec<(PathBuf, Arc<Vec<u8>>)>) -> Self {
        Self(spawn_blocking(|| {
            let seen = |(path, bytes): (PathBuf, Arc<Vec<u8>>)| refuse_undrawable(bytes).map_err(|failure| (path, failure));
            documents.into_iter().try_for_each(seen)
        }))
    }

    /// Succeeds once it is sure that every page can be drawn. Whoever wants to end does not wait for it.
    pub(crate) async fn end(self, interrupt: &Interrupt) -> Result<(), Objection> {
        tokio::select! {
            seen = self.0 => seen.unwrap_or_else(|_| Err((PathBuf::new(), PagesError::RendererGaveUp.into()))),
            () = interrupt.wait() => Err((PathBuf::new(), Failure::before_all(Kind::Interrupted))),
        }
    }
}

fn refuse_undrawable(bytes: Arc<Vec<u8>>) -> Result<(), Failure> {
    let found = pages::inspect(bytes, &Limits::default(), &system_fonts())?;
    if found.undrawable.is_empty() { Ok(()) } else { Err(found.undrawable.as_slice().into()) }
}

/// Looked into where they lie: a document needs a few pages of files of twenty megabytes.
fn system_fonts() -> Fonts {
    let gothic = || first_of(GOTHIC_FONTS, mapped);
    let mincho = || first_of(MINCHO_FONTS, mapped);
    Fonts::built_in().with_gothic(gothic, FIRST_IN_COLLECTION).with_mincho(mincho, FIRST_IN_COLLECTION)
}

/// The font of a visible stamp.
pub(crate) fn stamp_font() -> Option<(Mmap, u32)> {
    let font = first_of(GOTHIC_FONTS, mapped).or_else(|| first_of(MINCHO_FONTS, mapped))?;
    Some((font, FIRST_IN_COLLECTION))
}

/// The system's sans-serif Japanese font, for documents that bring none.
pub(crate) fn gothic_font() -> Option<Vec<u8>> {
    first_of(GOTHIC_FONTS, |path| fs::read(path).ok())
}

/// The system's serif Japanese font.
pub(crate) fn mincho_font() -> Option<Vec<u8>> {
    first_of(MINCHO_FONTS, |path| fs::read(path).ok())
}

fn first_of<Font>(paths: &[&str], read: fn(&str) -> Option<Font>) -> Option<Font> {
    paths.iter().find_map(|path| read(path))
}

fn mapped(path: &str) -> Option<Mmap> {
    let file = File::open(path).ok()?;
    // SAFETY: the file belongs to the system's package manager, which puts a new file in an old one's place and never
    // writes into it or cuts it short.
    unsafe { Mmap::map(&file) }.ok()
}

fn unreadable(path: &Path) -> Failure {
    Failure::before_all(Kind::InputUnreadable { path: path.to_owned() })
}

/// Where Debian's packages fonts-noto-cjk and fonts-ipafont, and its alternatives, keep them.
const GOTHIC_FONTS: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
];
const MINCHO_FONTS: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/fonts-japanese-mincho.ttf",
    "/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf",
];

/// What is looked through for signing lies in memory: 2 GiB.
const MOST_BYTES_IN_MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// All roots of a country's trusted list are shorter.
const SMALL_BYTES: u64 = 4 * 1024 * 1024;

/// In these collections the Japanese face comes first.
const FIRST_IN_COLLECTION: u32 = 0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_no_memory_should_hold_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sparse.pdf");
        File::create(&path).unwrap().set_len(MOST_BYTES_IN_MEMORY + 1).unwrap();
        assert_eq!(read_whole(&path).err().unwrap().kind.code(), "E-PDF-03");
    }
}
