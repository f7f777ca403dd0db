//! The visible stamp of a signature: where it goes, what it says, and why it cannot be made.

use std::time::SystemTime;

use pades::{Appearance, Corner, PageChoice, PagePlace, PdfProblem, Visible};
use pages::{StampProblem, StampText};

use crate::arguments::StampArguments;
use crate::failure::{Failure, Kind};
use crate::moment::second;
use crate::original::stamp_font;
use crate::voice::Voice;

/// Where a stamp goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum StampPlace {
    /// An empty signature field, by its full name.
    Field(String),
    Page(PagePlace),
}

/// Why there is no stamp, and so no signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StampFailure {
    NotShown(char),
    TooLong,
    NoFont,
    /// The page of a receipt.
    NoReceiptPage,
    NoSuchPage {
        page: u64,
        pages: u64,
    },
    OutsideThePage,
    NoSuchField,
}

/// The field that is signed, if it was there, and what is shown.
pub(crate) fn of(
    arguments: &StampArguments,
    name: Option<&str>,
    claimed_time: SystemTime,
    voice: &Voice,
) -> Result<(Option<String>, Option<Visible>), Failure> {
    let (Some(place), Some(name)) = (&arguments.stamp, name) else {
        return Ok((None, None));
    };
    let reason = arguments.stamp_reason.iter().map(|reason| voice.filled("stamp-reason", &[("reason", reason.clone())]));
    let time = voice.filled("stamp-time", &[("time", second(claimed_time))]);
    let text = StampText { label: voice.word("stamp-label"), name: name.to_owned(), notes: reason.chain([time]).collect() };
    let appearance = appearance(&text).map_err(|failure| Failure::before_all(Kind::Stamp(failure)))?;
    Ok(match place {
        StampPlace::Field(field) => (Some(field.clone()), Some(Visible { appearance, place: LOWER_RIGHT })),
        StampPlace::Page(place) => (None, Some(Visible { appearance, place: *place })),
    })
}

fn appearance(text: &StampText) -> Result<Appearance, StampFailure> {
    let (font, index) = stamp_font().ok_or(StampFailure::NoFont)?;
    let page = pages::stamp(text, &font, index).map_err(|problem| match problem {
        StampProblem::NotShown { character } => StampFailure::NotShown(character),
        StampProblem::TooLong { .. } | StampProblem::Empty => StampFailure::TooLong,
        StampProblem::FontUnusable => StampFailure::NoFont,
    })?;
    Appearance::of_page(&page).map_err(|_| StampFailure::NoFont)
}

impl StampPlace {
    /// `PAGE:CORNER[,X,Y[,WIDTH]]` with lengths in millimetres, or `field:NAME`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        match text.split_once(':') {
            Some(("field", "")) | None => Err(FORM),
            Some(("field", name)) => Ok(Self::Field(name.to_owned())),
            Some((page, place)) => page_place(page, place).map(Self::Page).ok_or(FORM),
        }
    }
}

fn page_place(page: &str, place: &str) -> Option<PagePlace> {
    let page = match page {
        "last" => PageChoice::Last,
        number => PageChoice::Nth(number.parse::<usize>().ok()?.checked_sub(1)?),
    };
    let mut parts = place.split(',');
    let corner = match parts.next()? {
        "top-left" => Corner::TopLeft,
        "top-right" => Corner::TopRight,
        "bottom-left" => Corner::BottomLeft,
        "bottom-right" => Corner::BottomRight,
        _ => return None,
    };
    let lengths = parts.map(points).collect::<Option<Vec<f64>>>()?;
    let at_corner = PagePlace { page, corner, ..LOWER_RIGHT };
    match lengths.as_slice() {
        [] => Some(at_corner),
        [from_side_pt, from_edge_pt, width @ ..] if width.len() < 2 && width.iter().all(|width| *width > 0.0) => {
            Some(PagePlace {
                from_side_pt: *from_side_pt,
                from_edge_pt: *from_edge_pt,
                width_pt: width.first().copied(),
                ..at_corner
            })
        }
        _ => None,
    }
}

/// Of millimetres.
fn points(text: &str) -> Option<f64> {
    let millimetres: u16 = text.parse().ok()?;
    Some(f64::from(millimetres) * POINTS_IN_AN_INCH / MILLIMETRES_IN_AN_INCH)
}

impl StampFailure {
    /// `None` for what has nothing to do with a stamp.
    pub(crate) fn of_place(problem: &PdfProblem) -> Option<Self> {
        match problem {
            PdfProblem::NoSuchPage { page, pages } => Some(Self::NoSuchPage { page: *page, pages: *pages }),
            PdfProblem::OutsideThePage => Some(Self::OutsideThePage),
            PdfProblem::NoSuchField
            | PdfProblem::FieldTaken
            | PdfProblem::FieldLocked
            | PdfProblem::FieldDemands { .. }
            | PdfProblem::FieldShowsNothing => Some(Self::NoSuchField),
            _ => None,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotShown(_) | Self::TooLong | Self::NoFont | Self::NoReceiptPage => "E-ST-01",
            Self::NoSuchPage { .. } | Self::OutsideThePage | Self::NoSuchField => "E-ST-02",
        }
    }

    /// Where the catalogue has its words.
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::NotShown(_) => "E-ST-01",
            Self::TooLong => "E-ST-01-long",
            Self::NoFont => "E-ST-01-font",
            Self::NoReceiptPage => "E-ST-01-receipt",
            Self::OutsideThePage => "E-ST-02",
            Self::NoSuchPage { .. } => "E-ST-02-page",
            Self::NoSuchField => "E-ST-02-field",
        }
    }

    pub(crate) fn detail(&self) -> String {
        match self {
            Self::NotShown(character) => format!("U+{:04X}", u32::from(*character)),
            Self::NoSuchPage { page, pages } => format!("{page} / {pages}"),
            _ => "–".to_owned(),
        }
    }
}

const FORM: &str = "PAGE:CORNER[,X,Y[,WIDTH]] または field:NAME の形で書いてください。PAGEは1からの番号かlast、CORNERはtop-left・top-right・bottom-left・bottom-right、長さはmm / write PAGE:CORNER[,X,Y[,WIDTH]] or field:NAME: PAGE is a number from 1 or last, CORNER top-left, top-right, bottom-left or bottom-right, lengths are in mm";

/// Fifteen millimetres from either edge, which printers reach.
const LOWER_RIGHT: PagePlace =
    PagePlace { page: PageChoice::Last, corner: Corner::BottomRight, from_side_pt: 42.5, from_edge_pt: 42.5, width_pt: None };
const POINTS_IN_AN_INCH: f64 = 72.0;
const MILLIMETRES_IN_AN_INCH: f64 = 25.4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_page_and_a_corner_with_lengths_in_millimetres() {
        assert_eq!(StampPlace::parse("last:bottom-right"), Ok(StampPlace::Page(LOWER_RIGHT)));
        let Ok(StampPlace::Page(place)) = StampPlace::parse("2:top-left,254,0,127") else { panic!("a place") };
        assert_eq!((place.page, place.corner), (PageChoice::Nth(1), Corner::TopLeft));
        assert_eq!((place.from_side_pt, place.from_edge_pt, place.width_pt), (720.0, 0.0, Some(360.0)));
        assert_eq!(StampPlace::parse("field:parties.buyer"), Ok(StampPlace::Field("parties.buyer".to_owned())));
    }

    #[test]
    fn any_other_form_is_refused() {
        let wrong = [
            "",
            "last",
            "0:top-left",
            "1:middle",
            "1:top-left,5",
            "1:top-left,1,2,3,4",
            "1:top-left,1,2,0",
            "-1:top-left",
            "field:",
        ];
        for text in wrong.iter().chain(&["1:top-left,-5,5", "1:top-left,1.5,5", "1:top-left,,", "99999999999999999999:top-left"])
        {
            assert_eq!(StampPlace::parse(text), Err(FORM), "{text}");
        }
    }
}
