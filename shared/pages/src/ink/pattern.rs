//! What patterns take: each is painted for the place that it fills before it is seen there.

use std::mem;

use hayro::hayro_interpret::CacheKey;
use hayro::hayro_interpret::pattern::{Pattern, ShadingPattern, TilingPattern};
use hayro::hayro_interpret::shading::{ShadingType, Triangle};
use hayro::kurbo::{Affine, Point, Rect};

use super::{Gauge, Ink};

impl Gauge {
    /// Filling a place, in pixels.
    pub(super) fn pattern(&mut self, pattern: &Pattern<'_>, place: Rect) {
        self.ink.filled(place);
        match pattern {
            Pattern::Shading(shading) => {
                self.ink.mesh(shading);
                if let Some(bytes) = self.functions.get(&shading.shading.cache_key()) {
                    self.ink.computed(shading, *bytes, place);
                }
            }
            Pattern::Tiling(tile) => {
                let units = self.tile(tile) * copies(tile, self.ink.seen(place));
                self.ink.texture(units);
            }
        }
    }

    /// Each measured once, like glyphs that are content.
    fn tile(&mut self, tile: &TilingPattern<'_>) -> f64 {
        let [a, b, c, d, ..] = self.ink.on_screen(tile.matrix).as_coeffs();
        let key = (tile.cache_key(), [a, b, c, d].map(f64::to_bits));
        if let Some(known) = self.tiles.get(&key) {
            return *known;
        }
        // One within itself.
        self.tiles.insert(key, 0.0);
        let corner = Affine::new([a, b, c, d, 0.0, 0.0]) * Affine::translate((-tile.bbox.x0, -tile.bbox.y0));
        let outer = mem::replace(&mut self.ink, Ink::to_measure());
        let _ = tile.interpret(self, corner, false);
        let measured = mem::replace(&mut self.ink, outer).time;
        self.tiles.insert(key, measured);
        measured
    }
}

impl Ink {
    /// A mesh is unfolded to its points before, wherever they are.
    fn mesh(&mut self, shading: &ShadingPattern) {
        let transform = self.on_screen(shading.matrix);
        let mut points = Points::default();
        match &*shading.shading.shading_type {
            ShadingType::TriangleMesh { triangles, .. } => {
                triangles.iter().for_each(|it| points.add_triangle(corners(it), transform));
            }
            ShadingType::CoonsPatchMesh { patches, .. } => {
                patches.iter().for_each(|it| points.add_patch(it.control_points, transform));
            }
            ShadingType::TensorProductPatchMesh { patches, .. } => {
                patches.iter().for_each(|it| points.add_patch(it.control_points, transform));
            }
            _ => {}
        }
        self.spend(points.visits * OF_A_VISIT + points.triangles * OF_A_TRIANGLE);
        let covered = points.covered.min(points.place.map_or(0.0, |place| place.area()));
        self.pass(covered * PASSING_OF_A_POINT + points.triangles * PASSING_OF_A_TRIANGLE);
    }

    /// Colours that are computed for each pixel anew, along a line for few of them.
    fn computed(&mut self, shading: &ShadingPattern, bytes: u64, place: Rect) {
        if !matches!(*shading.shading.shading_type, ShadingType::RadialAxial { .. }) {
            self.time += place.intersect(self.page).area() * (bytes_of(bytes) + BYTES_OF_CALLING) / BYTES_OF_A_UNIT;
        }
    }

    fn texture(&mut self, units: f64) {
        self.time += units;
        self.again += units / 4.0;
        self.pass(units / TIME_BESIDE_MEMORY);
    }
}

fn bytes_of(bytes: u64) -> f64 {
    u32::try_from(bytes).map_or(f64::INFINITY, f64::from)
}

/// Of a mesh, so far.
#[derive(Default)]
struct Points {
    visits: f64,
    covered: f64,
    triangles: f64,
    place: Option<Rect>,
}

impl Points {
    /// Every second point around it lies in it.
    fn add_triangle(&mut self, corners: [Point; 3], transform: Affine) {
        let around = self.add(corners, transform);
        self.visits += around;
        self.covered += around / 2.0;
        self.triangles += 1.0;
    }

    fn add_patch(&mut self, corners: impl IntoIterator<Item = Point>, transform: Affine) {
        let around = self.add(corners, transform);
        self.visits += around * VISITS_OF_A_PATCH;
        self.covered += around;
        self.triangles += TRIANGLES_OF_A_PATCH;
    }

    /// The area around it.
    fn add(&mut self, corners: impl IntoIterator<Item = Point>, transform: Affine) -> f64 {
        let corners = corners.into_iter().map(|corner| transform * corner);
        let around = corners.map(|corner| Rect::from_points(corner, corner)).reduce(|one, other| one.union(other));
        let around = around.unwrap_or_default().inflate(1.0, 1.0).intersect(COORDINATES);
        self.place = Some(self.place.map_or(around, |place| place.union(around)));
        around.area()
    }
}

fn corners(triangle: &Triangle) -> [Point; 3] {
    [triangle.p0.point, triangle.p1.point, triangle.p2.point]
}

/// How often a tile is painted for a place: once and with what reaches into it, or as often as it is seen.
fn copies(tile: &TilingPattern<'_>, seen: Rect) -> f64 {
    let area = tile.matrix.inverse().transform_rect_bbox(seen);
    let along = |step: f32, cell: f64, visible: f64| {
        let step = f64::from(step.abs());
        let reach = if visible >= step { cell } else { cell + visible };
        (reach / step).ceil().max(1.0)
    };
    along(tile.x_step, tile.bbox.width(), area.width()) * along(tile.y_step, tile.bbox.height(), area.height())
}

/// Pixels that have a place at all.
const COORDINATES: Rect = Rect::new(0.0, 0.0, 65_535.0, 65_535.0);

/// A patch is divided into triangles, each looked at where it may be.
const TRIANGLES_OF_A_PATCH: f64 = 722.0;
const VISITS_OF_A_PATCH: f64 = 3.0;
const OF_A_VISIT: f64 = 0.6;
const OF_A_TRIANGLE: f64 = 1.0;

/// Where it is not known what takes the time.
const TIME_BESIDE_MEMORY: f64 = 8.0;

/// A fifth of a page is the most.
const PASSING_OF_A_POINT: f64 = 1.25;
const PASSING_OF_A_TRIANGLE: f64 = 4.0;

/// A function takes as long as so many of its bytes, whatever it does.
const BYTES_OF_CALLING: f64 = 150.0;
const BYTES_OF_A_UNIT: f64 = 108.0;
