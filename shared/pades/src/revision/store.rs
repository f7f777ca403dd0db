use std::collections::{BTreeMap, BTreeSet};

use super::references::References;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;

/// How often the document security store alone names each object. EN 319 142-1, section 5.4.2.
///
/// Empty if anything else names a part of the store: who reads that part as something else would see there what may change.
pub(super) fn kept(view: View<'_>, catalog: &Dictionary, references: &References) -> Result<BTreeMap<u32, u32>, PdfProblem> {
    let mut holders = Holders { view, all: BTreeSet::new() };
    if let Object::Dictionary(store) = holders.enter(catalog.get(b"DSS"))? {
        holders.enter_each(&store)?;
        if let Object::Dictionary(by_signature) = holders.enter(store.get(b"VRI"))? {
            for (_, one) in by_signature.iter() {
                if let Object::Dictionary(one) = holders.enter(Some(one))? {
                    holders.enter_each(&one)?;
                }
            }
        }
    }
    let mut kept: BTreeMap<u32, u32> = BTreeMap::new();
    let mut note = |reference: Reference| *kept.entry(reference.number).or_default() += 1;
    if let Some(store) = catalog.get(b"DSS") {
        store.each_reference(&mut note);
    }
    for holder in &holders.all {
        view.object(*holder)?.each_reference(&mut note);
    }
    let is_apart = |holder: &Reference| kept.get(&holder.number) == Some(&references.times(holder.number));
    Ok(if holders.all.iter().all(is_apart) { kept } else { BTreeMap::new() })
}

/// The dictionaries and arrays of the store that are objects of their own, each once: two keys may name the same.
struct Holders<'d> {
    view: View<'d>,
    all: BTreeSet<Reference>,
}

impl Holders<'_> {
    fn enter(&mut self, value: Option<&Object>) -> Result<Object, PdfProblem> {
        let Some(Object::Reference(reference)) = value else { return Ok(value.cloned().unwrap_or(Object::Null)) };
        let object = self.view.object(*reference)?;
        if matches!(object, Object::Dictionary(_) | Object::Array(_)) {
            self.all.insert(*reference);
        }
        Ok(object)
    }

    fn enter_each(&mut self, holder: &Dictionary) -> Result<(), PdfProblem> {
        holder.iter().try_for_each(|(_, value)| self.enter(Some(value)).map(drop))
    }
}
