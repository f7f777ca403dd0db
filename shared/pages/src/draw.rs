use std::fmt;
use std::io::Write;

use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{Context, InterpreterCache, interpret_page};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};

use crate::ink::{Band, Gauge, Ink, MeasuredGlyphs};
use crate::link_border;
use crate::{Fonts, Limits, PageSize, PagesError};

/// A drawn page.
#[derive(Clone, PartialEq, Eq)]
pub struct PageImage {
    pub width: u32,
    pub height: u32,
    /// Eight bits a channel: RGB, or grey where a page that is drawn at once is grey throughout.
    pub png: Vec<u8>,
}

/// Says how large the picture is; the picture shows somebody's contract.
impl fmt::Debug for PageImage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PageImage({} x {})", self.width, self.height)
    }
}

pub(crate) fn draw(pdf: &Pdf, page: usize, width_px: u32, limits: &Limits, fonts: &Fonts) -> Result<PageImage, PagesError> {
    let drawn = pdf.pages().get(page).ok_or(PagesError::NoSuchPage { page })?;
    let (width, height) = canvas(size_of(drawn), width_px, limits)?;
    let gauge = weigh(drawn, width, fonts);
    if gauge.samples() > limits.max_pixels {
        return Err(PagesError::TooManyPixels { pixels: gauge.samples(), limit: limits.max_pixels });
    }
    let bands = gauge.ink.bands(width, height);
    let settings =
        RenderSettings { hinting: gauge.has_few_sizes(), glyph_caching: gauge.has_few_sizes(), ..RenderSettings::default() };
    drop(gauge);
    let brush = Brush { page: drawn, width, height, fonts, settings, cache: RenderCache::new() };
    let png = brush.paint(&bands).ok_or(PagesError::RendererGaveUp)?;
    Ok(PageImage { width: width.into(), height: height.into(), png })
}

/// What painting the page takes, so many pixels wide.
fn weigh(page: &Page<'_>, width: u16, fonts: &Fonts) -> Gauge {
    let (page_width, page_height) = page.render_dimensions();
    let target = Rect::new(0.0, 0.0, f64::from(page_width), f64::from(page_height));
    let mut gauge = Gauge::of(Ink::on(target, width), MeasuredGlyphs::new());
    let cache = InterpreterCache::new();
    let mut context = Context::new(page.initial_transform(true).to_kurbo(), target, &cache, page.xref(), fonts.settings());
    interpret_page(page, &mut context, &mut gauge);
    gauge
}

pub(crate) fn size_of(page: &Page<'_>) -> PageSize {
    let (width, height) = page.render_dimensions();
    PageSize { width: hundredths(width), height: hundredths(height) }
}

/// The width asked for, at least 1, and the height that keeps the page's shape.
pub(crate) fn canvas(size: PageSize, width_px: u32, limits: &Limits) -> Result<(u16, u16), PagesError> {
    let width = width_px.max(1);
    let (page_width, page_height) = (u64::from(size.width.max(1)), u64::from(size.height.max(1)));
    let height = (u64::from(width) * page_height).div_ceil(page_width).max(1);
    let pixels = u64::from(width).saturating_mul(height);
    let too_many = PagesError::TooManyPixels { pixels, limit: limits.max_pixels };
    if pixels > limits.max_pixels {
        return Err(too_many);
    }
    match (u16::try_from(width), u16::try_from(height)) {
        (Ok(width), Ok(height)) => Ok((width, height)),
        _ => Err(too_many),
    }
}

/// A page, and how it is painted.
struct Brush<'a> {
    page: &'a Page<'a>,
    width: u16,
    height: u16,
    fonts: &'a Fonts,
    settings: RenderSettings,
    cache: RenderCache<'a>,
}

impl Brush<'_> {
    /// As PNG, band after band. `None` if the encoder failed.
    fn paint(&self, bands: &[Band]) -> Option<Vec<u8>> {
        let mut bands = bands.iter().map(|band| (self.rasterize(*band), band.height == self.height));
        let (first, is_whole) = bands.next()?;
        let is_grey = is_whole && first.data().iter().all(|pixel| pixel.r == pixel.g && pixel.g == pixel.b);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width.into(), self.height.into());
        encoder.set_color(if is_grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header().ok()?;
        let mut rows = writer.stream_writer().ok()?;
        write(&first, is_grey, &mut rows)?;
        drop(first);
        for (band, _) in bands {
            write(&band, is_grey, &mut rows)?;
        }
        rows.finish().ok()?;
        writer.finish().ok()?;
        Some(bytes)
    }

    fn rasterize(&self, band: Band) -> Pixmap {
        let (page_width, page_height) = self.page.render_dimensions();
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let scale = Affine::scale_non_uniform(width / f64::from(page_width), height / f64::from(page_height));
        let place = Affine::translate((0.0, -f64::from(band.top)));
        let transform = place * scale * self.page.initial_transform(true).to_kurbo();
        let mut context = RenderContext::new(self.width, band.height);
        render_into(self.page, &self.cache, &self.fonts.settings(), &self.settings, &mut context, transform);
        link_border::draw_all(self.page, transform, &mut context);
        context.flush();
        let mut pixmap = Pixmap::new(self.width, band.height);
        let on_white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
        context.render_with(&mut pixmap, &mut Resources::default(), on_white);
        pixmap
    }
}

fn write(band: &Pixmap, is_grey: bool, rows: &mut impl Write) -> Option<()> {
    for row in band.data().chunks(usize::from(band.width()).max(1)) {
        let samples: Vec<u8> = match is_grey {
            true => row.iter().map(|pixel| pixel.r).collect(),
            false => row.iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect(),
        };
        rows.write_all(&samples).ok()?;
    }
    Some(())
}

/// A length in points as 1/100 point, for sizes that compare exactly.
#[allow(clippy::as_conversions, reason = "float to integer has no other form; `as` saturates")]
fn hundredths(points: f32) -> u32 {
    (f64::from(points) * 100.0).round() as u32
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::io::Cursor;
    use std::path::Path;

    use super::*;

    /// What lies at their edges is drawn by both, each its own part.
    #[test]
    fn a_page_looks_the_same_in_bands() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/pdf");
        let mut compared = 0;
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let Ok(pdf) = Pdf::new(fs::read(&path).unwrap()) else { continue };
            for page in pdf.pages().iter().take(2) {
                let [whole, cut] = [u16::MAX, 48].map(|height| painted(page, height));
                let differing = whole.iter().zip(&cut).filter(|(one, other)| one.abs_diff(**other) > 2).count();
                assert!(whole.len() == cut.len() && differing * 10_000 <= whole.len(), "{}: {differing}", path.display());
                compared += 1;
            }
        }
        assert!(compared > 50, "{compared}");
    }

    fn painted(page: &Page<'_>, height: u16) -> Vec<u8> {
        let fonts = Fonts::built_in();
        let (cache, settings) = (RenderCache::new(), RenderSettings::default());
        let brush = Brush { page, width: 300, height: 424, fonts: &fonts, settings, cache };
        let tops = (0..brush.height).step_by(usize::from(height));
        let bands: Vec<_> = tops.map(|top| Band { top, height: height.min(brush.height - top) }).collect();
        let png = brush.paint(&bands).unwrap();
        let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut samples).unwrap();
        let channels = frame.color_type.samples();
        samples.iter().step_by(channels).copied().collect()
    }
}
