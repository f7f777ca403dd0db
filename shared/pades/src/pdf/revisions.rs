use std::collections::BTreeSet;

use super::marker::EndMarker;
use super::object::Dictionary;
use super::scanner::{Scanner, is_white_space};
use super::window::merged;
use super::work::Work;
use super::xref::{Entries, Entry, MAX_ENTRIES, MOST_LIST_BYTES, Section, SectionKind, too_many};
use crate::problem::{Ambiguity, Counted, PdfProblem};
use crate::source::Source;

/// One state of the document: what the file was when it ended here.
pub struct Revision {
    pub(crate) start: u64,
    pub(crate) marker_end: u64,
    pub(crate) end: u64,
    /// In the order in which an object is looked for.
    pub(crate) sections: Vec<Section>,
    startxref: u64,
}

impl Revision {
    /// Where the revision before this one ends.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// Just after `%%EOF`.
    pub fn marker_end(&self) -> u64 {
        self.marker_end
    }

    /// Just after the white space that follows `%%EOF`.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The offset that stands after `startxref`.
    pub fn startxref(&self) -> u64 {
        self.startxref
    }

    /// In which form the newest section is written.
    pub fn kind(&self) -> SectionKind {
        self.sections.first().map_or(SectionKind::Table, |section| section.kind)
    }

    pub fn trailer(&self) -> Option<&Dictionary> {
        self.sections.first().map(|section| &section.trailer)
    }

    /// The numbers that this revision lists, in use or free; in order.
    pub(crate) fn listed(&self) -> impl Iterator<Item = u32> {
        merged(self.sections.iter().map(|section| section.entries.iter().map(|(number, _)| number)).collect())
    }

    pub(crate) fn is_stream(&self, section: usize) -> bool {
        let section = self.sections.get(section);
        section.is_some_and(|section| section.kind == SectionKind::Stream)
    }

    /// Whether a signed range may end at `offset`: signers count the end of
    /// line after `%%EOF` or leave it out.
    pub(crate) fn ends_at(&self, offset: u64) -> bool {
        (self.marker_end..=self.end).contains(&offset)
    }

    /// In a hybrid, what the table calls free may be hidden in the stream beside it.
    pub(crate) fn entry(&self, number: u32) -> Option<Entry> {
        let mut sections = self.sections.iter().peekable();
        while let Some(section) = sections.next() {
            let Some(entry) = section.entries.get(number) else { continue };
            let beside = sections.peek().filter(|beside| beside.is_beside && entry == Entry::Free);
            return beside.and_then(|beside| beside.entries.get(number)).or(Some(entry));
        }
        None
    }

    /// So that no reader looks for the objects itself.
    pub(super) fn is_written_to_the_letter(&self) -> bool {
        let highest = self.highest();
        self.sections.iter().all(|section| section.is_exact && !section.is_bare)
            && self.sections.first().is_some_and(|section| section.has_size_for(highest))
    }

    fn highest(&self) -> u32 {
        self.sections.iter().filter_map(|section| section.entries.highest()).max().unwrap_or(0)
    }
}

/// All revisions, oldest first.
pub(crate) fn revisions(source: &dyn Source, work: &Work) -> Result<Vec<Revision>, PdfProblem> {
    let last = EndMarker::last(source)?;
    let mut next = Some(last.points_to);
    let mut expected_end = Some(last.end);
    let mut seen = BTreeSet::new();
    let mut budget = (MAX_ENTRIES, MOST_LIST_BYTES);
    let mut newest_first: Vec<Revision> = Vec::new();
    while let Some(startxref) = next {
        if !seen.insert(startxref) {
            return Err(ambiguous(startxref, Ambiguity::LoopInRevisions));
        }
        if newest_first.len() == MAX_REVISIONS {
            return Err(too_many(Counted::Revisions, MAX_REVISIONS));
        }
        let (revision, previous) = revision(source, startxref, work)?;
        if expected_end.take().is_some_and(|end| end != revision.marker_end) {
            return Err(ambiguous(revision.marker_end, Ambiguity::EndMarker));
        }
        budget = spend(budget, &revision)?;
        newest_first.push(revision);
        next = previous;
    }
    in_order(newest_first)
}

/// Oldest first; each begins where the one before it ends.
fn in_order(newest_first: Vec<Revision>) -> Result<Vec<Revision>, PdfProblem> {
    let (mut start, mut behind) = (0, 0);
    let mut oldest_first = newest_first;
    oldest_first.reverse();
    for revision in &mut oldest_first {
        revision.start = start;
        if revision.startxref < behind {
            return Err(ambiguous(revision.startxref, Ambiguity::ForwardReference));
        }
        (start, behind) = (revision.end, revision.marker_end);
    }
    refuse_mended(&oldest_first)?;
    Ok(oldest_first)
}

/// What was added must give no reader a reason to look for the objects itself. The newest /Size counts, for readers ask for
/// no other: PDFBox ends what it changed nothing in with a /Size of 1.
fn refuse_mended(oldest_first: &[Revision]) -> Result<(), PdfProblem> {
    let highest = oldest_first.iter().map(Revision::highest).max().unwrap_or(0);
    for (index, revision) in oldest_first.iter().enumerate().skip(1) {
        let asked_for = if index + 1 == oldest_first.len() { highest } else { 0 };
        let is_sound = |section: &Section| section.is_exact && (section.is_beside || section.has_size_for(asked_for));
        if !revision.sections.iter().all(is_sound) {
            return Err(ambiguous(revision.startxref, Ambiguity::CrossReference));
        }
    }
    Ok(())
}

fn revision(source: &dyn Source, startxref: u64, work: &Work) -> Result<(Revision, Option<u64>), PdfProblem> {
    let newest = Section::at(source, startxref, work)?;
    let previous = newest.previous()?;
    match previous {
        Some(main) if main > newest.start => Ok((linearised(source, newest, Section::at(source, main, work)?, work)?, None)),
        Some(before) if newest.kind == SectionKind::Table && stands_behind_a_trailer(source, newest.stands)? => {
            let before = Section::at(source, before, work)?;
            let previous = before.previous()?;
            Ok((joined(source, newest, before, work)?, previous))
        }
        _ => Ok((assembled(source, vec![newest], work)?, previous)),
    }
}

/// Acrobat writes a hybrid in two tables, one straight behind the other: what old readers know, and an empty one that
/// names the stream. ISO 32000-2, section 7.5.8.4.
fn joined(source: &dyn Source, newest: Section, before: Section, work: &Work) -> Result<Revision, PdfProblem> {
    if behind_white_space(source, before.end, work)? != newest.stands {
        return Err(ambiguous(newest.start, Ambiguity::EndMarker));
    }
    let mut revision = assembled(source, vec![newest], work)?;
    let differs = |(number, entry): (u32, Entry)| {
        let is_hidden = |section: &&Section| section.is_beside && entry == Entry::Free;
        let others = revision.sections.iter().filter(|section| !is_hidden(section));
        others.filter_map(|section| section.entries.get(number)).any(|other| other != entry)
    };
    if before.kind != SectionKind::Table || before.beside()?.is_some() || before.entries.iter().any(differs) {
        return Err(ambiguous(before.start, Ambiguity::DoubledObject));
    }
    revision.sections.push(before);
    Ok(revision)
}

/// Whether no end marker stands between the section before and this one.
fn stands_behind_a_trailer(source: &dyn Source, stands: u64) -> Result<bool, PdfProblem> {
    let start = stands.saturating_sub(LONGEST_GAP);
    let mut before = vec![0; usize::try_from(stands - start).unwrap_or_default()];
    source.read_at(start, &mut before)?;
    let last = before.iter().rposition(|byte| !is_white_space(*byte));
    Ok(last.and_then(|last| before.get(..=last)).is_some_and(|before| before.ends_with(b">>")))
}

/// A linearised file has two sections: one at its start for the first page,
/// one at its end for the rest. ISO 32000-2, annex F.
fn linearised(source: &dyn Source, mut first_page: Section, rest: Section, work: &Work) -> Result<Revision, PdfProblem> {
    if rest.previous()?.is_some() {
        return Err(ambiguous(rest.start, Ambiguity::LoopInRevisions));
    }
    let differs = |(number, entry)| first_page.entries.get(number).is_some_and(|first| first != entry);
    if rest.entries.iter().any(differs) {
        return Err(ambiguous(rest.start, Ambiguity::DoubledObject));
    }
    let mut scanner = Scanner::at(source, first_page.end);
    scanner.skip_gap()?;
    if scanner.accept(b"startxref")? {
        first_page.end = EndMarker::at(source, first_page.end)?.end;
    }
    assembled(source, vec![first_page, rest], work)
}

/// The marker after the last section must lead back to the first.
fn assembled(source: &dyn Source, mut main: Vec<Section>, work: &Work) -> Result<Revision, PdfProblem> {
    let startxref = main.first().map_or(0, |section| section.start);
    let marker = EndMarker::at(source, main.last().map_or(0, |section| section.end))?;
    if let Some(last) = main.last_mut() {
        last.end = marker.end;
        last.is_exact &= marker.is_exact;
    }
    if behind_white_space(source, marker.points_to, work)? != behind_white_space(source, startxref, work)? {
        return Err(ambiguous(marker.end, Ambiguity::EndMarker));
    }
    let mut scanner = Scanner::at(source, marker.end);
    scanner.skip_white_space()?;
    Ok(Revision {
        start: 0,
        marker_end: marker.end,
        end: scanner.position(),
        sections: with_streams_beside(source, main, work)?,
        startxref,
    })
}

fn with_streams_beside(source: &dyn Source, main: Vec<Section>, work: &Work) -> Result<Vec<Section>, PdfProblem> {
    let mut sections = Vec::new();
    for section in main {
        let beside = match section.beside()? {
            Some(offset) => Some(Section::at(source, offset, work)?.standing_beside(&section)?),
            None => None,
        };
        sections.push(section);
        sections.extend(beside);
    }
    Ok(sections)
}

/// Some programs name the end of the line before a section.
fn behind_white_space(source: &dyn Source, offset: u64, work: &Work) -> Result<u64, PdfProblem> {
    let mut scanner = Scanner::at(source, offset);
    scanner.skip_white_space()?;
    work.passed(scanner.position() - offset)?;
    Ok(scanner.position())
}

/// What may still be listed, and in how many bytes.
fn spend((objects, bytes): (usize, usize), revision: &Revision) -> Result<(usize, usize), PdfProblem> {
    let sum = |of: fn(&Entries) -> usize| revision.sections.iter().map(|section| of(&section.entries)).sum();
    let objects = objects.checked_sub(sum(Entries::len)).ok_or(too_many(Counted::Objects, MAX_ENTRIES))?;
    let bytes = bytes.checked_sub(sum(Entries::bytes)).ok_or(too_many(Counted::ListBytes, MOST_LIST_BYTES))?;
    Ok((objects, bytes))
}

fn ambiguous(at: u64, what: Ambiguity) -> PdfProblem {
    PdfProblem::Ambiguous { at, what }
}

/// Between a trailer and the table behind it.
const LONGEST_GAP: u64 = 16;
/// Each signer adds a few; a document signed daily for a year stays below.
const MAX_REVISIONS: usize = 500;
