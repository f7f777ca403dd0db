use std::sync::Arc;

use hayro::hayro_syntax::{LoadPdfError, Pdf};

use crate::draw::{self, PageImage};
use crate::guard::guarded;
use crate::scan::{self, Lengths};
use crate::{Fonts, Limits, PagesError, Undrawable};

/// An opened document: one parse for all its pages.
pub struct Document {
    pdf: Pdf,
    limits: Limits,
    /// Of the streams in the bytes that `pdf` holds.
    lengths: Arc<Lengths>,
}

/// What [`Document::inspect`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    pub page_count: usize,
    pub sizes: Vec<PageSize>,
    /// Empty for a document that may be signed. By page, each entry once.
    pub undrawable: Vec<Undrawable>,
}

/// The size of a page as it is shown: cropped and rotated. In 1/100 point, so
/// that sizes compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize {
    pub width: u32,
    pub height: u32,
}

impl Document {
    /// Reads the structure, within the limits. No page is drawn yet. Bytes that are shared are not copied.
    pub fn open(bytes: impl Into<Arc<Vec<u8>>>, limits: &Limits) -> Result<Self, PagesError> {
        let bytes = bytes.into();
        guarded(|| Self::read(bytes, limits))
    }

    pub fn page_count(&self) -> usize {
        self.pdf.pages().len()
    }

    /// Lists what would not be drawn with these fonts.
    pub fn inspect(&self, fonts: &Fonts) -> Result<Inspection, PagesError> {
        guarded(|| self.look_through(fonts))
    }

    /// Draws a page, counted from 0, on white.
    pub fn draw(&self, page: usize, width_px: u32, fonts: &Fonts) -> Result<PageImage, PagesError> {
        guarded(|| draw::draw(&self.pdf, page, width_px, &self.limits, fonts))
    }

    /// [`Self::open`], on the stack that there is.
    pub(crate) fn read(bytes: Arc<Vec<u8>>, limits: &Limits) -> Result<Self, PagesError> {
        let lengths = Arc::new(scan::check_unfolding(&bytes, limits)?);
        if scan::is_encrypted(&bytes) {
            return Err(PagesError::Encrypted);
        }
        let pdf = Pdf::new(bytes).map_err(|problem| match problem {
            LoadPdfError::Decryption(_) => PagesError::Encrypted,
            LoadPdfError::Invalid => PagesError::Unreadable,
        })?;
        check_counts(&pdf, limits)?;
        Ok(Self { pdf, limits: limits.clone(), lengths })
    }

    /// [`Self::inspect`], on the stack that there is.
    pub(crate) fn look_through(&self, fonts: &Fonts) -> Result<Inspection, PagesError> {
        Ok(Inspection {
            page_count: self.page_count(),
            sizes: self.pdf.pages().iter().map(draw::size_of).collect(),
            undrawable: scan::undrawable((&self.pdf, &self.lengths), &self.limits, fonts)?,
        })
    }
}

fn check_counts(pdf: &Pdf, limits: &Limits) -> Result<(), PagesError> {
    let (pages, objects) = (pdf.pages().len(), pdf.len());
    if pages == 0 {
        return Err(PagesError::NoPages);
    }
    if pages > limits.max_pages {
        return Err(PagesError::TooManyPages { pages, limit: limits.max_pages });
    }
    if objects > limits.max_objects {
        return Err(PagesError::TooManyObjects { objects, limit: limits.max_objects });
    }
    Ok(())
}
