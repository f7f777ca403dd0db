//! The frame that readers draw around a link that has no appearance of its own.

use hayro::hayro_syntax::object::{Array, Dict, Name, Number, Rect};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{self, Affine, BezPath, Shape, Stroke};
use hayro::vello_cpu::RenderContext;
use hayro::vello_cpu::color::{AlphaColor, Srgb};

/// The renderer leaves these frames out; TeX puts one around every link.
pub(crate) fn draw_all(page: &Page<'_>, transform: Affine, context: &mut RenderContext) {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else {
        return;
    };
    context.set_transform(transform);
    for link in annotations.iter::<Dict<'_>>().filter(is_shown_link) {
        if let LinkBorder::Frame { width, dash, color: Some(color) } = LinkBorder::of(&link) {
            context.set_paint(color);
            context.set_stroke(Stroke::new(width).with_dashes(0.0, dash));
            context.stroke_path(&outline(&link, width));
        }
    }
}

/// What surrounds a link. ISO 32000-2, sections 12.5.2 and 12.5.4.
pub(crate) enum LinkBorder {
    None,
    /// `color` is `None` where the frame is transparent.
    Frame {
        width: f64,
        dash: Vec<f64>,
        color: Option<AlphaColor<Srgb>>,
    },
    /// Bevelled, inset or underlined, or a colour that is none.
    NotDrawn,
}

impl LinkBorder {
    pub(crate) fn of(link: &Dict<'_>) -> Self {
        let style = link.get::<Dict<'_>>("BS");
        let listed = link.get::<Array<'_>>("Border");
        let width = match (&style, &listed) {
            (Some(style), _) => style.get::<Number>("W"),
            (None, Some(listed)) => listed.iter::<Number>().nth(2),
            (None, None) => None,
        };
        let width = width.map_or(1.0, |width| width.as_f64());
        if width <= 0.0 {
            return Self::None;
        }
        let kind = style.as_ref().and_then(|style| style.get::<Name<'_>>("S"));
        let color = color(link);
        match (kind.as_deref(), color) {
            (None | Some(b"S"), Ok(color)) => Self::Frame { width, dash: Vec::new(), color },
            (Some(b"D"), Ok(color)) => Self::Frame { width, dash: dash(style.as_ref()), color },
            _ => Self::NotDrawn,
        }
    }
}

fn is_shown_link(annotation: &Dict<'_>) -> bool {
    let is_link = annotation.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Link");
    let flags = annotation.get::<u32>("F").unwrap_or(0);
    is_link && flags & NOT_SHOWN == 0 && !annotation.contains_key("AP")
}

fn outline(link: &Dict<'_>, width: f64) -> BezPath {
    let Some(rect) = link.get::<Rect>("Rect") else {
        return BezPath::new();
    };
    kurbo::Rect::new(rect.x0, rect.y0, rect.x1, rect.y1).inset(-width / 2.0).to_path(0.1)
}

fn dash(style: Option<&Dict<'_>>) -> Vec<f64> {
    let listed = style.and_then(|style| style.get::<Array<'_>>("D"));
    let lengths: Vec<_> = listed.iter().flat_map(|it| it.iter::<Number>()).map(|it| it.as_f64()).collect();
    let is_usable = lengths.iter().sum::<f64>() > 0.0 && lengths.iter().all(|length| *length >= 0.0);
    if is_usable { lengths } else { vec![DEFAULT_DASH] }
}

/// None listed is black; an empty list is transparent; one and three numbers
/// are grey and red, green, blue.
fn color(link: &Dict<'_>) -> Result<Option<AlphaColor<Srgb>>, ()> {
    let Some(listed) = link.get::<Array<'_>>("C") else {
        return Ok(Some(AlphaColor::new([0.0, 0.0, 0.0, 1.0])));
    };
    match listed.iter::<f32>().collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        [grey] => Ok(Some(AlphaColor::new([*grey, *grey, *grey, 1.0]))),
        [red, green, blue] => Ok(Some(AlphaColor::new([*red, *green, *blue, 1.0]))),
        _ => Err(()),
    }
}

/// Hidden or not for viewing. ISO 32000-2, section 12.5.3, table 167.
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;

/// Points. ISO 32000-2, section 12.5.4, table 168.
const DEFAULT_DASH: f64 = 3.0;
