//! Fonts that are missing or broken.

use std::fs;

use super::named;
use super::pdf::Pdf;

#[test]
fn text_in_a_font_that_the_document_leaves_to_the_reader_is_drawn() {
    for font in
        ["/Type1 /BaseFont /Helvetica", "/TrueType /BaseFont /Arial,Bold /Encoding /WinAnsiEncoding", "/Type1 /BaseFont /Symbol"]
    {
        assert_eq!(named(simple(font)), [""; 0], "{font}");
    }
}

#[test]
fn letters_in_the_place_of_pictures_are_named() {
    for font in [
        "/TrueType /BaseFont /Wingdings",
        "/TrueType /BaseFont /Webdings",
        "/TrueType /BaseFont /ABCDEF+Wingdings2",
        "/Type1 /BaseFont /SymbolMT",
    ] {
        assert_eq!(named(simple(font)), ["font"], "{font}");
    }
}

#[test]
fn text_in_a_font_that_is_broken_is_named() {
    for (kind, key) in [("Type1", "FontFile"), ("Type1", "FontFile3"), ("TrueType", "FontFile2")] {
        let descriptor = format!("/FontDescriptor << /Type /FontDescriptor /FontName /Some /Flags 4 /{key} 10 0 R >>");
        let mut pdf = simple(&format!("/{kind} /BaseFont /ABCDEF+Helvetica {descriptor}"));
        pdf.stream(10, "", b"no font at all");
        assert_eq!(named(pdf), ["font"], "{kind} {key}");
    }
}

/// The glyphs of another font have other numbers.
#[test]
fn numbers_of_glyphs_in_a_font_that_is_not_there_are_named() {
    for name in ["ArialMT", "Calibri", "MS-Mincho"] {
        assert_eq!(named(composite(name, "Identity-H", "Identity", "<0024 0025>")), ["font"], "{name}");
    }
    // A name from which the renderer takes Helvetica, which has no such characters.
    assert!(named(composite("NotoSansCJKjp-Regular", "UniJIS-UTF16-H", "Japan1", "<5951>")).contains(&"font"));
}

#[test]
fn chinese_and_korean_without_their_fonts_are_named() {
    let texts = [("GBK-EUC-H", "GB1"), ("UniGB-UTF16-H", "GB1"), ("UniCNS-UTF16-H", "CNS1"), ("UniKS-UTF16-H", "Korea1")];
    for (encoding, ordering) in texts {
        assert!(named(composite("Some", encoding, ordering, "<5951 7D04>")).contains(&"font"), "{encoding}");
    }
}

/// The text of a scanned page lies below its picture for the search only.
#[test]
fn text_that_is_not_seen_may_be_in_any_font() {
    let text = |content: &str| {
        let below = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Some /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>";
        let font = format!("/Type /Font /Subtype /Type0 /BaseFont /Some /Encoding /Identity-H /DescendantFonts [{below}]");
        let mut pdf = Pdf::of_one_page(&format!("/Font << /F << {font} >> >> /XObject << /X 10 0 R >>"), content.as_bytes());
        pdf.stream(10, "/Type /XObject /Subtype /Form /BBox [0 0 99 99]", b"BT <0024> Tj ET");
        named(pdf)
    };
    for unseen in [
        "BT 3 Tr /F 9 Tf <0024> Tj ET",
        "BT /F 9 Tf 3 Tr [<0024>] TJ ET",
        "q BT /F 9 Tf ET Q /X Do",
        "/F 9 Tf q 3 Tr <0024> Tj Q",
    ] {
        assert_eq!(text(unseen), [""; 0], "{unseen}");
    }
    for seen in ["BT 3 Tr /F 9 Tf 0 Tr <0024> Tj ET", "/F 9 Tf q 3 Tr Q <0024> Tj", "3 Tr /F 9 Tf /X Do", "/F 9 Tf 7 Tr <0024> '"]
    {
        assert!(text(seen).contains(&"font"), "{seen}");
    }
}

/// A glyph whose outline cannot be read is drawn as nothing.
#[test]
fn a_glyph_whose_outline_is_damaged_is_named() {
    let whole = fs::read("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").unwrap();
    let entry = whole.windows(4).position(|tag| tag == b"glyf").unwrap();
    let mut cut = whole.clone();
    cut[entry + 12..entry + 16].copy_from_slice(&1_000_u32.to_be_bytes());
    for (font, found) in [(whole, [""; 0].as_slice()), (cut, &["missing-glyph"])] {
        let system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /CIDToGIDMap /Identity";
        let descriptor = "/FontDescriptor << /Type /FontDescriptor /FontName /Some /Flags 4 /FontFile2 10 0 R >>";
        let below = format!("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Some {system} {descriptor} >>");
        let font_entry = format!("/Type /Font /Subtype /Type0 /BaseFont /Some /Encoding /Identity-H /DescendantFonts [{below}]");
        let mut pdf = Pdf::of_one_page(&format!("/Font << /F << {font_entry} >> >>"), b"BT /F 18 Tf 36 36 Td <0003 0024> Tj ET");
        pdf.stream(10, "", &font);
        assert_eq!(named(pdf), found);
    }
}

fn simple(font: &str) -> Pdf {
    Pdf::of_one_page(&format!("/Font << /F << /Type /Font /Subtype {font} >> >>"), b"BT /F 18 Tf 36 36 Td (abc) Tj ET")
}

pub(crate) fn composite(name: &str, encoding: &str, ordering: &str, text: &str) -> Pdf {
    let system = format!("/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 4 >>");
    let descriptor = format!("/FontDescriptor << /Type /FontDescriptor /FontName /{name} /Flags 6 >>");
    let below = format!("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} {system} {descriptor} >>");
    let font = format!("/Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /{encoding} /DescendantFonts [{below}]");
    Pdf::of_one_page(&format!("/Font << /F << {font} >> >>"), format!("BT /F 18 Tf 36 700 Td {text} Tj ET").as_bytes())
}
