use std::collections::BTreeSet;

use super::document::Document;
use super::generations::refuse_other_generations;
use super::object::{Dictionary, Object};
use super::view::View;
use crate::problem::PdfProblem;

/// What is remembered of the one look at every version of every object.
#[derive(Default)]
pub(super) struct Notes {
    /// Dictionaries that may be a signature or a field with a value: revision and number.
    telling: Vec<(u16, u32)>,
    /// Above every number that any revision lists.
    first_unused: u32,
    /// Numbers from there on that something names.
    named: BTreeSet<u32>,
    /// An object that calls itself a catalogue, and is none.
    another_catalog: Option<u32>,
}

impl Notes {
    pub(super) fn from(first_unused: u32) -> Self {
        Self { first_unused, ..Self::default() }
    }

    /// What names an object under another generation is refused.
    pub(super) fn take(&mut self, view: View<'_>, (revision, number): (usize, u32), object: &Object) -> Result<(), PdfProblem> {
        refuse_other_generations(view, object)?;
        let last = self.first_unused.saturating_add(MOST_NEW);
        object.each_reference(&mut |reference| {
            if (self.first_unused..last).contains(&reference.number) {
                self.named.insert(reference.number);
            }
        });
        let revision = u16::try_from(revision).unwrap_or(u16::MAX);
        if object.as_dictionary().is_some_and(|dictionary| dictionary.is_of_type(b"Catalog")) {
            let is_catalog = view.catalog_reference()?.number == number;
            self.another_catalog = self.another_catalog.or((!is_catalog).then_some(number));
        }
        if object.as_dictionary().is_some_and(is_telling) {
            self.telling.push((revision, number));
        }
        Ok(())
    }

    /// The same for what lies in object streams.
    pub(super) fn take_packed(&mut self, document: &Document<'_>) -> Result<(), PdfProblem> {
        for revision in 0..document.revisions().len() {
            let view = document.as_of(revision);
            for (number, entry) in document.packed_objects_of(revision) {
                if let Some(object) = view.object_at(number, Some(entry))? {
                    self.take(view, (revision, number), &object)?;
                }
            }
        }
        self.telling.sort_unstable();
        Ok(())
    }

    pub(super) fn another_catalog(&self) -> Option<u32> {
        self.another_catalog
    }

    pub(super) fn telling(&self) -> impl Iterator<Item = (usize, u32)> {
        self.telling.iter().map(|(revision, number)| (usize::from(*revision), *number))
    }

    /// Whether something names a number from the first unused one on; of those that are too high, nothing is known.
    pub(super) fn is_named(&self, number: u32) -> Option<bool> {
        let is_known = number < self.first_unused.saturating_add(MOST_NEW);
        is_known.then(|| self.named.contains(&number))
    }
}

/// A field with a value says what it is, or inherits it.
fn is_telling(dictionary: &Dictionary) -> bool {
    let may_be_signed = || match dictionary.get(b"FT") {
        None => dictionary.contains(b"Parent"),
        Some(Object::Name(kind)) => kind == b"Sig",
        Some(_) => true,
    };
    (dictionary.contains(b"V") && may_be_signed()) || is_signature(dictionary)
}

pub(crate) fn is_signature(dictionary: &Dictionary) -> bool {
    dictionary.contains(b"ByteRange") || dictionary.is_of_type(b"Sig") || dictionary.is_of_type(b"DocTimeStamp")
}

/// Several times what one update adds.
const MOST_NEW: u32 = 4_096;
