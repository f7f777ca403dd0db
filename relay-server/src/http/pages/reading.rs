use super::words::Words;
use super::{DocumentSummary, PageSize};

/// Widths in pixels that pages ask their images in: `/documents/{id}/pages/{1-based number}.png?w={width}`.
pub(crate) const PAGE_IMAGE_WIDTHS: [u32; 2] = [720, 1440];

/// The document as every step shows it beside itself: title, fingerprint, page images.
pub(super) struct Reading<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) page_count: usize,
    /// SHA-256 in groups of four hexadecimal digits.
    pub(super) fingerprint: String,
    /// Its first four groups: what a person compares with the phone.
    pub(super) short_fingerprint: String,
    pub(super) pages: Vec<PageImage>,
}

pub(super) struct PageImage {
    pub(super) number: usize,
    /// Of the image in its narrow form, so that its place is kept while it loads.
    pub(super) height: u32,
    pub(super) alt: String,
    /// "n / m".
    pub(super) caption: String,
}

impl<'a> Reading<'a> {
    pub(super) fn of(document: &'a DocumentSummary, words: Words) -> Self {
        let page_count = document.page_sizes.len();
        let pages = document.page_sizes.iter().zip(1..);
        Self {
            id: &document.id,
            title: &document.title,
            page_count,
            fingerprint: grouped_hex(&document.fingerprint),
            short_fingerprint: grouped_hex(&document.fingerprint[..COMPARED_BYTES]),
            pages: pages.map(|(size, number)| PageImage::new(number, page_count, *size, words)).collect(),
        }
    }

    pub(super) fn narrow(&self) -> u32 {
        PAGE_IMAGE_WIDTHS[0]
    }

    pub(super) fn wide(&self) -> u32 {
        PAGE_IMAGE_WIDTHS[1]
    }
}

impl PageImage {
    fn new(number: usize, of: usize, size: PageSize, words: Words) -> Self {
        let gaps = || [("n", number.into()), ("m", of.into())];
        Self {
            number,
            height: height_for(PAGE_IMAGE_WIDTHS[0], size),
            alt: words.fill_all("page-alt", gaps()),
            caption: words.fill_all("page-caption", gaps()),
        }
    }
}

fn height_for(width: u32, size: PageSize) -> u32 {
    width.saturating_mul(size.height) / size.width.max(1)
}

fn grouped_hex(fingerprint: &[u8]) -> String {
    let groups: Vec<String> = fingerprint.chunks(2).map(|pair| pair.iter().map(|byte| format!("{byte:02x}")).collect()).collect();
    groups.join(" ")
}

/// Enough that nobody finds another document with the same beginning, and few enough to be compared.
const COMPARED_BYTES: usize = 8;
