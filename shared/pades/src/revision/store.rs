use std::collections::{BTreeMap, BTreeSet};

use super::references::References;
use crate::pdf::{Dictionary, Document, Object, View};
use crate::problem::PdfProblem;

/// The document security store of each revision so far: the dictionaries and arrays that are objects of their own. What an
/// older store left behind still names what the newest does. EN 319 142-1, section 5.4.2.
#[derive(Default)]
pub(super) struct Stores {
    parts: BTreeSet<u32>,
}

impl Stores {
    pub(super) fn until(document: &Document<'_>, last: usize) -> Result<Self, PdfProblem> {
        let (mut stores, before) = (Self::default(), document.objects_read());
        for (index, revision) in document.revisions().iter().enumerate().take(last.saturating_add(1)) {
            let view = document.as_of(index);
            let root = view.catalog_reference()?.number;
            if stores.parts.iter().chain([&root]).any(|number| revision.entry(*number).is_some()) {
                stores.parts.extend(parts(view, &view.catalog()?)?);
            }
            if document.objects_read() - before > MOST_LOOKED_AT {
                break;
            }
        }
        Ok(stores)
    }

    /// How often stores alone name each object, every part counted once.
    ///
    /// Empty if anything else names a part of this one: who reads that part as something else would see there what may change.
    pub(super) fn kept(
        &mut self,
        view: View<'_>,
        catalog: &Dictionary,
        references: &References<'_>,
    ) -> Result<BTreeMap<u32, u32>, PdfProblem> {
        let now = parts(view, catalog)?;
        self.parts.extend(&now);
        let is_apart = |kept: &BTreeMap<u32, u32>, part: &u32| kept.get(part).copied().unwrap_or(0) == references.times(*part);
        let kept = self.named(view, catalog)?;
        let others: Vec<u32> = self.parts.iter().copied().filter(|part| !now.contains(part) && !is_apart(&kept, part)).collect();
        let kept = match others.is_empty() {
            true => kept,
            false => {
                self.parts.retain(|part| others.binary_search(part).is_err());
                self.named(view, catalog)?
            }
        };
        Ok(if self.parts.iter().all(|part| is_apart(&kept, part)) { kept } else { BTreeMap::new() })
    }

    fn named(&self, view: View<'_>, catalog: &Dictionary) -> Result<BTreeMap<u32, u32>, PdfProblem> {
        let mut named: BTreeMap<u32, u32> = BTreeMap::new();
        let mut note = |object: &Object| object.each_reference(&mut |reference| *named.entry(reference.number).or_default() += 1);
        catalog.get(b"DSS").into_iter().for_each(&mut note);
        for part in &self.parts {
            view.numbered(*part)?.iter().for_each(&mut note);
        }
        Ok(named)
    }
}

fn parts(view: View<'_>, catalog: &Dictionary) -> Result<BTreeSet<u32>, PdfProblem> {
    let mut parts = BTreeSet::new();
    let mut enter = |value: Option<&Object>| part(view, value, &mut parts);
    let Object::Dictionary(store) = enter(catalog.get(b"DSS"))? else { return Ok(parts) };
    store.iter().try_for_each(|(_, value)| enter(Some(value)).map(drop))?;
    if let Object::Dictionary(by_signature) = enter(store.get(b"VRI"))? {
        for (_, one) in by_signature.iter() {
            if let Object::Dictionary(one) = enter(Some(one))? {
                one.iter().try_for_each(|(_, value)| enter(Some(value)).map(drop))?;
            }
        }
    }
    Ok(parts)
}

/// The value, or the object that it names.
fn part(view: View<'_>, value: Option<&Object>, parts: &mut BTreeSet<u32>) -> Result<Object, PdfProblem> {
    let object = match value {
        None => return Ok(Object::Null),
        Some(Object::Reference(reference)) => view.object(*reference)?,
        Some(direct) => direct.clone(),
    };
    if let (Some(Object::Reference(reference)), Object::Dictionary(_) | Object::Array(_)) = (value, &object) {
        parts.insert(reference.number);
    }
    let mut listed = 0;
    object.each_reference(&mut |_| listed += 1);
    view.document().note_work(listed);
    Ok(object)
}

/// Objects, and what they list, in the stores of what came before: many times what programs leave behind.
const MOST_LOOKED_AT: u64 = 100_000;
