//! The last page of a copy without signatures: what its receipt says, for people and for whoever has only the paper.

mod code;
mod layout;
mod words;

use crate::guard::guarded;
use crate::stamp::StampProblem;
use crate::stamp::face::Face;
use crate::stamp::pdf;
use code::Code;
use layout::Sheet;

/// What the page says, in Japanese and in English.
///
/// Its `Debug` is empty: it is about people.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptPage {
    /// Of the original as a whole: `valid`, `valid_in_part` or `invalid`.
    pub state: &'static str,
    /// When it was checked, as people read it.
    pub time: String,
    pub original_sha256: [u8; 32],
    pub original_bytes: u64,
    /// Who checked.
    pub service: String,
    pub signers: Vec<ReceiptPageSigner>,
    /// The signed statement as text; left out where there is none.
    pub code: Option<String>,
}

/// One signer as the sender calls them.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptPageSigner {
    pub label: Option<String>,
    pub state: &'static str,
    /// The codes of checks that failed or were not made.
    pub open: Vec<String>,
}

impl ReceiptPageSigner {
    #[must_use]
    pub fn new(label: Option<String>, state: &'static str, open: Vec<String>) -> Self {
        Self { label, state, open }
    }
}

/// A PDF of one page of A4, with the glyphs that it needs and no others, and the code for scanners (QR, level M).
///
/// A text that is too long for a code has none, and the page says so. What the font cannot show is named as that, a very
/// long label ends in an ellipsis, and of more than nine signers the rest is counted. The same page and font give the same bytes.
pub fn receipt_page(page: &ReceiptPage, font: &[u8], index: u32) -> Result<Vec<u8>, StampProblem> {
    guarded(|| Ok(made(page, font, index))).unwrap_or(Err(StampProblem::FontUnusable))
}

fn made(page: &ReceiptPage, font: &[u8], index: u32) -> Result<Vec<u8>, StampProblem> {
    let mut sheet = Sheet::new(Face::open(font, index)?);
    words::HEADING.iter().zip(HEADING_SIZES_PT).try_for_each(|(line, size_pt)| sheet.text(line, size_pt))?;
    sheet.gap();
    words::LEAD.iter().try_for_each(|line| sheet.text(line, TEXT_PT))?;
    sheet.gap();
    sheet.row(words::RESULT, words::state(page.state))?;
    sheet.row(words::TIME, &page.time)?;
    let service = sheet.shown(&page.service, LONGEST_LABEL);
    sheet.row(words::SERVICE, &service)?;
    sheet.row(words::ORIGINAL, &hexadecimal(&page.original_sha256))?;
    sheet.row("", &words::bytes(page.original_bytes))?;
    signers(&mut sheet, &page.signers)?;
    sheet.gap();
    let code = page.code.as_deref().and_then(Code::of);
    let about_code: &[&str] = if code.is_some() { &words::ABOUT_CODE } else { &words::WITHOUT_CODE };
    about_code.iter().try_for_each(|line| sheet.text(line, SMALL_PT))?;
    if let Some(code) = &code {
        sheet.gap();
        sheet.code(code)?;
    }
    let (layout, face) = sheet.finished()?;
    Ok(pdf::write(&layout, &face.subset()?))
}

fn signers(sheet: &mut Sheet<'_>, signers: &[ReceiptPageSigner]) -> Result<(), StampProblem> {
    for (signer, number) in signers.iter().zip(1_usize..).take(MOST_SIGNERS) {
        let label = match &signer.label {
            Some(label) => sheet.shown(label, LONGEST_LABEL),
            None => words::NO_LABEL.to_owned(),
        };
        sheet.row(&words::signer(number), &format!("{label} — {}", words::state(signer.state)))?;
    }
    if let Some(more) = signers.len().checked_sub(MOST_SIGNERS).filter(|more| *more > 0) {
        sheet.row("", &words::more_signers(more))?;
    }
    let mut open: Vec<&str> = Vec::new();
    for code in signers.iter().flat_map(|signer| &signer.open) {
        if !open.contains(&code.as_str()) {
            open.push(code);
        }
    }
    if open.is_empty() { Ok(()) } else { sheet.row(words::OPEN, &words::checks(&open)) }
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl std::fmt::Debug for ReceiptPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ReceiptPage")
    }
}

const HEADING_SIZES_PT: [f64; 2] = [17.0, 11.0];
const TEXT_PT: f64 = 9.0;
const SMALL_PT: f64 = 8.0;
/// Those behind them are counted.
const MOST_SIGNERS: usize = 9;
/// In characters; more is cut on the page, and stands whole in the receipt.
const LONGEST_LABEL: usize = 40;
