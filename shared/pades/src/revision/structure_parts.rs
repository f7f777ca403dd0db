use std::collections::BTreeMap;

use crate::pdf::{Dictionary, Object, View};
use crate::problem::PdfProblem;

/// What the structure of a tagged document is made of. ISO 32000-2, sections 7.9.7 and 14.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Root,
    Element,
    /// The array of what is below the root or an element.
    Kids,
    /// A node of the tree that leads from annotations and pages to elements.
    Tree,
    /// The array of numbers and elements in such a node.
    Pairs,
}

/// The objects that the catalogue's structure leads to, and nothing that only has the same keys.
pub(super) struct Parts {
    all: BTreeMap<u32, Part>,
    ahead: Vec<(Object, Part)>,
}

impl Parts {
    pub(super) fn of(view: View<'_>) -> Result<Self, PdfProblem> {
        let root = view.catalog()?.get(b"StructTreeRoot").cloned();
        let mut parts = Self { all: BTreeMap::new(), ahead: root.into_iter().map(|root| (root, Part::Root)).collect() };
        while let Some((value, part)) = parts.ahead.pop() {
            parts.enter(view, value, part)?;
            if parts.all.len() + parts.ahead.len() > MOST_PARTS {
                parts.all.clear();
                break;
            }
        }
        Ok(parts)
    }

    pub(super) fn of_number(&self, number: u32) -> Option<Part> {
        self.all.get(&number).copied()
    }

    fn enter(&mut self, view: View<'_>, value: Object, part: Part) -> Result<(), PdfProblem> {
        let object = view.resolve(&value)?;
        let part = match (part, &object) {
            (Part::Element, Object::Array(_)) => Part::Kids,
            (_, Object::Array(_)) if part != Part::Pairs => return Ok(()),
            (_, Object::Dictionary(_)) if part == Part::Pairs => return Ok(()),
            (part, _) => part,
        };
        if let Some(reference) = value.as_reference()
            && self.all.insert(reference.number, part).is_some()
        {
            return Ok(());
        }
        match object {
            Object::Dictionary(dictionary) => self.enter_dictionary(view, &dictionary, part),
            Object::Array(items) if part == Part::Kids => {
                self.ahead.extend(items.into_iter().map(|item| (item, Part::Element)));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn enter_dictionary(&mut self, view: View<'_>, dictionary: &Dictionary, part: Part) -> Result<(), PdfProblem> {
        let mut follow = |key: &[u8], part| self.ahead.extend(dictionary.get(key).map(|value| (value.clone(), part)));
        match part {
            Part::Root => {
                follow(b"K", Part::Element);
                follow(b"ParentTree", Part::Tree);
            }
            Part::Tree => {
                follow(b"Nums", Part::Pairs);
                if let Object::Array(kids) = view.value(dictionary, b"Kids")? {
                    self.ahead.extend(kids.into_iter().map(|kid| (kid, Part::Tree)));
                }
            }
            _ => follow(b"K", Part::Element),
        }
        Ok(())
    }
}

/// More than books have; ends what one file could make of this.
const MOST_PARTS: usize = 500_000;
