//! Where on a page memory is needed.

use hayro::kurbo::Rect;

/// Each change is noted in the row where it begins and in the one where it ends.
pub(super) struct Rows {
    page: Rect,
    /// What a row has more than the one above it.
    spread: Vec<f64>,
    /// What begins to be kept with a row, and what is needed for the last time.
    begins: Vec<f64>,
    ends: Vec<f64>,
}

impl Rows {
    pub(super) fn of(page: Rect) -> Self {
        let count = index((page.height() / HEIGHT).ceil()).min(MOST_ROWS);
        let empty = || vec![0.0; count.saturating_add(1)];
        Self { page, spread: empty(), begins: empty(), ends: empty() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spread.len() <= 1
    }

    /// Evenly over the rows of a place, each of which needs its own part alone.
    pub(super) fn spread(&mut self, place: Rect, units: f64) {
        let Some((first, last)) = self.touched(place) else { return };
        let share = units / count(last.saturating_sub(first).saturating_add(1));
        add(&mut self.spread, first, share);
        add(&mut self.spread, last.saturating_add(1), -share);
    }

    /// Needed whole by whoever draws one of the rows.
    pub(super) fn keep(&mut self, place: Rect, units: f64) {
        let Some((first, last)) = self.touched(place) else { return };
        add(&mut self.begins, first, units);
        add(&mut self.ends, last, units);
    }

    pub(super) fn bands(&self) -> u32 {
        u32::try_from(self.divided().len()).unwrap_or(u32::MAX)
    }

    /// Whether a single row needs more than a band may.
    pub(super) fn is_too_much(&self) -> bool {
        let (mut row, mut kept, mut spread) = (0.0_f64, 0.0, 0.0);
        for ((more, begins), ends) in self.spread.iter().zip(&self.begins).zip(&self.ends) {
            spread += more;
            kept += begins;
            row = row.max(spread + kept);
            kept -= ends;
        }
        row > MOST_OF_A_ROW
    }

    /// The first row of each band, from the top.
    pub(super) fn divided(&self) -> Vec<usize> {
        let mut firsts = vec![0];
        // Of the band so far, its own and what is kept; and of that, what is still needed.
        let (mut own, mut kept, mut open, mut spread) = (0.0, 0.0, 0.0, 0.0);
        for (row, ((more, begins), ends)) in self.spread.iter().zip(&self.begins).zip(&self.ends).enumerate() {
            spread += more;
            let is_full = own + spread + kept + begins > MOST_OF_A_BAND;
            let helps = own + kept - open > LEAST_OF_A_BAND;
            if row > 0 && is_full && helps {
                firsts.push(row);
                (own, kept) = (0.0, open);
            }
            own += spread;
            kept += begins;
            open += begins - ends;
        }
        firsts
    }

    fn touched(&self, place: Rect) -> Option<(usize, usize)> {
        let last_row = self.spread.len().checked_sub(2)?;
        let seen = place.intersect(self.page);
        place.overlaps(self.page).then(|| (index(seen.y0 / HEIGHT).min(last_row), index(seen.y1 / HEIGHT).min(last_row)))
    }
}

/// In pixels.
pub(super) const HEIGHT: f64 = 16.0;

/// Pages are at most 65,535 pixels high.
const MOST_ROWS: usize = 4_096;

/// Twenty-five megabytes.
const MOST_OF_A_BAND: f64 = 1_000_000.0;

/// What the next one does without.
const LEAST_OF_A_BAND: f64 = 250_000.0;

/// Thirty-five megabytes: as many as three pictures take that cover the page.
const MOST_OF_A_ROW: f64 = 1_420_000.0;

fn add(rows: &mut [f64], row: usize, units: f64) {
    if let Some(row) = rows.get_mut(row) {
        *row += units;
    }
}

/// Nothing negative, nothing that is no number.
#[allow(clippy::as_conversions, reason = "float to integer has no other form; `as` saturates")]
fn index(row: f64) -> usize {
    row as usize
}

#[allow(clippy::as_conversions, reason = "rows are few")]
fn count(rows: usize) -> f64 {
    rows as f64
}
