use super::document::{Document, ambiguous};
use super::object::Reference;
use super::parser::reference;
use super::revisions::Revision;
use super::scanner::Scanner;
use super::xref::{Entry, SectionKind};
use crate::problem::{Ambiguity, PdfProblem};

/// Goes over the file once and finds every byte in a listed object, a
/// cross-reference section, white space or a comment.
///
/// Programs that repair a file look for objects by their head: bytes that
/// only they would find must not exist.
pub(super) fn refuse_unexplained(document: &Document<'_>) -> Result<(), PdfProblem> {
    let pieces = pieces(document)?;
    let mut scanner = Scanner::at(document.source(), 0);
    for piece in &pieces {
        refuse_gap(&mut scanner, piece.start)?;
        match piece.what {
            What::Section { end } => scanner.seek(end),
            What::Object(reference) => {
                scanner.seek(piece.start);
                document.object_at(&mut scanner, reference, document.as_of(piece.revision))?;
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    start: u64,
    what: What,
    revision: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Section { end: u64 },
    Object(Reference),
}

/// Everything that is listed, by its place. An update may list again what
/// stands where it stood.
fn pieces(document: &Document<'_>) -> Result<Vec<Piece>, PdfProblem> {
    let mut pieces = Vec::new();
    for (revision, found) in document.revisions().iter().enumerate() {
        for section in &found.sections {
            pieces.push(Piece { start: section.start, what: What::Section { end: section.end }, revision });
        }
        listed_objects(document, revision, &mut pieces)?;
    }
    pieces.sort();
    pieces.dedup_by(|later, earlier| later.start == earlier.start && same(later, earlier));
    Ok(pieces)
}

/// A cross-reference stream is a section that may also list itself.
fn same(later: &Piece, earlier: &Piece) -> bool {
    later.what == earlier.what || matches!(earlier.what, What::Section { .. })
}

fn listed_objects(document: &Document<'_>, revision: usize, pieces: &mut Vec<Piece>) -> Result<(), PdfProblem> {
    let Some(found) = document.revisions().get(revision) else {
        return Ok(());
    };
    // Some count from the end of line that ends the revision before.
    let behind = revision.checked_sub(1).and_then(|before| document.revisions().get(before)).map_or(0, Revision::marker_end);
    for (index, section) in found.sections.iter().enumerate() {
        for (number, entry) in section.entries.iter() {
            let Entry::Plain { offset, generation } = entry else {
                continue;
            };
            if offset >= found.marker_end {
                return Err(ambiguous(offset, Ambiguity::ForwardReference));
            }
            if offset < behind && !may_point_back(document, revision, index, number, entry) {
                return Err(ambiguous(offset, Ambiguity::ObjectElsewhere));
            }
            let object = reference(number.into(), generation.into());
            pieces.extend(object.map(|object| Piece { start: offset, what: What::Object(object), revision }));
        }
    }
    Ok(())
}

/// Entries of an update that lead into older revisions must repeat what those
/// say; only a hybrid's stream may add to them, because it stands beside a
/// table that cannot name what it names.
fn may_point_back(document: &Document<'_>, revision: usize, section: usize, number: u32, entry: Entry) -> bool {
    let older = revision.checked_sub(1).and_then(|older| document.as_of(older).entry(number));
    let is_beside_a_table =
        document.revisions().get(revision).is_some_and(|found| found.kind() == SectionKind::Table && found.is_stream(section));
    older == Some(entry) || is_beside_a_table
}

/// White space and comments; but no comment may pass for an end marker.
fn refuse_gap(scanner: &mut Scanner<'_>, end: u64) -> Result<(), PdfProblem> {
    if scanner.position() > end {
        return Err(ambiguous(end, Ambiguity::OverlappingObjects));
    }
    loop {
        scanner.skip_white_space()?;
        let at = scanner.position();
        if at >= end {
            return Ok(());
        }
        if scanner.accept(b"%%EOF")? {
            return Err(ambiguous(at, Ambiguity::EndMarker));
        }
        if scanner.peek()? != Some(b'%') {
            return Err(ambiguous(at, Ambiguity::UnexplainedBytes));
        }
        scanner.skip_line()?;
        if scanner.position() > end {
            return Err(ambiguous(at, Ambiguity::ObjectElsewhere));
        }
    }
}
