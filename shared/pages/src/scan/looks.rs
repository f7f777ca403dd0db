//! Notes and fields that readers draw in different ways, although they have an appearance. Measured with poppler, PDFium,
//! MuPDF and pdf.js.

use hayro::hayro_syntax::content::UntypedIter;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect, Stream};

use super::annotation::{has_no_area, inherited};
use super::field;
use super::length::unfolded_length;
use super::unfold::Lengths;

/// Whatever it shows.
pub(super) fn varies(annotation: &Dict<'_>) -> bool {
    let kind = annotation.get::<Name<'_>>("Subtype");
    if kind.as_deref() == Some(b"Popup") {
        return false;
    }
    let hides_for_some = annotation.get::<u32>("F").unwrap_or(0) & INVISIBLE != 0 && !has_no_area(annotation);
    hides_for_some
        || !is_placed(annotation)
        || (kind.as_deref() == Some(b"Highlight") && !is_highlighted_where_it_stands(annotation))
}

fn is_placed(annotation: &Dict<'_>) -> bool {
    let Some(corners) = annotation.get::<Array<'_>>("Rect") else { return false };
    corners.iter::<f32>().count() == 4 && corners.raw_iter().count() == 4
}

/// Whether all draw this appearance, and Firefox the same value.
pub(super) fn are_told(annotation: &Dict<'_>, appearance: &Stream<'_>, known: &Lengths) -> bool {
    let is_box = inherited(annotation, "FT").and_then(Object::into_name).is_some_and(|kind| kind.as_ref() == b"Btn")
        && inherited(annotation, "Ff").and_then(Object::into_i32).unwrap_or(0) & PUSH_BUTTON == 0;
    // PDFium shows a box by its states alone; pdf.js stretches what has no area.
    let frame = appearance.dict().get::<Rect>("BBox");
    let is_flat = frame.is_some_and(|frame| frame.width() == 0.0 || frame.height() == 0.0) && !has_no_area(annotation);
    // MuPDF draws none of links.
    let is_link = annotation.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Link");
    let is_seen_by_all = !is_box && !(is_flat && !is_empty(appearance)) && (!is_link || is_frame(appearance, known));
    is_seen_by_all && field::shows_its_value(annotation, appearance, known)
}

pub(super) fn has_ground(widget: &Dict<'_>) -> bool {
    let look = widget.get::<Dict<'_>>("MK");
    !has_no_area(widget)
        && look.and_then(|look| look.get::<Array<'_>>("BG")).is_some_and(|ground| ground.raw_iter().next().is_some())
}

/// Poppler and pdf.js draw it from its corners in its colour: somewhere else, or so dark that nothing can be read below.
fn is_highlighted_where_it_stands(annotation: &Dict<'_>) -> bool {
    let Some(corners) = annotation.get::<Array<'_>>("QuadPoints") else { return !annotation.contains_key("QuadPoints") };
    let Some(rect) = annotation.get::<Rect>("Rect") else { return false };
    let corners: Vec<f64> = corners.iter::<f32>().map(f64::from).collect();
    let is_within = |point: &[f64]| match point {
        [x, y] => (rect.x0 - MARGIN..=rect.x1 + MARGIN).contains(x) && (rect.y0 - MARGIN..=rect.y1 + MARGIN).contains(y),
        _ => false,
    };
    corners.chunks(2).all(is_within) && is_light(annotation)
}

fn is_light(annotation: &Dict<'_>) -> bool {
    let Some(color) = annotation.get::<Array<'_>>("C") else { return true };
    let parts: Vec<f32> = color.iter::<f32>().collect();
    match parts.as_slice() {
        [gray] => *gray >= DARKEST,
        [red, green, blue] => red.max(*green).max(*blue) >= DARKEST,
        [cyan, magenta, yellow, black] => 1.0 - cyan.min(*magenta).min(*yellow) - black >= DARKEST,
        _ => true,
    }
}

/// Lines alone, as around many links.
fn is_frame(appearance: &Stream<'_>, known: &Lengths) -> bool {
    let Some(content) = unfolded_length(appearance, LONGEST_FRAME, known).and_then(|_| appearance.decoded_data().ok()) else {
        return false;
    };
    let mut instructions = UntypedIter::new(&content);
    while let Some(instruction) = instructions.next() {
        let operator: &[u8] = instruction.operator;
        if !OPERATORS_OF_FRAMES.contains(&operator) {
            return false;
        }
    }
    true
}

fn is_empty(appearance: &Stream<'_>) -> bool {
    appearance.raw_data().iter().all(u8::is_ascii_whitespace)
}

const LONGEST_FRAME: u64 = 4_096;
const OPERATORS_OF_FRAMES: [&[u8]; 21] = [
    b"q", b"Q", b"cm", b"w", b"J", b"j", b"M", b"d", b"i", b"RG", b"G", b"K", b"re", b"m", b"l", b"c", b"h", b"S", b"s", b"n",
    b"gs",
];
/// In points: a highlight has round ends.
const MARGIN: f64 = 8.0;
/// A pen's colour.
const DARKEST: f32 = 0.4;
const INVISIBLE: u32 = 1;
/// ISO 32000-2, table 229.
const PUSH_BUTTON: i32 = 1 << 16;
