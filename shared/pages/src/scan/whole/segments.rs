//! JBIG2 and JPEG 2000 say how long their parts are: whether all of them are there.

use std::collections::HashSet;

use crate::scan::encoded::JPX_START;

/// Segments behind one another up to the end, at least one of them with something to be seen. ITU-T T.88, section 7.2.
pub(super) fn is_whole_jbig2(bytes: &[u8]) -> bool {
    let (mut rest, mut has_region) = (bytes, false);
    while !rest.iter().all(|byte| matches!(byte, 0 | b'\n' | b'\r' | b' ')) {
        let Some((kind, length, after)) = jbig2_header(rest) else { return false };
        match kind {
            END_OF_PAGE | END_OF_FILE => break,
            // As long as it may be.
            _ if length == u32::MAX => return true,
            4..=7 | 20..=23 | 36..=43 => has_region = true,
            _ => {}
        }
        let Some(next) = usize::try_from(length).ok().and_then(|length| after.get(length..)) else { return false };
        rest = next;
    }
    has_region
}

/// How many samples all pages, regions and patterns together say that they have: the renderer makes room for them, and decodes
/// them, whatever the size of the image is.
pub(super) fn jbig2_samples(bytes: &[u8]) -> u64 {
    let (mut rest, mut samples) = (bytes, 0_u64);
    while let Some((kind, length, data)) = jbig2_header(rest) {
        samples = samples.saturating_add(samples_of_segment(kind, data));
        let Some(next) = usize::try_from(length).ok().and_then(|length| data.get(length..)) else { break };
        rest = next;
    }
    samples
}

/// ITU-T T.88, sections 7.4.1, 7.4.4, 7.4.5 and 7.4.8.
fn samples_of_segment(kind: u8, data: &[u8]) -> u64 {
    let field =
        |offset: usize| data.get(offset..).and_then(|data| data.first_chunk()).map_or(0, |field| u32::from_be_bytes(*field));
    let area = |offset: usize| match field(offset + 4) {
        // A page whose height is not known yet.
        u32::MAX if kind == PAGE => 0,
        height => u64::from(field(offset)).saturating_mul(u64::from(height)),
    };
    match (kind, data) {
        (PAGE | 4..=7 | 36..=43, _) => area(0),
        (20..=23, _) => area(0).saturating_add(area(REGION_BYTES + 1)),
        (PATTERNS, [_, width, height, ..]) => {
            (u64::from(field(3)) + 1).saturating_mul(u64::from(*width)).saturating_mul(u64::from(*height))
        }
        _ => 0,
    }
}

/// The kind of a segment, the length of its data, and they themselves with what follows.
fn jbig2_header(bytes: &[u8]) -> Option<(u8, u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    let (&[flags, count], _) = rest.split_first_chunk()?;
    let number = u32::from_be_bytes(*number);
    let (referred, rest) = match count >> 5 {
        7 => {
            let (long, rest) = rest.get(1..)?.split_first_chunk()?;
            let referred = usize::try_from(u32::from_be_bytes(*long) & 0x1FFF_FFFF).ok()?;
            (referred, rest.get((referred + 1).div_ceil(8)..)?)
        }
        short => (usize::from(short), rest.get(2..)?),
    };
    let each = match number {
        0..=256 => 1,
        257..=65_536 => 2,
        _ => 4,
    };
    let page = if flags & 0x40 == 0 { 1 } else { 4 };
    let (length, data) = rest.get(referred.checked_mul(each)?.checked_add(page)?..)?.split_first_chunk()?;
    Some((flags & 0x3F, u32::from_be_bytes(*length), data))
}

/// Every tile has a part, and every part is as long as it says. ISO/IEC 15444-1, sections A.4 and A.5.
pub(super) fn is_whole_jpx(bytes: &[u8]) -> bool {
    let start = bytes.windows(JPX_START.len()).position(|window| window == JPX_START);
    let Some(stream) = start.and_then(|start| bytes.get(start + 2..)) else { return false };
    jpx_parts(stream).unwrap_or(false)
}

/// From the size on. `None` where the data end too early.
fn jpx_parts(stream: &[u8]) -> Option<bool> {
    let tiles = jpx_tiles(stream)?;
    let (mut rest, mut seen) = (stream, HashSet::new());
    while let [0xFF, marker, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes(*after.first_chunk().unwrap_or(&[0; 2])));
        match *marker {
            START_OF_TILE_PART => {
                let number = u16::from_be_bytes(*after.get(2..)?.first_chunk()?);
                let part = u32::from_be_bytes(*after.get(4..)?.first_chunk()?);
                seen.insert(number);
                // The last one, up to the end.
                if part == 0 {
                    break;
                }
                rest = rest.get(usize::try_from(part).ok()?..)?;
            }
            END_OF_CODESTREAM => break,
            _ => rest = after.get(length.max(2)..)?,
        }
    }
    Some(seen.len() >= tiles)
}

/// How many the size makes.
fn jpx_tiles(size: &[u8]) -> Option<usize> {
    let field = |offset: usize| Some(u64::from(u32::from_be_bytes(*size.get(offset..)?.first_chunk()?)));
    let along = |end: u64, tile: u64, first: u64| Some(end.checked_sub(first)?.div_ceil(Some(tile).filter(|it| *it > 0)?));
    let across = along(field(6)?, field(22)?, field(30)?)?;
    let down = along(field(10)?, field(26)?, field(34)?)?;
    usize::try_from(across.checked_mul(down)?).ok()
}

const PATTERNS: u8 = 16;
const PAGE: u8 = 48;
/// What all regions begin with.
const REGION_BYTES: usize = 17;
const END_OF_PAGE: u8 = 49;
const END_OF_FILE: u8 = 51;
const START_OF_TILE_PART: u8 = 0x90;
const END_OF_CODESTREAM: u8 = 0xD9;

#[cfg(test)]
mod tests {
    use super::is_whole_jpx;

    /// Two tiles of 8 × 8, each one part of so many bytes of data.
    fn jpx(sizes: &[(u16, usize)]) -> Vec<u8> {
        let mut stream = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0];
        for field in [16_u32, 8, 0, 0, 8, 8, 0, 0] {
            stream.extend(field.to_be_bytes());
        }
        stream.extend([0, 1, 7, 1, 1]);
        stream.extend([0xFF, 0x52, 0, 12, 0, 0, 0, 1, 0, 0, 4, 4, 0, 0]);
        for (tile, size) in sizes {
            stream.extend([0xFF, 0x90, 0, 10]);
            stream.extend(tile.to_be_bytes());
            stream.extend(u32::try_from(size + 14).unwrap().to_be_bytes());
            stream.extend([0, 1, 0xFF, 0x93]);
            stream.extend(vec![0; *size]);
        }
        stream.extend([0xFF, 0xD9]);
        stream
    }

    #[test]
    fn a_jpeg_2000_is_whole_with_all_its_tiles() {
        assert!(is_whole_jpx(&jpx(&[(0, 20), (1, 30)])));
        assert!(is_whole_jpx(&[&b"\0\0\0\x0CjP  "[..], &jpx(&[(1, 20), (0, 30)])].concat()));
        assert!(!is_whole_jpx(&jpx(&[(0, 20)])));
        assert!(!is_whole_jpx(&jpx(&[(0, 20), (0, 20)])));
    }

    #[test]
    fn a_jpeg_2000_that_is_cut_off_is_not_whole() {
        let whole = jpx(&[(0, 20), (1, 30)]);
        let (unmarked, _) = whole.split_at(whole.len() - 2);
        assert!(is_whole_jpx(unmarked), "readers do without the mark of the end");
        for kept in 0..unmarked.len() {
            let (start, _) = whole.split_at(kept);
            assert!(!is_whole_jpx(start), "{kept}");
        }
    }
}
