use std::env;
use std::ffi::OsStr;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use pades::Patch;
use tempfile::NamedTempFile;

use crate::failure::{Failure, Kind};
use crate::original::PdfFile;

/// Where the signed PDF goes, made and filled before the card is touched: after the signature nothing is left
/// but to write it into the room that waits for it, and to give the file its name.
///
/// Readable by its owner alone, since the certificate names a person and an address.
pub(crate) struct Destination {
    path: PathBuf,
    replaces: bool,
    file: NamedTempFile,
}

impl Destination {
    /// Writes the parts of the unsigned document beside `path`.
    pub(crate) fn prepare(path: &Path, replaces: bool, parts: &[&[u8]]) -> Result<Self, Failure> {
        let not_writable = || Failure::before_all(Kind::OutputNotWritable { path: path.to_owned() });
        match path.symlink_metadata() {
            Ok(_) if !replaces => return Err(Failure::before_all(Kind::OutputExists { path: path.to_owned() })),
            Ok(_) if is_something_else(path) => return Err(not_writable()),
            // No name that a file can have.
            Err(problem) if problem.kind() != io::ErrorKind::NotFound => return Err(not_writable()),
            Ok(_) | Err(_) => {}
        }
        if !names_a_file(path) {
            return Err(not_writable());
        }
        let file = filled_file(folder_of(path), parts).map_err(|_| not_writable())?;
        Ok(Self { path: path.to_owned(), replaces, file })
    }

    /// Puts the signature in and the file in its place, all or nothing. Whatever goes wrong, the signed document
    /// is kept somewhere, and the failure says where.
    pub(crate) fn complete(self, signature: &Patch, parts: &[&[u8]]) -> Result<PathBuf, Failure> {
        if write_signature(&self.file, signature).is_err() {
            return Err(rescue(&self.path, signature, parts));
        }
        let placed = if self.replaces { self.file.persist(&self.path) } else { self.file.persist_noclobber(&self.path) };
        match placed {
            Ok(_) => Ok(self.path),
            Err(refused) if has_its_name(&refused.file) => Err(kept(refused.file)),
            // Somebody took the folder, or the file in it, away.
            Err(_) => Err(rescue(&self.path, signature, parts)),
        }
    }
}

/// A copy is written as it comes, and lost if it cannot be: it can be made again.
impl Destination {
    /// What was written so far.
    pub(crate) fn written(&self) -> Result<PdfFile, Failure> {
        self.file.as_file().try_clone().and_then(PdfFile::try_from).map_err(|_| self.not_writable())
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|_| self.not_writable())
    }

    /// Puts the file in its place, whole.
    pub(crate) fn place(self) -> Result<PathBuf, Failure> {
        self.file.as_file().sync_all().map_err(|_| self.not_writable())?;
        let placed = if self.replaces { self.file.persist(&self.path) } else { self.file.persist_noclobber(&self.path) };
        match placed {
            Ok(_) => Ok(self.path),
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Failure::before_all(Kind::OutputExists { path: self.path }))
            }
            Err(_) => Err(Failure::before_all(Kind::OutputNotWritable { path: self.path })),
        }
    }

    /// With other bytes at one place.
    pub(crate) fn patched(self, patch: &Patch) -> Result<Self, Failure> {
        write_signature(&self.file, patch).map_err(|_| self.not_writable())?;
        Ok(self)
    }

    pub(crate) fn not_writable(&self) -> Failure {
        Failure::before_all(Kind::OutputNotWritable { path: self.path.clone() })
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn filled_file(folder: &Path, parts: &[&[u8]]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(".kazasu-").suffix(".pdf").tempfile_in(folder)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

fn write_signature(file: &NamedTempFile, signature: &Patch) -> io::Result<()> {
    let mut at_gap = file.as_file();
    at_gap.seek(SeekFrom::Start(signature.offset))?;
    at_gap.write_all(&signature.bytes)?;
    file.as_file().sync_all()
}

/// Another folder, or another disk, may take what the first did not.
fn rescue(path: &Path, signature: &Patch, parts: &[&[u8]]) -> Failure {
    let written = |folder: PathBuf| {
        let file = filled_file(&folder, parts).ok()?;
        write_signature(&file, signature).ok().map(|()| file)
    };
    let folders = [Some(folder_of(path).to_owned()), Some(env::temp_dir()), env::current_dir().ok(), env::home_dir()];
    folders.into_iter().flatten().find_map(written).map_or_else(|| Failure::after_signing(Kind::NotKept), kept)
}

/// Whether it can still be found by its name.
fn has_its_name(file: &NamedTempFile) -> bool {
    let lengths = (file.path().metadata().map(|there| there.len()), file.as_file().metadata().map(|own| own.len()));
    matches!(lengths, (Ok(there), Ok(own)) if there == own)
}

fn kept(file: NamedTempFile) -> Failure {
    Failure::after_signing(match file.keep() {
        Ok((_, path)) => Kind::KeptElsewhere { path },
        Err(_) => Kind::NotKept,
    })
}

/// A folder, a device or a pipe: nobody who lets a file be replaced means one.
fn is_something_else(path: &Path) -> bool {
    path.metadata().is_ok_and(|there| !there.is_file())
}

/// And not a folder that is not there, as `signed/` and `signed/.` do.
fn names_a_file(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::as_encoded_bytes).unwrap_or_default();
    !name.is_empty() && path.as_os_str().as_encoded_bytes().ends_with(name)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const PARTS: [&[u8]; 2] = [b"original ", b"<0000>"];

    fn signature() -> Patch {
        Patch { offset: 10, bytes: b"abcd".to_vec() }
    }

    #[test]
    fn the_signed_document_appears_only_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.pdf");
        let destination = Destination::prepare(&path, false, &PARTS).unwrap();
        assert!(!path.exists());
        destination.complete(&signature(), &PARTS).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"original <abcd>");
    }

    #[test]
    fn nothing_is_left_behind_when_nothing_was_signed() {
        let folder = tempfile::tempdir().unwrap();
        drop(Destination::prepare(&folder.path().join("out.pdf"), false, &PARTS).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_existing_file_is_replaced_only_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.pdf");
        fs::write(&path, "mine").unwrap();
        let refused = Destination::prepare(&path, false, &PARTS).err().unwrap();
        assert_eq!(refused.kind.code(), "E-IO-03");
        let destination = Destination::prepare(&path, true, &PARTS).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        destination.complete(&signature(), &PARTS).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"original <abcd>");
    }

    #[test]
    fn a_signature_is_kept_when_its_place_was_taken_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.pdf");
        let destination = Destination::prepare(&path, false, &PARTS).unwrap();
        fs::write(&path, "somebody else's").unwrap();
        let failure = destination.complete(&signature(), &PARTS).err().unwrap();
        assert!(failure.facts.signed);
        let Kind::KeptElsewhere { path: kept } = failure.kind else { panic!("{:?}", failure.kind) };
        assert_eq!(fs::read(kept).unwrap(), b"original <abcd>");
        assert_eq!(fs::read(&path).unwrap(), b"somebody else's");
    }

    #[test]
    fn a_signature_is_kept_when_its_folder_or_its_file_was_taken_away_meanwhile() {
        for takes_all in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let destination = Destination::prepare(&folder.path().join("out.pdf"), false, &PARTS).unwrap();
            if takes_all {
                fs::remove_dir_all(folder.path()).unwrap();
            } else {
                fs::remove_file(destination.file.path()).unwrap();
            }
            let failure = destination.complete(&signature(), &PARTS).err().unwrap();
            assert!(failure.facts.signed);
            let Kind::KeptElsewhere { path: kept } = failure.kind else { panic!("{:?}", failure.kind) };
            assert_eq!(fs::read(&kept).unwrap(), b"original <abcd>");
            fs::remove_file(kept).unwrap();
        }
    }

    #[test]
    fn a_folder_is_no_place_for_a_document_whoever_agrees_to_replace_it() {
        let folder = tempfile::tempdir().unwrap();
        let failure = Destination::prepare(folder.path(), true, &PARTS).err().unwrap();
        assert_eq!(failure.kind.code(), "E-IO-04");
    }

    #[test]
    fn what_no_file_can_be_called_is_found_before_the_card_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["signed/", "signed/.", &"x".repeat(300)] {
            let failure = Destination::prepare(&folder.path().join(name), true, &PARTS).err().unwrap();
            assert_eq!(failure.kind.code(), "E-IO-04", "{name}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_replaced_by_a_document_nor_is_a_link_to_one() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link.pdf");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        for path in [Path::new("/dev/null"), &link] {
            assert_eq!(Destination::prepare(path, true, &PARTS).err().unwrap().kind.code(), "E-IO-04");
        }
        assert!(link.is_symlink());
    }

    #[test]
    fn a_folder_that_takes_no_file_is_found_before_the_card_is_touched() {
        let failure = Destination::prepare(Path::new("/nowhere/at/all/out.pdf"), false, &PARTS).err().unwrap();
        assert_eq!(failure.kind.code(), "E-IO-04");
        assert!(!failure.facts.signed);
    }
}
