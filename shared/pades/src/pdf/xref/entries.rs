use crate::pdf::object::Reference;
use crate::pdf::pairs::Pairs;
use crate::pdf::window::Window;
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

/// The entries of one section, sorted by object number: some two bytes each. A file may have a million.
pub(crate) struct Entries {
    pairs: Pairs,
    /// Whether any object in use has another generation than 0.
    has_generations: bool,
}

impl Entries {
    /// What `read` tells, which it does again where the numbers come in no order: then they are sorted piece by piece, since
    /// all of them at once would take twice the memory. An object may be listed twice only if both say the same.
    pub(crate) fn read<T>(at: u64, read: impl Fn(&mut Take<'_>) -> Result<T, PdfProblem>) -> Result<(Self, T), PdfProblem> {
        let mut listing = Listing::default();
        let told = read(&mut |number, entry| listing.push(number, entry))?;
        if !listing.is_in_order {
            listing = sorted(&read)?;
        }
        match listing.is_doubled {
            true => Err(PdfProblem::Ambiguous { at, what: Ambiguity::DoubledObject }),
            false => Ok((listing.finish(), told)),
        }
    }

    pub(crate) fn get(&self, number: u32) -> Option<Entry> {
        self.pairs.find(number).map(|(_, word)| Word(word).entry())
    }

    /// At a position, from 0: the number with its entry.
    pub(crate) fn at(&self, index: usize) -> Option<(u32, Entry)> {
        self.pairs.get(index).map(|(number, word)| (number, Word(word).entry()))
    }

    /// The position of a number.
    pub(crate) fn position(&self, number: u32) -> Option<usize> {
        self.pairs.find(number).map(|(index, _)| index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Entry)> {
        self.pairs.iter().map(|(number, word)| (number, Word(word).entry()))
    }

    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// What they take in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.pairs.bytes()
    }

    pub(crate) fn has_generations(&self) -> bool {
        self.has_generations
    }

    pub(crate) fn highest(&self) -> Option<u32> {
        self.at(self.len().checked_sub(1)?).map(|(number, _)| number)
    }
}

/// Receives each number with its entry.
pub(crate) type Take<'t> = dyn FnMut(u32, Entry) -> Result<(), PdfProblem> + 't;

fn sorted<T>(read: &impl Fn(&mut Take<'_>) -> Result<T, PdfProblem>) -> Result<Listing, PdfProblem> {
    let (mut listing, mut window) = (Listing::default(), Window::wide());
    loop {
        read(&mut |number, entry| {
            window.offer((number, Word::of(entry).0), || true);
            Ok(())
        })?;
        for (number, word) in window.take() {
            listing.push(number, Word(word).entry())?;
        }
        if !window.goes_on() {
            return Ok(listing);
        }
    }
}

/// Collects entries up to the limits.
struct Listing {
    pairs: Pairs,
    count: usize,
    last: Option<(u32, Word)>,
    /// Where the last object that is not free stands.
    near: u64,
    is_in_order: bool,
    is_doubled: bool,
    has_generations: bool,
}

impl Default for Listing {
    fn default() -> Self {
        let pairs = Pairs::default();
        Self { pairs, count: 0, last: None, near: 0, is_in_order: true, is_doubled: false, has_generations: false }
    }
}

impl Listing {
    fn push(&mut self, number: u32, entry: Entry) -> Result<(), PdfProblem> {
        if self.count == MAX_ENTRIES {
            return Err(too_many(Counted::Objects, MAX_ENTRIES));
        }
        self.count += 1;
        self.has_generations |= matches!(entry, Entry::Plain { generation: 1.., .. });
        let word = Word::of(entry);
        match self.last {
            _ if !self.is_in_order => return Ok(()),
            Some((last, _)) if last > number => {
                self.is_in_order = false;
                self.pairs = Pairs::default();
                return Ok(());
            }
            Some((last, before)) if last == number => {
                self.is_doubled |= before != word;
                return Ok(());
            }
            _ => self.append(number, word),
        }
        match self.count.is_multiple_of(LOOK_AT_BYTES) && self.pairs.bytes() > MOST_LIST_BYTES {
            true => Err(too_many(Counted::ListBytes, MOST_LIST_BYTES)),
            false => Ok(()),
        }
    }

    /// Where a free object would stand says nothing: it is kept as near to its neighbours as can be.
    fn append(&mut self, number: u32, word: Word) {
        let near = self.near & !KINDS;
        self.near = if word == FREE { near } else { word.0 };
        self.last = Some((number, word));
        self.pairs.push(number, self.near);
    }

    fn finish(mut self) -> Entries {
        self.pairs.finish();
        Entries { pairs: self.pairs, has_generations: self.has_generations }
    }
}

pub(crate) fn too_many(of: Counted, limit: usize) -> PdfProblem {
    PdfProblem::TooMany { of, limit: crate::source::wide(limit) }
}

/// An entry in eight bytes: two bits of kind behind 46 of offset and 16 of generation, or 31 of stream and 17 of index.
/// Neighbours are near each other.
///
/// What does not fit lies beyond every file and every object stream, and stays there.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Word(u64);

impl Word {
    fn of(entry: Entry) -> Self {
        let fitted = |value: u64, bits: u32| value.min((1 << bits) - 1);
        Self(match entry {
            Entry::Free => return FREE,
            Entry::Plain { offset, generation: 0 } => fitted(offset, OFFSET_BITS) << KIND_BITS | PLAIN,
            Entry::Plain { offset, generation } => {
                (fitted(offset, OFFSET_BITS) << 16 | u64::from(generation)) << KIND_BITS | PLAIN_OF_GENERATION
            }
            Entry::Packed { stream, index } => {
                (fitted(stream.into(), STREAM_BITS) << INDEX_BITS | fitted(index.into(), INDEX_BITS)) << KIND_BITS | PACKED
            }
        })
    }

    fn entry(self) -> Entry {
        let place = self.0 >> KIND_BITS;
        let low = |bits: u32| place & ((1 << bits) - 1);
        match self.0 & KINDS {
            PLAIN => Entry::Plain { offset: place, generation: 0 },
            PLAIN_OF_GENERATION => Entry::Plain { offset: place >> 16, generation: u16::try_from(low(16)).unwrap_or(u16::MAX) },
            PACKED => Entry::Packed {
                stream: u32::try_from(place >> INDEX_BITS).unwrap_or(u32::MAX),
                index: u32::try_from(low(INDEX_BITS)).unwrap_or(u32::MAX),
            },
            _ => Entry::Free,
        }
    }
}

const FREE: Word = Word(0);
const PLAIN: u64 = 1;
const PACKED: u64 = 2;
const PLAIN_OF_GENERATION: u64 = 3;
const KIND_BITS: u32 = 2;
const KINDS: u64 = (1 << KIND_BITS) - 1;
/// 64 TiB.
const OFFSET_BITS: u32 = 46;
const STREAM_BITS: u32 = 31;
/// More than an object stream may hold.
const INDEX_BITS: u32 = 17;

/// In one section, and in all together.
pub(crate) const MAX_ENTRIES: usize = 1_000_000;
/// A million usual entries take two megabytes, and as many in any order four: so reading stays below 16 MiB.
pub(crate) const MOST_LIST_BYTES: usize = 4 * 1024 * 1024;
/// How often that is asked.
const LOOK_AT_BYTES: usize = 4_096;

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn entry() -> impl Strategy<Value = Entry> {
        prop_oneof![
            Just(Entry::Free),
            (0..1_u64 << OFFSET_BITS, any::<u16>()).prop_map(|(offset, generation)| Entry::Plain { offset, generation }),
            (0..1_u64 << 20).prop_map(|offset| Entry::Plain { offset, generation: 0 }),
            (0..1_u32 << STREAM_BITS, 0..1_u32 << INDEX_BITS).prop_map(|(stream, index)| Entry::Packed { stream, index }),
        ]
    }

    fn read(listed: &[(u32, Entry)]) -> Result<Entries, PdfProblem> {
        let tell = |take: &mut Take<'_>| listed.iter().try_for_each(|(number, entry)| take(*number, *entry));
        Entries::read(0, tell).map(|(entries, ())| entries)
    }

    proptest! {
        #[test]
        fn every_entry_is_found_again(mut listed in vec((0..40_u32, entry()), 0..30), is_in_order: bool) {
            if is_in_order {
                listed.sort_by_key(|(number, _)| *number);
            }
            let mut by_number = std::collections::BTreeMap::new();
            let mut is_doubled = false;
            for (number, entry) in &listed {
                is_doubled |= by_number.insert(*number, *entry).is_some_and(|earlier| earlier != *entry);
            }
            let entries = read(&listed);
            prop_assert_eq!(entries.is_err(), is_doubled);
            if let Ok(entries) = entries {
                prop_assert!(entries.iter().eq(by_number.iter().map(|(number, entry)| (*number, *entry))));
                prop_assert!((0..50).all(|number| entries.get(number) == by_number.get(&number).copied()));
                prop_assert_eq!(entries.highest(), by_number.keys().last().copied());
            }
        }
    }

    #[test]
    fn what_lies_beyond_every_file_stays_there() {
        let listed = [
            (1, Entry::Plain { offset: u64::MAX, generation: u16::MAX }),
            (2, Entry::Packed { stream: u32::MAX, index: u32::MAX }),
        ];
        let entries = read(&listed).expect("two");
        assert_eq!(entries.get(1), Some(Entry::Plain { offset: (1 << OFFSET_BITS) - 1, generation: u16::MAX }));
        assert_eq!(entries.get(2), Some(Entry::Packed { stream: (1 << STREAM_BITS) - 1, index: (1 << INDEX_BITS) - 1 }));
    }

    #[test]
    fn free_objects_among_others_take_no_more_than_those() {
        let plain = |number: u32| Entry::Plain { offset: 60_000_000 + u64::from(number) * 60, generation: 0 };
        let one_in_three = |number: u32| if number % 3 == 0 { Entry::Free } else { plain(number) };
        let bytes = |listed: Vec<(u32, Entry)>| read(&listed).expect("few").bytes();
        let all = bytes((1..9_000).map(|number| (number, plain(number))).collect());
        assert_eq!(bytes((1..9_000).map(|number| (number, one_in_three(number))).collect()), all);
    }
}
