use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{Object, View};
use crate::problem::PdfProblem;

/// How often the objects in use, and the trailer, name each of the numbers that later revisions write anew.
///
/// Counted once over the whole document but for its streams' data, since no other way shows that nothing else names an
/// object; from then on only what changes is counted.
pub(super) struct References {
    counts: BTreeMap<u32, u32>,
    wanted: BTreeSet<u32>,
}

impl References {
    pub(super) fn count(view: View<'_>, wanted: BTreeSet<u32>) -> Result<Self, PdfProblem> {
        let mut references = Self { counts: BTreeMap::new(), wanted };
        references.change_trailer(view, u32::saturating_add)?;
        for reference in view.objects() {
            view.object(reference)?.each_reference(&mut |reference| references.change(reference.number, u32::saturating_add));
        }
        Ok(references)
    }

    pub(super) fn times(&self, number: u32) -> u32 {
        self.counts.get(&number).copied().unwrap_or(0)
    }

    /// One object, or its absence, takes the place of another.
    pub(super) fn replace(&mut self, old: Option<&Object>, new: Option<&Object>) {
        if let Some(old) = old {
            old.each_reference(&mut |reference| self.change(reference.number, u32::saturating_sub));
        }
        if let Some(new) = new {
            new.each_reference(&mut |reference| self.change(reference.number, u32::saturating_add));
        }
    }

    pub(super) fn replace_trailer(&mut self, old: View<'_>, new: View<'_>) -> Result<(), PdfProblem> {
        self.change_trailer(old, u32::saturating_sub)?;
        self.change_trailer(new, u32::saturating_add)
    }

    /// Readers follow the catalogue and the document information. Other programs name in the trailer what only they know,
    /// and some go on naming numbers that nothing has.
    fn change_trailer(&mut self, view: View<'_>, change: fn(u32, u32) -> u32) -> Result<(), PdfProblem> {
        for (key, value) in view.trailer()?.iter() {
            let is_followed = [b"Root".as_slice(), b"Info"].contains(&key);
            value.each_reference(&mut |reference| {
                if is_followed || view.entry(reference.number).is_some_and(|entry| entry.place(reference.number).is_some()) {
                    self.change(reference.number, change);
                }
            });
        }
        Ok(())
    }

    fn change(&mut self, number: u32, change: fn(u32, u32) -> u32) {
        if self.wanted.contains(&number) {
            let times = self.counts.entry(number).or_default();
            *times = change(*times, 1);
        }
    }
}
