//! The entropy-coded data of a JPEG, bit by bit. ITU-T T.81, annex F.

/// Up to the next marker.
pub(super) struct Bits<'a> {
    rest: &'a [u8],
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn of(rest: &'a [u8]) -> Self {
        Self { rest, held: 0, count: 0 }
    }

    /// Passes over a restart marker; `None` where there is none.
    pub(super) fn restart(self) -> Option<Self> {
        let marker = next_marker(self.rest);
        match marker {
            [0xFF, 0xD0..=0xD7, after @ ..] => Some(Self::of(after)),
            _ => None,
        }
    }

    /// From the next marker on that is none of a restart.
    pub(super) fn into_segments(self) -> &'a [u8] {
        let mut rest = next_marker(self.rest);
        while let [0xFF, 0xD0..=0xD7, after @ ..] = rest {
            rest = next_marker(after);
        }
        rest
    }

    pub(super) fn skip(&mut self, count: u32) -> Option<()> {
        self.fill();
        self.count = self.count.checked_sub(count)?;
        Some(())
    }

    pub(super) fn symbol(&mut self, table: &Table) -> Option<u8> {
        self.fill();
        let missing = 16_u32.saturating_sub(self.count);
        let bits = self.held << missing >> (self.count + missing - 16) & 0xFFFF;
        let (length, symbol) = table.find(u16::try_from(bits).ok()?)?;
        self.count = self.count.checked_sub(length)?;
        Some(symbol)
    }

    fn fill(&mut self) {
        while self.count <= 40 {
            let (byte, after) = match self.rest {
                [0xFF, 0, after @ ..] => (0xFF, after),
                [0xFF, ..] | [] => return,
                [byte, after @ ..] => (*byte, after),
            };
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
            self.rest = after;
        }
    }
}

/// An 0xFF that is neither data nor filling.
fn next_marker(bytes: &[u8]) -> &[u8] {
    let is_marker = |place: &usize| bytes.get(place + 1).is_some_and(|next| !matches!(next, 0 | 0xFF));
    let place = memchr::memchr_iter(0xFF, bytes).find(is_marker);
    place.and_then(|place| bytes.get(place..)).unwrap_or_default()
}

/// Huffman codes: those of eight bits at most by what begins with them, and for each longer length where they end.
pub(super) struct Table {
    short: Vec<(u32, u8)>,
    /// Behind the last code, left-aligned in 16 bits, and what to add to the code for the place of its symbol.
    long: Vec<(u32, u32, i64)>,
    symbols: Vec<u8>,
}

impl Table {
    /// From how many codes each length has, and the symbols in their order.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Self {
        let (mut short, mut long) = (vec![(0, 0); 256], Vec::new());
        let (mut code, mut place) = (0_u32, 0_u32);
        for (length, count) in (1_u32..).zip(counts) {
            let count = u32::from(*count);
            if length <= 8 {
                let listed = symbols.iter().skip(usize::try_from(place).unwrap_or(usize::MAX));
                let first = usize::try_from(code << (8 - length)).unwrap_or(usize::MAX);
                let each = 1 << (8 - length);
                let places = short.iter_mut().skip(first).enumerate();
                let listed: Vec<u8> = listed.take(usize::try_from(count).unwrap_or(0)).copied().collect();
                places.for_each(|(nth, entry)| {
                    if let Some(symbol) = listed.get(nth / each) {
                        *entry = (length, *symbol);
                    }
                });
            } else {
                long.push((length, (code + count) << (16 - length), i64::from(place) - i64::from(code)));
            }
            code = (code + count) << 1;
            place += count;
        }
        Self { short, long, symbols: symbols.to_vec() }
    }

    /// The length and the symbol of the code that the bits begin with.
    fn find(&self, bits: u16) -> Option<(u32, u8)> {
        match self.short.get(usize::from(bits >> 8)) {
            Some((length @ 1.., symbol)) => Some((*length, *symbol)),
            _ => self.find_long(u32::from(bits)),
        }
    }

    fn find_long(&self, bits: u32) -> Option<(u32, u8)> {
        let (length, _, offset) = self.long.iter().find(|(_, end, _)| bits < *end)?;
        let place = i64::from(bits >> (16 - length)) + offset;
        Some((*length, *self.symbols.get(usize::try_from(place).ok()?)?))
    }
}
