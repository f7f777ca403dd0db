//! Whether the scans of a JPEG have all blocks. ITU-T T.81.

use super::bits::{Bits, Table};

/// `is_followed` where each code is; otherwise an end that is marked is enough.
pub(super) fn is_whole(bytes: &[u8], stated: (u64, u64), is_followed: bool) -> bool {
    let mut jpeg = Jpeg { is_followed, stated, ..Jpeg::default() };
    jpeg.read(bytes).unwrap_or(false)
}

#[derive(Default)]
struct Jpeg {
    is_followed: bool,
    /// What the image's dictionary says.
    stated: (u64, u64),
    frame: Frame,
    /// By class and number.
    tables: [Option<Table>; 8],
    restart_interval: u64,
    /// Components whose blocks begin, whole.
    begun: Vec<u8>,
}

#[derive(Default)]
struct Frame {
    is_progressive: bool,
    width: u64,
    height: u64,
    /// Number, and how many blocks across and down.
    components: Vec<(u8, u64, u64)>,
}

/// One component in a scan: number, tables for the first coefficient and the others.
type Coded = (u8, usize, usize);

impl Jpeg {
    /// `None` where it ends too early or makes no sense.
    fn read(&mut self, bytes: &[u8]) -> Option<bool> {
        let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
        loop {
            let (marker, after) = match rest {
                [0xFF, 0xFF, ..] => {
                    rest = rest.get(1..)?;
                    continue;
                }
                [0xFF, 0xD9, ..] => return Some(self.has_all()),
                [0xFF, marker, after @ ..] => (*marker, after),
                // Readers do without the mark of the end.
                _ => return Some(self.is_followed && !self.frame.is_progressive && self.has_all()),
            };
            let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
            let segment = after.get(2..length)?;
            rest = after.get(length..)?;
            match marker {
                0xC4 => self.read_tables(segment)?,
                0xC0..=0xC2 => self.read_frame(segment, marker == 0xC2)?,
                0xDD => self.restart_interval = u64::from(u16::from_be_bytes(*segment.first_chunk()?)),
                0xDA => rest = self.read_scan(segment, rest)?,
                _ => {}
            }
        }
    }

    fn has_all(&self) -> bool {
        !self.frame.components.is_empty() && self.frame.components.iter().all(|(number, ..)| self.begun.contains(number))
    }

    fn read_tables(&mut self, mut segment: &[u8]) -> Option<()> {
        while let [class_and_number, after @ ..] = segment {
            let (counts, after) = after.split_first_chunk::<16>()?;
            let (symbols, after) = after.split_at_checked(counts.iter().map(|count| usize::from(*count)).sum())?;
            let place = usize::from(class_and_number >> 4 & 1) * 4 + usize::from(class_and_number & 3);
            *self.tables.get_mut(place)? = Some(Table::new(counts, symbols));
            segment = after;
        }
        Some(())
    }

    /// The renderer takes the size that the dictionary states where the own one is larger.
    fn read_frame(&mut self, segment: &[u8], is_progressive: bool) -> Option<()> {
        let [_, high, low, wide, narrow, _, components @ ..] = segment else { return None };
        let own = [[*wide, *narrow], [*high, *low]].map(|side| u64::from(u16::from_be_bytes(side)));
        let [width, height] = own;
        let is_larger = width * height > self.stated.0.saturating_mul(self.stated.1);
        let (width, height) = if is_larger { self.stated } else { (width, height) };
        let components = components.chunks_exact(3).filter_map(|component| {
            let [number, sampling, _] = component else { return None };
            Some((*number, u64::from(sampling >> 4), u64::from(sampling & 15)))
        });
        self.frame = Frame { is_progressive, width, height, components: components.collect() };
        let is_drawn = self.frame.components.iter().all(|(_, across, down)| (1..=4).contains(across) && (1..=4).contains(down));
        (is_drawn && width > 0 && height > 0).then_some(())
    }

    /// Back comes what follows the scan.
    fn read_scan<'a>(&mut self, segment: &[u8], data: &'a [u8]) -> Option<&'a [u8]> {
        let (count, rest) = segment.split_first()?;
        let (coded, rest) = rest.split_at_checked(usize::from(*count) * 2)?;
        let [first, _, approximation, ..] = rest else { return None };
        let coded = coded.chunks_exact(2).filter_map(|coded| {
            let [number, tables] = coded else { return None };
            Some((*number, usize::from(tables >> 4 & 3), usize::from(tables & 3) + 4))
        });
        let coded: Vec<Coded> = coded.collect();
        let begins = *first == 0 && approximation >> 4 == 0;
        let mut bits = Bits::of(data);
        if self.is_followed && begins {
            bits = self.follow(&coded, bits)?;
        }
        if begins {
            self.begun.extend(coded.iter().map(|(number, ..)| *number));
        }
        Some(bits.into_segments())
    }

    /// Through all blocks of a scan that begins them.
    fn follow<'a>(&self, coded: &[Coded], mut bits: Bits<'a>) -> Option<Bits<'a>> {
        let (groups, blocks) = self.layout(coded)?;
        for group in 0..groups {
            if self.restart_interval > 0 && group > 0 && group % self.restart_interval == 0 {
                bits = bits.restart()?;
            }
            for (times, first, others) in &blocks {
                for _ in 0..*times {
                    self.block(&mut bits, first, *others)?;
                }
            }
        }
        Some(bits)
    }

    /// How many groups of blocks, and for each component how many blocks in a group with which tables.
    #[allow(clippy::type_complexity, reason = "said above")]
    fn layout(&self, coded: &[Coded]) -> Option<(u64, Vec<(u64, &Table, Option<&Table>)>)> {
        let frame = &self.frame;
        let most = |side: fn(&(u8, u64, u64)) -> u64| frame.components.iter().map(side).max();
        let (most_across, most_down) = (most(|it| it.1)?, most(|it| it.2)?);
        let is_alone = coded.len() == 1;
        let mut groups = frame.width.div_ceil(8 * most_across) * frame.height.div_ceil(8 * most_down);
        let mut blocks = Vec::new();
        for (number, first, others) in coded {
            let (_, across, down) = frame.components.iter().find(|(other, ..)| other == number)?;
            if is_alone {
                let side = |length: u64, own: &u64, most: u64| (length * own).div_ceil(most).div_ceil(8);
                groups = side(frame.width, across, most_across) * side(frame.height, down, most_down);
            }
            let table = |place: usize| self.tables.get(place).and_then(Option::as_ref);
            let others = if frame.is_progressive { None } else { Some(table(*others)?) };
            blocks.push((if is_alone { 1 } else { across * down }, table(*first)?, others));
        }
        Some((groups, blocks))
    }

    fn block(&self, bits: &mut Bits<'_>, first: &Table, others: Option<&Table>) -> Option<()> {
        let size = bits.symbol(first).filter(|size| *size <= 15)?;
        bits.skip(size.into())?;
        let Some(others) = others else { return Some(()) };
        let mut place = 1;
        while place < 64 {
            let run_and_size = bits.symbol(others)?;
            match (run_and_size >> 4, run_and_size & 15) {
                (15, 0) => place += 16,
                (_, 0) => return Some(()),
                (run, size) => {
                    place += u32::from(run) + 1;
                    bits.skip(size.into())?;
                }
            }
        }
        (place <= 64).then_some(())
    }
}
