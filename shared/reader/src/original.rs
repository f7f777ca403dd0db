use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use pades::{Source, SourceError};
use pages::{Document, Fonts, Limits};

use crate::failure::{Failure, Kind};

/// A PDF on disk, read where it is looked at and never held whole.
pub(crate) struct PdfFile {
    /// Its place in the file is one reader's at a time.
    file: Mutex<File>,
    length: u64,
}

impl PdfFile {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        File::open(path).and_then(Self::try_from).map_err(|_| unreadable(path))
    }
}

impl TryFrom<File> for PdfFile {
    type Error = std::io::Error;

    fn try_from(file: File) -> Result<Self, Self::Error> {
        let length = file.metadata()?.len();
        Ok(Self { file: Mutex::new(file), length })
    }
}

impl Source for PdfFile {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_exact(buffer));
        read.map_err(|problem| SourceError::Unreadable { offset, kind: problem.kind() })
    }
}

/// The whole file, of which every page can be drawn: what cannot be shown is not signed.
pub(crate) fn read_drawable(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = fs::read(path).map_err(|_| unreadable(path))?;
    let found = Document::open(bytes.clone(), &Limits::default())?.inspect(&system_fonts())?;
    if found.undrawable.is_empty() { Ok(bytes) } else { Err(found.undrawable.as_slice().into()) }
}

fn system_fonts() -> Fonts {
    let mut fonts = Fonts::built_in();
    if let Some(gothic) = gothic_font() {
        fonts = fonts.with_gothic(Arc::new(gothic), FIRST_IN_COLLECTION);
    }
    if let Some(mincho) = mincho_font() {
        fonts = fonts.with_mincho(Arc::new(mincho), FIRST_IN_COLLECTION);
    }
    fonts
}

/// The system's sans-serif Japanese font, for documents that bring none.
pub(crate) fn gothic_font() -> Option<Vec<u8>> {
    GOTHIC_FONTS.iter().find_map(|path| fs::read(path).ok())
}

/// The system's serif Japanese font.
pub(crate) fn mincho_font() -> Option<Vec<u8>> {
    MINCHO_FONTS.iter().find_map(|path| fs::read(path).ok())
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

/// In these collections the Japanese face comes first.
const FIRST_IN_COLLECTION: u32 = 0;
