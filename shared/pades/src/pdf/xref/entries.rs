use crate::pdf::object::Reference;
use crate::problem::{Ambiguity, Counted, PdfProblem};

/// Where one object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Free,
    Plain {
        offset: u64,
        generation: u16,
    },
    /// Inside an object stream.
    Packed {
        stream: u32,
        index: u32,
    },
}

impl Entry {
    /// Something to sort by, so that neighbours in the file or in an object
    /// stream follow one another; None if the object is free.
    pub(crate) fn place(self, number: u32) -> Option<((u64, u32), Reference)> {
        let (place, generation) = match self {
            Self::Free => return None,
            Self::Plain { offset, generation } => ((offset, 0), generation),
            Self::Packed { stream, index } => ((stream.into(), index), 0),
        };
        Some((place, Reference { number, generation }))
    }
}

/// The entries of one section, sorted by object number.
pub(crate) struct Entries(Vec<(u32, Entry)>);

impl Entries {
    /// An object may be listed twice in a section only if both say the same.
    pub(crate) fn from_listed(mut listed: Vec<(u32, Entry)>, at: u64) -> Result<Self, PdfProblem> {
        listed.sort_by_key(|(number, _)| *number);
        listed.dedup();
        let doubled = listed.windows(2).any(|pair| matches!(pair, [(first, _), (second, _)] if first == second));
        if doubled {
            return Err(PdfProblem::Ambiguous { at, what: Ambiguity::DoubledObject });
        }
        Ok(Self(listed))
    }

    pub(crate) fn get(&self, number: u32) -> Option<Entry> {
        let index = self.0.binary_search_by_key(&number, |(number, _)| *number);
        self.0.get(index.ok()?).map(|(_, entry)| *entry)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Entry)> {
        self.0.iter().copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn highest(&self) -> Option<u32> {
        self.0.last().map(|(number, _)| *number)
    }
}

/// Collects entries up to the limit.
#[derive(Default)]
pub(crate) struct Listing(Vec<(u32, Entry)>);

impl Listing {
    pub(crate) fn push(&mut self, number: u32, entry: Entry) -> Result<(), PdfProblem> {
        if self.0.len() == MAX_ENTRIES {
            return Err(PdfProblem::TooMany { of: Counted::Objects, limit: crate::source::wide(MAX_ENTRIES) });
        }
        self.0.push((number, entry));
        Ok(())
    }

    pub(crate) fn finish(self, at: u64) -> Result<Entries, PdfProblem> {
        Entries::from_listed(self.0, at)
    }
}

/// In one section. Keeps the whole table below 24 MiB.
const MAX_ENTRIES: usize = 1_000_000;
