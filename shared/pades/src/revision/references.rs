use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{Object, View};
use crate::problem::PdfProblem;

/// How often the objects in use, and the trailer, name each of the wanted numbers.
///
/// Reads the whole document but for its streams' data: no other way shows
/// that nothing else names an object.
pub(super) fn count_references(view: View<'_>, wanted: &BTreeSet<u32>) -> Result<BTreeMap<u32, u32>, PdfProblem> {
    let mut counts = BTreeMap::new();
    let mut count = |object: &Object| {
        object.each_reference(&mut |reference| {
            if wanted.contains(&reference.number) {
                let times: &mut u32 = counts.entry(reference.number).or_default();
                *times = times.saturating_add(1);
            }
        });
    };
    count(&Object::Dictionary(view.trailer()?.clone()));
    for reference in view.objects() {
        count(&view.object(reference)?);
    }
    Ok(counts)
}
