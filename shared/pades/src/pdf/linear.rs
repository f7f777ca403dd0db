//! Linearised files: as long as a file has the length that its first object says, readers begin at the section behind that
//! object, wherever the end of the file leads. ISO 32000-2, annex F.

use super::document::ambiguous;
use super::object::{Dictionary, Object};
use super::parser::{Body, end_of_object, indirect};
use super::revisions::Revision;
use super::scanner::Scanner;
use super::work::Work;
use crate::problem::{Ambiguity, PdfProblem};
use crate::source::Source;

/// An update may give a file the length that was stated for another one, and readers another state of the document.
pub(super) fn refuse_another_beginning(source: &dyn Source, revisions: &[Revision], work: &Work) -> Result<(), PdfProblem> {
    let mut scanner = Scanner::at(source, 0);
    scanner.skip_gap()?;
    let start = scanner.position();
    let stated = stated_length(&mut scanner);
    work.parsed(&scanner, start, 0)?;
    if stated? != Some(source.len()) {
        return Ok(());
    }
    let mut section = Scanner::at(source, revisions.last().map_or(0, Revision::startxref));
    section.skip_white_space()?;
    match revisions.len() == 1 && section.position() == scanner.position() {
        true => Ok(()),
        false => Err(ambiguous(scanner.position(), Ambiguity::EndMarker)),
    }
}

/// Of a linearised file; the scanner stands behind the object that says it.
fn stated_length(scanner: &mut Scanner<'_>) -> Result<Option<u64>, PdfProblem> {
    let found = match indirect(scanner) {
        Ok(found) => found,
        Err(PdfProblem::Source(problem)) => return Err(problem.into()),
        Err(_) => return Ok(None),
    };
    match found.value {
        Body::Plain(Object::Dictionary(dictionary)) if dictionary.contains(b"Linearized") => {
            end_of_object(scanner)?;
            scanner.skip_gap()?;
            Ok(length(&dictionary))
        }
        _ => Ok(None),
    }
}

/// Some readers take a real number as well.
fn length(dictionary: &Dictionary) -> Option<u64> {
    match dictionary.get(b"L")? {
        Object::Real(digits) => std::str::from_utf8(digits).ok()?.trim_end_matches('0').strip_suffix('.')?.parse().ok(),
        _ => dictionary.unsigned(b"L"),
    }
}
