use std::cell::Cell;

use super::scanner::Scanner;
use crate::problem::{Counted, PdfProblem};
use crate::source::wide;

/// What reading one document may still cost.
///
/// Every object that is parsed is paid for, as often as it is parsed: so no layout of a file buys more than a second or two.
pub(crate) struct Work {
    left: Cell<u64>,
}

impl Work {
    pub(crate) fn new() -> Self {
        Self { left: Cell::new(MOST_VALUES * VALUE) }
    }

    /// What this scanner parsed from `start` on, when it had seen `values` values.
    pub(crate) fn parsed(&self, scanner: &Scanner<'_>, start: u64, values: u64) -> Result<(), PdfProblem> {
        let bytes = scanner.position().saturating_sub(start);
        self.spend(scanner.values().saturating_sub(values).saturating_mul(VALUE).saturating_add(bytes))
    }

    /// Values that stay in memory for as long as the document is open.
    pub(crate) fn kept(&self, values: u64) -> Result<(), PdfProblem> {
        self.spend(values.saturating_mul(VALUE * KEPT))
    }

    /// Bytes that were unpacked, or stepped over without making anything of them.
    pub(crate) fn passed(&self, bytes: u64) -> Result<(), PdfProblem> {
        self.spend(bytes / 2)
    }

    /// A name was looked up, part by part, in so many lists.
    pub(crate) fn looked_up(&self, name: &str, lists: usize) -> Result<(), PdfProblem> {
        let parts = wide(name.split('.').count());
        self.spend(parts.saturating_mul(LOOK + wide(name.len()) / 4).saturating_mul(wide(lists)))
    }

    /// Places in the file that were looked for, each far from the others.
    pub(crate) fn jumped(&self, times: u64) -> Result<(), PdfProblem> {
        self.spend(times.saturating_mul(JUMP))
    }

    /// An object stream was made ready.
    pub(crate) fn unpacked(&self, objects: u64, bytes: u64) -> Result<(), PdfProblem> {
        self.spend(UNPACKING.saturating_add(objects.saturating_mul(VALUE / 2)))?;
        self.passed(bytes)
    }

    /// What only makes an answer nicer is left then.
    pub(crate) fn is_half_spent(&self) -> bool {
        self.left.get() < MOST_VALUES * VALUE / 2
    }

    fn spend(&self, cost: u64) -> Result<(), PdfProblem> {
        let left = self.left.get().checked_sub(cost);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(PdfProblem::TooMany { of: Counted::Values, limit: MOST_VALUES })
    }
}

/// Numbers, names, strings, arrays and so on: a second or two of work, and several times what a million small objects have.
const MOST_VALUES: u64 = 16_000_000;
/// A value takes as long as so many bytes of a string.
const VALUE: u64 = 24;
/// Where nothing is at hand: asking the system, and memory that was not used for long.
const JUMP: u64 = 400;
/// In a list of tens of thousands.
const LOOK: u64 = 32;
/// However small the stream is.
const UNPACKING: u64 = 1_600;
/// Two hundred thousand values are the most that trailers may keep: some 25 MiB.
const KEPT: u64 = 60;
