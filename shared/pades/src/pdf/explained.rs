use super::document::{Document, ambiguous};
use super::notes::Notes;
use super::object::Reference;
use super::revisions::Revision;
use super::scanner::Scanner;
use super::window::{InOrder, Window};
use super::work::Work;
use super::xref::{Entries, Entry, SectionKind};
use crate::problem::{Ambiguity, PdfProblem};

/// Goes over the file once and finds every byte in a listed object, a
/// cross-reference section, white space or a comment; notes what later work looks for.
///
/// Programs that repair a file look for objects by their head: bytes that
/// only they would find must not exist.
pub(super) fn refuse_unexplained(document: &Document<'_>) -> Result<Notes, PdfProblem> {
    let listed = Listed::of(document)?;
    let mut notes = Notes::from(document.first_unused_number()?);
    let mut sections = sections(document).into_iter().peekable();
    let mut scanner = Scanner::at(document.source(), 0);
    let mut last: Option<(u64, Option<Reference>)> = None;
    for (start, object, revision) in listed.in_order() {
        while let Some((start, end)) = sections.next_if(|(section, _)| *section <= start) {
            refuse_gap(&mut scanner, start, document.work())?;
            scanner.seek(end);
            last = Some((start, None));
        }
        // An update may list again what stands where it stood, and a cross-reference stream itself.
        if last.is_some_and(|(before, what)| before == start && what.is_none_or(|what| what == object)) {
            continue;
        }
        refuse_gap(&mut scanner, start, document.work())?;
        scanner.seek(start);
        let found = document.object_at(&mut scanner, object, document.as_of(revision))?;
        notes.take(revision, object.number, &found);
        last = Some((start, Some(object)));
    }
    for (start, end) in sections {
        refuse_gap(&mut scanner, start, document.work())?;
        scanner.seek(end);
    }
    document.refuse_moved_object_streams()?;
    notes.take_packed(document)?;
    Ok(notes)
}

/// Where the cross-reference sections begin and end.
fn sections(document: &Document<'_>) -> Vec<(u64, u64)> {
    let all = document.revisions().iter().flat_map(|revision| &revision.sections);
    let mut sections: Vec<_> = all.map(|section| (section.start, section.end)).collect();
    sections.sort_unstable();
    sections.dedup();
    sections
}

/// Every object that stands in the file itself, by its place.
struct Listed<'d> {
    /// Where the entries of each section begin in one long row of them, with their revision.
    rows: Vec<(u32, usize, &'d Entries)>,
}

impl<'d> Listed<'d> {
    fn of(document: &'d Document<'_>) -> Result<Self, PdfProblem> {
        let mut listed = Self { rows: Vec::new() };
        let mut row = 0_u32;
        for (revision, found) in document.revisions().iter().enumerate() {
            refuse_elsewhere(document, revision, found)?;
            for section in &found.sections {
                listed.rows.push((row, revision, &section.entries));
                row = row.saturating_add(u32::try_from(section.entries.len()).unwrap_or(u32::MAX));
            }
        }
        Ok(listed)
    }

    fn offer_all(&self, window: &mut Window<(u64, u32)>) {
        for (row, _, entries) in &self.rows {
            (*row..).zip(entries.iter()).for_each(|(index, (_, entry))| {
                if let Entry::Plain { offset, .. } = entry {
                    window.offer((offset, index), || true);
                }
            });
        }
    }

    /// Each with its place, and the oldest revision that lists it first.
    fn in_order(&self) -> impl Iterator<Item = (u64, Reference, usize)> {
        InOrder::of(|window: &mut Window<_>| self.offer_all(window)).filter_map(|(offset, index)| {
            let behind = self.rows.partition_point(|(row, _, _)| *row <= index);
            let (row, revision, entries) = self.rows.get(behind.checked_sub(1)?)?;
            let (number, entry) = entries.at(usize::try_from(index - row).ok()?)?;
            Some((offset, entry.place(number)?.1, *revision))
        })
    }
}

fn refuse_elsewhere(document: &Document<'_>, revision: usize, found: &Revision) -> Result<(), PdfProblem> {
    // Some count from the end of line that ends the revision before.
    let behind = revision.checked_sub(1).and_then(|before| document.revisions().get(before)).map_or(0, Revision::marker_end);
    for (index, section) in found.sections.iter().enumerate() {
        for (number, entry) in section.entries.iter() {
            let Entry::Plain { offset, .. } = entry else {
                continue;
            };
            if offset >= found.marker_end {
                return Err(ambiguous(offset, Ambiguity::ForwardReference));
            }
            if offset < behind && !may_point_back(document, revision, index, number, entry) {
                return Err(ambiguous(offset, Ambiguity::ObjectElsewhere));
            }
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
fn refuse_gap(scanner: &mut Scanner<'_>, end: u64, work: &Work) -> Result<(), PdfProblem> {
    if scanner.position() > end {
        return Err(ambiguous(end, Ambiguity::OverlappingObjects));
    }
    let start = scanner.position();
    loop {
        scanner.skip_white_space()?;
        let at = scanner.position();
        if at >= end {
            return work.passed(at - start);
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
