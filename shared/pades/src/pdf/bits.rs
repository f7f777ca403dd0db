//! Values written in as many bits as they need.

/// Bits that do not fill a byte yet.
#[derive(Default)]
pub(super) struct Ahead {
    bits: u128,
    count: u32,
}

impl Ahead {
    pub(super) fn put(&mut self, value: u64, bits: u32, row: &mut Vec<u8>) {
        self.bits |= u128::from(value) << self.count;
        self.count += bits;
        while self.count >= 8 {
            row.extend(self.bits.to_le_bytes().first());
            self.bits >>= 8;
            self.count -= 8;
        }
    }

    pub(super) fn finish(self, row: &mut Vec<u8>) {
        if self.count > 0 {
            row.extend(self.bits.to_le_bytes().first());
        }
    }
}

/// How many a value needs.
pub(super) fn bits(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}
