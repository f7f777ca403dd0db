use std::io;
use std::path::Path;
use std::sync::Arc;

use signer::{FailureKind, ReviewedDocument, SigningFlow};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::failure::{Failure, Kind};
use crate::interrupt::Interrupt;

/// The pages as pictures, in a folder that only their owner may enter, deleted when dropped.
pub(super) struct PageImages(TempDir);

impl PageImages {
    /// Whoever wants to end does not wait for the page that is being drawn.
    pub(super) async fn draw(
        flow: &Arc<SigningFlow>,
        documents: &[ReviewedDocument],
        interrupt: &Interrupt,
    ) -> Result<Self, Failure> {
        let folder = private_folder()?;
        for (index, document) in (0_u32..).zip(documents) {
            for page in 0..document.page_count {
                let flow = Arc::clone(flow);
                let drawn = tokio::select! {
                    drawn = spawn_blocking(move || flow.draw_page(index, page, WIDTH_PX)) => drawn,
                    () = interrupt.wait() => return Err(Failure::before_all(Kind::Interrupted)),
                };
                let image = drawn.ok().flatten().ok_or_else(cannot_be_drawn)?;
                let name = format!("document-{:02}-page-{:03}.png", index + 1, page + 1);
                std::fs::write(folder.path().join(name), image.png)?;
            }
        }
        Ok(Self(folder))
    }

    pub(super) fn folder(&self) -> &Path {
        self.0.path()
    }
}

#[cfg(unix)]
fn private_folder() -> io::Result<TempDir> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    tempfile::Builder::new().prefix("kazasu-").permissions(Permissions::from_mode(OWNER_ONLY)).tempdir()
}

/// The folder for temporary files is the user's own there.
#[cfg(windows)]
fn private_folder() -> io::Result<TempDir> {
    tempfile::Builder::new().prefix("kazasu-").tempdir()
}

fn cannot_be_drawn() -> Failure {
    Failure::before_all(Kind::Shared(FailureKind::CannotBeDrawn { places: Vec::new() }))
}

/// An A4 page at 150 dots an inch.
const WIDTH_PX: u32 = 1240;

#[cfg(unix)]
const OWNER_ONLY: u32 = 0o700;
