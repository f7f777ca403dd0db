//! A signature that is seen: a ready-made appearance in a rectangle of a page.

mod appearance;
mod page;
mod rectangle;

pub use appearance::Appearance;
pub(crate) use appearance::NewObject;
use page::{ShownPage, Turn};
use rectangle::Rectangle;

use super::update::Update;
use crate::pdf::{Dictionary, Object, Pages, Reference, View};
use crate::problem::PdfProblem;
use crate::source::wide;

/// What a signature shows, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Visible {
    pub appearance: Appearance,
    /// For a new field: one that is already there has its own place.
    pub place: PagePlace,
}

/// A place on a page as a person sees it: cropped, and turned upright. Lengths are in points, 1/72 inch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PagePlace {
    pub page: PageChoice,
    pub corner: Corner,
    /// To the page's left or right edge, whichever the corner has.
    pub from_side_pt: f64,
    /// To the page's upper or lower edge.
    pub from_edge_pt: f64,
    /// The appearance is scaled to it; `None` leaves it as it was made.
    pub width_pt: Option<f64>,
}

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageChoice {
    /// Counted from 0.
    Nth(usize),
    Last,
}

/// A corner of a page as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corner {
    TopLeft,
    TopRight,
    BottomLeft,
    BottomRight,
}

/// The entries with which a widget shows an appearance.
pub(super) struct Sight {
    pub(super) rectangle: Object,
    pub(super) appearances: Object,
}

impl Visible {
    pub(super) fn page(&self, pages: &Pages) -> Result<Reference, PdfProblem> {
        let count = pages.leaves.len();
        match self.place.page {
            PageChoice::Last => pages.leaves.last().copied().ok_or(PdfProblem::NoPages),
            PageChoice::Nth(nth) => {
                let missing = PdfProblem::NoSuchPage { page: wide(nth).saturating_add(1), pages: wide(count) };
                pages.leaves.get(nth).copied().ok_or(missing)
            }
        }
    }

    /// For a new field.
    pub(super) fn put_on(&self, view: View<'_>, update: &mut Update<'_>, page: Reference) -> Result<Sight, PdfProblem> {
        let page = ShownPage::of(view, page)?;
        let (width, height) = self.size()?;
        let rectangle = page.rectangle(&self.place, width, height)?;
        self.put(update, rectangle, page.turn)
    }

    /// For the widget of a field that was there.
    pub(super) fn put_into(&self, view: View<'_>, update: &mut Update<'_>, widget: &Dictionary) -> Result<Sight, PdfProblem> {
        let is_hidden = matches!(view.value(widget, b"F")?, Object::Integer(flags) if flags & NOT_SHOWN != 0);
        let rectangle = Rectangle::read(view, widget, b"Rect")?.filter(|found| found.is_seen() && !is_hidden);
        self.put(update, rectangle.ok_or(PdfProblem::FieldShowsNothing)?, Turn::of_widget(view, widget)?)
    }

    /// In points.
    fn size(&self) -> Result<(f64, f64), PdfProblem> {
        let (own_width, own_height) = self.appearance.size();
        let width = self.place.width_pt.unwrap_or(own_width);
        match width.is_finite() && width > 0.0 {
            true => Ok((width, own_height * width / own_width)),
            false => Err(PdfProblem::OutsideThePage),
        }
    }

    fn put(&self, update: &mut Update<'_>, rectangle: Rectangle, turn: Turn) -> Result<Sight, PdfProblem> {
        let form = self.appearance.put(update, turn.upright_size(&rectangle), turn)?;
        let mut appearances = Dictionary::default();
        appearances.insert(b"N", Object::Reference(form));
        Ok(Sight { rectangle: rectangle.to_object(), appearances: Object::Dictionary(appearances) })
    }
}

impl Corner {
    fn is_right(self) -> bool {
        matches!(self, Self::TopRight | Self::BottomRight)
    }

    fn is_top(self) -> bool {
        matches!(self, Self::TopLeft | Self::TopRight)
    }
}

/// Hidden and NoView. ISO 32000-2, table 167.
const NOT_SHOWN: i64 = 2 | 32;
