//! Interprets a page as drawing does, and looks at what would be drawn.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterWarning, RenderContent, SoftMask, interpret, interpret_page,
};
use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Rect};

use super::part::Part;
use super::{Findings, glyph, picture};
use crate::ink::{Gauge, Ink, READING_WIDTH};
use crate::{Construct, Fonts};

/// The page with its contents, and what is interpreted by itself; `cache` is that of the document. Says what painting
/// the page takes.
pub(super) fn rehearse<'a>(
    (page, content, parts): (&'a Page<'a>, &[u8], &[Part<'a>]),
    cache: &InterpreterCache<'a>,
    fonts: &Fonts,
    findings: &mut Findings,
) -> Ink {
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
    let glyphs = mem::take(&mut findings.work().ink_of_glyphs);
    let functions = mem::take(&mut findings.work().functions);
    let mut gauge = Gauge::of(Ink::on(target, READING_WIDTH), glyphs);
    gauge.functions = functions;
    let mut stage = Stage { fonts, findings, gauge };
    let mut context = Context::new(transform, target, cache, page.xref(), settings.clone());
    interpret(TypedIter::new(content), page.resources(), &mut context, &mut stage);
    let ink = mem::replace(&mut stage.gauge.ink, Ink::nowhere());
    for part in parts {
        // What cannot be unfolded was named before.
        let Ok(content) = part.content.decoded_data() else { continue };
        let mut context = Context::new(Affine::IDENTITY, EVERYWHERE, cache, page.xref(), settings.clone());
        interpret(TypedIter::new(&content), &part.resources, &mut context, &mut stage);
    }
    stage.gauge.ink = ink;
    settings.render_content = RenderContent::ANNOTATIONS;
    let mut context = Context::new(transform, target, cache, page.xref(), settings);
    interpret_page(page, &mut context, &mut stage);
    let Gauge { ink, glyphs, functions, .. } = stage.gauge;
    findings.work().ink_of_glyphs = glyphs;
    findings.work().functions = functions;
    findings.refuse_unless(!font_failed.load(Ordering::Relaxed), Construct::Font);
    ink
}

/// For content whose place is not known.
const EVERYWHERE: Rect = Rect::new(-1e6, -1e6, 1e6, 1e6);

/// A device that draws nothing, and says what could not be drawn.
struct Stage<'f> {
    fonts: &'f Fonts,
    findings: &'f mut Findings,
    gauge: Gauge,
}

impl<'a> Device<'a> for Stage<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.set(props.soft_mask.as_ref());
        self.gauge.run(run, &props, mode);
        let is_seen = !matches!(mode, DrawMode::Invisible);
        for positioned in run.glyphs() {
            match &**positioned {
                Glyph::Outline(outline) if is_seen => {
                    let is_drawn = glyph::is_drawn(outline, run.writing_mode(), self.fonts, self.findings.work());
                    self.findings.refuse_unless(is_drawn, Construct::MissingGlyph);
                    let has_its_size = glyph::has_its_size(outline, props.transform * positioned.transform());
                    self.findings.refuse_unless(has_its_size, Construct::BrokenContent);
                }
                Glyph::Outline(_) => {}
                // Their content is seen whatever the mode says. ISO 32000-2, section 9.3.6.
                Glyph::Type3(_) => self.findings.refuse_unless(is_seen, Construct::Font),
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.set(props.soft_mask.as_ref());
        self.gauge.image(&image, &props);
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
        self.gauge.ink.group();
        self.set(mask.as_ref());
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.set(props.soft_mask.as_ref());
        self.gauge.path(path, &props, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.gauge.ink.clip(&clip.path);
    }

    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

impl Stage<'_> {
    /// Once for each page; what it names was looked at before.
    fn set(&mut self, mask: Option<&SoftMask<'_>>) {
        if let Some(mask) = mask.filter(|mask| self.gauge.mask(mask)) {
            mask.interpret(self);
        }
    }
}
