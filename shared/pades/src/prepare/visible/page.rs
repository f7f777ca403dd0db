use super::PagePlace;
use super::rectangle::{Rectangle, number};
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;
use crate::revision::inherited;

/// A page as a person sees it. ISO 32000-2, section 7.7.3.3.
pub(super) struct ShownPage {
    /// What is left after cropping.
    shown: Rectangle,
    pub(super) turn: Turn,
    /// Points to one of the page's units.
    unit: f64,
}

/// How far a page is turned clockwise when it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    None,
    Right,
    Around,
    Left,
}

impl ShownPage {
    pub(super) fn of(view: View<'_>, reference: Reference) -> Result<Self, PdfProblem> {
        let page = page(view, reference)?;
        let media = Rectangle::of(view, &inherited(view, &page, b"MediaBox")?)?;
        let media = media.ok_or(wrong(reference, "a page without a MediaBox"))?;
        let crop = Rectangle::of(view, &inherited(view, &page, b"CropBox")?)?;
        let unit = number(&view.value(&page, b"UserUnit")?).filter(|unit| *unit > 0.0).unwrap_or(1.0);
        let shown = crop.map_or(media, |crop| crop.inside(media));
        match shown.has_area() {
            true => Ok(Self { shown, turn: Turn::of_page(view, &page)?, unit }),
            false => Err(wrong(reference, "a page without an area")),
        }
    }

    /// In the page's own units; the lengths are in points.
    pub(super) fn rectangle(&self, place: &PagePlace, width: f64, height: f64) -> Result<Rectangle, PdfProblem> {
        let [width, height, from_side, from_edge] =
            [width, height, place.from_side_pt, place.from_edge_pt].map(|points| points / self.unit);
        let (page_width, page_height) = self.turn.upright_size(&self.shown);
        let from_left = if place.corner.is_right() { page_width - from_side - width } else { from_side };
        let from_below = if place.corner.is_top() { page_height - from_edge - height } else { from_edge };
        let fits = |start: f64, length: f64, room: f64| start >= 0.0 && start + length <= room;
        let rectangle = self.unturned(from_left, from_below, width, height);
        match fits(from_left, width, page_width) && fits(from_below, height, page_height) && rectangle.is_seen() {
            true => Ok(rectangle),
            false => Err(PdfProblem::OutsideThePage),
        }
    }

    /// From what a person sees to what the page is measured in.
    fn unturned(&self, from_left: f64, from_below: f64, width: f64, height: f64) -> Rectangle {
        let (own_width, own_height) = (self.shown.width(), self.shown.height());
        let (left, bottom, width, height) = match self.turn {
            Turn::None => (from_left, from_below, width, height),
            Turn::Right => (own_width - from_below - height, from_left, height, width),
            Turn::Around => (own_width - from_left - width, own_height - from_below - height, width, height),
            Turn::Left => (from_below, own_height - from_left - width, height, width),
        };
        let (left, bottom) = (self.shown.left + left, self.shown.bottom + bottom);
        Rectangle { left, bottom, right: left + width, top: bottom + height }
    }
}

impl Turn {
    fn of_page(view: View<'_>, page: &Dictionary) -> Result<Self, PdfProblem> {
        Ok(Self::of_degrees(&inherited(view, page, b"Rotate")?))
    }

    /// As its designer said, else as its page. ISO 32000-2, table 192.
    pub(super) fn of_widget(view: View<'_>, widget: &Dictionary) -> Result<Self, PdfProblem> {
        if let Object::Dictionary(characteristics) = view.value(widget, b"MK")?
            && characteristics.contains(b"R")
        {
            return Ok(Self::of_degrees(&view.value(&characteristics, b"R")?));
        }
        match widget.reference(b"P") {
            Some(reference) => Self::of_page(view, &page(view, reference)?),
            None => Ok(Self::None),
        }
    }

    fn of_degrees(value: &Object) -> Self {
        match number(value).map(|degrees| degrees.rem_euclid(360.0)) {
            Some(90.0) => Self::Right,
            Some(180.0) => Self::Around,
            Some(270.0) => Self::Left,
            _ => Self::None,
        }
    }

    /// Width and height as a person sees them.
    pub(super) fn upright_size(self, rectangle: &Rectangle) -> (f64, f64) {
        match self {
            Self::None | Self::Around => (rectangle.width(), rectangle.height()),
            Self::Right | Self::Left => (rectangle.height(), rectangle.width()),
        }
    }

    /// Turns a form back, so that it stands upright on the turned page. ISO 32000-2, section 8.3.3.
    pub(super) fn back(self) -> [i64; 6] {
        match self {
            Self::None => [1, 0, 0, 1, 0, 0],
            Self::Right => [0, 1, -1, 0, 0, 0],
            Self::Around => [-1, 0, 0, -1, 0, 0],
            Self::Left => [0, -1, 1, 0, 0, 0],
        }
    }
}

fn page(view: View<'_>, reference: Reference) -> Result<Dictionary, PdfProblem> {
    match view.object(reference)? {
        Object::Dictionary(page) => Ok(page),
        _ => Err(wrong(reference, "a page was expected")),
    }
}

fn wrong(reference: Reference, what: &'static str) -> PdfProblem {
    PdfProblem::WrongObject { object: reference.number, what }
}
