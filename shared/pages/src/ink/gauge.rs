use std::collections::{HashMap, HashSet};
use std::mem;

use hayro::hayro_interpret::font::{Glyph, GlyphRun, Type3Glyph};
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Rect};

use super::{Ink, SIZE_TO_MEASURE};

/// A device that draws nothing, and weighs what it would draw.
pub(crate) struct Gauge {
    pub(crate) ink: Ink,
    pub(crate) glyphs: MeasuredGlyphs,
    masks: HashSet<u128>,
    variety: Variety,
    /// Of the image that has most.
    samples: u64,
}

/// What painting glyphs takes whose content is in the document, by their keys.
pub(crate) type MeasuredGlyphs = HashMap<u128, f64>;

/// Glyphs in how many sizes: the renderer keeps a picture of each.
#[derive(Default)]
struct Variety {
    seen: HashSet<(u128, [u64; 3])>,
    pixels: f64,
}

impl Gauge {
    pub(crate) fn of(ink: Ink, glyphs: MeasuredGlyphs) -> Self {
        Self { ink, glyphs, masks: HashSet::new(), variety: Variety::default(), samples: 0 }
    }

    pub(crate) fn samples(&self) -> u64 {
        self.samples
    }

    /// Whether there is room for a picture of each glyph in each size.
    pub(crate) fn has_few_sizes(&self) -> bool {
        self.variety.pixels < MOST_PIXELS_OF_GLYPHS
    }

    pub(crate) fn run<'a>(&mut self, run: &GlyphRun<'_, 'a>, props: &DrawProps<'a>, mode: &DrawMode) {
        let is_seen = !matches!(mode, DrawMode::Invisible);
        let mut place: Option<Rect> = None;
        for positioned in run.glyphs() {
            let transform = props.transform * positioned.transform();
            match &**positioned {
                Glyph::Outline(outline) if is_seen => {
                    let own = self.ink.outlined_glyph(transform);
                    place = Some(place.map_or(own, |place| place.union(own)));
                    self.variety.add(outline.identifier().cache_key(), self.ink.on_screen(transform));
                }
                Glyph::Outline(_) => {}
                Glyph::Type3(glyph) => match self.measured(glyph, &props.paint) {
                    Some(measured) => self.ink.measured_glyph(measured, transform),
                    None => place = Some(self.ink.outlined_glyph(transform)),
                },
            }
        }
        if let (Some(place), Paint::Pattern(_)) = (place, &props.paint) {
            self.ink.pattern(place);
        }
    }

    pub(crate) fn image(&mut self, image: &Image<'_, '_>, props: &ImageDrawProps<'_>) {
        self.samples = self.samples.max(u64::from(image.width()).saturating_mul(image.height().into()));
        self.ink.image(image, props);
    }

    /// Whether it is met for the first time; its content is painted then.
    pub(crate) fn mask(&mut self, mask: &SoftMask<'_>) -> bool {
        let is_new = self.ink.is_measured() && self.masks.insert(mask.cache_key());
        if is_new {
            self.ink.mask();
        }
        is_new
    }

    /// Each interpreted once; `None` for more than old documents have.
    fn measured<'a>(&mut self, glyph: &Type3Glyph<'a>, paint: &Paint<'a>) -> Option<f64> {
        let key = glyph.cache_key();
        if let Some(measured) = self.glyphs.get(&key) {
            return Some(*measured);
        }
        if self.glyphs.len() >= MOST_GLYPHS_MEASURED || !self.ink.is_measured() {
            return None;
        }
        // One that shows itself.
        self.glyphs.insert(key, 0.0);
        let outer = mem::replace(&mut self.ink, Ink::to_measure());
        glyph.interpret(self, Affine::IDENTITY, Affine::scale(SIZE_TO_MEASURE), paint);
        let measured = mem::replace(&mut self.ink, outer).time;
        self.glyphs.insert(key, measured);
        Some(measured)
    }
}

impl<'a> Device<'a> for Gauge {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.set(props.soft_mask.as_ref());
        self.run(run, &props, mode);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.set(props.soft_mask.as_ref());
        self.image(&image, &props);
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.set(props.soft_mask.as_ref());
        self.ink.path(path, &props, mode);
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.ink.group();
        self.set(mask.as_ref());
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.ink.clip(&clip.path);
    }

    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

impl Gauge {
    fn set(&mut self, mask: Option<&SoftMask<'_>>) {
        if let Some(mask) = mask.filter(|mask| self.mask(mask)) {
            mask.interpret(self);
        }
    }
}

impl Variety {
    fn add(&mut self, glyph: u128, on_screen: Affine) {
        let [a, b, c, d, ..] = on_screen.as_coeffs();
        let em = (1_000.0 * a.hypot(b).max(c.hypot(d))).min(MOST_OF_A_PICTURE);
        if self.pixels < MOST_PIXELS_OF_GLYPHS && self.seen.insert((glyph, [a, b, d].map(f64::to_bits))) {
            self.pixels += PLACES * em * em + PIXELS_OF_AN_OUTLINE;
        }
    }
}

/// Ten fonts of two hundred glyphs.
const MOST_GLYPHS_MEASURED: usize = 2_000;

/// Eight megabytes.
const MOST_PIXELS_OF_GLYPHS: f64 = 2_000_000.0;

/// Larger ones are drawn anew each time.
const MOST_OF_A_PICTURE: f64 = 128.0;

/// Between two pixels, of the four that the renderer knows.
const PLACES: f64 = 2.0;

/// Four kilobytes.
const PIXELS_OF_AN_OUTLINE: f64 = 1_000.0;
