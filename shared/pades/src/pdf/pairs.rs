use std::cmp::Ordering;
use std::ops::Range;

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
        let is_before = |pair: (u32, u64)| pair <= (number, value);
        let block =
            first_where(0..self.blocks.len(), |index| match self.blocks.get(index).map(|block| block.first.cmp(&number)) {
                Some(Ordering::Equal) => !self.get(index * IN_BLOCK).is_some_and(is_before),
                other => other == Some(Ordering::Greater),
            });
        let Some(start) = block.checked_sub(1).map(|block| block * IN_BLOCK) else { return 0 };
        let end = self.length.min(start + IN_BLOCK);
        first_where(start..end, |index| !self.get(index).is_some_and(is_before))
    }

    /// The first pair of a number, with its place.
    pub(crate) fn find(&self, number: u32) -> Option<(usize, u64)> {
        let behind = first_where(0..self.blocks.len(), |index| self.blocks.get(index).is_some_and(|block| block.first >= number));
        // Either the block before begins with a smaller number, or this one begins with it.
        let before = behind.checked_sub(1).and_then(|block| self.find_in(block, number));
        before.or_else(|| {
            self.get(behind * IN_BLOCK).filter(|(found, _)| *found == number).map(|(_, value)| (behind * IN_BLOCK, value))
        })
    }

    fn find_in(&self, index: usize, number: u32) -> Option<(usize, u64)> {
        let (block, shape) = self.block(index)?;
        let (start, beyond) = (index * IN_BLOCK, number.checked_sub(block.first)?);
        let place = match shape.number_bits {
            None => start + usize::try_from(beyond).ok()?,
            Some(_) => first_where(start..self.length.min(start + IN_BLOCK), |place| {
                u32::try_from(place - start).ok().and_then(|inside| shape.get(inside)).is_some_and(|(found, _)| found >= beyond)
            }),
        };
        let found = (place < start + IN_BLOCK).then(|| self.get(place)).flatten();
        found.filter(|(found, _)| *found == number).map(|(_, value)| (place, value))
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

/// Bits that do not fill a byte yet.
#[derive(Default)]
struct Ahead {
    bits: u128,
    count: u32,
}

impl Ahead {
    fn put(&mut self, value: u64, bits: u32, row: &mut Vec<u8>) {
        self.bits |= u128::from(value) << self.count;
        self.count += bits;
        while self.count >= 8 {
            row.extend(self.bits.to_le_bytes().first());
            self.bits >>= 8;
            self.count -= 8;
        }
    }

    fn finish(self, row: &mut Vec<u8>) {
        if self.count > 0 {
            row.extend(self.bits.to_le_bytes().first());
        }
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

fn bits(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
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
                let place = listed.partition_point(|pair| pair.0 < number);
                let found = listed.get(place).filter(|pair| pair.0 == number).map(|pair| (place, pair.1));
                prop_assert_eq!(pairs.find(number), found);
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
