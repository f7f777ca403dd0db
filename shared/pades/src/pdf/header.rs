use super::document::ambiguous;
use super::scanner::Scanner;
use crate::problem::{Ambiguity, PdfProblem};
use crate::source::Source;

/// The header must be the first that there is.
pub(super) fn refuse_other_files(source: &dyn Source) -> Result<(), PdfProblem> {
    if source.is_empty() {
        return Err(PdfProblem::Empty);
    }
    let mut scanner = Scanner::at(source, 0);
    if scanner.accept(HEADER)? {
        return Ok(());
    }
    for at in 1..HEADER_SEARCH_BYTES.min(source.len()) {
        scanner.seek(at);
        if scanner.accept(HEADER)? {
            return Err(ambiguous(0, Ambiguity::BytesBeforeHeader));
        }
    }
    Err(PdfProblem::NotAPdf)
}

/// ISO 32000-2, section 7.5.2.
const HEADER: &[u8] = b"%PDF-";
/// How far lenient readers look for a header.
const HEADER_SEARCH_BYTES: u64 = 1024;
