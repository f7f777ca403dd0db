//! What looking at a page and drawing it take in memory, counted and not measured: whatever is on it, some tens of
//! megabytes, or it is refused.
#![allow(clippy::unwrap_used)]

#[path = "budget/pdf.rs"]
mod pdf;

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use pages::{Document, Fonts, Limits, PagesError};

use pdf::Pdf;

/// Counts what all threads hold.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every block comes from the system's allocator and goes back to it with the layout it was asked for.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(HELD.fetch_add(layout.size(), Ordering::SeqCst) + layout.size(), Ordering::SeqCst);
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::SeqCst);
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// One test at a time counts.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn an_ordinary_page_takes_its_own_pixels_and_little_more() {
    let text: String = (0..60).fold(String::new(), |mut text, line| {
        write!(text, "1 0 0 1 40 {} Tm (A line of a contract that is read by both) Tj ", 800 - 12 * line).unwrap();
        text
    });
    let helvetica = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
    assert_drawn_within(24, Pdf::of_one_page(helvetica, format!("BT /F 10 Tf {text} ET").as_bytes()));
}

#[test]
fn lines_across_the_page_are_drawn_in_bands() {
    assert_drawn_within(48, Pdf::of_one_page("", "0 0 m 595 842 l S ".repeat(6_000).as_bytes()));
}

#[test]
fn areas_over_one_another_are_drawn_in_bands() {
    assert_drawn_within(48, Pdf::of_one_page("", "0 0 595 842 re f ".repeat(2_000).as_bytes()));
}

#[test]
fn glyphs_in_thousands_of_sizes_are_not_kept() {
    let text = (0..8_000).fold(String::new(), |mut text, nth| {
        write!(text, "/F {}.{nth:04} Tf 1 0 0 1 {} {} Tm (a) Tj ", 30 + nth / 1_000, nth % 400, nth * 7 % 800).unwrap();
        text
    });
    let helvetica = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
    assert_drawn_within(48, Pdf::of_one_page(helvetica, format!("BT {text} ET").as_bytes()));
}

#[test]
fn patterns_as_large_as_the_page_are_drawn_in_bands() {
    let mut pdf =
        Pdf::of_one_page("/Pattern << /P 10 0 R >>", format!("/Pattern cs /P scn {}", "0 0 595 842 re f ".repeat(20)).as_bytes());
    let tile =
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 600 850] /XStep 600 /YStep 850 /Resources << >>";
    pdf.stream(10, tile, b"1 0 0 rg 0 0 300 300 re f");
    assert_drawn_within(48, pdf);
}

#[test]
fn soft_masks_are_drawn_in_bands() {
    let names: String = (0..12).map(|mask| format!("/G{mask} << /SMask << /S /Luminosity /G {} 0 R >> >> ", 10 + mask)).collect();
    let content: String = (0..12).map(|mask| format!("/G{mask} gs 0 0 595 842 re f ")).collect();
    let mut pdf = Pdf::of_one_page(&format!("/ExtGState << {names} >>"), content.as_bytes());
    for mask in 0..12 {
        let group = "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /CS /DeviceGray >>";
        pdf.stream(10 + mask, group, format!("0.{mask} g 0 0 595 842 re f").as_bytes());
    }
    assert_drawn_within(48, pdf);
}

#[test]
fn a_tile_within_a_tile_is_drawn() {
    let mut pdf = Pdf::of_one_page("/Pattern << /P 10 0 R >>", b"/Pattern cs /P scn 0 0 595 842 re f");
    let tile = "/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 60 60] /XStep 60 /YStep 60";
    pdf.stream(10, &format!("{tile} /Resources << /Pattern << /P 11 0 R >> >>"), b"/Pattern cs /P scn 0 0 60 60 re f");
    pdf.stream(11, &format!("{tile} /Resources << >>"), b"1 0 0 rg 0 0 30 30 re f");
    assert_drawn_within(48, pdf);
}

/// Nobody looked through this one first.
#[test]
fn a_picture_of_more_samples_than_are_drawn_is_refused_by_drawing_itself() {
    let mut pdf = Pdf::of_one_page("/XObject << /I 10 0 R >>", b"q 595 0 0 842 0 0 cm /I Do Q");
    let head = "/Type /XObject /Subtype /Image /Width 90000 /Height 90000 /BitsPerComponent 8 /ColorSpace /DeviceGray";
    pdf.packed_stream(10, head, &[0; 1_000]);
    let document = Document::open(pdf.finish(), &Limits::default()).unwrap();
    let (drawn, most) = held(|| document.draw(0, 1_440, &Fonts::built_in()));
    assert_eq!(drawn, Err(PagesError::TooManyPixels { pixels: 8_100_000_000, limit: 40_000_000 }));
    assert!(most < 4 * MIB, "{most}");
}

#[test]
fn a_page_too_long_to_be_drawn_is_refused_by_looking_through_it() {
    let found = |height: u32| {
        let mut pdf = Pdf::of_one_page("", b"");
        pdf.object(1_000, &format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 {height}] /Contents 4 0 R >>"));
        pages::inspect(pdf.finish(), &Limits::default(), &Fonts::built_in())
    };
    assert!(found(1_900).unwrap().undrawable.is_empty());
    assert!(matches!(found(2_000), Err(PagesError::TooManyPixels { .. })));
}

fn assert_drawn_within(mebibytes: usize, pdf: Pdf) {
    let bytes = pdf.finish();
    let document = Document::open(bytes, &Limits::default()).unwrap();
    let (found, most) = held(|| document.inspect(&Fonts::built_in()));
    assert!(found.unwrap().undrawable.is_empty());
    assert!(most < 16 * MIB, "looked through with {most}");
    let (drawn, most) = held(|| document.draw(0, 1_440, &Fonts::built_in()));
    assert_eq!(drawn.unwrap().width, 1_440);
    assert!(most < mebibytes * MIB, "drawn with {most}");
}

/// The most that `work` holds at a time.
fn held<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let before = HELD.load(Ordering::SeqCst);
    MOST.store(before, Ordering::SeqCst);
    let result = work();
    (result, MOST.load(Ordering::SeqCst).saturating_sub(before))
}

const MIB: usize = 1024 * 1024;
