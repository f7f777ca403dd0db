//! Half a scan is not drawn: data of images that end before the last row are named, whatever packs them.

mod encoded;
#[path = "../budget/pdf.rs"]
mod pdf;

use pages::{Fonts, Limits, inspect};

use pdf::{Pdf, packed};

/// One of some thousand samples, which is decoded, and one of 300 dots per inch, which is not.
const SIZES: [(usize, usize); 2] = [(96, 80), (2_480, 3_504)];

#[test]
fn samples_that_end_before_the_last_row_are_named() {
    for (width, height) in SIZES {
        let samples = noise(width * height);
        let whole = packed(&samples);
        let gray = |filter: &str, data: &[u8]| {
            named(width, height, &format!("/BitsPerComponent 8 /ColorSpace /DeviceGray {filter}"), data)
        };
        let (half, _) = samples.split_at(samples.len() / 2);
        assert_eq!(gray("", &samples), "");
        assert_eq!(gray("", half), "image");
        assert_eq!(gray("/Filter /FlateDecode", &whole), "");
        assert_eq!(gray("/Filter /FlateDecode", &packed(half)), "image");
        assert_eq!(gray("/Filter /FlateDecode", &whole[..whole.len() / 2]), "image", "cut off");
        let mut damaged = whole.clone();
        damaged[whole.len() / 2..whole.len() / 2 + 64].fill(0xFF);
        assert_eq!(gray("/Filter /FlateDecode", &damaged[..whole.len() * 3 / 4]), "image", "damaged and cut off");
        // Readers do not mind a wrong checksum.
        let mut sum = whole.clone();
        *sum.last_mut().unwrap() ^= 1;
        assert_eq!(gray("/Filter /FlateDecode", &sum), "");
        let copies: Vec<u8> =
            samples.chunks(127).flat_map(|run| [&[u8::try_from(run.len() - 1).unwrap()], run].concat()).chain([128]).collect();
        assert_eq!(gray("/Filter /RunLengthDecode", &copies), "");
        assert_eq!(gray("/Filter /RunLengthDecode", &copies[..copies.len() / 2]), "image");
    }
}

#[test]
fn rows_count_with_their_colors_and_predictors() {
    let (width, height) = (2_000, 1_500);
    let entries = |space: &str, more: &str| format!("/BitsPerComponent 8 /ColorSpace {space} /Filter /FlateDecode {more}");
    let samples = noise(width * height);
    let gray = packed(&samples);
    let palette = format!("[/Indexed /DeviceRGB 255 <{}>]", "00".repeat(768));
    assert_eq!(named(width, height, &entries(&palette, ""), &gray), "");
    assert_eq!(named(width, height, &entries("/DeviceRGB", ""), &gray), "image");
    assert_eq!(named(width, height, &entries("[/ICCBased 11 0 R]", ""), &gray), "image");
    assert_eq!(named(width, height, &entries("/DeviceGray", "/DecodeParms << /Predictor 15 /Columns 2000 >>"), &gray), "image");
    let rows: Vec<u8> = samples.chunks(width).flat_map(|row| [&[0], row].concat()).collect();
    assert_eq!(
        named(width, height, &entries("/DeviceGray", "/DecodeParms << /Predictor 15 /Columns 2000 >>"), &packed(&rows)),
        ""
    );
    let bits = packed(&noise(width / 8 * height));
    assert_eq!(named(width, height, "/ImageMask true /BitsPerComponent 1 /Filter /FlateDecode", &bits), "");
    let half = packed(&noise(width / 8 * height / 2));
    assert_eq!(named(width, height, "/ImageMask true /BitsPerComponent 1 /Filter /FlateDecode", &half), "image");
}

#[test]
fn a_soft_mask_that_ends_early_is_named() {
    let (width, height) = (2_000, 1_500);
    for (rows, found) in [(1_500, ""), (700, "image")] {
        let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", b"q 500 0 0 700 0 0 cm /I Do Q");
        let entries = format!("{} /BitsPerComponent 8 /ColorSpace /DeviceGray", image(width, height));
        pdf.packed_stream(10, &format!("{entries} /SMask 11 0 R"), &noise(width * height));
        pdf.packed_stream(11, &entries, &noise(width * rows));
        assert_eq!(codes(pdf), found);
    }
}

#[test]
fn a_jpeg_that_ends_before_its_last_block_is_named() {
    for (width, height) in SIZES {
        for (is_progressive, interval) in [(false, 0), (false, 5), (true, 0)] {
            let jpeg = |lost: usize| encoded::jpeg((width, height), is_progressive, interval, lost);
            let found =
                |data: &[u8]| named(width, height, "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode", data);
            let whole = jpeg(0);
            assert_eq!(found(&whole), "", "{width} {is_progressive} {interval}");
            assert_eq!(found(&whole[..whole.len() * 2 / 3]), "image", "cut off");
            // Blocks are missing, and the end is there.
            assert_eq!(found(&jpeg(30)), "image", "{width} {is_progressive} {interval}");
            let twice = |data: &[u8]| {
                named(
                    width,
                    height,
                    "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter [/FlateDecode /DCTDecode]",
                    &packed(data),
                )
            };
            assert_eq!((twice(&whole), twice(&jpeg(30))), (String::new(), "image".to_owned()));
        }
        let whole = encoded::jpeg((width, height), false, 0, 0);
        let unmarked = &whole[..whole.len() - 2];
        assert_eq!(named(width, height, "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode", unmarked), "");
    }
}

#[test]
fn a_fax_that_ends_before_its_last_row_is_named_unless_it_says_so() {
    for (width, height) in SIZES {
        let entries = format!(
            "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns {width} >>"
        );
        let found = |rows: usize, is_marked: bool| named(width, height, &entries, &encoded::white_rows(rows, is_marked));
        assert_eq!(found(height, true), "");
        assert_eq!(found(height, false), "");
        assert_eq!(found(height / 2, false), "image");
        assert_eq!(found(height / 2, true), "", "all readers leave the rest white");
    }
}

#[test]
fn jbig2_whose_segments_are_not_all_there_is_named() {
    for (width, height) in SIZES {
        let found = |data: &[u8]| named(width, height, "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode", data);
        let whole = encoded::jbig2(width, height);
        assert_eq!(found(&whole), "");
        assert_eq!(found(&whole[..whole.len() / 2]), "image");
        assert_eq!(found(&whole[..whole.len() - 1]), "image");
        assert_eq!(found(&whole[..encoded::JBIG2_PAGE_BYTES]), "image", "nothing but the page");
    }
}

fn named(width: usize, height: usize, entries: &str, data: &[u8]) -> String {
    let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", b"q 500 0 0 700 0 0 cm /I Do Q");
    pdf.stream(10, &format!("{} {entries}", image(width, height)), data);
    pdf.stream(11, "/N 3", b"");
    codes(pdf)
}

fn codes(pdf: Pdf) -> String {
    let found = inspect(pdf.finish(), &Limits::default(), &Fonts::built_in()).unwrap();
    let codes: Vec<_> = found.undrawable.iter().map(|entry| entry.construct.code()).collect();
    codes.join(" ")
}

fn image(width: usize, height: usize) -> String {
    format!("/Type /XObject /Subtype /Image /Width {width} /Height {height}")
}

fn noise(count: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0] & 0x3F
    };
    (0..count).map(|_| next()).collect()
}
