//! Unpacking only to see how far it goes.

use flate2::{Decompress, FlushDecompress, Status};

/// Unpacks one stream after another in the same room, and keeps nothing of them.
pub(super) struct Counter {
    decoder: Decompress,
    chunk: Vec<u8>,
}

/// How far one stream goes.
pub(super) struct Counted {
    /// Up to some bytes more than the limit.
    pub(super) length: u64,
    /// How many of the packed bytes were read for it.
    pub(super) read: u64,
    pub(super) end: End,
    /// The first bytes that come out.
    pub(super) start: [u8; 2],
}

/// Why it goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The stream itself ends there.
    Reached,
    Damaged,
    /// The limit, or the end of the packed bytes.
    CutOff,
}

impl Counter {
    pub(super) fn new() -> Self {
        Self { decoder: Decompress::new(true), chunk: vec![0; CHUNK_BYTES] }
    }

    /// With the header of zlib, or without any.
    pub(super) fn count(&mut self, has_header: bool, packed: &[u8], limit: u64) -> Counted {
        self.decoder.reset(has_header);
        let mut start = [0; 2];
        loop {
            let before = (self.decoder.total_in(), self.decoder.total_out());
            let rest = usize::try_from(before.0).ok().and_then(|read| packed.get(read..)).unwrap_or_default();
            let status = self.decoder.decompress(rest, &mut self.chunk, FlushDecompress::None);
            let now = (self.decoder.total_in(), self.decoder.total_out());
            if before.1 == 0 && now.1 > 0 {
                start
                    .iter_mut()
                    .zip(&self.chunk)
                    .take(usize::try_from(now.1).unwrap_or(2))
                    .for_each(|(kept, byte)| *kept = *byte);
            }
            let end = match status {
                Err(_) => End::Damaged,
                Ok(Status::StreamEnd) => End::Reached,
                Ok(_) if now != before && now.1 <= limit => continue,
                Ok(_) => End::CutOff,
            };
            return Counted { length: now.1, read: now.0, end, start };
        }
    }
}

const CHUNK_BYTES: usize = 16 * 1024;
