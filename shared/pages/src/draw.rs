use std::fmt;

use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};

use crate::link_border;
use crate::{Fonts, Limits, PageSize, PagesError};

/// A drawn page.
#[derive(Clone, PartialEq, Eq)]
pub struct PageImage {
    pub width: u32,
    pub height: u32,
    /// Eight bits a channel: grey where the page is grey throughout, else RGB.
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
    let pixmap = rasterize(drawn, width, height, fonts);
    let png = encode(&pixmap).ok_or(PagesError::RendererGaveUp)?;
    Ok(PageImage { width: width.into(), height: height.into(), png })
}

pub(crate) fn size_of(page: &Page<'_>) -> PageSize {
    let (width, height) = page.render_dimensions();
    PageSize { width: hundredths(width), height: hundredths(height) }
}

/// The width asked for, at least 1, and the height that keeps the page's shape.
fn canvas(size: PageSize, width_px: u32, limits: &Limits) -> Result<(u16, u16), PagesError> {
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

fn rasterize(page: &Page<'_>, width: u16, height: u16, fonts: &Fonts) -> Pixmap {
    let (page_width, page_height) = page.render_dimensions();
    let scale = Affine::scale_non_uniform(f64::from(width) / f64::from(page_width), f64::from(height) / f64::from(page_height));
    let transform = scale * page.initial_transform(true).to_kurbo();
    let mut context = RenderContext::new(width, height);
    let cache = RenderCache::new();
    render_into(page, &cache, &fonts.settings(), &RenderSettings::default(), &mut context, transform);
    link_border::draw_all(page, transform, &mut context);
    context.flush();
    let mut pixmap = Pixmap::new(width, height);
    let on_white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
    context.render_with(&mut pixmap, &mut Resources::default(), on_white);
    pixmap
}

fn encode(pixmap: &Pixmap) -> Option<Vec<u8>> {
    let is_grey = pixmap.data().iter().all(|pixel| pixel.r == pixel.g && pixel.g == pixel.b);
    let (color, samples): (_, Vec<u8>) = if is_grey {
        (png::ColorType::Grayscale, pixmap.data().iter().map(|pixel| pixel.r).collect())
    } else {
        let rgb = pixmap.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]);
        (png::ColorType::Rgb, rgb.collect())
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width().into(), pixmap.height().into());
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&samples).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// A length in points as 1/100 point, for sizes that compare exactly.
#[allow(clippy::as_conversions, reason = "float to integer has no other form; `as` saturates")]
fn hundredths(points: f32) -> u32 {
    (f64::from(points) * 100.0).round() as u32
}
