use std::cell::Cell;
use std::cmp::Ordering;
use std::ops::Range;

use super::bits::{Ahead, bits};

/// A number and what belongs to it, in order, in as few bits as their neighbours allow: mostly two bytes.
///
/// Grows by pieces: a single row would be copied as it grows, and lie in memory twice.
#[derive(Default)]
pub(crate) struct Pairs {
    blocks: Vec<Block>,
    pieces: Vec<Vec<u8>>,
    /// What the next block will hold.
    open: Vec<(u32, u64)>,
    length: usize,
    /// Where the last search ended.
    near: Cell<usize>,
}

/// Where some pairs begin.
struct Block {
    first: u32,
    piece: u16,
    start: u16,
}

/// How the pairs of a block are written: what each has beyond the first number and the least value.
#[derive(Clone, Copy)]
struct Shape<'a> {
    bits: &'a [u8],
    /// None if the numbers follow one another.
    number_bits: Option<u32>,
    value_bits: u32,
    least: u64,
}

impl Pairs {
    /// Neither a smaller number than the last one, nor a smaller value of the same.
    pub(crate) fn push(&mut self, number: u32, value: u64) {
        self.open.push((number, value));
        self.length += 1;
        if self.open.len() == IN_BLOCK {
            self.close();
        }
    }

    /// To be called once, at the end.
    pub(crate) fn finish(&mut self) {
        self.close();
        self.open = Vec::new();
        self.blocks.shrink_to_fit();
        self.pieces.last_mut().into_iter().for_each(Vec::shrink_to_fit);
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// What they take in memory, but for what a few vectors do.
    pub(crate) fn bytes(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum::<usize>() + self.blocks.len() * size_of::<Block>()
    }

    pub(crate) fn get(&self, index: usize) -> Option<(u32, u64)> {
        let (block, shape) = self.block(index / IN_BLOCK).filter(|_| index < self.length)?;
        let inside = u32::try_from(index % IN_BLOCK).ok()?;
        let (beyond, value) = shape.get(inside)?;
        Some((block.first.checked_add(beyond)?, value))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u64)> {
        (0..self.blocks.len()).filter_map(|index| self.block(index).zip(Some(index))).flat_map(|((block, shape), index)| {
            let count = u32::try_from(IN_BLOCK.min(self.length - index * IN_BLOCK)).unwrap_or(0);
            (0..count).map_while(move |inside| {
                let (beyond, value) = shape.get(inside)?;
                Some((block.first.checked_add(beyond)?, value))
            })
        })
    }

    /// How many stand before this pair, or are it.
    pub(crate) fn until(&self, number: u32, value: u64) -> usize {
        self.last(number, value).map_or(0, |(place, _)| place + 1)
    }

    /// The last pair of a number, with its place.
    pub(crate) fn find(&self, number: u32) -> Option<(usize, u64)> {
        self.find_until(number, u64::MAX)
    }

    /// The last pair of a number that has no greater value, with its place.
    pub(crate) fn find_until(&self, number: u32, value: u64) -> Option<(usize, u64)> {
        self.last(number, value).filter(|(_, (found, _))| *found == number).map(|(place, (_, value))| (place, value))
    }

    /// The last one that stands before this pair, or is it.
    fn last(&self, number: u32, value: u64) -> Option<(usize, (u32, u64))> {
        let index = self.blocks_until(number, value).checked_sub(1)?;
        let (block, shape) = self.block(index)?;
        let (start, beyond) = (index * IN_BLOCK, number.checked_sub(block.first)?);
        let count = IN_BLOCK.min(self.length - start);
        let pair = |inside: usize| u32::try_from(inside).ok().and_then(|inside| shape.get(inside));
        let is_behind = |inside: usize| pair(inside).is_none_or(|pair| pair > (beyond, value));
        let in_row = usize::try_from(beyond).unwrap_or(usize::MAX);
        let behind = match shape.number_bits {
            None if in_row >= count => count,
            None => in_row + usize::from(!is_behind(in_row)),
            Some(_) => first_where(0..count, is_behind),
        };
        let inside = behind.checked_sub(1)?;
        let (beyond, value) = pair(inside)?;
        Some((start + inside, (block.first.checked_add(beyond)?, value)))
    }

    /// How many blocks begin before this pair, or with it. It is looked for where the last one was, since neighbours are asked
    /// for one after another, and where it lies if the numbers lie evenly.
    fn blocks_until(&self, number: u32, value: u64) -> usize {
        let is_behind = |index: usize| match self.blocks.get(index).map(|block| block.first.cmp(&number)) {
            Some(Ordering::Equal) => self.get(index * IN_BLOCK).is_none_or(|(_, first)| first > value),
            other => other != Some(Ordering::Less),
        };
        let is_here = |count: &usize| count.checked_sub(1).is_none_or(|last| !is_behind(last)) && is_behind(*count);
        let (near, even) = (self.near.get(), self.even_place(number));
        let guesses = [near, near + 1, even, even + 1, even.saturating_sub(1)];
        let found = guesses.into_iter().find(is_here).unwrap_or_else(|| first_where(0..self.blocks.len(), is_behind));
        self.near.set(found);
        found
    }

    fn even_place(&self, number: u32) -> usize {
        let (Some(first), Some(last)) = (self.blocks.first(), self.blocks.last()) else { return 0 };
        let width = u64::from(last.first.saturating_sub(first.first)).max(1);
        let blocks = u64::try_from(self.blocks.len()).unwrap_or(u64::MAX);
        let place = u64::from(number.saturating_sub(first.first)).saturating_mul(blocks - 1) / width;
        usize::try_from(place.saturating_add(1).min(blocks)).unwrap_or(usize::MAX)
    }

    fn block(&self, index: usize) -> Option<(&Block, Shape<'_>)> {
        let block = self.blocks.get(index)?;
        let bytes = self.pieces.get(usize::from(block.piece))?.get(usize::from(block.start)..)?;
        let ([number_bits, value_bits], rest) = bytes.split_first_chunk::<2>()?;
        let (least, bits) = rest.split_first_chunk::<8>()?;
        let number_bits = (*number_bits != IN_A_ROW).then(|| u32::from(*number_bits));
        Some((block, Shape { bits, number_bits, value_bits: u32::from(*value_bits), least: u64::from_le_bytes(*least) }))
    }

    fn close(&mut self) {
        let (Some((first, _)), Some((last, _))) = (self.open.first().copied(), self.open.last().copied()) else { return };
        let least = self.open.iter().map(|(_, value)| *value).min().unwrap_or(0);
        let most = self.open.iter().map(|(_, value)| *value - least).max().unwrap_or(0);
        let is_row = self.open.iter().zip(0..).all(|((number, _), index)| number.checked_sub(first) == Some(index));
        let number_bits = if is_row { 0 } else { bits(u64::from(last.saturating_sub(first))).max(1) };
        let value_bits = bits(most);
        let (mut row, mut ahead) = (Vec::with_capacity(MOST_BLOCK_BYTES), Ahead::default());
        row.extend([if is_row { IN_A_ROW } else { narrow(number_bits) }, narrow(value_bits)]);
        row.extend(least.to_le_bytes());
        for (number, value) in self.open.drain(..) {
            if number_bits > 0 {
                ahead.put(u64::from(number - first), number_bits, &mut row);
            }
            ahead.put(value - least, value_bits, &mut row);
        }
        ahead.finish(&mut row);
        self.append(first, &row);
    }

    /// Behind the last block of a piece are bytes to spare: pairs are read by sixteen.
    fn append(&mut self, first: u32, row: &[u8]) {
        let is_full = |piece: &Vec<u8>| piece.len() + row.len() > PIECE_BYTES;
        if self.pieces.last().is_none_or(is_full) {
            let room = if self.pieces.is_empty() { 0 } else { PIECE_BYTES };
            self.pieces.push(Vec::with_capacity(room));
        }
        let piece = u16::try_from(self.pieces.len() - 1).unwrap_or(u16::MAX);
        if let Some(bytes) = self.pieces.last_mut() {
            bytes.truncate(bytes.len().saturating_sub(TO_SPARE));
            self.blocks.push(Block { first, piece, start: u16::try_from(bytes.len()).unwrap_or(u16::MAX) });
            bytes.extend_from_slice(row);
            bytes.extend([0; TO_SPARE]);
        }
    }
}

impl Shape<'_> {
    /// How far the number is from the first one, and the value.
    fn get(&self, inside: u32) -> Option<(u32, u64)> {
        let number_bits = self.number_bits.unwrap_or(0);
        let start = inside * (number_bits + self.value_bits);
        let sixteen = self.bits.get(usize::try_from(start / 8).ok()?..)?.first_chunk::<16>()?;
        let word = u128::from_le_bytes(*sixteen) >> (start % 8);
        let value = u64::try_from(word >> number_bits & ((1 << self.value_bits) - 1)).ok()?;
        let beyond = match self.number_bits {
            None => inside,
            Some(bits) => u32::try_from(word & ((1 << bits) - 1)).ok()?,
        };
        Some((beyond, self.least + value))
    }
}

/// The first place that has what all behind it have; the end if none has.
fn first_where(places: Range<usize>, has: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut end) = (places.start, places.end);
    while start < end {
        let middle = start.midpoint(end);
        match has(middle) {
            true => end = middle,
            false => start = middle + 1,
        }
    }
    start
}

fn narrow(bits: u32) -> u8 {
    u8::try_from(bits).unwrap_or(u8::MAX)
}

const IN_BLOCK: usize = 64;
/// In place of the bits of a number.
const IN_A_ROW: u8 = u8::MAX;
/// Two lengths, a value, and 96 bits for each pair.
const MOST_BLOCK_BYTES: usize = 2 + 8 + IN_BLOCK * 12;
const TO_SPARE: usize = 16;
const PIECE_BYTES: usize = 32 * 1024;

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn pairs_of(listed: &[(u32, u64)]) -> Pairs {
        let mut pairs = Pairs::default();
        listed.iter().for_each(|(number, value)| pairs.push(*number, *value));
        pairs.finish();
        pairs
    }

    /// Rows of numbers and single ones, near and far.
    fn number() -> impl Strategy<Value = u32> {
        prop_oneof![0..300_u32, any::<u32>(), u32::MAX - 70..=u32::MAX]
    }

    proptest! {
        #[test]
        fn every_pair_is_found_again(
            mut listed in vec((number(), prop_oneof![0..9_u64, any::<u64>()]), 0..400),
            rows in vec(0..4_000_u32, 0..3),
        ) {
            listed.extend(rows.iter().flat_map(|row| (*row..row + 130).map(|number| (number, u64::from(number) * 70))));
            listed.sort_unstable();
            listed.dedup();
            let pairs = pairs_of(&listed);
            prop_assert!(pairs.iter().eq(listed.iter().copied()));
            prop_assert_eq!(pairs.len(), listed.len());
            prop_assert_eq!(pairs.get(listed.len()), None);
            for (number, value) in listed.iter().flat_map(|(number, value)| [(*number, *value), (number ^ 1, *value), (*number, 0)]) {
                prop_assert_eq!(pairs.until(number, value), listed.partition_point(|pair| *pair <= (number, value)));
                let found = listed.iter().rposition(|pair| pair.0 == number && pair.1 <= value);
                prop_assert_eq!(pairs.find_until(number, value), found.map(|place| (place, listed[place].1)));
                let found = listed.iter().rposition(|pair| pair.0 == number);
                prop_assert_eq!(pairs.find(number), found.map(|place| (place, listed[place].1)));
            }
        }
    }

    #[test]
    fn a_usual_entry_takes_two_bytes_and_one_in_any_order_four() {
        let count = 100_000_u32;
        let usual = pairs_of(&(0..count).map(|number| (number, u64::from(number) * 60)).collect::<Vec<_>>());
        assert!(usual.bytes() < 200_000, "{}", usual.bytes());
        let stirred = (0..count).map(|number| (number, u64::from(number.wrapping_mul(2_654_435_761) >> 6)));
        let stirred = pairs_of(&stirred.collect::<Vec<_>>());
        assert!(stirred.bytes() < 400_000, "{}", stirred.bytes());
        let sparse = pairs_of(&(0..count).map(|number| (number * 80, u64::from(number) * 60)).collect::<Vec<_>>());
        assert!(sparse.bytes() < 400_000, "{}", sparse.bytes());
    }
}
