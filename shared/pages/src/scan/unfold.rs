//! How far the compressed streams of a file unfold.

use std::io::Read;
use std::iter;

use flate2::read::ZlibDecoder;
use flate2::{Decompress, FlushDecompress};

use crate::{Limits, PagesError};

/// Counts what all zlib streams of the file unfold to, before the renderer,
/// which has no bound of its own, sees any of them. A stream inside a stream
/// counts, too.
pub(crate) fn check_unfolding(bytes: &[u8], limits: &Limits) -> Result<(), PagesError> {
    if is_too_short_to_matter(bytes, limits) {
        return Ok(());
    }
    let mut left = limits.max_inflated_bytes;
    for (entries, packed) in streams(bytes) {
        let allowed = left.min(furthest_of(entries, limits));
        left -= unfold(packed, allowed).ok_or(PagesError::InflatesTooFar { limit: allowed })?;
    }
    Ok(())
}

/// Whether all streams together stay within the limits even if each reached to the end of the file and unfolded as
/// far as zlib can. Only a stream inside a stream can go further.
fn is_too_short_to_matter(bytes: &[u8], limits: &Limits) -> bool {
    let mut decoder = Decompress::new(true);
    let mut left = limits.max_inflated_bytes;
    streams(bytes).filter(|(_, packed)| starts_zlib(packed)).all(|(entries, packed)| {
        let furthest = u64::try_from(packed.len()).unwrap_or(u64::MAX).saturating_mul(MAX_RATIO);
        let fits = furthest <= left.min(furthest_of(entries, limits));
        left = left.saturating_sub(furthest);
        fits && !holds_zlib(packed, &mut decoder)
    })
}

fn holds_zlib(packed: &[u8], decoder: &mut Decompress) -> bool {
    let mut start = [0; 2];
    decoder.reset(true);
    // Damage ends it, and then there is no more to it than came out before.
    let _ = decoder.decompress(packed, &mut start, FlushDecompress::None);
    decoder.total_out() == 2 && starts_zlib(&start)
}

/// How far one stream may unfold: the renderer keeps what is packed in others for as long as the document is open.
fn furthest_of(entries: &[u8], limits: &Limits) -> u64 {
    let is_image = find(entries, b"/Image").is_some();
    if is_image { limits.max_stream_bytes } else { limits.max_stream_bytes.min(limits.max_content_bytes) }
}

/// From the keyword of each stream to the end of the file: its length may lie. The word inside other text counts, too.
/// Before it stands what lies between it and the stream before.
fn streams(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    iter::from_fn(move || {
        let (before, from_keyword) = rest.split_at_checked(find(rest, b"stream")?)?;
        rest = from_keyword.get(b"stream".len()..)?;
        let (_, entries) = before.split_at(before.len().saturating_sub(MAX_ENTRIES_BYTES));
        Some((entries, without_line_end(rest)))
    })
}

/// How many bytes `packed` unfolds to, and what these unfold to where they are packed again; `None` when they are more
/// than `allowed`. Nothing of them is kept. Bytes that are not a zlib stream unfold to nothing.
fn unfold(packed: &[u8], allowed: u64) -> Option<u64> {
    let mut start = [0; 2];
    start.iter_mut().zip(packed).for_each(|(kept, byte)| *kept = *byte);
    let mut total = 0;
    for depth in 1..=MAX_FILTERS {
        if !starts_zlib(&start) {
            break;
        }
        let reader: Box<dyn Read + '_> = Box::new(packed);
        let mut stream = (0..depth).fold(reader, |packed, _| Box::new(ZlibDecoder::new(packed)));
        start = [0; 2];
        total = count(&mut stream, &mut start, total, allowed)?;
    }
    Some(total)
}

/// Adds how many bytes there are to read to `total`; the first two are kept.
fn count(stream: &mut dyn Read, start: &mut [u8; 2], mut total: u64, allowed: u64) -> Option<u64> {
    let mut chunk = [0; CHUNK_BYTES];
    let mut is_first = true;
    while let Ok(count @ 1..) = stream.read(&mut chunk) {
        if is_first {
            start.iter_mut().zip(chunk.iter().take(count)).for_each(|(kept, byte)| *kept = *byte);
            is_first = false;
        }
        total += u64::try_from(count).ok()?;
        if total > allowed {
            return None;
        }
    }
    Some(total)
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

/// A match of 258 bytes takes two bits at least. RFC 1951, section 3.2.
const MAX_RATIO: u64 = 1032;

/// What describes an image is shorter, unless its colours are listed in it.
const MAX_ENTRIES_BYTES: usize = 2 * 1024;

const CHUNK_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::{MAX_RATIO, check_unfolding};
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
    fn only_an_image_may_unfold_as_far_as_images_do() {
        let limits = Limits { max_content_bytes: 1_000, ..Limits::default() };
        let stream = packed(&vec![b' '; 100_000]);
        assert!(check_unfolding(&file(&stream), &limits).is_err());
        let image = [b"1 0 obj << /Subtype /Image >> stream\r\n".as_slice(), &stream, b"\nendstream endobj"].concat();
        assert!(check_unfolding(&image, &limits).is_ok());
    }

    #[test]
    fn all_streams_count_together() {
        let one = file(&packed(&vec![b' '; 1_000]));
        assert!(!unfolds_within(&[one.clone(), one].concat(), 1_500));
    }

    #[test]
    fn a_stream_folded_twice_counts_in_a_file_of_any_length() {
        let limits = Limits { max_stream_bytes: 1_000_000, max_inflated_bytes: 100_000, ..Limits::default() };
        let bomb = packed(&packed(&vec![b' '; 200_000]));
        assert!(u64::try_from(bomb.len()).unwrap() * MAX_RATIO < limits.max_inflated_bytes);
        assert!(check_unfolding(&file(&bomb), &limits).is_err());
    }

    #[test]
    fn no_stream_unfolds_further_than_its_length_allows() {
        let folded = packed(&vec![0; 10_000_000]);
        assert!(10_000_000 <= u64::try_from(folded.len()).unwrap() * MAX_RATIO);
    }

    #[test]
    fn bytes_that_are_not_packed_count_nothing() {
        assert!(unfolds_within(&file(b"BT (hello) Tj ET"), 0));
    }
}
