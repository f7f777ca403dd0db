//! What is built to cost time or memory is refused by name, and large ordinary documents are not.

mod functions;
mod patterns;
mod pdf;
mod sizes;

use pages::{Fonts, Inspection, Limits, PagesError, inspect};

use pdf::{Pdf, packed};

#[test]
fn forms_that_name_each_other_over_and_over_are_refused() {
    for (depth, times) in [(23, 3), (5, 60), (20, 2)] {
        let mut pdf = Pdf::of_one_page("/XObject << /X 10 0 R >>", b"/X Do");
        for level in 10..10 + depth {
            let inner = if level + 1 < 10 + depth { format!("/XObject << /X {} 0 R >>", level + 1) } else { String::new() };
            let content = if inner.is_empty() { "0 0 1 1 re f".to_owned() } else { "/X Do ".repeat(times) };
            pdf.stream(level, &form(&inner), content.as_bytes());
        }
        assert!(is_too_much(looked_through(pdf)), "{times} in each, {depth} deep");
    }
}

#[test]
fn a_form_within_itself_is_refused() {
    let mut pdf = Pdf::of_one_page("/XObject << /X 10 0 R >>", b"/X Do");
    // What has no resources of its own takes those of the page.
    pdf.stream(10, "/Type /XObject /Subtype /Form /BBox [0 0 600 850]", b"/X Do /X Do");
    assert_eq!(named(looked_through(pdf)), ["nested-too-deep"]);
}

#[test]
fn many_pages_of_one_long_content_are_refused() {
    let mut pdf = Pdf::of_pages(500, "", b"");
    pdf.packed_stream(4, "", &b"0 0 1 1 re f ".repeat(300_000));
    assert!(is_too_much(looked_through(pdf)));
}

#[test]
fn a_soft_mask_counts_for_every_image_that_it_lies_over() {
    let resources = "/ExtGState << /G << /SMask << /S /Alpha /G 10 0 R >> >> >> /XObject << /I 11 0 R >>";
    let page = |images: usize| {
        let mut pdf = Pdf::of_one_page(resources, &[b"/G gs ".as_slice(), &b"/I Do ".repeat(images)].concat());
        pdf.stream(10, &form(""), &b"0 0 1 1 re f ".repeat(2_000));
        pdf.stream(11, &image(1, 1, "/DeviceGray"), b"0");
        looked_through(pdf)
    };
    assert!(named(page(100)).is_empty());
    assert!(is_too_much(page(20_000)));
}

#[test]
fn a_soft_mask_counts_wherever_it_is_set() {
    let mut pdf = Pdf::of_one_page("/ExtGState << /G << /SMask << /S /Alpha /G 10 0 R >> >> >>", &b"/G gs ".repeat(100_000));
    pdf.packed_stream(10, &form(""), &b" ".repeat(2_000_000));
    assert!(is_too_much(looked_through(pdf)));
}

/// What lies over what is kept by the rasterizer until the page is complete.
#[test]
fn a_page_that_is_painted_over_and_over_is_refused() {
    let page = |content: String| looked_through(Pdf::of_one_page("", content.as_bytes()));
    let over = |times: usize| page("0 0 595 842 re f ".repeat(times));
    let lines = |count: usize, length: usize| {
        let places = (0..count).map(|nth| (nth * 7 % 590, nth * 13 % 840));
        page(places.map(|(x, y)| format!("{x} {y} m {} {} l S ", (x + length) % 595, (y + length) % 842)).collect())
    };
    assert!(named(over(500)).is_empty());
    assert!(is_too_much(over(20_000)));
    assert!(named(lines(100_000, 4)).is_empty(), "a plan");
    assert!(is_too_much(lines(100_000, 400)));
    assert!(is_too_much(page(format!("[0.1 0.1] 0 d {}", "0 9 m 595 9 l S ".repeat(2_000)))), "dashes");
    assert!(is_too_much(page("[1] 0 d 0 9 m 30000000 9 l S".to_owned())), "dashes beside the page");
}

/// No bands make one path smaller.
#[test]
fn a_path_that_never_ends_is_refused() {
    let path = |segments: usize| {
        looked_through(Pdf::of_one_page("", format!("0 0 m {}S", "9 9 l 0 0 l ".repeat(segments / 2)).as_bytes()))
    };
    assert!(named(path(50_000)).is_empty());
    assert!(is_too_much(path(150_000)), "when it is painted");
    assert!(is_too_much(path(300_000)), "while it is read");
}

#[test]
fn glyphs_as_large_as_the_page_count_as_areas() {
    let glyph = "/Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 97 \
                 /LastChar 97 /Widths [1000] /Encoding << /Differences [97 /a] >> /CharProcs << /a 10 0 R >>";
    let helvetica = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica";
    for font in [glyph, helvetica] {
        let shown = |size: usize, times: usize| {
            let text = format!("BT /F {size} Tf {} ET", "1 0 0 1 0 9 Tm (a) Tj ".repeat(times));
            let mut pdf = Pdf::of_one_page(&format!("/Font << /F << {font} >> >>"), text.as_bytes());
            pdf.stream(10, "", b"1000 0 d0 0 0 1000 1000 re f");
            looked_through(pdf)
        };
        assert!(named(shown(9, 20_000)).is_empty());
        assert!(named(shown(600, 20)).is_empty());
        assert!(is_too_much(shown(600, 20_000)));
    }
}

/// Each time its samples are kept anew.
#[test]
fn an_image_that_is_drawn_over_and_over_is_refused() {
    let times = |times: usize| {
        let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", &b"q 9 0 0 9 0 0 cm /I Do Q ".repeat(times));
        pdf.packed_stream(10, &image(1_000, 1_000, "/DeviceRGB"), &vec![0; 3_000_000]);
        looked_through(pdf)
    };
    assert!(named(times(20)).is_empty());
    assert!(is_too_much(times(200)));
}

/// Drawing interprets them each time.
#[test]
fn glyphs_that_are_content_count_each_time() {
    let shown = |operators: usize, times: usize| {
        let glyph =
            "/Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 /Widths [1]";
        let font = format!("{glyph} /Encoding << /Differences [97 /a] >> /CharProcs << /a 10 0 R >>");
        let text = format!("BT /F 9 Tf ({}) Tj ET", "a".repeat(times));
        let mut pdf = Pdf::of_one_page(&format!("/Font << /F << {font} >> >>"), text.as_bytes());
        pdf.packed_stream(10, "", &[b"9 0 d0 ".as_slice(), &b"0 0 1 1 re f ".repeat(operators)].concat());
        looked_through(pdf)
    };
    assert!(named(shown(20, 20_000)).is_empty());
    assert!(is_too_much(shown(10_000, 1_000)));
    assert!(is_too_much(shown(200, 20_000)));
}

/// The machine's font is read anew for each.
#[test]
fn many_names_of_japanese_fonts_that_are_not_in_the_document_are_refused() {
    let names = |count: usize| {
        let below =
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /M /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) >> >>";
        let font = |name: usize| {
            format!(
                "/F{name} << /Type /Font /Subtype /Type0 /BaseFont /M{name} /Encoding /Identity-H /DescendantFonts [{below}] >> "
            )
        };
        let text: String = (0..count).map(|name| format!("/F{name} 9 Tf ")).collect();
        let fonts: String = (0..count).map(font).collect();
        looked_through(Pdf::of_one_page(&format!("/Font << {fonts} >>"), text.as_bytes()))
    };
    assert!(!is_too_much(names(12)));
    assert!(is_too_much(names(100)));
}

#[test]
fn glyphs_and_fonts_that_are_large_count() {
    let text = [b"BT /F 9 Tf (".as_slice(), &b"a".repeat(7_000_000), b") Tj ET"].concat();
    let mut pdf = Pdf::of_one_page("/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>", b"");
    pdf.packed_stream(4, "", &text);
    assert!(is_too_much(looked_through(pdf)));

    let mut pdf = Pdf::of_one_page("/Font << /F 10 0 R >>", b"BT /F 9 Tf (a) Tj ET");
    pdf.object(10, "<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor << /FontFile2 11 0 R >> >>");
    pdf.packed_stream(11, "", &vec![0; 30_000_000]);
    assert!(is_too_much(looked_through(pdf)));
}

#[test]
fn content_that_unfolds_too_far_is_refused_whatever_its_filter() {
    let ascii = |packed: &[u8]| packed.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes();
    let bomb = packed(&vec![b' '; 30_000_000]);
    for (filter, content) in [
        ("/FlateDecode", bomb.clone()),
        ("[/ASCIIHexDecode /FlateDecode]", ascii(&bomb)),
        ("/LZWDecode", pdf::lzw_of_zeros(30_000_000)),
    ] {
        let mut pdf = Pdf::of_one_page("", b"");
        pdf.stream(4, &format!("/Filter {filter}"), &content);
        assert!(is_too_much(looked_through(pdf)), "{filter}");
    }
}

#[test]
fn ordinary_filters_of_content_are_read() {
    let text = b"0 0 1 1 re f ".repeat(2_000);
    let hexadecimal: String = packed(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut pdf = Pdf::of_one_page("", b"");
    pdf.stream(4, "/Filter [/ASCIIHexDecode /FlateDecode]", hexadecimal.as_bytes());
    assert!(named(looked_through(pdf)).is_empty());
    let mut pdf = Pdf::of_one_page("", b"");
    pdf.stream(4, "/Filter /LZWDecode", &pdf::lzw_of_zeros(100_000));
    assert!(named(looked_through(pdf)).is_empty());
}

/// Readers do not mind a wrong checksum at the end, or its absence.
#[test]
fn a_font_that_is_damaged_at_its_end_is_read() {
    let mut state = 1_u32;
    let samples: Vec<u8> = (0..60_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    let whole = packed(&samples);
    for lost in [1, 4, 100] {
        let (kept, _) = whole.split_at(whole.len() - lost);
        let mut pdf = Pdf::of_one_page("/Font << /F 10 0 R >>", b"BT /F 9 Tf (a) Tj ET");
        pdf.object(10, "<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor << /FontFile2 11 0 R >> >>");
        pdf.stream(11, "/Filter /FlateDecode", &[kept, &vec![0; lost]].concat());
        assert!(looked_through(pdf).is_ok());
    }
}

/// A colour scan of 600 dots per inch.
#[test]
fn a_large_scan_is_drawn_on_each_of_many_pages() {
    let mut pdf = Pdf::of_pages(300, "/XObject << /I 10 0 R >>", b"q 595 0 0 842 0 0 cm /I Do Q");
    pdf.packed_stream(10, &image(4_960, 7_016, "/DeviceRGB"), &vec![0; 4_960 * 7_016 * 3]);
    assert!(named(looked_through(pdf)).is_empty());
}

#[test]
fn an_image_that_cannot_begin_is_named_however_large_it_says_it_is() {
    for side in [10, 6_000] {
        for filter in ["/FlateDecode", "/DCTDecode", "/JPXDecode", "[/FlateDecode /DCTDecode]"] {
            let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", b"/I Do");
            pdf.stream(10, &format!("{} /Filter {filter}", image(side, side, "/DeviceRGB")), b"");
            assert_eq!(named(looked_through(pdf)), ["image"], "{filter} {side}");
        }
    }
}

/// Colours of each sample by a program of three thousand operators, the longest that is drawn at all.
#[test]
fn colors_of_samples_are_not_computed() {
    let space = "[/Separation /S /DeviceRGB 11 0 R]";
    let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", b"/I Do");
    let samples: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
    pdf.packed_stream(10, &image(1_000, 1_000, space), &samples);
    let program = format!("{{ {} dup dup }}", "dup mul sqrt ".repeat(1_000));
    pdf.stream(11, "/FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1]", program.as_bytes());
    assert!(named(looked_through(pdf)).is_empty());
}

fn looked_through(pdf: Pdf) -> Result<Inspection, PagesError> {
    inspect(pdf.finish(), &Limits::default(), &Fonts::built_in())
}

fn is_too_much(found: Result<Inspection, PagesError>) -> bool {
    matches!(found, Err(PagesError::TooMuchContent { .. } | PagesError::InflatesTooFar { .. }))
}

fn named(found: Result<Inspection, PagesError>) -> Vec<&'static str> {
    let mut codes: Vec<_> = found.unwrap().undrawable.iter().map(|entry| entry.construct.code()).collect();
    codes.dedup();
    codes
}

fn form(resources: &str) -> String {
    format!("/Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << {resources} >>")
}

fn image(width: usize, height: usize, space: &str) -> String {
    format!("/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace {space}")
}
