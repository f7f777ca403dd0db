//! The folder that holds everything the server keeps: its owner's alone, and one server's at a time.

use std::fs::{DirBuilder, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

/// The places inside the folder.
pub struct DataFolder {
    pub database: PathBuf,
    /// The relay's own, and nothing of the service's.
    pub relay_database: PathBuf,
    pub relay_boxes: PathBuf,
    pub objects: PathBuf,
    /// By what a later process goes on counting.
    pub clock: PathBuf,
    /// Empty at every start.
    pub incoming: PathBuf,
    pub lock: Arc<FolderLock>,
}

/// Ends with the process, however that ends.
pub struct FolderLock {
    _file: File,
}

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderProblem {
    #[error("{}: {error}", path.display())]
    Unusable { path: PathBuf, error: io::Error },
    #[error("{}: another server uses this folder", path.display())]
    InUse { path: PathBuf },
}

impl DataFolder {
    /// The same, after a short wait for a server that is just ending: a program that it was starting has its lock, too, for
    /// a moment.
    pub async fn open_soon(path: &Path) -> Result<Self, FolderProblem> {
        let until = Instant::now() + LONGEST_WAIT;
        loop {
            match Self::open(path) {
                Err(FolderProblem::InUse { .. }) if Instant::now() < until => sleep(PAUSE).await,
                opened => return opened,
            }
        }
    }

    /// Makes what is missing, closes the folder to everybody else, whoever made it, and deletes the uploads that a killed server was receiving.
    pub fn open(path: &Path) -> Result<Self, FolderProblem> {
        make(path)?;
        let alone = Permissions::from_mode(OWNER_ONLY);
        std::fs::set_permissions(path, alone).map_err(|error| unusable(path, error))?;
        let lock = lock(path)?;
        let folder = Self {
            database: path.join("kazasu.sqlite"),
            relay_database: path.join("relay.db"),
            relay_boxes: path.join("relay-boxes"),
            objects: path.join("objects"),
            clock: path.join("clock"),
            incoming: path.join("incoming"),
            lock: Arc::new(lock),
        };
        match std::fs::remove_dir_all(&folder.incoming) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unusable(&folder.incoming, error)),
            _ => {}
        }
        make(&folder.incoming)?;
        make(&folder.objects)?;
        Ok(folder)
    }
}

fn make(path: &Path) -> Result<(), FolderProblem> {
    let made = DirBuilder::new().recursive(true).mode(OWNER_ONLY).create(path);
    made.map_err(|error| unusable(path, error))
}

fn lock(folder: &Path) -> Result<FolderLock, FolderProblem> {
    let path = folder.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|error| unusable(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(FolderProblem::InUse { path: folder.to_owned() }),
        Err(TryLockError::Error(error)) => Err(unusable(&path, error)),
    }
}

fn unusable(path: &Path, error: io::Error) -> FolderProblem {
    FolderProblem::Unusable { path: path.to_owned(), error }
}

/// Contracts and certificates are nobody else's business on the machine.
const OWNER_ONLY: u32 = 0o700;
const LONGEST_WAIT: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_on_the_same_folder_is_refused_until_the_first_ends() {
        let parent = tempfile::tempdir().expect("room for the test");
        let path = parent.path().join("data");
        let first = DataFolder::open(&path).expect("a new folder");
        assert!(matches!(DataFolder::open(&path), Err(FolderProblem::InUse { .. })));
        drop(first);
        assert!(DataFolder::open(&path).is_ok());
    }

    #[tokio::test]
    async fn a_server_that_is_just_ending_is_waited_for() {
        let parent = tempfile::tempdir().expect("room for the test");
        let path = parent.path().join("data");
        let first = DataFolder::open(&path).expect("a new folder");
        let second = DataFolder::open_soon(&path);
        let ending = async {
            sleep(PAUSE).await;
            drop(first);
        };
        assert!(tokio::join!(second, ending).0.is_ok());
    }

    #[test]
    fn nobody_but_its_owner_can_look_into_the_folder() {
        let parent = tempfile::tempdir().expect("room for the test");
        let path = parent.path().join("data");
        let _folder = DataFolder::open(&path).expect("a new folder");
        let mode = std::fs::metadata(path).expect("just made").permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }

    #[test]
    fn a_folder_that_was_open_to_all_is_closed() {
        let parent = tempfile::tempdir().expect("room for the test");
        let path = parent.path().join("data");
        std::fs::create_dir(&path).expect("room for the test");
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("our own folder");
        let _folder = DataFolder::open(&path).expect("a folder of ours");
        let mode = std::fs::metadata(path).expect("just made").permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}
