//! What a page takes from above.

use hayro::hayro_syntax::object::{Array, Dict, Number, Rect};
use hayro::hayro_syntax::page::{Page, Resources, Rotation};

use super::content::identity;

/// Whether a page takes from what it says lies above it the same as from where the renderer found it, and says itself
/// how large it is and which way up. ISO 32000-2, section 7.7.3.4.
pub(super) fn is_plain(page: &Page<'_>) -> bool {
    let are_boxes = ["MediaBox", "CropBox"].iter().all(|key| holder(page, key).is_none_or(|it| has_four_corners(&it, key)));
    if !are_boxes || !has_usual_unit(page.raw()) {
        return false;
    }
    let media = holder(page, "MediaBox").and_then(|it| it.get::<Rect>("MediaBox"));
    let Some(media) = media.filter(has_area) else { return false };
    let crop = match holder(page, "CropBox") {
        Some(it) => it.get::<Rect>("CropBox"),
        None => Some(page.media_box()),
    };
    let is_same = |own: &Rect, found: Rect| [own.x0, own.y0, own.x1, own.y1] == [found.x0, found.y0, found.x1, found.y1];
    let has_same_media = is_same(&media, page.media_box());
    let has_same_crop = crop.is_some_and(|crop| is_same(&crop, page.crop_box()));
    has_same_media && has_same_crop && has_area(&page.intersected_crop_box()) && is_same_turn(page) && has_same_resources(page)
}

fn is_same_turn(page: &Page<'_>) -> bool {
    let turn = match holder(page, "Rotate") {
        // Poppler takes no number with a point.
        Some(it) => it
            .get::<i32>("Rotate")
            .filter(|turn| it.get("Rotate") == Some(Number::from_i32(*turn)))
            .map(|turn| turn.rem_euclid(360)),
        None => Some(0),
    };
    let shown = match page.rotation() {
        Rotation::None => 0,
        Rotation::Horizontal => 90,
        Rotation::Flipped => 180,
        Rotation::FlippedHorizontal => 270,
    };
    turn == Some(shown)
}

/// PDFium takes no others.
fn has_four_corners(holder: &Dict<'_>, key: &str) -> bool {
    holder.get::<Array<'_>>(key).is_some_and(|corners| corners.raw_iter().count() == 4)
}

/// MuPDF multiplies by whatever stands there.
fn has_usual_unit(page: &Dict<'_>) -> bool {
    !page.contains_key("UserUnit") || page.get::<f32>("UserUnit").is_some_and(|unit| unit > 0.0)
}

fn has_same_resources(page: &Page<'_>) -> bool {
    match holder(page, "Resources") {
        Some(it) => {
            it.get::<Dict<'_>>("Resources").is_some_and(|own| identity(&Resources::new(own)) == identity(page.resources()))
        }
        None => true,
    }
}

/// The page, or the first above it, that has the entry. What lies above is looked up anew: a page that lies directly in
/// the list of its parent does not lead back to it.
fn holder<'a>(page: &Page<'a>, key: &str) -> Option<Dict<'a>> {
    let mut node = page.raw().clone();
    for _ in 0..MAX_PARENTS {
        if node.contains_key(key) {
            return Some(node);
        }
        node = page.xref().get::<Dict<'_>>(node.get_ref("Parent")?.into())?;
    }
    None
}

fn has_area(rect: &Rect) -> bool {
    rect.width() > 0.0 && rect.height() > 0.0
}

/// Nodes above one another; a balanced tree of 500 pages has a handful.
const MAX_PARENTS: usize = 64;
