//! How far the compressed streams of a file unfold.

use std::io::Read;
use std::iter;

use flate2::read::ZlibDecoder;
use memchr::memmem::{self, Finder};

use super::count::{Counted, Counter, End};
use crate::{Limits, PagesError};

/// How far streams unfold, by the place of their bytes in memory: what was counted once is not counted again.
#[derive(Default)]
pub(crate) struct Lengths(Vec<Length>);

struct Length {
    place: usize,
    packed: u64,
    unfolded: u64,
    end: End,
}

impl Lengths {
    /// Of packed bytes, which hold the whole zlib stream that was counted at their place.
    pub(super) fn of(&self, packed: &[u8]) -> Option<u64> {
        self.counted(packed).filter(|length| length.end == End::Reached).map(|length| length.unfolded)
    }

    /// Of packed bytes, whole or up to where they are damaged.
    pub(super) fn at_least(&self, packed: &[u8]) -> Option<u64> {
        self.counted(packed).map(|length| length.unfolded)
    }

    fn counted(&self, packed: &[u8]) -> Option<&Length> {
        let index = self.0.binary_search_by_key(&packed.as_ptr().addr(), |length| length.place).ok()?;
        self.0.get(index).filter(|length| length.packed <= wide(packed.len()))
    }

    /// Places come in their order. Millions of tiny streams are not worth the room.
    fn note(&mut self, packed: &[u8], counted: &Counted) {
        if self.0.len() < MOST_LENGTHS {
            let (place, end) = (packed.as_ptr().addr(), counted.end);
            self.0.push(Length { place, packed: counted.read, unfolded: counted.length, end });
        }
    }
}

/// Counts what all zlib streams of the file unfold to, before the renderer,
/// which has no bound of its own, sees any of them. A stream inside a stream
/// counts, too.
pub(crate) fn check_unfolding(bytes: &[u8], limits: &Limits) -> Result<Lengths, PagesError> {
    let (mut counter, mut lengths) = (Counter::new(), Lengths::default());
    let mut left = limits.max_inflated_bytes;
    for (entries, packed) in streams(bytes).filter(|(_, packed)| starts_zlib(packed)) {
        let allowed = left.min(furthest_of(entries, limits));
        let unfolded = unfold(packed, allowed, &mut counter, &mut lengths);
        left -= unfolded.ok_or(PagesError::InflatesTooFar { limit: allowed })?;
    }
    Ok(lengths)
}

/// How far one stream may unfold: the renderer keeps what is packed in others for as long as the document is open.
fn furthest_of(entries: &[u8], limits: &Limits) -> u64 {
    let is_image = memmem::find(entries, b"/Image").is_some();
    if is_image { limits.max_stream_bytes } else { limits.max_stream_bytes.min(limits.max_content_bytes) }
}

/// From the keyword of each stream to the end of the file: its length may lie. The word inside other text counts, too.
/// Before it stands what lies between it and the stream before.
fn streams(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let keyword = Finder::new(b"stream");
    let mut rest = bytes;
    iter::from_fn(move || {
        let (before, from_keyword) = rest.split_at_checked(keyword.find(rest)?)?;
        rest = from_keyword.get(b"stream".len()..)?;
        let (_, entries) = before.split_at(before.len().saturating_sub(MAX_ENTRIES_BYTES));
        Some((entries, without_line_end(rest)))
    })
}

/// How many bytes `packed` unfolds to, and what these unfold to where they are packed again; `None` when they are more
/// than `allowed`. Nothing of them is kept.
fn unfold(packed: &[u8], allowed: u64, counter: &mut Counter, lengths: &mut Lengths) -> Option<u64> {
    let counted = counter.count(true, packed, allowed);
    lengths.note(packed, &counted);
    let (mut total, mut start) = (Some(counted.length).filter(|length| *length <= allowed)?, counted.start);
    for depth in 2..=MAX_FILTERS {
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

fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Filters behind one another in one stream; real files have two at most.
const MAX_FILTERS: usize = 4;

/// Pages of fonts and pictures have some thousands.
const MOST_LENGTHS: usize = 20_000;

/// What describes an image is shorter, unless its colours are listed in it.
const MAX_ENTRIES_BYTES: usize = 2 * 1024;

const CHUNK_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::{MOST_LENGTHS, check_unfolding, streams};
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
        assert!(bomb.len() < 100);
        assert!(check_unfolding(&file(&bomb), &limits).is_err());
    }

    #[test]
    fn what_was_counted_is_known_of_the_same_bytes_alone() {
        let stream = packed(b"what is drawn");
        let file = [file(&stream), file(&stream)].concat();
        let lengths = check_unfolding(&file, &Limits::default()).unwrap();
        let second = streams(&file).filter(|(_, packed)| packed.starts_with(&stream)).nth(1).unwrap().1;
        assert_eq!(lengths.of(second), Some(13));
        let (whole, cut) = second.split_at(stream.len() - 1);
        assert_eq!((lengths.of(whole), lengths.of(cut), lengths.of(&stream)), (None, None, None));
    }

    #[test]
    fn nothing_is_known_of_a_stream_that_does_not_end() {
        let stream = packed(b"what is drawn");
        let file = file(stream.split_last().unwrap().1);
        let lengths = check_unfolding(&file, &Limits::default()).unwrap();
        assert!(streams(&file).all(|(_, packed)| lengths.of(packed).is_none()));
    }

    #[test]
    fn more_streams_than_any_page_has_take_no_more_room() {
        let file = file(&packed(b"0")).repeat(MOST_LENGTHS + 10);
        assert_eq!(check_unfolding(&file, &Limits::default()).unwrap().0.len(), MOST_LENGTHS);
    }

    #[test]
    fn bytes_that_are_not_packed_count_nothing() {
        assert!(unfolds_within(&file(b"BT (hello) Tj ET"), 0));
    }
}
