use std::collections::{BTreeMap, BTreeSet};

use super::section::write_section;
use crate::pdf::{Dictionary, Document, Object, Reference, Revision, View, write_object};
use crate::problem::{Counted, PdfProblem};
use crate::source::wide;

/// The bytes of a revision as they grow.
pub(super) struct Update<'d> {
    document: &'d Document<'d>,
    next_number: u32,
    /// Numbers that the file names although no object has them, where there are more than the document knows of.
    named: Option<BTreeSet<u32>>,
    objects: BTreeMap<u32, Written>,
    bytes: Vec<u8>,
    /// What makes this update unlike any other of the same file.
    unique: [u8; 16],
}

/// Where an object of the update stands in the whole file.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) offset: u64,
    pub(super) generation: u16,
}

impl<'d> Update<'d> {
    pub(super) fn after(document: &'d Document<'d>, unique: [u8; 16]) -> Result<Self, PdfProblem> {
        let next_number = document.first_unused_number()?;
        Ok(Self { document, next_number, named: None, objects: BTreeMap::new(), bytes: separator(document)?, unique })
    }

    /// A number that nothing in the file uses or names.
    pub(super) fn new_object(&mut self) -> Result<Reference, PdfProblem> {
        while self.is_named(self.next_number)? {
            self.next_number += 1;
        }
        let number = self.next_number;
        if number >= MAX_OBJECT_NUMBER {
            return Err(PdfProblem::TooMany { of: Counted::Objects, limit: MAX_OBJECT_NUMBER.into() });
        }
        self.next_number += 1;
        Ok(Reference { number, generation: 0 })
    }

    fn is_named(&mut self, number: u32) -> Result<bool, PdfProblem> {
        if let Some(is_named) = self.document.is_named(number) {
            return Ok(is_named);
        }
        let named = match self.named.take() {
            Some(named) => named,
            None => named_from(self.document.latest(), number)?,
        };
        let is_named = named.contains(&number);
        self.named = Some(named);
        Ok(is_named)
    }

    /// Refuses a second version of the same object: then one object has two roles in the document.
    pub(super) fn put(&mut self, reference: Reference, object: &Object) -> Result<(), PdfProblem> {
        if self.has(reference) {
            return Err(PdfProblem::WrongObject { object: reference.number, what: "an object with one role was expected" });
        }
        let mut body = Vec::new();
        write_object(object, &mut body);
        self.put_bytes(reference, &body);
        Ok(())
    }

    pub(super) fn has(&self, reference: Reference) -> bool {
        self.objects.contains_key(&reference.number)
    }

    /// Returns where in the revision the body begins.
    pub(super) fn put_bytes(&mut self, reference: Reference, body: &[u8]) -> usize {
        let written = Written { offset: self.position(), generation: reference.generation };
        self.objects.insert(reference.number, written);
        let head = format!("{} {} obj\n", reference.number, reference.generation);
        self.bytes.extend_from_slice(head.as_bytes());
        let body_start = self.bytes.len();
        self.bytes.extend_from_slice(body);
        self.bytes.extend_from_slice(b"\nendobj\n");
        body_start
    }

    /// A stream with its data as they are stored; /Length is set.
    pub(super) fn put_stream(&mut self, reference: Reference, mut entries: Dictionary, data: &[u8]) -> Result<(), PdfProblem> {
        let length = i64::try_from(data.len());
        let length = length.map_err(|_| PdfProblem::Unsupported { what: "a stream of more than 2^63 bytes" })?;
        entries.insert(b"Length", Object::Integer(length));
        let mut body = Vec::with_capacity(data.len());
        write_object(&Object::Dictionary(entries), &mut body);
        body.extend_from_slice(b"\nstream\n");
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.put_bytes(reference, &body);
        Ok(())
    }

    /// Adds the cross-reference section, in the form of the file's newest one.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, PdfProblem> {
        write_section(&mut self)?;
        Ok(self.bytes)
    }

    pub(super) fn position(&self) -> u64 {
        self.document.source().len() + wide(self.bytes.len())
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn unique(&self) -> &[u8; 16] {
        &self.unique
    }

    pub(super) fn objects(&self) -> &BTreeMap<u32, Written> {
        &self.objects
    }

    /// One more than the highest number: /Size.
    pub(super) fn size(&self) -> i64 {
        self.next_number.into()
    }

    pub(super) fn before(&self) -> Result<&'d Revision, PdfProblem> {
        self.document.revisions().last().ok_or(PdfProblem::NotAPdf)
    }
}

/// The numbers from `first` on that any object names.
fn named_from(view: View<'_>, first: u32) -> Result<BTreeSet<u32>, PdfProblem> {
    let mut named = BTreeSet::new();
    for found in view.numbered_objects() {
        found?.1.each_reference(&mut |reference| {
            if reference.number >= first {
                named.insert(reference.number);
            }
        });
    }
    Ok(named)
}

/// An update begins on a line of its own.
fn separator(document: &Document<'_>) -> Result<Vec<u8>, PdfProblem> {
    let mut last = [0];
    let length = document.source().len();
    document.source().read_at(length.saturating_sub(1), &mut last)?;
    Ok(match last {
        [b'\n' | b'\r'] => Vec::new(),
        _ => b"\n".to_vec(),
    })
}

/// ISO 32000-1, annex C: the last number some readers know.
const MAX_OBJECT_NUMBER: u32 = 8_388_607;
