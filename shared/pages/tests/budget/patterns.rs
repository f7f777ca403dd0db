//! Patterns are painted for the place that they fill before they are seen there.

use super::pdf::Pdf;
use super::{form, is_too_much, looked_through, named};

#[test]
fn tiles_count_as_often_as_they_are_painted() {
    let tile = |step: &str, below: Option<usize>| {
        let resources = below.map_or(String::new(), |below| format!("/Pattern << /P {below} 0 R >>"));
        format!(
            "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 600 850] /XStep {step} /YStep {step} /Resources << {resources} >>"
        )
    };
    let stepping = |step: &str| {
        let mut pdf = Pdf::of_one_page("/Pattern << /P 10 0 R >>", b"/Pattern cs /P scn 0 0 595 842 re f");
        pdf.stream(10, &tile(step, None), b"0 0 300 300 re f");
        looked_through(pdf)
    };
    assert!(named(stepping("300")).is_empty());
    assert!(is_too_much(stepping("0.1")), "tens of millions");
    let nested = |depth: usize| {
        let mut pdf = Pdf::of_one_page("/Pattern << /P 10 0 R >>", b"/Pattern cs /P scn 0 0 595 842 re f");
        let painted = "/Pattern cs /P scn ".to_owned() + &"0 0 600 850 re f ".repeat(3);
        (10..10 + depth).for_each(|level| pdf.stream(level, &tile("850", Some(level + 1)), painted.as_bytes()));
        pdf.stream(10 + depth, &tile("850", None), b"0 0 300 300 re f");
        looked_through(pdf)
    };
    assert!(named(nested(1)).is_empty());
    assert!(is_too_much(nested(6)), "three times within each other, six deep");
}

/// Every point of each triangle and patch is computed, whatever lies over it.
#[test]
fn gradients_of_meshes_count_by_the_points_that_they_cover() {
    let triangles = |size: u8, count: u8| (0..count).flat_map(move |nth| triangle(nth, size)).collect();
    let mesh = |kind: u8, data: Vec<u8>| {
        let mut pdf = Pdf::of_one_page("/Shading << /S 10 0 R >>", b"/S sh");
        let head = format!("/ShadingType {kind} /ColorSpace /DeviceGray /BitsPerCoordinate 8 /BitsPerComponent 8 /BitsPerFlag 8");
        pdf.stream(10, &format!("{head} /Decode [0 595 0 842 0 1]"), &data);
        looked_through(pdf)
    };
    assert!(named(mesh(4, triangles(9, 200))).is_empty());
    assert!(is_too_much(mesh(4, triangles(255, 200))), "each as large as the page");
    let patch = |size: u8| {
        let around = [(0, 0), (0, 1), (0, 2), (0, 3), (1, 3), (2, 3), (3, 3), (3, 2), (3, 1), (3, 0), (2, 0), (1, 0)];
        let points = around.into_iter().flat_map(move |(x, y)| [x * size, y * size]);
        std::iter::once(0).chain(points).chain([0, 99, 0, 99]).collect::<Vec<u8>>()
    };
    assert!(named(mesh(6, patch(20))).is_empty());
    assert!(is_too_much(mesh(6, patch(85))), "held in memory for the whole page");
}

fn triangle(nth: u8, size: u8) -> Vec<u8> {
    let corner = |x: u8, y: u8| [0, nth.saturating_add(x), nth.saturating_add(y), nth];
    [corner(0, 0), corner(size, 0), corner(0, size)].concat()
}

/// A calculator is asked for each pixel or sample.
#[test]
fn functions_that_give_each_pixel_its_colour_count_by_their_length() {
    let shading = |operators: usize, content: &[u8]| {
        let shading = "<< /ShadingType 1 /ColorSpace /DeviceGray /Domain [0 595 0 842] /Function 10 0 R >>";
        let mut pdf = Pdf::of_one_page(&format!("/Shading << /S {shading} >>"), content);
        let function = format!("{{ pop 595 div {}}}", "dup sin pop ".repeat(operators));
        pdf.stream(10, "/FunctionType 4 /Domain [0 595 0 842] /Range [0 1]", function.as_bytes());
        looked_through(pdf)
    };
    assert!(named(shading(5, b"/S sh")).is_empty());
    assert!(is_too_much(shading(500, b"/S sh")));
    assert!(named(shading(500, b"q 0 0 50 50 re W n /S sh Q")).is_empty(), "a small place");
    let inks = |operators: usize| {
        let space = "[/DeviceN [/A /B] /DeviceGray 11 0 R]";
        let head = format!("/Type /XObject /Subtype /Image /Width 1000 /Height 1000 /BitsPerComponent 8 /ColorSpace {space}");
        let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", b"/I Do");
        pdf.packed_stream(10, &head, &vec![7; 2_000_000]);
        let function = format!("{{ pop {}}}", "dup sin pop ".repeat(operators));
        pdf.stream(11, "/FunctionType 4 /Domain [0 1 0 1] /Range [0 1]", function.as_bytes());
        looked_through(pdf)
    };
    assert!(named(inks(20)).is_empty());
    assert!(is_too_much(inks(500)));
}

#[test]
fn dashes_of_letters_count() {
    let text = |dashes: &str| {
        let helvetica = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
        let content = format!("{dashes} BT /F 300 Tf 1 Tr {}ET", "1 0 0 1 0 200 Tm (abcdefgh) Tj ".repeat(100));
        looked_through(Pdf::of_one_page(helvetica, content.as_bytes()))
    };
    assert!(named(text("[20] 0 d")).is_empty());
    assert!(is_too_much(text("[0.1] 0 d")));
}

/// The page is painted anew for each.
#[test]
fn soft_masks_count_as_pages() {
    let masks = |count: usize| {
        let names: String =
            (0..count).map(|mask| format!("/G{mask} << /SMask << /S /Alpha /G {} 0 R >> >> ", 10 + mask)).collect();
        let content: String = (0..count).map(|mask| format!("/G{mask} gs 0 0 9 9 re f ")).collect();
        let mut pdf = Pdf::of_one_page(&format!("/ExtGState << {names} >>"), content.as_bytes());
        for mask in 0..count {
            pdf.stream(10 + mask, &form(""), b"0 0 9 9 re f");
        }
        looked_through(pdf)
    };
    assert!(named(masks(60)).is_empty());
    assert!(is_too_much(masks(300)));
}

#[test]
fn patterns_behind_stencils_count_as_pages() {
    let stencils = |set: &str, times: usize| {
        let content = format!("{set} q 9 0 0 9 0 0 cm {}Q", "/I Do ".repeat(times));
        let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >> /Pattern << /P 11 0 R >>", content.as_bytes());
        pdf.stream(10, "/Type /XObject /Subtype /Image /Width 8 /Height 1 /ImageMask true /BitsPerComponent 1", b"a");
        let tile = "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << >>";
        pdf.stream(11, tile, b"0 0 5 5 re f");
        looked_through(pdf)
    };
    assert!(named(stencils("/Pattern cs /P scn", 10)).is_empty());
    assert!(is_too_much(stencils("/Pattern cs /P scn", 11)));
    assert!(named(stencils("", 2_000)).is_empty());
}
