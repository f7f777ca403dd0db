//! Which parts of a page are drawn at once.

use super::Ink;

/// In pixels from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) top: u16,
    pub(crate) height: u16,
}

impl Ink {
    /// From the top; the whole of most pages.
    pub(crate) fn bands(&self, width: u16, height: u16) -> Vec<Band> {
        let rows = self.memory.divided();
        let mut tops: Vec<u16> = rows.into_iter().filter_map(|row| u16::try_from(row.checked_mul(ROW)?).ok()).collect();
        tops.retain(|top| *top < height);
        let ends = tops.iter().copied().skip(1).chain([height]);
        let most = (MOST_PIXELS / u32::from(width.max(1))).max(1);
        tops.iter().zip(ends).flat_map(|(top, end)| cut(*top, end, u16::try_from(most).unwrap_or(u16::MAX))).collect()
    }
}

/// Into parts of whole rows, none higher than this, or one row.
fn cut(top: u16, end: u16, most: u16) -> impl Iterator<Item = Band> {
    let row = u16::try_from(ROW).unwrap_or(1);
    let step = usize::from((most - most % row).max(row));
    (top..end)
        .step_by(step)
        .map(move |top| Band { top, height: end.saturating_sub(top).min(u16::try_from(step).unwrap_or(u16::MAX)) })
}

/// In pixels, as in [`super::rows`].
const ROW: usize = 16;

/// Twenty-five megabytes: a page of A4 two thousand pixels wide.
const MOST_PIXELS: u32 = 6_200_000;
