use std::collections::{BTreeMap, BTreeSet};

use super::removal::Removal;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;

/// Which objects the copy keeps, and under which numbers.
pub(super) struct Survey<'d> {
    view: View<'d>,
    removal: Removal<'d>,
    /// Old to new, of everything that stays; the order of the old file, so that neighbours stay neighbours.
    numbers: BTreeMap<u32, u32>,
    order: Vec<Reference>,
    /// Arrays from which an absent item is taken out instead of standing there as null.
    lists: BTreeSet<u32>,
}

impl<'d> Survey<'d> {
    pub(super) fn of(view: View<'d>) -> Result<Self, PdfProblem> {
        let removal = Removal::of(view)?;
        let graph = Graph::of(view, &removal)?;
        let roots = [b"Root".as_slice(), b"Info"].map(|key| view.trailer().map(|trailer| trailer.reference(key)));
        let mut reached = BTreeSet::new();
        for root in roots {
            graph.reach(root?, &mut reached);
        }
        let order: Vec<Reference> = view.objects().filter(|object| reached.contains(&object.number)).collect();
        let numbers = order.iter().map(|object| object.number).zip(1..).collect();
        Ok(Self { view, removal, numbers, order, lists: graph.lists })
    }

    pub(super) fn view(&self) -> View<'d> {
        self.view
    }

    /// What stays, in the order in which it is written.
    pub(super) fn order(&self) -> &[Reference] {
        &self.order
    }

    /// An object as the copy has it.
    pub(super) fn object(&self, reference: Reference) -> Result<Object, PdfProblem> {
        let kept = self.removal.kept_of_object(reference.number, self.view.object(reference)?)?;
        let is_list = self.lists.contains(&reference.number);
        Ok(self.renumbered(kept, is_list))
    }

    /// The copy's reference to what `reference` was; null if it is gone.
    pub(super) fn reference(&self, reference: Reference) -> Object {
        let number = self.numbers.get(&reference.number);
        number.map_or(Object::Null, |number| Object::Reference(Reference { number: *number, generation: 0 }))
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
        let mut entries = Dictionary::default();
        for (key, value) in dictionary.iter() {
            let value = self.renumbered(value.clone(), KEYS_OF_LISTS.contains(&key));
            if value != Object::Null {
                entries.insert(key, value);
            }
        }
        entries
    }
}

/// What names what, once everything for signing is taken out.
struct Graph {
    named: BTreeMap<u32, Vec<u32>>,
    /// What is for signing itself, or the value of a field that is.
    gone: BTreeSet<u32>,
    lists: BTreeSet<u32>,
}

impl Graph {
    fn of(view: View<'_>, removal: &Removal<'_>) -> Result<Self, PdfProblem> {
        let mut graph = Self { named: BTreeMap::new(), gone: BTreeSet::new(), lists: BTreeSet::new() };
        for reference in view.objects() {
            let object = view.object(reference)?;
            if let Object::Dictionary(dictionary) = &object {
                graph.note(dictionary, removal)?;
            }
            match removal.kept_of_object(reference.number, object)? {
                Object::Null => {
                    graph.gone.insert(reference.number);
                }
                kept => {
                    let mut named = Vec::new();
                    kept.each_reference(&mut |reference| named.push(reference.number));
                    graph.named.insert(reference.number, named);
                }
            }
        }
        Ok(graph)
    }

    fn note(&mut self, dictionary: &Dictionary, removal: &Removal<'_>) -> Result<(), PdfProblem> {
        if dictionary.contains(b"XFA") {
            return Err(PdfProblem::Unsupported { what: "an XFA form, which may hold signatures of its own" });
        }
        self.lists.extend(KEYS_OF_LISTS.iter().filter_map(|key| Some(dictionary.reference(key)?.number)));
        // What a signed field names is a signature, whatever it looks like.
        if let (true, Some(value)) = (removal.is_signed_field(dictionary)?, dictionary.reference(b"V")) {
            self.gone.insert(value.number);
        }
        Ok(())
    }

    fn reach(&self, root: Option<Reference>, reached: &mut BTreeSet<u32>) {
        let mut waiting: Vec<u32> = root.iter().map(|root| root.number).collect();
        while let Some(number) = waiting.pop() {
            let named = self.named.get(&number).filter(|_| !self.gone.contains(&number));
            if let (Some(named), true) = (named, !reached.contains(&number)) {
                reached.insert(number);
                waiting.extend(named);
            }
        }
    }
}

/// Annotations of a page, fields of a form, kids of either tree, the order of calculation.
const KEYS_OF_LISTS: [&[u8]; 4] = [b"Annots", b"Fields", b"Kids", b"CO"];
