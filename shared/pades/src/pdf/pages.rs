use std::collections::BTreeSet;

use super::document::ambiguous;
use super::object::{Dictionary, Object, Reference};
use super::view::View;
use crate::problem::{Ambiguity, Counted, PdfProblem};
use crate::source::wide;

/// The pages of a view, in order. ISO 32000-2, section 7.7.3.
pub(crate) struct Pages {
    /// At least one.
    pub(crate) leaves: Vec<Reference>,
    /// Every inner node of the tree.
    pub(crate) nodes: BTreeSet<u32>,
    /// Each page's array of annotations, where it is an object of its own.
    annotation_arrays: Vec<u32>,
}

impl Pages {
    /// Refuses a tree that loops or whose nodes count wrongly: some readers
    /// believe /Count, some walk. What pages inherit, some take from the node that lists them and some from their /Parent.
    pub(crate) fn of(view: View<'_>) -> Result<Self, PdfProblem> {
        let catalog = view.catalog()?;
        let root = catalog.reference(b"Pages").ok_or(PdfProblem::NoPages)?;
        let mut walk = Walk {
            view,
            seen: BTreeSet::new(),
            pages: Self { leaves: Vec::new(), nodes: BTreeSet::new(), annotation_arrays: Vec::new() },
        };
        walk.visit(root, (None, &Inherited::default()), MAX_DEPTH)?;
        match walk.pages.leaves.is_empty() {
            true => Err(PdfProblem::NoPages),
            false => Ok(walk.pages),
        }
    }

    pub(crate) fn first(&self) -> Result<Reference, PdfProblem> {
        self.leaves.first().copied().ok_or(PdfProblem::NoPages)
    }

    /// Whether more than one page shows the annotations of this array.
    pub(crate) fn share_annotations(&self, array: Reference) -> bool {
        let arrays = self.annotation_arrays.iter();
        arrays.filter(|number| **number == array.number).count() > 1
    }
}

struct Walk<'d> {
    view: View<'d>,
    seen: BTreeSet<u32>,
    pages: Pages,
}

impl Walk<'_> {
    fn visit(&mut self, reference: Reference, above: Above<'_>, depth: u8) -> Result<(), PdfProblem> {
        if !self.seen.insert(reference.number) {
            return Err(ambiguous(0, Ambiguity::LoopInPages));
        }
        let Some(deeper) = depth.checked_sub(1) else {
            return Err(PdfProblem::TooMany { of: Counted::NestedObjects, limit: MAX_DEPTH.into() });
        };
        let Object::Dictionary(node) = self.view.object(reference)? else { return Err(not_a_page(reference)) };
        self.refuse_other_parent(&node, above)?;
        match node.contains(b"Kids") {
            true => self.visit_kids(reference, (&node, above.1), deeper),
            false if node.is_of_type(b"Page") || !node.contains(b"Type") => self.add(reference, &node),
            false if node.integer(b"Count") == Some(0) => Ok(()),
            false => Err(not_a_page(reference)),
        }
    }

    /// Another /Parent than the node that lists it is borne where nothing else comes from it.
    fn refuse_other_parent(&self, node: &Dictionary, (lister, listed): Above<'_>) -> Result<(), PdfProblem> {
        if node.get(b"Parent").cloned() == lister.map(Object::Reference) {
            return Ok(());
        }
        let (mut said, mut next) = (Inherited::default(), self.view.value(node, b"Parent")?);
        for _ in 0..MAX_DEPTH {
            let Object::Dictionary(parent) = next else { break };
            said = own_or_inherited(&parent, said, false);
            next = self.view.value(&parent, b"Parent")?;
        }
        for ((key, listed), said) in INHERITED.iter().zip(listed).zip(&said) {
            let value = |object: &Option<Object>| object.as_ref().map(|object| self.view.resolve(object)).transpose();
            if !node.contains(key) && listed != said && value(listed)? != value(said)? {
                return Err(ambiguous(0, Ambiguity::PageParent));
            }
        }
        Ok(())
    }

    fn visit_kids(
        &mut self,
        reference: Reference,
        (node, inherited): (&Dictionary, &Inherited),
        deeper: u8,
    ) -> Result<(), PdfProblem> {
        if node.is_of_type(b"Page") {
            return Err(not_a_page(reference));
        }
        self.pages.nodes.insert(reference.number);
        let before = self.pages.leaves.len();
        let Object::Array(kids) = self.view.value(node, b"Kids")? else {
            return Err(not_a_page(reference));
        };
        let below = own_or_inherited(node, inherited.clone(), true);
        for kid in &kids {
            let kid = kid.as_reference().ok_or(not_a_page(reference))?;
            self.visit(kid, (Some(reference), &below), deeper)?;
        }
        let found = wide(self.pages.leaves.len() - before);
        match self.view.value(node, b"Count")? {
            Object::Integer(count) if u64::try_from(count) == Ok(found) => Ok(()),
            _ => Err(ambiguous(0, Ambiguity::PageCount)),
        }
    }

    fn add(&mut self, reference: Reference, leaf: &Dictionary) -> Result<(), PdfProblem> {
        if self.pages.leaves.len() == MAX_PAGES {
            return Err(PdfProblem::TooMany { of: Counted::Pages, limit: wide(MAX_PAGES) });
        }
        self.pages.leaves.push(reference);
        let annotations = leaf.reference(b"Annots");
        self.pages.annotation_arrays.extend(annotations.map(|array| array.number));
        Ok(())
    }
}

/// The node that lists another, and what comes from there.
type Above<'a> = (Option<Reference>, &'a Inherited);
type Inherited = [Option<Object>; 4];

/// What a node has itself goes before what it inherits, or stands behind what is already known of a node below it.
fn own_or_inherited(node: &Dictionary, mut known: Inherited, own_first: bool) -> Inherited {
    for (key, value) in INHERITED.iter().zip(&mut known) {
        if let Some(own) = node.get(key).filter(|_| own_first || value.is_none()) {
            *value = Some(own.clone());
        }
    }
    known
}

fn not_a_page(reference: Reference) -> PdfProblem {
    PdfProblem::WrongObject { object: reference.number, what: "a page or a node of the page tree was expected" }
}

/// ISO 32000-2, table 31.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
/// A balanced tree of that depth holds more pages than any file.
const MAX_DEPTH: u8 = 64;
const MAX_PAGES: usize = 100_000;
