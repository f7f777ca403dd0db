//! The QR of a session page, taken off the page as a camera would: drawn, then decoded.

use resvg::{tiny_skia, usvg};

/// Draws the first `<svg …>` of `html` that carries the class or id `marker`, as PNG.
///
/// # Errors
/// Says what is missing when the page has no such picture or it cannot be drawn.
pub fn picture_in(html: &str, marker: &str) -> Result<Vec<u8>, String> {
    let svg = svg_with(html, marker).ok_or("the page shows no QR")?;
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).map_err(|problem| problem.to_string())?;
    let mut canvas = tiny_skia::Pixmap::new(u32::from(SIDE), u32::from(SIDE)).ok_or("no canvas")?;
    canvas.fill(tiny_skia::Color::WHITE);
    let scale = f32::from(SIDE) / tree.size().width();
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut canvas.as_mut());
    canvas.encode_png().map_err(|problem| problem.to_string())
}

/// The text that a camera reads off the picture.
///
/// # Errors
/// When the picture holds no QR that can be decoded.
pub fn decode(png: &[u8]) -> Result<String, String> {
    let picture = image::load_from_memory(png).map_err(|problem| problem.to_string())?.to_luma8();
    let mut prepared = rqrr::PreparedImage::prepare(picture);
    let grids = prepared.detect_grids();
    let grid = grids.first().ok_or("no QR in the picture")?;
    grid.decode().map(|(_, text)| text).map_err(|problem| problem.to_string())
}

fn svg_with<'a>(html: &'a str, marker: &str) -> Option<&'a str> {
    html.match_indices("<svg").find_map(|(start, _)| {
        let rest = html.get(start..)?;
        let end = rest.find("</svg>")? + "</svg>".len();
        let svg = rest.get(..end)?;
        svg.get(..svg.find('>')?)?.contains(marker).then_some(svg)
    })
}

/// The picture's side in pixels: large enough for every module to be several pixels wide.
const SIDE: u16 = 800;
