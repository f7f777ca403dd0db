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

/// The entries of one section, sorted by object number: eight bytes each, and as many for each run of numbers. A file may have
/// a million.
pub(crate) struct Entries {
    runs: Vec<Run>,
    places: Vec<Word>,
}

/// Numbers that follow one another, and where their places begin.
#[derive(Clone, Copy)]
struct Run {
    first: u32,
    start: u32,
}

impl Entries {
    pub(crate) fn get(&self, number: u32) -> Option<Entry> {
        let behind = self.runs.partition_point(|run| run.first <= number);
        let run = self.runs.get(behind.checked_sub(1)?)?;
        let index = run.start.checked_add(number - run.first)?;
        let is_inside = self.runs.get(behind).is_none_or(|next| index < next.start);
        is_inside.then(|| self.entry(index)).flatten()
    }

    /// By its position, from 0.
    pub(crate) fn entry(&self, index: u32) -> Option<Entry> {
        self.places.get(usize::try_from(index).ok()?).map(|word| word.entry())
    }

    /// The number at a position.
    pub(crate) fn number(&self, index: u32) -> Option<u32> {
        let behind = self.runs.partition_point(|run| run.start <= index);
        let run = self.runs.get(behind.checked_sub(1)?)?;
        run.first.checked_add(index - run.start)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Entry)> {
        let ends = self.runs.iter().skip(1).map(|next| next.start).chain([u32::try_from(self.places.len()).unwrap_or(u32::MAX)]);
        let indices = self.runs.iter().zip(ends).flat_map(|(run, end)| (run.first..).zip(run.start..end));
        indices.filter_map(|(number, index)| Some((number, self.entry(index)?)))
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn highest(&self) -> Option<u32> {
        self.number(u32::try_from(self.places.len()).ok()?.checked_sub(1)?)
    }

    /// Appends to the last run, or begins one.
    fn push(&mut self, number: u32, place: Word) -> Option<()> {
        let start = u32::try_from(self.places.len()).ok()?;
        let next = self.runs.last().map(|run| run.first.checked_add(start - run.start));
        if next != Some(Some(number)) {
            self.runs.push(Run { first: number, start });
        }
        self.places.push(place);
        Some(())
    }
}

/// Collects entries up to the limit.
pub(crate) struct Listing(Entries);

impl Listing {
    pub(crate) fn new() -> Self {
        Self(Entries { runs: Vec::new(), places: Vec::new() })
    }

    pub(crate) fn push(&mut self, number: u32, entry: Entry) -> Result<(), PdfProblem> {
        let too_many = PdfProblem::TooMany { of: Counted::Objects, limit: crate::source::wide(MAX_ENTRIES) };
        match self.0.len() < MAX_ENTRIES {
            true => self.0.push(number, Word::of(entry)).ok_or(too_many),
            false => Err(too_many),
        }
    }

    /// An object may be listed twice in a section only if both say the same.
    pub(crate) fn finish(self, at: u64) -> Result<Entries, PdfProblem> {
        let Self(mut entries) = self;
        if !entries.runs.is_sorted_by(|one, next| one.first < next.first) || entries.has_overlap() {
            entries = sorted(&entries, at)?;
        }
        entries.runs.shrink_to_fit();
        entries.places.shrink_to_fit();
        Ok(entries)
    }
}

impl Entries {
    fn has_overlap(&self) -> bool {
        let pairs = self.runs.iter().zip(self.runs.iter().skip(1));
        pairs.into_iter().any(|(run, next)| run.first.checked_add(next.start - run.start).is_none_or(|end| end > next.first))
    }
}

/// Of subsections in any order.
fn sorted(entries: &Entries, at: u64) -> Result<Entries, PdfProblem> {
    let mut listed: Vec<(u32, Word)> = entries.iter().map(|(number, entry)| (number, Word::of(entry))).collect();
    listed.sort_by_key(|(number, _)| *number);
    listed.dedup();
    let mut sorted = Listing::new().0;
    for (number, place) in listed {
        if sorted.highest() == Some(number) {
            return Err(PdfProblem::Ambiguous { at, what: Ambiguity::DoubledObject });
        }
        sorted.push(number, place);
    }
    Ok(sorted)
}

/// An entry in eight bytes: two bits of kind, then 16 of generation and 46 of offset, or twice 31 of stream and index.
///
/// What does not fit lies beyond every file, and stays there.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Word(u64);

impl Word {
    fn of(entry: Entry) -> Self {
        let fitted = |value: u64, bits: u32| value.min((1 << bits) - 1);
        Self(match entry {
            Entry::Free => 0,
            Entry::Plain { offset, generation } => PLAIN | u64::from(generation) << OFFSET_BITS | fitted(offset, OFFSET_BITS),
            Entry::Packed { stream, index } => {
                PACKED | fitted(stream.into(), PACKED_BITS) << PACKED_BITS | fitted(index.into(), PACKED_BITS)
            }
        })
    }

    fn entry(self) -> Entry {
        let bits = |from: u32, bits: u32| self.0 >> from & ((1 << bits) - 1);
        let narrow = |from| u32::try_from(bits(from, PACKED_BITS)).unwrap_or(u32::MAX);
        match self.0 & !(PLAIN - 1) {
            PLAIN => Entry::Plain {
                offset: bits(0, OFFSET_BITS),
                generation: u16::try_from(bits(OFFSET_BITS, 16)).unwrap_or(u16::MAX),
            },
            PACKED => Entry::Packed { stream: narrow(PACKED_BITS), index: narrow(0) },
            _ => Entry::Free,
        }
    }
}

const PLAIN: u64 = 1 << 62;
const PACKED: u64 = 2 << 62;
/// 64 TiB.
const OFFSET_BITS: u32 = 46;
const PACKED_BITS: u32 = 31;

/// In one section. Keeps the whole table below 16 MiB.
const MAX_ENTRIES: usize = 1_000_000;

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn entry() -> impl Strategy<Value = Entry> {
        prop_oneof![
            Just(Entry::Free),
            (0..1_u64 << OFFSET_BITS, any::<u16>()).prop_map(|(offset, generation)| Entry::Plain { offset, generation }),
            (0..1_u32 << PACKED_BITS, 0..1_u32 << PACKED_BITS).prop_map(|(stream, index)| Entry::Packed { stream, index }),
        ]
    }

    proptest! {
        #[test]
        fn every_entry_is_found_again(listed in vec((0..40_u32, entry()), 0..30)) {
            let mut by_number = std::collections::BTreeMap::new();
            let mut listing = Listing::new();
            let mut is_doubled = false;
            for (number, entry) in listed {
                is_doubled |= by_number.insert(number, entry).is_some_and(|earlier| earlier != entry);
                listing.push(number, entry).expect("few");
            }
            let entries = listing.finish(0);
            prop_assert_eq!(entries.is_err(), is_doubled);
            if let Ok(entries) = entries {
                prop_assert!(entries.iter().eq(by_number.iter().map(|(number, entry)| (*number, *entry))));
                prop_assert!((0..50).all(|number| entries.get(number) == by_number.get(&number).copied()));
                prop_assert_eq!(entries.highest(), by_number.keys().last().copied());
            }
        }
    }
}
