//! Whether content takes back no more graphics states than it saved: pdf.js takes back those of whoever drew it as well, and
//! so undoes what the content was cut off by. ISO 32000-2, section 8.4.2.

use std::io::{BufRead, BufReader};

use super::document::Document;
use super::filter::{problem_of, unpacking};
use super::object::Stream;
use super::operators::Operators;
use crate::problem::PdfProblem;
use crate::source::wide;

/// False as well of what cannot be unpacked here: only a few filters are known, those that programs use for content.
pub(crate) fn keeps_saved_states(document: &Document<'_>, stream: &Stream) -> Result<bool, PdfProblem> {
    if stream.data.is_empty() {
        return Ok(true);
    }
    let mut content = Operators::default();
    match read(document, stream, &mut content) {
        Ok(()) => Ok(!content.is_unsound()),
        Err(PdfProblem::Malformed { .. } | PdfProblem::Unsupported { .. } | PdfProblem::StreamTooLarge { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

fn read(document: &Document<'_>, stream: &Stream, content: &mut Operators) -> Result<(), PdfProblem> {
    let mut data = BufReader::new(unpacking(document.source(), stream, MOST_BYTES)?);
    loop {
        let bytes = data.fill_buf().map_err(|error| problem_of(&error, stream.data.start))?;
        if bytes.is_empty() {
            return Ok(());
        }
        bytes.iter().for_each(|byte| content.take(*byte));
        let taken = bytes.len();
        document.work().passed(wide(taken))?;
        data.consume(taken);
    }
}

/// What one field or stamp shows.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
