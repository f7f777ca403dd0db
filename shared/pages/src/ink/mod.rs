//! What painting a page takes: the rasterizer keeps what a page is made of until it is complete.
//!
//! A unit is what a stroke leaves in four pixels, or an area in a row of a thousand: some 25 bytes, and 40 to 120
//! nanoseconds. Memory is counted where on the page it is needed, so that a page that needs much is drawn in bands.

mod bands;
mod gauge;
mod rows;

pub(crate) use bands::Band;
pub(crate) use gauge::{Gauge, MeasuredGlyphs};

use hayro::hayro_interpret::{BlendMode, DrawMode, DrawProps, Image, ImageDrawProps, Paint};
use hayro::kurbo::{Affine, BezPath, ParamCurveArclen, PathSeg, Rect, Shape};

use rows::Rows;

/// The page, and what is on it so far.
pub(crate) struct Ink {
    /// In pixels.
    page: Rect,
    scale: f64,
    /// Of a page that is drawn at once.
    time: f64,
    /// Of each further band: what was found to lie elsewhere.
    again: f64,
    memory: Rows,
    /// Of one operation, given back when it is done.
    passing: f64,
}

impl Ink {
    /// A page of this size, drawn so many pixels wide.
    pub(crate) fn on(page: Rect, width: u16) -> Self {
        let scale = f64::from(width) / page.width().max(1.0);
        let page = page.scale_from_origin(scale);
        Self { page, scale, time: 0.0, again: 0.0, memory: Rows::of(page), passing: 0.0 }
    }

    /// Of content whose place is not known, nothing is said.
    pub(crate) fn nowhere() -> Self {
        Self { page: Rect::ZERO, scale: 0.0, time: 0.0, again: 0.0, memory: Rows::of(Rect::ZERO), passing: 0.0 }
    }

    /// Whether it takes seconds, or more memory than bands can save. `steps` are those of reading the page.
    pub(crate) fn is_too_much(&self, steps: u64, most_steps: u64) -> bool {
        let further = self.memory.bands().saturating_sub(1);
        let time = self.time + self.again * f64::from(further);
        time > MOST
            || self.passing > MOST_PASSING
            || self.memory.is_too_much()
            || steps.saturating_mul(further.into()) > most_steps
    }

    pub(crate) fn path(&mut self, path: &BezPath, props: &DrawProps<'_>, mode: &DrawMode) {
        let blending = if matches!(props.blend_mode, BlendMode::Normal) { 1.0 } else { OF_BLENDING };
        let transform = self.on_screen(props.transform);
        self.spend(OF_AN_OPERATION);
        let place = transform.transform_rect_bbox(path.bounding_box());
        self.memory.spread(place, OF_AN_OPERATION);
        if let DrawMode::Fill(_) | DrawMode::FillAndStroke(..) = mode {
            self.area(place, blending);
            self.outline(path, transform, 1.0);
        }
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode {
            let period = f64::from(stroke.dash_array.iter().sum::<f32>());
            let dashes = if period > 0.0 { path.segments().map(|it| length(it) / period).sum() } else { 0.0 };
            self.outline(path, transform, 2.0);
            self.spend(dashes * OF_A_DASH);
            self.pass(dashes * PASSING_OF_A_DASH);
            self.memory.spread(place, dashes * OF_A_DASH);
        }
        if !matches!(props.paint, Paint::Color(_)) {
            self.pattern(place);
        }
    }

    pub(crate) fn clip(&mut self, path: &BezPath) {
        self.spend(OF_AN_OPERATION);
        self.outline(path, Affine::scale(self.scale), 1.0);
    }

    pub(crate) fn image(&mut self, image: &Image<'_, '_>, props: &ImageDrawProps<'_>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let transform = self.on_screen(props.transform);
        let place = transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        let [a, b, c, d, ..] = transform.as_coeffs();
        let kept = (width * a.hypot(b).min(1.0)).ceil() * (height * c.hypot(d).min(1.0)).ceil();
        self.spend(self.tiles(place) * OF_SAMPLING);
        self.spend(width * height * OF_A_SAMPLE);
        self.memory.keep(place, kept * OF_A_PIXEL);
    }

    /// An outline, in thousandths of the size of its font. Says where it lies.
    pub(crate) fn outlined_glyph(&mut self, transform: Affine) -> Rect {
        let place = self.on_screen(transform).transform_rect_bbox(EM);
        let seen = place.intersect(self.page);
        let edges = 4.0 * (seen.width().max(0.0) + seen.height().max(0.0)) / PIXELS_OF_AN_EDGE;
        let units = OF_A_GLYPH + edges + self.tiles(place);
        self.time += units;
        self.again += OF_A_GLYPH;
        self.memory.spread(place, units);
        place
    }

    /// For a glyph that is content, at [`SIZE_TO_MEASURE`] and wherever it reaches.
    fn to_measure() -> Self {
        let page = Rect::from_center_size((0.0, 0.0), (4.0 * f64::from(READING_WIDTH), 4.0 * f64::from(READING_WIDTH)));
        Self { page, scale: 1.0, ..Self::nowhere() }
    }

    fn on_screen(&self, transform: Affine) -> Affine {
        Affine::scale(self.scale) * transform
    }

    fn is_measured(&self) -> bool {
        self.scale > 0.0
    }

    /// What was measured at one size, at another.
    fn measured_glyph(&mut self, measured: f64, transform: Affine) {
        let transform = self.on_screen(transform);
        let [a, b, c, d, ..] = transform.as_coeffs();
        let size = a.hypot(b).max(c.hypot(d)) / SIZE_TO_MEASURE;
        let units = OF_A_GLYPH.max(measured * if size > 1.0 { size * size } else { size });
        self.spend(units);
        self.memory.spread(transform.transform_rect_bbox(EM), units);
    }

    pub(crate) fn group(&mut self) {
        self.time += OF_A_GROUP;
        self.again += MEMORY_OF_A_GROUP;
        self.memory.spread(self.page, MEMORY_OF_A_GROUP);
    }

    /// One that is met for the first time: the page is painted anew for it, and its light kept. Those of glyphs are
    /// counted by whoever walks them.
    pub(crate) fn mask(&mut self) {
        let pixels = if self.memory.is_empty() { 0.0 } else { self.page.area() };
        self.time += pixels * TIME_OF_A_MASK;
        self.memory.spread(self.page, pixels * OF_A_PIXEL / 2.0);
    }

    /// Along its edges, as far as they can be on the page.
    fn outline(&mut self, path: &BezPath, transform: Affine, edges: f64) {
        let mut segments = 0.0;
        for segment in path.segments() {
            let segment = transform * segment;
            let around = segment.bounding_box().inflate(1.0, 1.0);
            let seen = around.intersect(self.page);
            let most = 2.0 * (seen.width().max(0.0) + seen.height().max(0.0));
            let units = edges * if most > 0.0 { length(segment).min(most) / PIXELS_OF_AN_EDGE } else { 0.0 };
            self.time += units;
            self.memory.spread(around, edges + units);
            segments += edges;
        }
        self.spend(segments);
        self.pass(segments * PASSING_OF_AN_EDGE);
    }

    fn area(&mut self, place: Rect, blending: f64) {
        let tiles = self.tiles(place);
        self.time += tiles * blending;
        self.memory.spread(place, tiles * blending);
    }

    /// What one looks like where it is seen is painted and kept.
    pub(crate) fn pattern(&mut self, place: Rect) {
        let seen = place.intersect(self.page);
        self.time += self.tiles(place) * OF_PATTERN;
        self.memory.spread(seen, seen.area() * OF_A_PIXEL);
    }

    fn tiles(&self, place: Rect) -> f64 {
        let seen = place.intersect(self.page);
        (seen.width().max(0.0) / TILE_WIDTH + 1.0) * (seen.height().max(0.0) / TILE_HEIGHT + 1.0)
    }

    /// Wherever on the page it is.
    fn spend(&mut self, units: f64) {
        self.time += units;
        self.again += units;
    }

    fn pass(&mut self, units: f64) {
        self.passing = self.passing.max(units);
    }
}

fn length(segment: PathSeg) -> f64 {
    match segment {
        PathSeg::Line(line) => (line.p1 - line.p0).hypot(),
        curve => curve.arclen(1.0),
    }
}

/// In pixels: as wide as pages are shown for reading.
pub(crate) const READING_WIDTH: u16 = 1440;

/// Two seconds, or three scans of 600 dots per inch over one another. The dearest of 6,005 pages of other projects has
/// seven million.
const MOST: f64 = 24_000_000.0;

/// Twenty megabytes.
const MOST_PASSING: f64 = 800_000.0;

const TILE_WIDTH: f64 = 256.0;
const TILE_HEIGHT: f64 = 4.0;
const PIXELS_OF_AN_EDGE: f64 = 4.0;
const OF_AN_OPERATION: f64 = 4.0;
const OF_A_DASH: f64 = 4.0;
const OF_A_GLYPH: f64 = 30.0;
const OF_A_GROUP: f64 = 500.0;
const MEMORY_OF_A_GROUP: f64 = 100.0;

/// A path is unfolded to what its stroke looks like before it is seen where it lies.
const PASSING_OF_A_DASH: f64 = 14.0;
const PASSING_OF_AN_EDGE: f64 = 4.0;

/// Four bytes each.
const OF_A_SAMPLE: f64 = 0.2;
const OF_A_PIXEL: f64 = 0.16;

/// Fifteen milliseconds for a page.
const TIME_OF_A_MASK: f64 = 0.06;

/// As often as an area of one colour.
const OF_SAMPLING: f64 = 16.0;
const OF_BLENDING: f64 = 10.0;
const OF_PATTERN: f64 = 48.0;

/// Twenty pixels.
const SIZE_TO_MEASURE: f64 = 0.02;

const EM: Rect = Rect::new(0.0, -200.0, 1_000.0, 800.0);
