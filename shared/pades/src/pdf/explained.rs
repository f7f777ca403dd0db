use std::ops::RangeInclusive;

use super::document::{Document, ambiguous};
use super::generations::refuse_old_generations;
use super::notes::Notes;
use super::object::Reference;
use super::order::in_order;
use super::rebuilt::Rebuilt;
use super::revisions::Revision;
use super::scanner::{Scanner, is_regular, is_white_space};
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
    let mut scanner = Scanner::at(document.reader(), 0);
    skip_header(&mut scanner)?;
    let mut last: Option<(RangeInclusive<u64>, Option<Reference>)> = None;
    let mut rebuilt = Rebuilt::of(document);
    for (start, object, revision) in listed.in_order() {
        while let Some((named, stands, end)) = sections.next_if(|(section, _, _)| *section <= start) {
            refuse_gap(&mut scanner, stands, document.work())?;
            rebuilt.refuse_hidden_until(stands)?;
            scanner.seek(end);
            last = Some((named..=stands, None));
        }
        // An update may list again what stands where it stood, and a cross-reference stream itself.
        if last.as_ref().is_some_and(|(before, what)| before.contains(&start) && what.is_none_or(|what| what == object)) {
            continue;
        }
        refuse_gap(&mut scanner, start, document.work())?;
        rebuilt.refuse_hidden_until(start)?;
        scanner.seek(start);
        let found = document.object_at(&mut scanner, object, document.as_of(revision))?;
        notes.take(document.as_of(revision), (revision, object.number), &found)?;
        last = Some((start..=start, Some(object)));
    }
    for (_, stands, end) in sections {
        refuse_gap(&mut scanner, stands, document.work())?;
        rebuilt.refuse_hidden_until(stands)?;
        scanner.seek(end);
    }
    rebuilt.refuse_hidden_until(document.source().len())?;
    refuse_moved_object_streams(document)?;
    notes.take_packed(document)?;
    if let Some(number) = notes.another_catalog().filter(|_| rebuilt.is_likely()) {
        return Err(ambiguous(number.into(), Ambiguity::CrossReference));
    }
    refuse_old_generations(document)?;
    Ok(notes)
}

/// An object stream stays where it stood while entries of older revisions lead into it: the object that they lead to would
/// become another one, or none, without being listed.
fn refuse_moved_object_streams(document: &Document<'_>) -> Result<(), PdfProblem> {
    for revision in 0..document.revisions().len() {
        let mut last = None;
        for (number, entry) in document.packed_objects_of(revision) {
            let Entry::Packed { stream, .. } = entry else { continue };
            let moves = |later: &usize| document.entry_at(stream, *later) != document.entry_at(stream, revision);
            let moved = match last {
                Some((known, moved)) if known == stream => moved,
                _ => document.listed_after(stream, revision).find(moves),
            };
            last = Some((stream, moved));
            let listed_again = || document.listed_after(number, revision).next();
            if let Some(moved) = moved.filter(|moved| listed_again().is_none_or(|again| again > *moved)) {
                let at = document.revisions().get(moved).map_or(0, Revision::startxref);
                return Err(ambiguous(at, Ambiguity::ObjectElsewhere));
            }
        }
    }
    Ok(())
}

/// Where the cross-reference sections are said to begin, and where they begin and end.
fn sections(document: &Document<'_>) -> Vec<(u64, u64, u64)> {
    let all = document.revisions().iter().flat_map(|revision| &revision.sections);
    let mut sections: Vec<_> = all.map(|section| (section.start, section.stands, section.end)).collect();
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
            refuse_hidden_again(document, revision, found)?;
            for section in &found.sections {
                listed.rows.push((row, revision, &section.entries));
                row = row.saturating_add(u32::try_from(section.entries.len()).unwrap_or(u32::MAX));
            }
        }
        Ok(listed)
    }

    /// Each with its place, and the oldest revision that lists it first.
    fn in_order(&self) -> impl Iterator<Item = (u64, Reference, usize)> {
        let places = in_order(self.rows.iter().map(|(_, _, entries)| *entries).collect(), move |listed| match listed.entry {
            Entry::Plain { offset, .. } => {
                let (row, _, _) = self.rows.get(listed.list)?;
                Some((offset, row.saturating_add(u32::try_from(listed.index).ok()?)))
            }
            _ => None,
        });
        places.filter_map(|(offset, index)| {
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

/// In a hybrid's update, what was in use before is not free in the table and in use beside it: some readers go by the table.
fn refuse_hidden_again(document: &Document<'_>, revision: usize, found: &Revision) -> Result<(), PdfProblem> {
    let Some(before) = revision.checked_sub(1).map(|before| document.as_of(before)) else { return Ok(()) };
    let is_used = |entry: Option<Entry>| entry.is_some_and(|entry| entry != Entry::Free);
    for (table, beside) in found.sections.iter().zip(found.sections.iter().skip(1)).filter(|(_, section)| section.is_beside) {
        let mut used = beside.entries.iter().filter(|(_, entry)| is_used(Some(*entry)));
        if used.any(|(number, _)| table.entries.get(number) == Some(Entry::Free) && is_used(before.entry(number))) {
            return Err(ambiguous(beside.start, Ambiguity::DoubledObject));
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

/// The line with the version, and the bytes that tell others not to take the file for text: a few writers leave out the
/// percent sign before them. None of them can be a part of anything.
fn skip_header(scanner: &mut Scanner<'_>) -> Result<(), PdfProblem> {
    scanner.skip_line()?;
    let behind = scanner.position();
    scanner.skip_white_space()?;
    let start = scanner.position();
    while scanner.peek()?.is_some_and(|byte| !byte.is_ascii()) && scanner.position() - start < MOST_MARKING_BYTES {
        scanner.next()?;
    }
    let is_marked = scanner.position() > start && scanner.peek()?.is_none_or(is_white_space);
    // An object may be said to begin with the white space before it.
    scanner.seek(if is_marked { scanner.position() } else { behind });
    Ok(())
}

/// White space, comments and an `endobj` too many; but no comment may pass for an end marker.
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
        if scanner.accept(b"endobj")? && !scanner.peek()?.is_some_and(is_regular) {
            continue;
        }
        scanner.seek(at);
        if scanner.peek()? != Some(b'%') {
            return Err(ambiguous(at, Ambiguity::UnexplainedBytes));
        }
        scanner.skip_line()?;
        if scanner.position() > end {
            return Err(ambiguous(at, Ambiguity::ObjectElsewhere));
        }
    }
}

/// Four are the custom. ISO 32000-2, section 7.5.2.
const MOST_MARKING_BYTES: u64 = 16;
