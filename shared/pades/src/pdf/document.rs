use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use super::explained::refuse_unexplained;
use super::header::refuse_other_files;
use super::linear::refuse_another_beginning;
use super::notes::Notes;
use super::object::{Dictionary, Object, Reference, Stream};
use super::order::{Listed, in_order};
use super::packed::PackedObjects;
use super::pairs::Pairs;
use super::parser::{Body, end_of_object, end_of_stream, indirect};
use super::revisions::{Revision, revisions};
use super::scanner::Scanner;
use super::unpacked::{Unpacked, Version};
use super::view::View;
use super::window::merged;
use super::work::Work;
use super::xref::{Entry, MOST_LIST_BYTES, too_many};
use crate::problem::{Ambiguity, Counted, PdfProblem};
use crate::source::{ReadAhead, Source, wide};

/// A PDF of which every byte is explained, read through a source.
///
/// Costs memory for the cross-reference sections and one object at a time,
/// never for the file.
pub struct Document<'a> {
    source: ReadAhead<'a>,
    revisions: Vec<Revision>,
    /// Each number that a revision after the first lists, with that revision.
    listed_later: Pairs,
    has_generations: bool,
    unpacked: RefCell<Unpacked>,
    container: Cell<Option<((u32, usize), Option<Entry>)>>,
    reads: Reads,
    work: Work,
    notes: Notes,
}

/// Which objects were asked for, and how many times.
#[derive(Default)]
struct Reads {
    count: Cell<u64>,
    numbers: RefCell<Option<BTreeSet<u32>>>,
}

impl<'a> Document<'a> {
    /// Reads every object once, and refuses what is broken, encrypted or open
    /// to two readings.
    pub fn open(source: &'a dyn Source) -> Result<Self, PdfProblem> {
        refuse_other_files(source)?;
        let (work, ahead) = (Work::new(), ReadAhead::of(source));
        let revisions = revisions(&ahead, &work)?;
        refuse_another_beginning(&ahead, &revisions, &work)?;
        let listed_later = listed_later(&revisions)?;
        let mut sections = revisions.iter().flat_map(|revision| &revision.sections);
        let has_generations = sections.any(|section| section.entries.has_generations());
        let document = Self {
            source: ahead,
            revisions,
            listed_later,
            has_generations,
            unpacked: RefCell::default(),
            container: Cell::default(),
            reads: Reads::default(),
            work,
            notes: Notes::default(),
        };
        document.refuse_encryption()?;
        let notes = refuse_unexplained(&document)?;
        Ok(Self { notes, ..document })
    }

    /// Oldest first; never empty.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The document as readers show it.
    pub fn latest(&self) -> View<'_> {
        self.as_of(self.revisions.len().saturating_sub(1))
    }

    /// The document as it was when this revision was the last.
    pub fn as_of(&self, revision: usize) -> View<'_> {
        View::new(self, revision)
    }

    pub fn source(&self) -> &'a dyn Source {
        self.source.source()
    }

    /// The same, for reading from front to back in small pieces.
    pub(crate) fn reader(&self) -> &dyn Source {
        &self.source
    }

    /// Where an object stood when this revision was the last.
    pub(super) fn entry_at(&self, number: u32, revision: usize) -> Option<Entry> {
        let index = self.listed_later.find_until(number, wide(revision)).map_or(0, |(_, index)| index);
        self.revisions.get(usize::try_from(index).ok()?)?.entry(number)
    }

    /// The same for an object stream, which is mostly the one that was asked for last.
    pub(super) fn container_at(&self, stream: u32, revision: usize) -> Option<Entry> {
        let last = self.container.get().filter(|(known, _)| *known == (stream, revision));
        let entry = last.map_or_else(|| self.entry_at(stream, revision), |(_, entry)| entry);
        self.container.set(Some(((stream, revision), entry)));
        entry
    }

    /// The later revisions that list a number.
    pub(crate) fn listed_after(&self, number: u32, revision: usize) -> impl Iterator<Item = usize> {
        let later = (self.listed_later.until(number, wide(revision))..).map_while(|place| self.listed_later.get(place));
        later.take_while(move |(listed, _)| *listed == number).filter_map(|(_, index)| usize::try_from(index).ok())
    }

    /// Whether any object in use has another generation than 0.
    pub(super) fn has_generations(&self) -> bool {
        self.has_generations
    }

    /// A place for each number that any revision lists, below [`places`](Self::places); some places are nobody's.
    pub(crate) fn place_of(&self, number: u32) -> Option<usize> {
        let mut before = 0;
        for section in self.revisions.first().iter().flat_map(|revision| &revision.sections) {
            if let Some(position) = section.entries.position(number) {
                return Some(before + position);
            }
            before += section.entries.len();
        }
        self.listed_later.find(number).map(|(place, _)| before + place)
    }

    pub(crate) fn places(&self) -> usize {
        let first =
            self.revisions.first().into_iter().flat_map(|revision| &revision.sections).map(|section| section.entries.len());
        first.sum::<usize>() + self.listed_later.len()
    }

    /// What `work` gives, and the numbers of all objects that it depends on.
    pub(crate) fn recorded<T>(&self, work: impl FnOnce() -> T) -> (T, BTreeSet<u32>) {
        *self.reads.numbers.borrow_mut() = Some(BTreeSet::new());
        let result = work();
        (result, self.reads.numbers.borrow_mut().take().unwrap_or_default())
    }

    /// How many objects have been read so far: the measure of work.
    pub(crate) fn objects_read(&self) -> u64 {
        self.reads.count.get()
    }

    /// What takes as long as reading so many objects.
    pub(crate) fn note_work(&self, objects: usize) {
        self.reads.count.set(self.reads.count.get().saturating_add(wide(objects)));
    }

    pub(super) fn note_read(&self, number: u32) {
        self.note_work(1);
        if let Some(numbers) = self.reads.numbers.borrow_mut().as_mut() {
            numbers.insert(number);
        }
    }

    /// The object at the scanner's position, which must be the one asked for.
    pub(crate) fn object_at(
        &self,
        scanner: &mut Scanner<'_>,
        asked_for: Reference,
        view: View<'_>,
    ) -> Result<Object, PdfProblem> {
        let (offset, values) = (scanner.position(), scanner.values());
        let found = indirect(scanner).map_err(|problem| elsewhere(problem, offset))?;
        self.work.parsed(scanner, offset, values)?;
        self.work.jumped(self.source.take_jumps())?;
        if found.reference != asked_for {
            return Err(ambiguous(offset, Ambiguity::ObjectElsewhere));
        }
        match found.value {
            Body::Plain(object) => {
                end_of_object(scanner)?;
                Ok(object)
            }
            Body::Stream { dictionary, data_start } => {
                refuse_short_keys(&dictionary, data_start)?;
                let end = view
                    .stream_length(&dictionary)?
                    .and_then(|length| data_start.checked_add(length))
                    .filter(|end| *end <= self.source.len())
                    .ok_or(ambiguous(data_start, Ambiguity::StreamLength))?;
                let stream = end_of_stream(scanner, dictionary, data_start..end)?;
                Ok(Object::Stream(stream))
            }
        }
    }

    /// The objects in object streams that a revision lists, each with its place; neighbours side by side.
    pub(super) fn packed_objects_of(&self, revision: usize) -> impl Iterator<Item = (u32, Entry)> {
        let found = self.revisions.get(revision);
        let lists = found.iter().flat_map(|found| &found.sections).map(|section| &section.entries).collect();
        let places = in_order(lists, |Listed { number, entry, .. }| match entry {
            Entry::Packed { stream, index } => Some((stream, index, number)),
            _ => None,
        });
        places.filter_map(move |(stream, index, number)| {
            let entry = Entry::Packed { stream, index };
            (found?.entry(number)? == entry).then_some((number, entry))
        })
    }

    /// Dictionaries that may be a signature or a field with a value, each in the revision that brought it.
    pub(crate) fn telling(&self) -> impl Iterator<Item = (usize, u32)> {
        self.notes.telling()
    }

    /// Whether something names this number, which no revision lists; None if that is not known.
    pub(crate) fn is_named(&self, unused: u32) -> Option<bool> {
        self.notes.is_named(unused)
    }

    /// Above every number that any revision lists or says to be in use.
    pub(crate) fn first_unused_number(&self) -> Result<u32, PdfProblem> {
        let sections = self.revisions.iter().flat_map(|revision| &revision.sections);
        let mut unused = 1;
        for section in sections {
            let listed = section.entries.highest().unwrap_or(0).saturating_add(1);
            let stated = section.trailer.unsigned(b"Size").unwrap_or(0);
            let stated =
                u32::try_from(stated).map_err(|_| PdfProblem::Malformed { at: section.start, what: "a /Size out of range" })?;
            unused = unused.max(listed).max(stated);
        }
        Ok(unused)
    }

    /// The object stream of this version, if it lies unpacked.
    pub(super) fn unpacked(&self, version: Version) -> Option<Rc<PackedObjects>> {
        self.unpacked.borrow_mut().find(version)
    }

    pub(super) fn unpack(&self, version: Version, number: u32, stream: &Stream) -> Result<Rc<PackedObjects>, PdfProblem> {
        self.unpacked.borrow_mut().make_room();
        let packed = Rc::new(PackedObjects::unpack(&self.source, number, stream)?);
        self.work.unpacked(packed.objects(), packed.bytes())?;
        self.unpacked.borrow_mut().keep(version, &packed);
        Ok(packed)
    }

    /// What may still be read.
    pub(crate) fn work(&self) -> &Work {
        &self.work
    }

    fn refuse_encryption(&self) -> Result<(), PdfProblem> {
        let mut sections = self.revisions.iter().flat_map(|revision| &revision.sections);
        match sections.any(|section| section.trailer.contains(b"Encrypt")) {
            true => Err(PdfProblem::Encrypted),
            false => Ok(()),
        }
    }
}

fn listed_later(revisions: &[Revision]) -> Result<Pairs, PdfProblem> {
    let later = revisions.iter().zip(0_u64..).skip(1);
    let lists = later.map(|(revision, index)| revision.listed().map(move |number| (number, index))).collect();
    let mut listed = Pairs::default();
    merged(lists).for_each(|(number, index)| listed.push(number, index));
    listed.finish();
    let sections = revisions.iter().flat_map(|revision| &revision.sections);
    match listed.bytes() + sections.map(|section| section.entries.bytes()).sum::<usize>() <= MOST_LIST_BYTES {
        true => Ok(listed),
        false => Err(too_many(Counted::ListBytes, MOST_LIST_BYTES)),
    }
}

/// A place that does not even hold an object's head was listed wrongly.
fn elsewhere(problem: PdfProblem, offset: u64) -> PdfProblem {
    match problem {
        PdfProblem::Malformed { at, .. } if at <= offset.saturating_add(HEAD_BYTES) => {
            ambiguous(offset, Ambiguity::ObjectElsewhere)
        }
        other => other,
    }
}

/// What a stream's data are is said under long keys. Some readers take /F and /DP, as inside pages, for the filter and its
/// parameters; to others the first is a file elsewhere, and the second nothing.
pub(super) fn refuse_short_keys(dictionary: &Dictionary, at: u64) -> Result<(), PdfProblem> {
    match [b"F".as_slice(), b"DP"].iter().any(|key| dictionary.contains(key)) {
        true => Err(ambiguous(at, Ambiguity::StreamLength)),
        false => Ok(()),
    }
}

pub(crate) fn ambiguous(at: u64, what: Ambiguity) -> PdfProblem {
    PdfProblem::Ambiguous { at, what }
}

/// About the length of `1234567 0 obj`.
const HEAD_BYTES: u64 = 16;
