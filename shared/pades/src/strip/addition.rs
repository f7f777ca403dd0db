//! A page behind the last one of a copy.

use super::survey::Survey;
use crate::pdf::{Dictionary, Object, Pages, Reference};
use crate::prepare::{Appearance, NewObject};
use crate::problem::PdfProblem;

/// The page's objects, and what the copy's page tree becomes with it.
pub(super) struct Addition {
    /// Under the numbers behind those of the copy.
    pub(super) objects: Vec<NewObject>,
    page: Reference,
    place: Place,
}

/// Old numbers.
enum Place {
    /// The tree's root, and what holds the array of its kids: itself, or an object of its own.
    Node { root: u32, kids: u32, pages: i64 },
    /// A document of one page without a tree gets one: a new object, which the catalogue and the page are to name.
    Leaf { catalog: u32, root: u32, node: Reference },
}

impl Addition {
    pub(super) fn to(survey: &Survey<'_>, appearance: &Appearance) -> Result<Self, PdfProblem> {
        let view = survey.view();
        let root = view.catalog()?.reference(b"Pages").ok_or(PdfProblem::NoPages)?;
        let pages = i64::try_from(Pages::of(view)?.leaves.len()).unwrap_or(i64::MAX);
        let Object::Reference(copied_root) = survey.reference(root) else { return Err(PdfProblem::NoPages) };
        let mut last = u32::try_from(survey.order().len()).map_err(|_| too_many())?;
        let mut number = || {
            last = last.checked_add(1).ok_or_else(too_many)?;
            Ok(Reference { number: last, generation: 0 })
        };
        let Object::Dictionary(entries) = view.object(root)? else { return Err(PdfProblem::NoPages) };
        let (parent, place) = if entries.contains(b"Kids") {
            let kids = entries.reference(b"Kids").unwrap_or(root).number;
            (copied_root, Place::Node { root: root.number, kids, pages })
        } else {
            let node = number()?;
            (node, Place::Leaf { catalog: view.catalog_reference()?.number, root: root.number, node })
        };
        let mut objects = appearance.page(parent, &mut number)?;
        let page = objects.last().ok_or(PdfProblem::NoPages)?.reference;
        if let Place::Leaf { node, .. } = place {
            objects.insert(0, NewObject { reference: node, object: tree(&[copied_root, page]), data: None });
        }
        Ok(Self { objects, page, place })
    }

    /// One of the copy's objects, by its old number, as it is with the page.
    pub(super) fn applied(&self, number: u32, mut object: Object) -> Object {
        match (&self.place, &mut object) {
            (Place::Node { root, kids, pages }, Object::Dictionary(entries)) if number == *root => {
                entries.insert(b"Count", Object::Integer(pages.saturating_add(1)));
                if let (true, Some(Object::Array(mut items))) = (kids == root, entries.get(b"Kids").cloned()) {
                    items.push(Object::Reference(self.page));
                    entries.insert(b"Kids", Object::Array(items));
                }
            }
            (Place::Node { kids, .. }, Object::Array(items)) if number == *kids => items.push(Object::Reference(self.page)),
            (Place::Leaf { catalog, node, .. }, Object::Dictionary(entries)) if number == *catalog => {
                entries.insert(b"Pages", Object::Reference(*node));
            }
            (Place::Leaf { root, node, .. }, Object::Dictionary(entries)) if number == *root => {
                entries.insert(b"Parent", Object::Reference(*node));
            }
            _ => {}
        }
        object
    }
}

fn tree(pages: &[Reference; 2]) -> Object {
    let mut node = Dictionary::default();
    node.insert(b"Type", Object::Name(b"Pages".to_vec()));
    node.insert(b"Kids", Object::Array(pages.map(Object::Reference).to_vec()));
    node.insert(b"Count", Object::Integer(2));
    Object::Dictionary(node)
}

fn too_many() -> PdfProblem {
    PdfProblem::Unsupported { what: "more objects than a PDF can number" }
}
