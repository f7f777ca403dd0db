//! What painting a page takes: the rasterizer keeps what a page is made of until it is complete.
//!
//! Measured at the width that a page is read in. A unit is what a stroke leaves in four pixels, or an area in a row of a
//! thousand: some 25 bytes, and 40 to 120 nanoseconds.

use hayro::hayro_interpret::{BlendMode, DrawMode, DrawProps, Image, ImageDrawProps, Paint};
use hayro::kurbo::{Affine, BezPath, ParamCurveArclen, PathSeg, Rect, Shape};

/// The page, and what is on it so far.
pub(super) struct Ink {
    /// In pixels.
    page: Rect,
    scale: f64,
    spent: f64,
}

impl Ink {
    pub(super) fn on(page: Rect) -> Self {
        let scale = WIDTH / page.width().max(1.0);
        Self { page: page.scale_from_origin(scale), scale, spent: 0.0 }
    }

    /// Of content whose place is not known, nothing is said.
    pub(super) fn nowhere() -> Self {
        Self { page: Rect::ZERO, scale: 0.0, spent: 0.0 }
    }

    pub(super) fn is_too_much(&self) -> bool {
        self.spent > MOST
    }

    pub(super) fn path(&mut self, path: &BezPath, props: &DrawProps<'_>, mode: &DrawMode) {
        let blending = if matches!(props.blend_mode, BlendMode::Normal) { 1.0 } else { OF_BLENDING };
        let painting = if matches!(props.paint, Paint::Color(_)) { 1.0 } else { OF_PATTERN };
        let transform = Affine::scale(self.scale) * props.transform;
        self.spent += OF_AN_OPERATION;
        if let DrawMode::Fill(_) | DrawMode::FillAndStroke(..) = mode {
            self.spent += self.area(transform.transform_rect_bbox(path.bounding_box())) * blending * painting;
            self.spent += self.outline(path, transform);
        }
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode {
            let period = f64::from(stroke.dash_array.iter().sum::<f32>());
            let dashes = if period > 0.0 { path.segments().map(|it| length(it) / period).sum() } else { 0.0 };
            self.spent += 2.0 * self.outline(path, transform) + dashes * OF_A_DASH;
        }
    }

    pub(super) fn clip(&mut self, path: &BezPath) {
        self.spent += OF_AN_OPERATION + self.outline(path, Affine::scale(self.scale));
    }

    pub(super) fn image(&mut self, image: &Image<'_, '_>, props: &ImageDrawProps<'_>) {
        let (width, height) = match image {
            Image::Raster(raster) => (raster.width(), raster.height()),
            Image::Stencil(stencil) => (stencil.width(), stencil.height()),
        };
        let (width, height) = (f64::from(width), f64::from(height));
        let transform = Affine::scale(self.scale) * props.transform;
        let place = transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        self.spent += self.area(place) * OF_SAMPLING + width * height * OF_A_SAMPLE;
    }

    /// An outline, in thousandths of the size of its font.
    pub(super) fn outlined_glyph(&mut self, transform: Affine) {
        let place = (Affine::scale(self.scale) * transform).transform_rect_bbox(EM);
        let seen = place.intersect(self.page);
        let edges = 4.0 * (seen.width().max(0.0) + seen.height().max(0.0)) / PIXELS_OF_AN_EDGE;
        self.spent += OF_A_GLYPH + edges + self.area(place);
    }

    /// For a glyph that is content, at [`SIZE_TO_MEASURE`] and wherever it reaches.
    pub(super) fn to_measure() -> Self {
        Self { page: Rect::from_center_size((0.0, 0.0), (4.0 * WIDTH, 4.0 * WIDTH)), scale: 1.0, spent: 0.0 }
    }

    pub(super) fn is_measured(&self) -> bool {
        self.scale > 0.0
    }

    pub(super) fn spent(&self) -> f64 {
        self.spent
    }

    /// What was measured at one size, at another.
    pub(super) fn measured_glyph(&mut self, measured: f64, transform: Affine) {
        let [a, b, c, d, ..] = (Affine::scale(self.scale) * transform).as_coeffs();
        let size = a.hypot(b).max(c.hypot(d)) / SIZE_TO_MEASURE;
        self.spent += OF_A_GLYPH.max(measured * if size > 1.0 { size * size } else { size });
    }

    pub(super) fn group(&mut self) {
        self.spent += OF_A_GROUP;
    }

    /// Along its edges, as far as they can be on the page.
    fn outline(&self, path: &BezPath, transform: Affine) -> f64 {
        let seen = |segment: PathSeg| {
            let around = (transform * segment).bounding_box();
            let seen = around.inflate(1.0, 1.0).intersect(self.page);
            let most = 2.0 * (seen.width().max(0.0) + seen.height().max(0.0));
            1.0 + if most > 0.0 { length(transform * segment).min(most) / PIXELS_OF_AN_EDGE } else { 0.0 }
        };
        path.segments().map(seen).sum()
    }

    fn area(&self, place: Rect) -> f64 {
        let seen = place.intersect(self.page);
        (seen.width().max(0.0) / TILE_WIDTH + 1.0) * (seen.height().max(0.0) / TILE_HEIGHT + 1.0)
    }
}

fn length(segment: PathSeg) -> f64 {
    match segment {
        PathSeg::Line(line) => (line.p1 - line.p0).hypot(),
        curve => curve.arclen(1.0),
    }
}

/// In pixels: as wide as pages are shown for reading.
const WIDTH: f64 = 1440.0;

/// Some 600 MB and two seconds, or three scans of 600 dots per inch over one another. The dearest of 6,005 pages of other
/// projects has seven million.
const MOST: f64 = 24_000_000.0;

const TILE_WIDTH: f64 = 256.0;
const TILE_HEIGHT: f64 = 4.0;
const PIXELS_OF_AN_EDGE: f64 = 4.0;
const OF_AN_OPERATION: f64 = 4.0;
const OF_A_DASH: f64 = 4.0;
const OF_A_GLYPH: f64 = 30.0;
const OF_A_GROUP: f64 = 500.0;

/// Four bytes each.
const OF_A_SAMPLE: f64 = 0.2;

/// As often as an area of one colour.
const OF_SAMPLING: f64 = 16.0;
const OF_BLENDING: f64 = 10.0;
const OF_PATTERN: f64 = 32.0;

/// Twenty pixels.
pub(super) const SIZE_TO_MEASURE: f64 = 0.02;

const EM: Rect = Rect::new(0.0, -200.0, 1_000.0, 800.0);
