//! A document as the phone itself reads it: hashed, searched for the place of the signature, and drawn.

use std::sync::Arc;

use pades::{PdfProblem, Target, Unsigned};
use pages::{Document, Fonts, Limits, PagesError, Undrawable};
use sha2::{Digest, Sha256};

use crate::boundary::{Body, FailureKind, PageImage, Place};
use crate::certificate::DocumentDigests;

/// What the request says of the document that was fetched.
pub(crate) struct Expected {
    pub(crate) sha256: [u8; 32],
    pub(crate) origin: String,
    pub(crate) fonts: Fonts,
}

/// A document that may be shown and signed.
pub(crate) struct OpenDocument {
    pages: Document,
    fonts: Fonts,
    pub(crate) page_count: u32,
    pub(crate) bytes: u64,
    pub(crate) sha256: [u8; 32],
    pub(crate) digests: DocumentDigests,
    pub(crate) declared_name: Option<String>,
}

/// Opens the fetched bytes, or says by name why they are not signed.
pub(crate) fn open(body: &Body, expected: &Expected) -> Result<Arc<OpenDocument>, FailureKind> {
    let bytes = body.as_bytes();
    let sha256: [u8; 32] = Sha256::digest(bytes).into();
    if sha256 != expected.sha256 {
        return Err(FailureKind::DocumentDiffers);
    }
    let unsigned = pades::find_unsigned(&bytes).map_err(|problem| FailureKind::from(&problem))?;
    // A request can ask for this form alone: in the older one the requester would choose a time that is signed.
    if unsigned.target != Target::Pades {
        return Err(FailureKind::DocumentDiffers);
    }
    if unsigned.location.as_deref() != Some(expected.origin.as_str()) {
        return Err(FailureKind::OriginNotProven);
    }
    let digests = DocumentDigests::of(&bytes, &unsigned.byte_range).map_err(|problem| FailureKind::from(&problem))?;
    let (pages, page_count) = open_pages(bytes, &unsigned, &expected.fonts)?;
    let (fonts, bytes) = (expected.fonts.clone(), u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    let declared_name = unsigned.declared_name;
    Ok(Arc::new(OpenDocument { pages, fonts, page_count, bytes, sha256, digests, declared_name }))
}

impl OpenDocument {
    /// `None` for a page that is not there, or that the renderer will not draw at this width.
    pub(crate) fn draw(&self, page: u32, width_px: u32) -> Option<PageImage> {
        let image = self.pages.draw(usize::try_from(page).ok()?, width_px.clamp(1, WIDEST_PAGE_PX), &self.fonts).ok()?;
        Some(PageImage { width: image.width, height: image.height, png: image.png })
    }

    pub(crate) fn fingerprint(&self) -> String {
        let pairs: Vec<String> = self.sha256.iter().take(FINGERPRINT_BYTES).map(|byte| format!("{byte:02x}")).collect();
        pairs.chunks(2).map(|pair| pair.concat()).collect::<Vec<_>>().join(" ")
    }
}

fn open_pages(bytes: &[u8], unsigned: &Unsigned, fonts: &Fonts) -> Result<(Document, u32), FailureKind> {
    let pages = Document::open(bytes.to_vec(), &Limits::default()).map_err(|problem| FailureKind::from(&problem))?;
    let found = pages.inspect(fonts).map_err(|problem| FailureKind::from(&problem))?;
    if !found.undrawable.is_empty() {
        return Err(FailureKind::CannotBeDrawn { places: found.undrawable.iter().map(Place::from).collect() });
    }
    // Two readers of one file that count its pages differently would show a person different documents.
    if found.page_count != unsigned.page_count {
        return Err(FailureKind::PdfAmbiguous);
    }
    let page_count = u32::try_from(found.page_count).map_err(|_| FailureKind::PdfTooLarge)?;
    Ok((pages, page_count))
}

impl From<&PdfProblem> for FailureKind {
    fn from(problem: &PdfProblem) -> Self {
        match problem.code() {
            "E-PDF-02" => Self::PdfEncrypted,
            "E-PDF-03" => Self::PdfTooLarge,
            "E-PDF-05" => Self::PdfAmbiguous,
            "E-PDF-07" => Self::SignatureForbidden,
            _ => Self::PdfUnreadable,
        }
    }
}

impl From<&PagesError> for FailureKind {
    fn from(problem: &PagesError) -> Self {
        match problem {
            PagesError::Encrypted => Self::PdfEncrypted,
            PagesError::TooManyPages { .. }
            | PagesError::TooManyObjects { .. }
            | PagesError::InflatesTooFar { .. }
            | PagesError::TooMuchContent { .. }
            | PagesError::TooManyPixels { .. } => Self::PdfTooLarge,
            PagesError::Unreadable | PagesError::NoPages | PagesError::NoSuchPage { .. } | PagesError::RendererGaveUp => {
                Self::PdfUnreadable
            }
        }
    }
}

impl From<&Undrawable> for Place {
    fn from(found: &Undrawable) -> Self {
        let page = found.page.and_then(|page| u32::try_from(page).ok()).map(|page| page.saturating_add(1));
        Self { page, construct: found.construct.code().to_owned() }
    }
}

/// Shown on page and phone alike, to be compared by a person.
const FINGERPRINT_BYTES: usize = 8;
/// Wider than any screen; keeps a careless caller from asking for an image that fills the memory.
const WIDEST_PAGE_PX: u32 = 4096;
