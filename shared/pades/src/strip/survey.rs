use std::collections::BTreeSet;
use std::convert::Infallible;

use super::emptied::{is_left_empty, may_be_emptied};
use super::index::Index;
use super::removal::{KEYS_OF_A_SIGNED_CATALOG, Removal, is_of_page_tree, may_be_missed};
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;
use crate::revision::SignatureField;

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
    /// `signatures` are those of every revision.
    pub(super) fn of(view: View<'d>, signatures: &[SignatureField]) -> Result<Self, PdfProblem> {
        let removal = Removal::of(view, signatures)?;
        let graph = Graph::of(&removal)?;
        let mut reached = vec![false; graph.objects.len()];
        for key in [b"Root".as_slice(), b"Info"] {
            graph.reach(view.trailer()?.reference(key), view, &mut reached)?;
        }
        let Graph { objects, is_list, named, ends, .. } = graph;
        drop((named, ends));
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
        let kept = self.removal.kept_of_object(reference, self.view.object(reference)?)?;
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
            Object::Dictionary(dictionary) => {
                let points_nowhere = dictionary.is_of_type(b"OBJR");
                let entries = self.renumbered_entries(dictionary);
                if points_nowhere && !entries.contains(b"Obj") { Object::Null } else { Object::Dictionary(entries) }
            }
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
    /// How often it is still looked whether anything is left of what it holds; most hold what stays.
    looks_left: Vec<u8>,
}

impl Graph {
    fn of(removal: &Removal<'_>) -> Result<Self, PdfProblem> {
        let view = removal.view();
        let mut objects = Vec::with_capacity(view.document().places());
        objects.extend(view.objects());
        let objects = Index::of(objects);
        let no = vec![false; objects.len()];
        let looks_left = vec![0; objects.len()];
        let ends = Vec::with_capacity(objects.len());
        let mut graph = Self { objects, named: Vec::new(), ends, is_gone: no.clone(), is_list: no, looks_left };
        for place in 0..graph.objects.len() {
            let Some(reference) = graph.objects.objects().get(place).copied() else { break };
            let object = view.object(reference)?;
            graph.note_object(reference, &object, removal)?;
            if may_be_emptied(&object) {
                graph.looks_left.get_mut(place).into_iter().for_each(|looks| *looks = MOST_LOOKS);
            }
            match removal.kept_of_object(reference, object)? {
                Object::Null => mark(&mut graph.is_gone, Some(place)),
                kept => graph.add(&kept),
            }
            graph.ends.push(u32::try_from(graph.named.len()).map_err(|_| too_much())?);
        }
        graph.spread(view)?;
        Ok(graph)
    }

    /// To what nothing is left of: from a widget to the element that described it, and on to the section around that.
    fn spread(&mut self, view: View<'_>) -> Result<(), PdfProblem> {
        let mut fresh = self.is_gone.clone();
        while fresh.contains(&true) {
            let around = self.around(&fresh);
            fresh.fill(false);
            for place in around {
                let is_gone = |number| self.objects.place(number).is_some_and(|place| self.is_gone.get(place) == Some(&true));
                let Some(reference) = self.objects.objects().get(place) else { break };
                if is_left_empty(view, &view.object(*reference)?, &is_gone)? {
                    mark(&mut fresh, Some(place));
                }
            }
            self.is_gone.iter_mut().zip(&fresh).for_each(|(is_gone, fresh)| *is_gone |= fresh);
        }
        Ok(())
    }

    /// What names one of these and may hold nothing else.
    fn around(&mut self, fresh: &[bool]) -> Vec<usize> {
        let names_fresh = |place: &usize| {
            let mut named = self.named_by(*place).iter().filter_map(|named| usize::try_from(*named).ok());
            named.any(|named| fresh.get(named) == Some(&true))
        };
        let may_be_emptied = |place: &usize| self.looks_left.get(*place).is_some_and(|looks| *looks > 0);
        let is_there = |place: &usize| self.is_gone.get(*place) == Some(&false);
        let around: Vec<usize> = (0..self.objects.len()).filter(may_be_emptied).filter(is_there).filter(names_fresh).collect();
        for place in &around {
            self.looks_left.get_mut(*place).into_iter().for_each(|looks| *looks -= 1);
        }
        around
    }

    fn note_object(&mut self, reference: Reference, object: &Object, removal: &Removal<'_>) -> Result<(), PdfProblem> {
        if let Object::Dictionary(entries) = object {
            if removal.is_catalog(reference) {
                let data = KEYS_OF_A_SIGNED_CATALOG.iter().filter_map(|key| entries.reference(key));
                data.collect::<Vec<_>>().into_iter().try_for_each(|data| self.take_out(data, removal.view()))?;
            }
            if removal.was_signed(reference, entries) {
                self.note_kids(entries, removal.view())?;
            }
        }
        self.note_all(object, removal)
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
        if removal.is_signed_field(dictionary)? {
            let value = dictionary.reference(b"V").and_then(|value| self.objects.place(value.number));
            mark(&mut self.is_gone, value);
            self.note_kids(dictionary, removal.view())?;
        }
        Ok(())
    }

    /// Widgets of a signed field, even those that do not say whose they are.
    fn note_kids(&mut self, field: &Dictionary, view: View<'_>) -> Result<(), PdfProblem> {
        let kids = view.value(field, b"Kids")?;
        let kids = kids.as_array().unwrap_or_default().iter().filter_map(Object::as_reference);
        kids.collect::<Vec<_>>().into_iter().try_for_each(|kid| self.take_out(kid, view))
    }

    /// Unless it is a page: a copy has all of them.
    fn take_out(&mut self, reference: Reference, view: View<'_>) -> Result<(), PdfProblem> {
        let is_plain = matches!(view.object(reference)?, Object::Dictionary(entries) if !is_of_page_tree(&entries));
        mark(&mut self.is_gone, self.objects.place(reference.number).filter(|_| is_plain));
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

    /// Refuses what would go from under something that stays: the copy would show less than the document.
    fn reach(&self, root: Option<Reference>, view: View<'_>, reached: &mut [bool]) -> Result<(), PdfProblem> {
        let root = root.and_then(|root| self.objects.place(root.number));
        if root.is_some_and(|root| self.is_gone.get(root) == Some(&true)) {
            return Err(for_something_else());
        }
        let mut waiting: Vec<u32> = Vec::new();
        let mut missed = BTreeSet::new();
        let mut meet = |place: Option<usize>, waiting: &mut Vec<u32>| {
            let Some(place) = place else { return };
            if self.is_gone.get(place) == Some(&true) {
                missed.insert(place);
            } else if reached.get(place) == Some(&false) {
                mark(reached, Some(place));
                waiting.extend(u32::try_from(place).ok());
            }
        };
        meet(root, &mut waiting);
        while let Some(place) = waiting.pop().and_then(|place| usize::try_from(place).ok()) {
            for named in self.named_by(place) {
                meet(usize::try_from(*named).ok(), &mut waiting);
            }
        }
        for missed in missed.into_iter().filter_map(|place| self.objects.objects().get(place)) {
            if !may_be_missed(&view.object(*missed)?) {
                return Err(for_something_else());
            }
        }
        Ok(())
    }
}

fn mark(marks: &mut [bool], place: Option<usize>) {
    if let Some(mark) = place.and_then(|place| marks.get_mut(place)) {
        *mark = true;
    }
}

fn for_something_else() -> PdfProblem {
    PdfProblem::Unsupported { what: "an object that is for signing and for something else" }
}

fn too_much() -> PdfProblem {
    PdfProblem::Unsupported { what: "more than 2^32 references" }
}

/// Annotations of a page, fields of a form, kids of a tree or an element, the order of calculation.
const KEYS_OF_LISTS: [&[u8]; 5] = [b"Annots", b"Fields", b"Kids", b"K", b"CO"];
/// Reading the objects anew is what a copy costs; a section around signatures is seldom as deep as this at both ends.
const MOST_LOOKS: u8 = 4;
