use std::ops::RangeInclusive;

use super::document::{Document, ambiguous};
use super::notes::Notes;
use super::object::Reference;
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
    let mut scanner = Scanner::at(document.source(), 0);
    skip_header(&mut scanner)?;
    let mut last: Option<(RangeInclusive<u64>, Option<Reference>)> = None;
    for (start, object, revision) in listed.in_order() {
        while let Some((named, stands, end)) = sections.next_if(|(section, _, _)| *section <= start) {
            refuse_gap(&mut scanner, stands, document.work())?;
            scanner.seek(end);
            last = Some((named..=stands, None));
        }
        // An update may list again what stands where it stood, and a cross-reference stream itself.
        if last.as_ref().is_some_and(|(before, what)| before.contains(&start) && what.is_none_or(|what| what == object)) {
            continue;
        }
        refuse_gap(&mut scanner, start, document.work())?;
        scanner.seek(start);
        let found = document.object_at(&mut scanner, object, document.as_of(revision))?;
        notes.take(revision, object.number, &found);
        last = Some((start..=start, Some(object)));
    }
    for (_, stands, end) in sections {
        refuse_gap(&mut scanner, stands, document.work())?;
        scanner.seek(end);
    }
    document.refuse_moved_object_streams()?;
    notes.take_packed(document)?;
    Ok(notes)
}

/// Where the cross-reference sections are said to begin, and where they begin and end.
fn sections(document: &Document<'_>) -> Vec<(u64, u64, u64)> {
    let all = document.revisions().iter().flat_map(|revision| &revision.sections);
    let mut sections: Vec<_> = all.map(|section| (section.start, section.stands, section.end)).collect();
    sections.sort_unstable();
    sections.dedup();
    sections
}

/// Every object that stands in the file itself, by its place: four bytes each.
struct Listed<'d> {
    /// Where the entries of each section begin in one long row of them, with their revision.
    rows: Vec<(u32, usize, &'d Entries)>,
    /// Positions in that row.
    order: Vec<u32>,
}

impl<'d> Listed<'d> {
    fn of(document: &'d Document<'_>) -> Result<Self, PdfProblem> {
        let mut listed = Self { rows: Vec::new(), order: Vec::new() };
        let mut row = 0_u32;
        for (revision, found) in document.revisions().iter().enumerate() {
            refuse_elsewhere(document, revision, found)?;
            for section in &found.sections {
                listed.rows.push((row, revision, &section.entries));
                row = row.saturating_add(u32::try_from(section.entries.len()).unwrap_or(u32::MAX));
            }
        }
        listed.order = (0..row).filter(|index| listed.offset(*index).is_some()).collect();
        let mut order = std::mem::take(&mut listed.order);
        order.sort_unstable_by_key(|index| (listed.offset(*index), *index));
        Ok(Self { order, ..listed })
    }

    fn entries(&self, index: u32) -> Option<(u32, usize, &'d Entries)> {
        let behind = self.rows.partition_point(|(row, _, _)| *row <= index);
        let (row, revision, entries) = self.rows.get(behind.checked_sub(1)?)?;
        Some((index - row, *revision, entries))
    }

    fn offset(&self, index: u32) -> Option<u64> {
        let (index, _, entries) = self.entries(index)?;
        match entries.entry(index)? {
            Entry::Plain { offset, .. } => Some(offset),
            _ => None,
        }
    }

    /// Each with its place, and the oldest revision that lists it first.
    fn in_order(&self) -> impl Iterator<Item = (u64, Reference, usize)> {
        self.order.iter().filter_map(|index| {
            let (index, revision, entries) = self.entries(*index)?;
            let Entry::Plain { offset, generation } = entries.entry(index)? else { return None };
            Some((offset, Reference { number: entries.number(index)?, generation }, revision))
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
