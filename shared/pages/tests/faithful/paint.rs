//! Images, colours, tiles, masks and glyphs that are content.

use super::named;
use super::pdf::Pdf;

#[test]
fn an_image_with_another_for_the_printer_is_named() {
    let image = |entries: &str| {
        let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", b"/I Do");
        pdf.stream(10, &format!("{IMAGE} {entries}"), b"a");
        named(pdf)
    };
    assert_eq!(image(""), [""; 0]);
    assert_eq!(image("/Alternates [<< /Image 10 0 R /DefaultForPrinting true >>]"), ["printed-only"]);
    assert_eq!(image("/OPI << /2.0 << /F (other.tif) >> >>"), ["external-content"]);
}

/// The renderer leaves them out: poppler and others draw them.
#[test]
fn an_image_in_a_glyph_or_tile_without_colors_is_named() {
    for (start, found) in [("9 0 d0", [""; 0].as_slice()), ("9 0 0 0 9 9 d1", &["image"]), ("", &["image"])] {
        let glyph = format!("{start} 9 0 0 9 0 0 cm /I Do");
        assert_eq!(named(type3("", &glyph, "/XObject << /I 11 0 R >>", "0 Tr")), found, "{start}");
    }
    for (kind, found) in [(1, [""; 0].as_slice()), (2, &["image"])] {
        assert_eq!(
            named(tile(&format!("/PaintType {kind} /XStep 9 /YStep 9 /Resources << /XObject << /I 11 0 R >> >>"), "/I Do")),
            found
        );
    }
}

#[test]
fn a_glyph_with_resources_of_its_own_is_named() {
    assert_eq!(named(type3("/Resources << >>", "9 0 d0 0 0 9 9 re f", "", "0 Tr")), ["font"]);
}

/// The mode in which text is drawn says nothing of glyphs that are content.
#[test]
fn glyphs_that_are_content_in_invisible_text_are_named() {
    assert_eq!(named(type3("", "9 0 d0 0 0 9 9 re f", "", "3 Tr")), ["font"]);
}

#[test]
fn a_tile_that_the_renderer_leaves_out_is_named() {
    assert_eq!(named(tile("/PaintType 1 /XStep 9 /YStep 9 /Resources << >>", "0 0 5 5 re f")), [""; 0]);
    for entries in
        ["/PaintType 1 /YStep 9 /Resources << >>", "/PaintType 1 /XStep 0 /YStep 9 /Resources << >>", "/XStep 9 /YStep 9"]
    {
        assert_eq!(named(tile(entries, "0 0 5 5 re f")), ["pattern"], "{entries}");
    }
    // It takes no resources from the page.
    assert_eq!(named(tile("/PaintType 1 /XStep 9 /YStep 9", "/I Do")), ["missing-resource"]);
}

/// They are interpreted at another time than the page.
#[test]
fn characters_without_a_glyph_are_named_in_tiles_and_masks_and_glyphs() {
    let text = "BT /F 9 Tf (\\200) Tj ET";
    let font = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding << /Differences [128 /nothing] >> >> >>";
    let tile = tile(&format!("/PaintType 1 /XStep 9 /YStep 9 /Resources << {font} >>"), text);
    assert_eq!(named(tile), ["missing-glyph"]);
    assert_eq!(named(type3("", &format!("9 0 d0 {text}"), font, "0 Tr")), ["missing-glyph"]);
    let mut masked = Pdf::of_one_page("/ExtGState << /G << /SMask << /S /Alpha /G 10 0 R >> >> >>", b"/G gs 0 0 9 9 re f");
    masked.stream(10, &format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << {font} >>"), text.as_bytes());
    assert_eq!(named(masked), ["missing-glyph"]);
}

#[test]
fn a_mask_of_light_without_a_space_for_its_colors_is_named() {
    let mask = |group: &str| {
        let mut pdf = Pdf::of_one_page("/ExtGState << /G << /SMask << /S /Luminosity /G 10 0 R >> >> >>", b"/G gs 0 0 9 9 re f");
        pdf.stream(
            10,
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Group << /S /Transparency {group} >>"),
            b"1 g 0 0 9 9 re f",
        );
        named(pdf)
    };
    assert_eq!(mask("/CS /DeviceGray"), [""; 0]);
    assert_eq!(mask(""), ["soft-mask"]);
}

#[test]
fn spaces_that_would_turn_the_colors_of_devices_into_others_are_named() {
    let spaces = |space: &str| named(Pdf::of_one_page(&format!("/ColorSpace << /DefaultGray {space} >>"), b"0 g 0 0 9 9 re f"));
    assert_eq!(spaces("[/CalGray << /WhitePoint [1 1 1] >>]"), [""; 0]);
    assert_eq!(spaces("[/Indexed /DeviceGray 1 <FF00>]"), ["color-space"]);
    assert_eq!(spaces("[/Separation /Ink /DeviceGray << /FunctionType 2 /Domain [0 1] /N 1 >>]"), ["color-space"]);
    let tint = |function: &str| {
        named(Pdf::of_one_page(
            &format!("/ColorSpace << /C [/Separation /Ink /DeviceGray {function}] >>"),
            b"/C cs 1 scn 0 0 9 9 re f",
        ))
    };
    assert_eq!(tint("<< /FunctionType 2 /Domain [0 1] /N 1 >>"), [""; 0]);
    assert_eq!(tint("<< /FunctionType 9 /Domain [0 1] >>"), ["color-space"]);
}

fn type3(entries: &str, glyph: &str, resources: &str, mode: &str) -> Pdf {
    let font =
        "/Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 97 /LastChar 97 /Widths [9]";
    let font = format!("{font} /Encoding << /Differences [97 /a] >> /CharProcs << /a 10 0 R >> /Resources << {resources} >>");
    let text = format!("BT /F 18 Tf {mode} 36 36 Td (a) Tj ET");
    let mut pdf = Pdf::of_one_page(&format!("/Font << /F << {font} >> >>"), text.as_bytes());
    pdf.stream(10, entries, glyph.as_bytes());
    pdf.stream(11, IMAGE, b"a");
    pdf
}

fn tile(entries: &str, content: &str) -> Pdf {
    let mut pdf = Pdf::of_one_page(
        "/Pattern << /P 10 0 R >> /ColorSpace << /C [/Pattern /DeviceGray] >> /XObject << /I 11 0 R >>",
        b"/C cs 0 /P scn 0 0 99 99 re f",
    );
    pdf.stream(10, &format!("/Type /Pattern /PatternType 1 /TilingType 1 /BBox [0 0 9 9] {entries}"), content.as_bytes());
    pdf.stream(11, IMAGE, b"a");
    pdf
}

const IMAGE: &str = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray";
