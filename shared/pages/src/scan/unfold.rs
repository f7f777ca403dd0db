//! How far the compressed streams of a file unfold.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::{Limits, PagesError};

/// Counts what all zlib streams of the file unfold to, before the renderer,
/// which has no bound of its own, sees any of them. A stream inside a stream
/// counts, too.
pub(crate) fn check_unfolding(bytes: &[u8], limits: &Limits) -> Result<(), PagesError> {
    let mut left = limits.max_inflated_bytes;
    let mut rest = bytes;
    while let Some(start) = find(rest, b"stream") {
        rest = rest.get(start + b"stream".len()..).unwrap_or_default();
        let allowed = left.min(limits.max_stream_bytes);
        let unfolded = unfold(without_line_end(rest), allowed, MAX_FILTERS);
        left -= unfolded.ok_or(PagesError::InflatesTooFar { limit: allowed })?;
    }
    Ok(())
}

/// How many bytes `packed` unfolds to; `None` when they are more than
/// `allowed`. Bytes that are not a zlib stream unfold to nothing.
fn unfold(packed: &[u8], allowed: u64, filters: usize) -> Option<u64> {
    if filters == 0 || !starts_zlib(packed) {
        return Some(0);
    }
    let mut stream = ZlibDecoder::new(packed);
    let mut chunk = [0; CHUNK_BYTES];
    let mut inner = Vec::new();
    let mut total = 0;
    while let Ok(count @ 1..) = stream.read(&mut chunk) {
        let piece = chunk.get(..count)?;
        // Only what is packed again is kept.
        if !inner.is_empty() || (total == 0 && starts_zlib(piece)) {
            inner.extend_from_slice(piece);
        }
        total += u64::try_from(count).ok()?;
        if total > allowed {
            return None;
        }
    }
    Some(total + unfold(&inner, allowed - total, filters - 1)?)
}

/// Method 8 and a header that divides by 31. RFC 1950, section 2.2.
fn starts_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => method & 0x0F == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0,
        _ => false,
    }
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\r").unwrap_or(bytes);
    bytes.strip_prefix(b"\n").unwrap_or(bytes)
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

/// Filters behind one another in one stream; real files have two at most.
const MAX_FILTERS: usize = 4;

const CHUNK_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::check_unfolding;
    use crate::Limits;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn file(stream: &[u8]) -> Vec<u8> {
        [b"1 0 obj <<>> stream\r\n", stream, b"\nendstream endobj"].concat()
    }

    fn unfolds_within(file: &[u8], bytes: u64) -> bool {
        check_unfolding(file, &Limits { max_inflated_bytes: bytes, ..Limits::default() }).is_ok()
    }

    #[test]
    fn a_stream_that_unfolds_too_far_is_noticed() {
        let bomb = file(&packed(&vec![b' '; 100_000]));
        assert!(unfolds_within(&bomb, 100_000));
        assert!(!unfolds_within(&bomb, 99_999));
    }

    #[test]
    fn a_stream_folded_twice_counts_at_both_steps() {
        let inner = packed(&vec![b' '; 100_000]);
        let bomb = file(&packed(&inner));
        assert!(!unfolds_within(&bomb, 100_000));
    }

    #[test]
    fn one_stream_has_a_bound_of_its_own() {
        let limits = Limits { max_stream_bytes: 1_000, ..Limits::default() };
        assert!(check_unfolding(&file(&packed(&vec![b' '; 1_001])), &limits).is_err());
        assert!(check_unfolding(&file(&packed(&vec![b' '; 1_000])).repeat(9), &limits).is_ok());
    }

    #[test]
    fn all_streams_count_together() {
        let one = file(&packed(&vec![b' '; 1_000]));
        assert!(!unfolds_within(&[one.clone(), one].concat(), 1_500));
    }

    #[test]
    fn bytes_that_are_not_packed_count_nothing() {
        assert!(unfolds_within(&file(b"BT (hello) Tj ET"), 0));
    }
}
