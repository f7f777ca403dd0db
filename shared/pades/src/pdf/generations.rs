//! Generations of objects: some readers compare them, and find nothing where they differ; others go by the number alone.

use super::document::{Document, ambiguous};
use super::object::Object;
use super::view::View;
use crate::problem::{Ambiguity, PdfProblem};

/// Whether every object in use that this one names has the generation under which it is asked for.
pub(super) fn refuse_other_generations(view: View<'_>, object: &Object) -> Result<(), PdfProblem> {
    let mut at = None;
    let may_differ = view.document().has_generations();
    let mut look = |value: &Object| {
        value.each_reference(&mut |reference| {
            if reference.generation == 0 && !may_differ {
                return;
            }
            let listed = view.entry(reference.number).and_then(|entry| entry.place(reference.number));
            at = at.or(listed.filter(|(_, listed)| *listed != reference).map(|((place, _), _)| place));
        });
    };
    match object {
        // Nothing is drawn from it, and OpenPDF takes its generation from the table of Word's hybrids.
        Object::Dictionary(entries) => {
            entries.iter().filter(|(key, _)| *key != b"StructTreeRoot").for_each(|(_, value)| look(value))
        }
        other => look(other),
    }
    at.map_or(Ok(()), |at| Err(ambiguous(at, Ambiguity::Generation)))
}

/// What an update gave another generation is not asked for under the old one by what stands unchanged.
pub(super) fn refuse_old_generations(document: &Document<'_>) -> Result<(), PdfProblem> {
    let view = document.latest();
    match document.revisions().len() > 1 && document.has_generations() {
        true => view.objects().try_for_each(|reference| refuse_other_generations(view, &view.object(reference)?)),
        false => Ok(()),
    }
}
