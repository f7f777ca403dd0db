use std::fs;
use std::io::Cursor;
use std::path::Path;

use pages::{Document, Fonts, Limits, PageImage, PagesError, draw};

#[test]
fn a_page_has_the_width_asked_for_and_its_own_shape() {
    let page = drawn("practice-contract.pdf", 595);
    assert_eq!((page.width, page.height), (595, 842));
}

#[test]
fn the_same_page_is_the_same_picture() {
    assert_eq!(drawn("practice-contract.pdf", 200), drawn("practice-contract.pdf", 200));
}

#[test]
fn a_rotated_page_stands_upright() {
    let page = drawn("practice-rotated.pdf", 140);
    assert_eq!((page.width, page.height), (140, 200));
    // The line that starts 36 points from the left edge now starts at the top.
    let ink = ink_box(&page);
    assert!(ink.top > 30 && ink.top < 42, "{ink:?}");
    assert!(ink.right - ink.left < ink.bottom - ink.top, "{ink:?}");
}

#[test]
fn a_cropped_page_shows_its_crop_only() {
    let page = drawn("practice-cropped.pdf", 100);
    assert_eq!((page.width, page.height), (100, 50));
    let ink = ink_box(&page);
    assert!(ink.left > 14 && ink.left < 20, "{ink:?}");
}

#[test]
fn a_folded_stream_is_drawn_like_a_plain_one() {
    assert_eq!(drawn("practice-unfolds.pdf", 200), drawn("practice-link.pdf", 200));
}

#[test]
fn a_link_without_an_appearance_has_its_frame() {
    let page = drawn("practice-link-frame.pdf", 200);
    let ink = ink_box(&page);
    assert_eq!((ink.left, ink.top, ink.right, ink.bottom), (20, 80, 119, 119), "{ink:?}");
}

#[test]
fn pictures_over_the_limit_are_refused_before_they_are_drawn() {
    let limits = Limits { max_pixels: 1_000, ..Limits::default() };
    let refused = draw(&vector("practice-link.pdf"), 0, 200, &limits, &Fonts::built_in());
    assert_eq!(refused, Err(PagesError::TooManyPixels { pixels: 28_000, limit: 1_000 }));
}

#[test]
fn a_page_that_is_not_there_is_said_so() {
    let refused = draw(&vector("practice-link.pdf"), 1, 200, &Limits::default(), &Fonts::built_in());
    assert_eq!(refused, Err(PagesError::NoSuchPage { page: 1 }));
}

#[test]
fn documents_over_the_limits_are_not_opened() {
    let open = |limits: Limits| Document::open(vector("practice-contract.pdf"), &limits).err();
    let pages = Limits { max_pages: 1, ..Limits::default() };
    assert_eq!(open(pages), Some(PagesError::TooManyPages { pages: 2, limit: 1 }));
    let bytes = Limits { max_inflated_bytes: 1_000, ..Limits::default() };
    assert_eq!(open(bytes), Some(PagesError::InflatesTooFar { limit: 1_000 }));
    let objects = Limits { max_objects: 3, ..Limits::default() };
    assert!(matches!(open(objects), Some(PagesError::TooManyObjects { limit: 3, .. })));
}

#[test]
fn what_is_not_a_pdf_is_unreadable() {
    for bytes in [&b""[..], b"hello", b"%PDF-1.7\n%%EOF\n"] {
        let refused = Document::open(bytes.to_vec(), &Limits::default()).err();
        assert_eq!(refused, Some(PagesError::Unreadable));
    }
}

#[derive(Debug)]
struct InkBox {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// The smallest box around everything that is darker than the paper.
fn ink_box(page: &PageImage) -> InkBox {
    let mut reader = png::Decoder::new(Cursor::new(&page.png)).read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut samples).unwrap();
    let width = usize::try_from(page.width).unwrap();
    let pixels = samples.chunks_exact(frame.color_type.samples());
    let dark = pixels.enumerate().filter(|(_, pixel)| pixel.iter().any(|sample| *sample < 128));
    let places: Vec<_> = dark.map(|(index, _)| (index % width, index / width)).collect();
    InkBox {
        left: places.iter().map(|place| place.0).min().unwrap(),
        top: places.iter().map(|place| place.1).min().unwrap(),
        right: places.iter().map(|place| place.0).max().unwrap(),
        bottom: places.iter().map(|place| place.1).max().unwrap(),
    }
}

fn drawn(name: &str, width: u32) -> PageImage {
    draw(&vector(name), 0, width, &Limits::default(), &Fonts::built_in()).unwrap()
}

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pdf").join(name)).unwrap()
}
