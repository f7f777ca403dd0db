use std::collections::{BTreeMap, BTreeSet};

use super::roles::Role;
use crate::pdf::{Dictionary, Object, Pages, Reference, View};
use crate::problem::PdfProblem;

/// The pages of a document, as far as later revisions touch them: a document may have a hundred thousand, and nine
/// signatures on the first.
pub(super) struct Layout {
    /// Every object that the page tree is read from, but for the pages themselves.
    tree: BTreeSet<u32>,
    nodes: BTreeSet<u32>,
    /// Pages that a later revision writes anew, or something that they are read from: looked at again each time.
    changing: Vec<Reference>,
    changing_numbers: BTreeSet<u32>,
    /// What the other pages say of the numbers that later revisions list.
    content: BTreeMap<u32, Role>,
    annotations: BTreeMap<u32, Role>,
}

impl Layout {
    /// `is_wanted` holds for the numbers that later revisions list; roles of others are never asked for.
    pub(super) fn of(view: View<'_>, is_wanted: &dyn Fn(u32) -> bool) -> Result<Self, PdfProblem> {
        let (pages, mut tree) = view.document().recorded(|| Pages::of(view));
        let pages = pages?;
        let mut layout = Self {
            nodes: pages.nodes,
            tree: BTreeSet::new(),
            changing: Vec::new(),
            changing_numbers: BTreeSet::new(),
            content: BTreeMap::new(),
            annotations: BTreeMap::new(),
        };
        for leaf in &pages.leaves {
            tree.remove(&leaf.number);
            layout.take(view, *leaf, is_wanted)?;
        }
        layout.tree = tree;
        Ok(layout)
    }

    /// Whether it still holds after an object became this one, or none.
    pub(super) fn holds_after(&self, number: u32, new: Option<&Object>) -> bool {
        let is_leaf = self.changing_numbers.contains(&number);
        let is_page = new.and_then(Object::as_dictionary).is_some_and(|page| !page.contains(b"Kids"));
        !self.tree.contains(&number) && (!is_leaf || is_page)
    }

    /// In `note`, what every page says of its content; then the same of annotations.
    pub(super) fn note_content(&self, view: View<'_>, note: &mut dyn FnMut(u32, Role)) -> Result<(), PdfProblem> {
        self.nodes.iter().for_each(|number| note(*number, Role::PageTree));
        self.content.iter().for_each(|(number, role)| note(*number, *role));
        for leaf in &self.changing {
            note(leaf.number, Role::Page);
            note_items(view, &page(view, *leaf)?, b"Contents", (Role::PageContent, Role::PageContent), note)?;
        }
        Ok(())
    }

    pub(super) fn note_annotations(&self, view: View<'_>, note: &mut dyn FnMut(u32, Role)) -> Result<(), PdfProblem> {
        self.annotations.iter().for_each(|(number, role)| note(*number, *role));
        for leaf in &self.changing {
            note_items(view, &page(view, *leaf)?, b"Annots", ANNOTATIONS, note)?;
        }
        Ok(())
    }

    fn take(&mut self, view: View<'_>, leaf: Reference, is_wanted: &dyn Fn(u32) -> bool) -> Result<(), PdfProblem> {
        let mut content = Vec::new();
        let mut annotations = Vec::new();
        let (read, reads) = view.document().recorded(|| {
            let page = page(view, leaf)?;
            note_items(view, &page, b"Contents", (Role::PageContent, Role::PageContent), &mut |number, role| {
                content.push((number, role));
            })?;
            note_items(view, &page, b"Annots", ANNOTATIONS, &mut |number, role| annotations.push((number, role)))
        });
        read?;
        if reads.iter().any(|number| is_wanted(*number)) {
            self.changing.push(leaf);
            self.changing_numbers.insert(leaf.number);
            return Ok(());
        }
        for (found, kept) in [(content, &mut self.content), (annotations, &mut self.annotations)] {
            for (number, role) in found.into_iter().filter(|(number, _)| is_wanted(*number)) {
                kept.entry(number).or_insert(role);
            }
        }
        Ok(())
    }
}

fn page(view: View<'_>, leaf: Reference) -> Result<Dictionary, PdfProblem> {
    match view.object(leaf)? {
        Object::Dictionary(page) => Ok(page),
        _ => Ok(Dictionary::default()),
    }
}

/// A value that is an object, or an array of objects that may be one itself.
fn note_items(
    view: View<'_>,
    holder: &Dictionary,
    key: &[u8],
    (own, item): (Role, Role),
    note: &mut dyn FnMut(u32, Role),
) -> Result<(), PdfProblem> {
    if let Some(reference) = holder.reference(key) {
        note(reference.number, own);
    }
    if let Some(Object::Array(items)) = holder.get(key).map(|value| view.resolve(value)).transpose()? {
        items.iter().filter_map(Object::as_reference).for_each(|reference| note(reference.number, item));
    }
    Ok(())
}

const ANNOTATIONS: (Role, Role) = (Role::PageAnnotations, Role::Annotation);
