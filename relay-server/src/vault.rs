//! Secrets at rest: what the database holds of keys is sealed under a key that lies beside it, in a file of its owner's.
//! So a copy of the database alone, in a backup say, opens no session and signs no answer.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// Seals and opens. Has no `Debug` and no `Clone`; the library wipes its key.
pub struct Vault {
    key: LessSafeKey,
}

/// Where a sealed value stands: it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub column: &'static str,
    pub row: &'a str,
}

/// Why there are no secrets to work with.
#[derive(Debug, thiserror::Error)]
pub enum VaultProblem {
    #[error("{}: {error}", file.display())]
    Unusable { file: PathBuf, error: io::Error },
    /// Another key file, or altered rows: they cannot be told apart.
    #[error("{0} does not open under the key file of this folder")]
    DoesNotOpen(&'static str),
}

impl Vault {
    /// Makes the key at the first start. It appears whole or not at all, whenever the process is killed.
    pub fn in_folder(folder: &Path) -> Result<Self, VaultProblem> {
        Self::of_file(folder, &folder.join(KEY_FILE))
    }

    /// The same beside a database of the relay's, wherever a link to it leads.
    pub fn beside(database: &Path) -> Result<Self, VaultProblem> {
        let unusable = |error| VaultProblem::Unusable { file: database.to_owned(), error };
        let database = database.canonicalize().map_err(unusable)?;
        Self::of_file(database.parent().unwrap_or(&database), &database.with_extension("key"))
    }

    fn of_file(folder: &Path, file: &Path) -> Result<Self, VaultProblem> {
        let unusable = |error| VaultProblem::Unusable { file: file.to_owned(), error };
        let key = match read(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(folder, file).map_err(unusable)?,
            read => read.map_err(unusable)?,
        };
        Ok(Self { key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key[..]).expect("32 bytes")) })
    }

    #[must_use]
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut text = plain.to_vec();
        let tag = self
            .key
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), place.associated(), &mut text)
            .expect("a key is far below the limit of GCM");
        [&nonce, &text[..], tag.as_ref()].concat()
    }

    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultProblem> {
        let closed = || VaultProblem::DoesNotOpen(place.column);
        let (nonce, text) = sealed.split_first_chunk().ok_or_else(closed)?;
        let mut text = Zeroizing::new(text.to_vec());
        let plain = self.key.open_in_place(Nonce::assume_unique_for_key(*nonce), place.associated(), &mut text);
        let plain_bytes = plain.map_err(|_| closed())?.len();
        text.truncate(plain_bytes);
        Ok(text)
    }

    /// The same for a value whose length is known.
    pub fn open_array<const LENGTH: usize>(
        &self,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<[u8; LENGTH]>, VaultProblem> {
        let plain = self.open(place, sealed)?;
        let array = <[u8; LENGTH]>::try_from(&plain[..]).map_err(|_| VaultProblem::DoesNotOpen(place.column))?;
        Ok(Zeroizing::new(array))
    }
}

impl Place<'_> {
    fn associated(&self) -> Aad<Vec<u8>> {
        Aad::from([self.column.as_bytes(), &[0], self.row.as_bytes()].concat())
    }
}

type Key = Zeroizing<[u8; 32]>;

fn read(file: &Path) -> io::Result<Key> {
    let mut key = Zeroizing::new(Vec::new());
    File::open(file)?.take(KEY_BYTES + 1).read_to_end(&mut key)?;
    let key = <[u8; 32]>::try_from(&key[..]);
    key.map(Zeroizing::new).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not a key of 32 bytes"))
}

fn make(folder: &Path, file: &Path) -> io::Result<Key> {
    let key: Key = Zeroizing::new(rand::random());
    let unfinished = file.with_extension("new");
    let mut written = OpenOptions::new().create(true).truncate(true).write(true).mode(OWNER_ONLY).open(&unfinished)?;
    written.write_all(&key[..])?;
    written.sync_all()?;
    std::fs::rename(&unfinished, file)?;
    File::open(folder)?.sync_all()?;
    Ok(key)
}

/// Beside the database, and in no backup of it.
const KEY_FILE: &str = "service.key";
const KEY_BYTES: u64 = 32;
const OWNER_ONLY: u32 = 0o600;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_value_opens_in_its_place_alone() {
        let folder = tempfile::tempdir().expect("room for the test");
        let vault = Vault::in_folder(folder.path()).expect("a new key");
        let place = Place { column: "sessions.ephemeral", row: "a" };
        let sealed = vault.seal(place, &[7; 32]);
        assert_eq!(*vault.open_array::<32>(place, &sealed).expect("its own place"), [7; 32]);
        for other in [Place { row: "b", ..place }, Place { column: "sessions.link", ..place }] {
            assert!(vault.open(other, &sealed).is_err());
        }
    }

    #[test]
    fn the_key_is_made_once_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("room for the test");
        let place = Place { column: "a", row: "b" };
        let sealed = Vault::in_folder(folder.path()).expect("a new key").seal(place, b"secret");
        let again = Vault::in_folder(folder.path()).expect("the same key");
        assert_eq!(&again.open(place, &sealed).expect("sealed before the restart")[..], b"secret");
        let file = folder.path().join(KEY_FILE);
        assert_eq!(std::fs::metadata(&file).expect("just made").permissions().mode() & 0o777, 0o600);
        std::fs::remove_file(&file).expect("our own file");
        let other = Vault::in_folder(folder.path()).expect("another key");
        assert!(matches!(other.open(place, &sealed), Err(VaultProblem::DoesNotOpen("a"))));
    }

    #[test]
    fn a_key_file_that_is_cut_short_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().expect("room for the test");
        std::fs::write(folder.path().join(KEY_FILE), [1; 31]).expect("room for the test");
        assert!(matches!(Vault::in_folder(folder.path()), Err(VaultProblem::Unusable { .. })));
        assert_eq!(std::fs::read(folder.path().join(KEY_FILE)).expect("still there"), [1; 31]);
    }
}
