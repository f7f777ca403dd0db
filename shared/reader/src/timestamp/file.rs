use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pades::{PdfProblem, PrepareOptions, StampPlace, Stamped, TimeStamp, Trust};

use super::Authorities;
use crate::destination::Destination;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::original::PdfFile;

/// What a time stamp was made of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Inside the signature with which the file ends.
    Signature,
    /// Over the whole file, in a revision of its own.
    Document,
}

/// Writes the file with a time stamp, all or nothing. `wanted` says more than what fits; without it the signature is
/// stamped where that can be done, and else the document.
pub(crate) async fn stamp_file(
    input: &Path,
    destination: Destination,
    wanted: Option<Form>,
    (authorities, trust): (&Authorities, &Trust),
    interrupt: &Interrupt,
) -> Result<(PathBuf, Form), Failure> {
    let file = PdfFile::open(input)?;
    let options = PrepareOptions::new(SystemTime::now(), rand::random());
    let mut place = match wanted {
        Some(Form::Document) => StampPlace::whole_document(&file, &options)?,
        _ => StampPlace::find(&file, &options)?,
    };
    let destination = destination.filled_from(&file)?;
    let mut stamp = ask(&place, authorities, trust, interrupt).await?;
    let mut stamped = place.stamp(&file, &stamp);
    if let Err(PdfProblem::SignatureTooLarge { .. }) = &stamped {
        let roomy = PrepareOptions { contents_bytes: LARGEST_TOKEN_BYTES, ..options };
        place = StampPlace::whole_document(&file, &roomy)?;
        stamp = ask(&place, authorities, trust, interrupt).await?;
        stamped = place.stamp(&file, &stamp);
    }
    file.refuse_change(input)?;
    match stamped? {
        Stamped::InPlace(patch) => Ok((destination.patched(&patch)?.place()?, Form::Signature)),
        Stamped::Appended(revision) => Ok((destination.appended(&revision)?.place()?, Form::Document)),
    }
}

async fn ask(place: &StampPlace, authorities: &Authorities, trust: &Trust, interrupt: &Interrupt) -> Result<TimeStamp, Failure> {
    // Only a place whose request can be written is ever found.
    let request = place.request().map_err(|_| PdfProblem::NothingToStamp)?;
    authorities.ask(request, trust, interrupt).await
}

impl Destination {
    fn filled_from(mut self, file: &PdfFile) -> Result<Self, Failure> {
        io::copy(&mut file.reader(), &mut self).map_err(|_| self.not_writable())?;
        Ok(self)
    }

    fn appended(mut self, revision: &[u8]) -> Result<Self, Failure> {
        self.append(revision)?;
        Ok(self)
    }
}

impl Form {
    /// Of JSON, and the end of its words' key.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Document => "document",
        }
    }
}

/// A token is a part of an answer, which is no longer than [`pades::MAX_ANSWER_BYTES`].
const LARGEST_TOKEN_BYTES: u32 = 64 * 1024;
