//! Numbers in small files that stand for much.

use super::pdf::Pdf;
use super::{is_too_much, looked_through, named};

#[test]
fn a_font_that_gives_a_width_to_four_milliards_of_characters_is_refused() {
    let font = |widths: &str| {
        let mut pdf = Pdf::of_one_page("/Font << /F 10 0 R >>", b"BT /F 12 Tf <0001> Tj ET");
        pdf.object(10, "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [11 0 R] >>");
        let system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>";
        pdf.object(
            11,
            &format!("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A {system} {widths} /FontDescriptor 12 0 R >>"),
        );
        pdf.object(12, "<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 13 0 R >>");
        pdf.stream(13, "", b"no font");
        looked_through(pdf)
    };
    for widths in ["0 4294967295 500 ", "7 [500] 0 65535 500 ", "0 65535 500 "] {
        assert!(is_too_much(font(&format!("/W [{}]", widths.repeat(1_000)))), "{widths}");
    }
    assert!(is_too_much(font("/W2 [1 [500 0 0] 0 4294967295 500 0 0]")));
    assert!(!is_too_much(font("/W [0 65535 500 1 [600 700] 4 9 300] /W2 [0 65535 500 0 0]")));
}

#[test]
fn a_mesh_of_a_million_corners_is_refused() {
    let mesh = |kind: u8, bytes: usize| {
        let mut pdf = Pdf::of_one_page("/Shading << /S 10 0 R >>", b"/S sh");
        let bits = "/BitsPerCoordinate 8 /BitsPerComponent 8 /BitsPerFlag 8 /VerticesPerRow 2 /Decode [0 9 0 9 0 1]";
        pdf.packed_stream(10, &format!("/ShadingType {kind} /ColorSpace /DeviceGray {bits}"), &vec![0; bytes]);
        looked_through(pdf)
    };
    for kind in 4..=7 {
        assert!(is_too_much(mesh(kind, 3_000_000)), "{kind}");
        assert!(named(mesh(kind, 3_000)).is_empty(), "{kind}");
    }
}

#[test]
fn an_image_whose_parts_are_far_larger_than_itself_is_refused() {
    let image = |parts: &[(u8, Vec<u32>)]| {
        let mut data = Vec::new();
        for (number, (kind, sizes)) in (0_u32..).zip(parts) {
            let body: Vec<u8> = sizes.iter().flat_map(|size| size.to_be_bytes()).chain([0; 40]).collect();
            data.extend([&number.to_be_bytes()[..], &[*kind, 0, 1], &u32::try_from(body.len()).unwrap().to_be_bytes()].concat());
            data.extend(body);
        }
        let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", b"/I Do");
        let entries = "/Width 1000 /Height 1000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode";
        pdf.stream(10, &format!("/Type /XObject /Subtype /Image {entries}"), &data);
        named(looked_through(pdf))
    };
    let page = (48, vec![1_000, 1_000]);
    assert_eq!(image(&[page.clone(), (38, vec![60_000, 60_000])]), ["image"]);
    assert_eq!(image(&[page.clone(), (38, vec![u32::MAX, u32::MAX])]), ["image"]);
    assert_eq!(image(&[(48, vec![60_000, 60_000]), (38, vec![1_000, 1_000])]), ["image"]);
    let mut many = vec![page];
    many.resize(200, (38, vec![1_000, 1_000]));
    assert_eq!(image(&many), ["image"]);
}
