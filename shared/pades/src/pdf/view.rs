use super::document::{Document, ambiguous};
use super::object::{Dictionary, Object, Reference, Stream};
use super::order::in_order;
use super::parser::{Body, indirect};
use super::revisions::Revision;
use super::scanner::Scanner;
use super::xref::Entry;
use crate::problem::{Ambiguity, PdfProblem};

/// A document as of one of its revisions.
#[derive(Clone, Copy)]
pub struct View<'d> {
    document: &'d Document<'d>,
    revision: usize,
    /// Whether a stream's length may be looked up in an object stream: not
    /// while the length of an object stream is looked up.
    packed_lengths: bool,
}

impl<'d> View<'d> {
    pub(super) fn new(document: &'d Document<'_>, revision: usize) -> Self {
        Self { document, revision, packed_lengths: true }
    }

    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// Newest first, from the revision that is looked at.
    fn revisions(&self) -> impl Iterator<Item = &'d Revision> {
        let revisions = self.document.revisions();
        revisions.iter().take(self.revision.saturating_add(1)).rev()
    }

    pub fn trailer(&self) -> Result<&'d Dictionary, PdfProblem> {
        self.revisions().next().and_then(Revision::trailer).ok_or(PdfProblem::NotAPdf)
    }

    /// The document information as the newest trailer that names one has it: some leave it out.
    pub(crate) fn information(&self) -> Option<&'d Object> {
        self.revisions().find_map(|revision| revision.trailer()?.get(b"Info"))
    }

    pub fn catalog_reference(&self) -> Result<Reference, PdfProblem> {
        self.trailer()?.reference(b"Root").ok_or(wrong(0, "the trailer names no catalogue"))
    }

    pub fn catalog(&self) -> Result<Dictionary, PdfProblem> {
        let reference = self.catalog_reference()?;
        match self.object(reference)? {
            Object::Dictionary(catalog) => Ok(catalog),
            _ => Err(wrong(reference.number, "a catalogue was expected")),
        }
    }

    pub(crate) fn entry(&self, number: u32) -> Option<Entry> {
        self.document.entry_at(number, self.revision)
    }

    /// Where an object stands, and the object stream that it stands in: what is listed again as it was may be another object
    /// if that stream is another one.
    pub(crate) fn place(&self, number: u32) -> (Option<Entry>, Option<Entry>) {
        let entry = self.entry(number);
        let container = match entry {
            Some(Entry::Packed { stream, .. }) => self.entry(stream),
            _ => None,
        };
        (entry, container)
    }

    /// Every object in use, neighbours side by side.
    pub fn objects(&self) -> impl Iterator<Item = Reference> + use<'d> {
        self.listed().filter_map(|(number, entry)| Some(entry.place(number)?.1))
    }

    /// Every object in use with its number, neighbours side by side.
    pub(crate) fn numbered_objects(&self) -> impl Iterator<Item = Result<(u32, Object), PdfProblem>> + use<'d> {
        let view = *self;
        let object = move |(number, entry)| Ok(view.object_at(number, Some(entry))?.map(|object| (number, object)));
        self.listed().filter_map(move |listed| object(listed).transpose())
    }

    fn listed(&self) -> impl Iterator<Item = (u32, Entry)> + use<'d> {
        let view = *self;
        // In eight bytes: offsets have 46 bits, and an object stream holds fewer objects than this.
        let key = |(place, index): (u64, u32)| place.saturating_mul(1 << 17).saturating_add(index.into());
        let lists = view.revisions().flat_map(|revision| &revision.sections).map(|section| &section.entries);
        let places = in_order(lists.collect(), move |listed| {
            let (place, _) = listed.entry.place(listed.number)?;
            Some((key(place), listed.number))
        });
        // What a later revision lists elsewhere does not count.
        places.filter_map(move |(place, number)| {
            let entry = view.entry(number)?;
            (key(entry.place(number)?.0) == place).then_some((number, entry))
        })
    }

    /// Null if it does not exist or is free.
    pub fn object(&self, reference: Reference) -> Result<Object, PdfProblem> {
        self.read(reference, self.entry(reference.number))
    }

    /// The object of a number, whatever its generation; None if it does not exist or is free.
    pub(crate) fn numbered(&self, number: u32) -> Result<Option<Object>, PdfProblem> {
        self.object_at(number, self.entry(number))
    }

    /// The object of a number that stands at its [place](Self::place); None if it is free.
    pub(crate) fn object_at(&self, number: u32, entry: Option<Entry>) -> Result<Option<Object>, PdfProblem> {
        let listed = entry.and_then(|entry| entry.place(number));
        listed.map(|(_, reference)| self.read(reference, entry)).transpose()
    }

    fn read(&self, reference: Reference, entry: Option<Entry>) -> Result<Object, PdfProblem> {
        self.document.note_read(reference.number);
        match entry {
            None | Some(Entry::Free) => Ok(Object::Null),
            Some(Entry::Plain { offset, generation }) => {
                refuse_other_generation(reference, generation, offset)?;
                let mut scanner = Scanner::at(self.document.reader(), offset);
                self.document.object_at(&mut scanner, reference, *self)
            }
            Some(Entry::Packed { stream, index }) => {
                refuse_other_generation(reference, 0, 0)?;
                self.packed(reference.number, stream, index)
            }
        }
    }

    /// The object itself, or what its references lead to.
    pub fn resolve(&self, object: &Object) -> Result<Object, PdfProblem> {
        let mut found = object.clone();
        for _ in 0..MAX_REFERENCES_IN_A_ROW {
            match found {
                Object::Reference(reference) => found = self.object(reference)?,
                other => return Ok(other),
            }
        }
        Err(PdfProblem::Malformed { at: 0, what: "references that lead to references only" })
    }

    /// The resolved value of a key; null if absent.
    pub fn value(&self, dictionary: &Dictionary, key: &[u8]) -> Result<Object, PdfProblem> {
        match dictionary.get(key) {
            None => Ok(Object::Null),
            Some(value) => self.resolve(value),
        }
    }

    /// /Length, which may stand in another object.
    pub(super) fn stream_length(&self, dictionary: &Dictionary) -> Result<Option<u64>, PdfProblem> {
        let Some(reference) = dictionary.reference(b"Length") else {
            return Ok(dictionary.unsigned(b"Length"));
        };
        let length = match self.entry(reference.number) {
            Some(Entry::Plain { offset, .. }) => self.plain_value(offset, reference)?,
            Some(Entry::Packed { stream, index }) if self.packed_lengths => self.packed(reference.number, stream, index)?,
            _ => Object::Null,
        };
        Ok(match length {
            Object::Integer(length) => u64::try_from(length).ok(),
            _ => None,
        })
    }

    /// An object that is no stream: looking up a length never needs another length.
    fn plain_value(&self, offset: u64, asked_for: Reference) -> Result<Object, PdfProblem> {
        let mut scanner = Scanner::at(self.document.reader(), offset);
        let found = indirect(&mut scanner)?;
        self.document.work().parsed(&scanner, offset, 0)?;
        match found.value {
            Body::Plain(object) if found.reference == asked_for => Ok(object),
            _ => Err(ambiguous(offset, Ambiguity::ObjectElsewhere)),
        }
    }

    fn packed(&self, number: u32, stream: u32, index: u32) -> Result<Object, PdfProblem> {
        let Some(Entry::Plain { offset, generation: 0 }) = self.document.container_at(stream, self.revision) else {
            return Err(wrong(stream, "an object stream was expected"));
        };
        let version = (offset, self.revision);
        let packed = match self.document.unpacked(version) {
            Some(packed) if packed.is(stream) => packed,
            _ => self.document.unpack(version, stream, &self.container(stream, offset)?)?,
        };
        packed.object(number, index, self.document.work())
    }

    fn container(&self, stream: u32, offset: u64) -> Result<Stream, PdfProblem> {
        let mut scanner = Scanner::at(self.document.reader(), offset);
        let reference = Reference { number: stream, generation: 0 };
        let view = Self { packed_lengths: false, ..*self };
        match self.document.object_at(&mut scanner, reference, view)? {
            Object::Stream(container) => Ok(container),
            _ => Err(wrong(stream, "an object stream was expected")),
        }
    }
}

fn refuse_other_generation(asked_for: Reference, listed: u16, at: u64) -> Result<(), PdfProblem> {
    match asked_for.generation == listed {
        true => Ok(()),
        false => Err(ambiguous(at, Ambiguity::Generation)),
    }
}

fn wrong(object: u32, what: &'static str) -> PdfProblem {
    PdfProblem::WrongObject { object, what }
}

/// One is usual; more than this is a loop.
const MAX_REFERENCES_IN_A_ROW: usize = 32;
