//! The smallest images of each kind: one colour, so that a block or a row is a few bits.

/// Grey, one component; each block is a difference of nothing and the end of the block, or in a progressive one the
/// difference alone. Without the last `lost` of a hundred blocks, but with the mark of the end.
pub(crate) fn jpeg((width, height): (usize, usize), is_progressive: bool, interval: usize, lost: usize) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    file.extend([1; 64]);
    let side = |length: usize| u16::try_from(length).unwrap().to_be_bytes();
    let kind = if is_progressive { 0xC2 } else { 0xC0 };
    file.extend([&[0xFF, kind, 0, 11, 8][..], &side(height), &side(width), &[1, 1, 0x11, 0]].concat());
    // One code of two bits for each table: 00.
    for class in [0x00, 0x10] {
        file.extend([0xFF, 0xC4, 0, 20, class, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    file.extend([&[0xFF, 0xDD, 0, 4][..], &side(interval)].concat());
    file.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, if is_progressive { 0 } else { 63 }, 0]);
    let blocks = width.div_ceil(8) * height.div_ceil(8) * (100 - lost) / 100;
    let bits_of_a_block = if is_progressive { 2 } else { 4 };
    let runs =
        if interval == 0 { vec![blocks] } else { (0..blocks).step_by(interval).map(|at| interval.min(blocks - at)).collect() };
    for (place, run) in runs.iter().enumerate() {
        if place > 0 {
            file.extend([0xFF, 0xD0 + u8::try_from((place - 1) % 8).unwrap()]);
        }
        file.extend(vec![0; (run * bits_of_a_block).div_ceil(8)]);
    }
    file.extend([0xFF, 0xD9]);
    file
}

/// Of Group 4: each row as the row before it. ITU-T T.6.
pub(crate) fn white_rows(rows: usize, is_marked: bool) -> Vec<u8> {
    let mut bits = vec![true; rows];
    if is_marked {
        let end = [false, false, false, false, false, false, false, false, false, false, false, true];
        bits.extend(end.repeat(2));
    }
    bits.chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | u8::from(*bit)) << (8 - byte.len())).collect()
}

/// A page and a region of white rows. ITU-T T.88, sections 7.2 and 7.4.
pub(crate) fn jbig2(width: usize, height: usize) -> Vec<u8> {
    let field = |value: usize| u32::try_from(value).unwrap().to_be_bytes();
    let segment = |number: usize, kind: u8, data: &[u8]| [&field(number)[..], &[kind, 0, 1], &field(data.len()), data].concat();
    let page = [&field(width)[..], &field(height), &[0; 11]].concat();
    let region = [&field(width)[..], &field(height), &[0; 9], &[1], &white_rows(height, true)].concat();
    [segment(0, 48, &page), segment(1, 38, &region)].concat()
}

/// The header of a segment, and what it says of the page.
pub(crate) const JBIG2_PAGE_BYTES: usize = 11 + 19;
