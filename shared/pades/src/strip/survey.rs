use std::convert::Infallible;

use super::index::Index;
use super::removal::Removal;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;

/// Which objects the copy keeps, and under which numbers.
pub(super) struct Survey<'d> {
    view: View<'d>,
    removal: Removal<'d>,
    /// Everything that stays, in the order of the old file, so that neighbours stay neighbours. The copy numbers it from 1.
    kept: Index,
    /// Of what stays: whether it is an array from which an absent item is taken out instead of standing there as null.
    is_list: Vec<bool>,
}

impl<'d> Survey<'d> {
    pub(super) fn of(view: View<'d>) -> Result<Self, PdfProblem> {
        let removal = Removal::of(view)?;
        let graph = Graph::of(view, &removal)?;
        let mut reached = vec![false; graph.objects.len()];
        for key in [b"Root".as_slice(), b"Info"] {
            graph.reach(view.trailer()?.reference(key), &mut reached);
        }
        let Graph { objects, is_list, .. } = graph;
        let is_list = is_list.into_iter().zip(&reached).filter(|(_, reached)| **reached).map(|(is_list, _)| is_list).collect();
        Ok(Self { view, removal, kept: objects.of_those(&reached), is_list })
    }

    pub(super) fn view(&self) -> View<'d> {
        self.view
    }

    /// What stays, in the order in which it is written.
    pub(super) fn order(&self) -> &[Reference] {
        self.kept.objects()
    }

    /// An object as the copy has it.
    pub(super) fn object(&self, reference: Reference) -> Result<Object, PdfProblem> {
        let kept = self.removal.kept_of_object(reference.number, self.view.object(reference)?)?;
        let is_list = self.kept.place(reference.number).and_then(|place| self.is_list.get(place));
        Ok(self.renumbered(kept, is_list.copied().unwrap_or(false)))
    }

    /// The copy's reference to what `reference` was; null if it is gone.
    pub(super) fn reference(&self, reference: Reference) -> Object {
        let place = self.kept.place(reference.number).and_then(|place| u32::try_from(place).ok()?.checked_add(1));
        place.map_or(Object::Null, |number| Object::Reference(Reference { number, generation: 0 }))
    }

    fn renumbered(&self, object: Object, is_list: bool) -> Object {
        match object {
            Object::Reference(reference) => self.reference(reference),
            Object::Array(items) => {
                let items = items.into_iter().map(|item| self.renumbered(item, false));
                Object::Array(items.filter(|item| !is_list || *item != Object::Null).collect())
            }
            Object::Dictionary(dictionary) => Object::Dictionary(self.renumbered_entries(dictionary)),
            Object::Stream(mut stream) => {
                stream.dictionary = self.renumbered_entries(stream.dictionary);
                Object::Stream(stream)
            }
            other => other,
        }
    }

    fn renumbered_entries(&self, dictionary: Dictionary) -> Dictionary {
        let renumbered = |key: &[u8], value| Ok::<_, Infallible>(self.renumbered(value, KEYS_OF_LISTS.contains(&key)));
        dictionary.changed(renumbered).unwrap_or_else(|never| match never {})
    }
}

/// What names what, once everything for signing is taken out. A file may have a million objects: so all is kept by their
/// places, and nothing by their numbers.
struct Graph {
    objects: Index,
    /// The places that objects name, one object behind the other.
    named: Vec<u32>,
    /// Where those of each object end.
    ends: Vec<u32>,
    /// What is for signing itself, or the value of a field that is.
    is_gone: Vec<bool>,
    is_list: Vec<bool>,
}

impl Graph {
    fn of(view: View<'_>, removal: &Removal<'_>) -> Result<Self, PdfProblem> {
        let objects = Index::of(view.objects().collect());
        let no = vec![false; objects.len()];
        let mut graph = Self { objects, named: Vec::new(), ends: Vec::new(), is_gone: no.clone(), is_list: no };
        for place in 0..graph.objects.len() {
            let Some(reference) = graph.objects.objects().get(place).copied() else { break };
            let object = view.object(reference)?;
            graph.note_all(&object, removal)?;
            match removal.kept_of_object(reference.number, object)? {
                Object::Null => mark(&mut graph.is_gone, Some(place)),
                kept => graph.add(&kept),
            }
            graph.ends.push(u32::try_from(graph.named.len()).map_err(|_| too_much())?);
        }
        Ok(graph)
    }

    /// A form may stand in the catalogue itself, a field in the form.
    fn note_all(&mut self, object: &Object, removal: &Removal<'_>) -> Result<(), PdfProblem> {
        match object {
            Object::Dictionary(dictionary) => {
                self.note(dictionary, removal)?;
                dictionary.iter().try_for_each(|(_, value)| self.note_all(value, removal))
            }
            Object::Array(items) => items.iter().try_for_each(|item| self.note_all(item, removal)),
            _ => Ok(()),
        }
    }

    fn note(&mut self, dictionary: &Dictionary, removal: &Removal<'_>) -> Result<(), PdfProblem> {
        if dictionary.contains(b"XFA") {
            return Err(PdfProblem::Unsupported { what: "an XFA form, which may hold signatures of its own" });
        }
        for key in KEYS_OF_LISTS {
            let list = dictionary.reference(key).and_then(|list| self.objects.place(list.number));
            mark(&mut self.is_list, list);
        }
        // What a signed field names is a signature, whatever it looks like.
        if let (true, Some(value)) = (removal.is_signed_field(dictionary)?, dictionary.reference(b"V")) {
            mark(&mut self.is_gone, self.objects.place(value.number));
        }
        Ok(())
    }

    /// What an object names; the same in a row once.
    fn add(&mut self, object: &Object) {
        let start = self.named.len();
        let Self { objects, named, .. } = self;
        object.each_reference(&mut |reference| {
            let place = objects.place(reference.number).and_then(|place| u32::try_from(place).ok());
            named.extend(place.filter(|place| named.last() != Some(place) || named.len() == start));
        });
    }

    fn named_by(&self, place: usize) -> &[u32] {
        let end = |place: usize| self.ends.get(place).and_then(|end| usize::try_from(*end).ok());
        let start = place.checked_sub(1).map_or(Some(0), end);
        start.zip(end(place)).and_then(|(start, end)| self.named.get(start..end)).unwrap_or_default()
    }

    fn reach(&self, root: Option<Reference>, reached: &mut [bool]) {
        let mut waiting: Vec<u32> = Vec::new();
        let mut meet = |place: Option<usize>, waiting: &mut Vec<u32>| {
            let Some(place) = place.filter(|place| self.is_gone.get(*place) == Some(&false)) else { return };
            if reached.get(place) == Some(&false) {
                mark(reached, Some(place));
                waiting.extend(u32::try_from(place).ok());
            }
        };
        meet(root.and_then(|root| self.objects.place(root.number)), &mut waiting);
        while let Some(place) = waiting.pop().and_then(|place| usize::try_from(place).ok()) {
            for named in self.named_by(place) {
                meet(usize::try_from(*named).ok(), &mut waiting);
            }
        }
    }
}

fn mark(marks: &mut [bool], place: Option<usize>) {
    if let Some(mark) = place.and_then(|place| marks.get_mut(place)) {
        *mark = true;
    }
}

fn too_much() -> PdfProblem {
    PdfProblem::Unsupported { what: "more than 2^32 references" }
}

/// Annotations of a page, fields of a form, kids of either tree, the order of calculation.
const KEYS_OF_LISTS: [&[u8]; 4] = [b"Annots", b"Fields", b"Kids", b"CO"];
