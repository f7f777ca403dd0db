//! How far the compressed streams of a file unfold.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// Whether all zlib streams of the file together unfold to at most `limit`
/// bytes, counted before the renderer, which has no bound of its own, sees
/// any of them. A stream inside a stream counts, too.
pub(crate) fn unfolds_within(bytes: &[u8], limit: u64) -> bool {
    let mut left = limit;
    let mut rest = bytes;
    while let Some(start) = find(rest, b"stream") {
        rest = rest.get(start + b"stream".len()..).unwrap_or_default();
        if !unfolds(without_line_end(rest), &mut left, MAX_FILTERS) {
            return false;
        }
    }
    true
}

/// Takes what `packed` unfolds to off `left`; false when that is not enough.
/// Bytes that are not a zlib stream unfold to nothing.
fn unfolds(packed: &[u8], left: &mut u64, filters: usize) -> bool {
    if filters == 0 || !starts_zlib(packed) {
        return true;
    }
    let mut unfolded = ZlibDecoder::new(packed);
    let mut chunk = [0; CHUNK_BYTES];
    let mut inner = Vec::new();
    while let Ok(count @ 1..) = unfolded.read(&mut chunk) {
        let Some(after) = u64::try_from(count).ok().and_then(|count| left.checked_sub(count)) else {
            return false;
        };
        *left = after;
        let piece = chunk.get(..count).unwrap_or_default();
        if inner.is_empty() && !starts_zlib(piece) {
            inner.clear();
            return drain(unfolded, left);
        }
        inner.extend_from_slice(piece);
    }
    unfolds(&inner, left, filters - 1)
}

/// The rest of a stream that holds no further stream.
fn drain(mut unfolded: impl Read, left: &mut u64) -> bool {
    let mut chunk = [0; CHUNK_BYTES];
    while let Ok(count @ 1..) = unfolded.read(&mut chunk) {
        let Some(after) = u64::try_from(count).ok().and_then(|count| left.checked_sub(count)) else {
            return false;
        };
        *left = after;
    }
    true
}

/// Method 8 and a header that divides by 31. RFC 1950, section 2.2.
fn starts_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => {
            method & 0x0F == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0
        }
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

    use super::unfolds_within;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn file(stream: &[u8]) -> Vec<u8> {
        [b"1 0 obj <<>> stream\r\n", stream, b"\nendstream endobj"].concat()
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
    fn all_streams_count_together() {
        let one = file(&packed(&vec![b' '; 1_000]));
        assert!(!unfolds_within(&[one.clone(), one].concat(), 1_500));
    }

    #[test]
    fn bytes_that_are_not_packed_count_nothing() {
        assert!(unfolds_within(&file(b"BT (hello) Tj ET"), 0));
    }
}
