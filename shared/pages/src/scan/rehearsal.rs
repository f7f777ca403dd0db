//! Interprets a page as drawing does, and looks at what would be drawn.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::font::{Glyph, GlyphRun, Type3Glyph};
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterWarning, Paint, RenderContent, SoftMask, interpret, interpret_page,
};
use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Rect};

use super::ink::{Ink, SIZE_TO_MEASURE};
use super::part::Part;
use super::{Findings, glyph, picture};
use crate::{Construct, Fonts};

/// The page with its contents, and what is interpreted by itself; `cache` is that of the document.
pub(super) fn rehearse<'a>(
    (page, content, parts): (&'a Page<'a>, &[u8], &[Part<'a>]),
    cache: &InterpreterCache<'a>,
    fonts: &Fonts,
    findings: &mut Findings,
) {
    let font_failed = Arc::new(AtomicBool::new(false));
    let mut settings = fonts.settings();
    let told = Arc::clone(&font_failed);
    settings.warning_sink = Arc::new(move |warning| {
        if matches!(warning, InterpreterWarning::UnsupportedFont) {
            told.store(true, Ordering::Relaxed);
        }
    });
    let (width, height) = page.render_dimensions();
    let target = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = page.initial_transform(true).to_kurbo();
    let mut stage = Stage { fonts, findings, ink: Ink::on(target) };
    let mut context = Context::new(transform, target, cache, page.xref(), settings.clone());
    interpret(TypedIter::new(content), page.resources(), &mut context, &mut stage);
    let ink = mem::replace(&mut stage.ink, Ink::nowhere());
    for part in parts {
        // What cannot be unfolded was named before.
        let Ok(content) = part.content.decoded_data() else { continue };
        let mut context = Context::new(Affine::IDENTITY, EVERYWHERE, cache, page.xref(), settings.clone());
        interpret(TypedIter::new(&content), &part.resources, &mut context, &mut stage);
    }
    stage.ink = ink;
    settings.render_content = RenderContent::ANNOTATIONS;
    let mut context = Context::new(transform, target, cache, page.xref(), settings);
    interpret_page(page, &mut context, &mut stage);
    if stage.ink.is_too_much() {
        stage.findings.work().end();
    }
    findings.refuse_unless(!font_failed.load(Ordering::Relaxed), Construct::Font);
}

/// For content whose place is not known.
const EVERYWHERE: Rect = Rect::new(-1e6, -1e6, 1e6, 1e6);

/// Ten fonts of two hundred glyphs.
const MOST_GLYPHS_MEASURED: usize = 2_000;

/// A device that draws nothing, and says what could not be drawn.
struct Stage<'f> {
    fonts: &'f Fonts,
    findings: &'f mut Findings,
    ink: Ink,
}

impl Stage<'_> {
    /// What painting a glyph takes that is content, each interpreted once for the document; `None` for more than old
    /// documents have.
    fn measured<'a>(&mut self, glyph: &Type3Glyph<'a>, paint: &Paint<'a>) -> Option<f64> {
        let key = glyph.cache_key();
        let known = &mut self.findings.work().ink_of_glyphs;
        if let Some(measured) = known.get(&key) {
            return Some(*measured);
        }
        if known.len() >= MOST_GLYPHS_MEASURED || !self.ink.is_measured() {
            return None;
        }
        // One that shows itself.
        known.insert(key, 0.0);
        let outer = mem::replace(&mut self.ink, Ink::to_measure());
        glyph.interpret(self, Affine::IDENTITY, Affine::scale(SIZE_TO_MEASURE), paint);
        let measured = mem::replace(&mut self.ink, outer).spent();
        self.findings.work().ink_of_glyphs.insert(key, measured);
        Some(measured)
    }
}

impl<'a> Device<'a> for Stage<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let is_seen = !matches!(mode, DrawMode::Invisible);
        for positioned in run.glyphs() {
            let transform = props.transform * positioned.transform();
            match &**positioned {
                Glyph::Outline(outline) if is_seen => {
                    self.ink.outlined_glyph(transform);
                    let is_drawn = glyph::is_drawn(outline, run.writing_mode(), self.fonts, self.findings.work());
                    self.findings.refuse_unless(is_drawn, Construct::MissingGlyph);
                }
                Glyph::Outline(_) => {}
                Glyph::Type3(glyph) => {
                    // Their content is seen whatever the mode says. ISO 32000-2, section 9.3.6.
                    self.findings.refuse_unless(is_seen, Construct::Font);
                    match self.measured(glyph, &props.paint) {
                        Some(measured) => self.ink.measured_glyph(measured, transform),
                        None => self.ink.outlined_glyph(transform),
                    }
                }
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.ink.image(&image, &props);
        let key = match &image {
            Image::Raster(raster) => raster.cache_key(),
            Image::Stencil(stencil) => stencil.cache_key(),
        };
        let known = self.findings.work().images.get(&key).copied();
        let is_drawn = known.unwrap_or_else(|| picture::is_drawn(&image, self.findings));
        self.findings.work().images.insert(key, is_drawn);
        self.findings.refuse_unless(is_drawn, Construct::Image);
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.ink.group();
        if let Some(mask) = mask {
            mask.interpret(self);
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.ink.path(path, &props, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.ink.clip(&clip.path);
    }

    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
