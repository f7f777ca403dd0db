//! What programs add to the structure of a tagged document for a field that they sign. ISO 32000-2, section 14.7.

use std::collections::BTreeMap;

use super::changes::{ChangeKind, Needs};
use super::rules::{Comparison, Finding, appended, differing_keys};
use super::structure_parts::Part;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;

impl Comparison<'_> {
    /// What it takes that a part of the structure grew by signature fields, and by nothing that is read aloud; None if
    /// anything else happened to the object.
    pub(super) fn structure(&self, part: Part, old: &Object, new: &Object) -> Result<Option<Finding>, PdfProblem> {
        let needs = match (part, old, new) {
            (Part::Kids, Object::Array(_), Object::Array(_)) => self.grown(Some(old), new)?,
            (Part::Pairs, Object::Array(_), Object::Array(_)) => self.grown_pairs(Some(old), new)?,
            (Part::Root | Part::Element | Part::Tree, Object::Dictionary(old), Object::Dictionary(new)) => {
                self.part(part, old, new)?
            }
            _ => None,
        };
        Ok(needs.map(|needs| (ChangeKind::Structure, needs)))
    }

    /// The root, an element, or a node of the tree that leads from annotations to elements.
    fn part(&self, part: Part, old: &Dictionary, new: &Dictionary) -> Result<Option<Needs>, PdfProblem> {
        let mut all = Some(Needs::Nothing);
        for key in differing_keys(old, new) {
            let needs = match (part, key.as_slice(), new.get(&key)) {
                (Part::Root | Part::Element, b"K", Some(kids)) => self.grown(old.get(b"K"), kids)?,
                (Part::Tree, b"Nums", Some(pairs)) => self.grown_pairs(old.get(b"Nums"), pairs)?,
                (Part::Root, b"ParentTree", Some(tree)) => self.grown_tree(old.get(b"ParentTree"), tree)?,
                (Part::Root, b"ParentTreeNextKey", Some(Object::Integer(next))) => {
                    let before = old.integer(b"ParentTreeNextKey");
                    let rises = before.map_or(!old.contains(b"ParentTreeNextKey"), |before| before <= *next);
                    rises.then_some(Needs::Nothing)
                }
                (Part::Tree, b"Limits", Some(limits)) => keeps_lower_limit(old.get(b"Limits"), limits).then_some(Needs::Nothing),
                _ => None,
            };
            all = all.zip(needs).map(|(one, other)| one.max(other));
        }
        Ok(all)
    }

    /// What is below an element. One kid may stand without an array.
    fn grown(&self, old: Option<&Object>, new: &Object) -> Result<Option<Needs>, PdfProblem> {
        let (before, new) = (old.map(|old| self.old.resolve(old)).transpose()?, self.new.resolve(new)?);
        let before = match (before, old) {
            (Some(Object::Dictionary(_)), Some(alone)) => Some(Object::Array(vec![alone.clone()])),
            (before, _) => before,
        };
        let first = before.as_ref().and_then(Object::as_array).and_then(|kids| kids.first());
        let is_of_kids = match first.map(|first| self.old.resolve(first)).transpose()? {
            None | Some(Object::Integer(_) | Object::Dictionary(_)) => true,
            Some(_) => false,
        };
        match appended(before.as_ref(), &new) {
            Some(added) if is_of_kids && !added.is_empty() => self.elements(added),
            _ => Ok(None),
        }
    }

    /// Numbers above all that were there, each with its element.
    fn grown_pairs(&self, old: Option<&Object>, new: &Object) -> Result<Option<Needs>, PdfProblem> {
        let (old, new) = (old.map(|old| self.old.resolve(old)).transpose()?, self.new.resolve(new)?);
        let Some(added) = appended(old.as_ref(), &new).filter(|added| !added.is_empty()) else { return Ok(None) };
        let (Some(before), Some(pairs)) = (old.as_ref().map_or(Some(Vec::new()), pairs_of), pairs_in(added)) else {
            return Ok(None);
        };
        let numbers: Vec<i64> = before.iter().chain(&pairs).map(|(number, _)| *number).collect();
        let first_added = numbers.iter().skip(before.len().saturating_sub(1));
        match first_added.is_sorted_by(|one, next| one < next) {
            true => self.elements(pairs.into_iter().map(|(_, element)| element)),
            false => Ok(None),
        }
    }

    fn elements<'a>(&self, items: impl IntoIterator<Item = &'a Object>) -> Result<Option<Needs>, PdfProblem> {
        let mut all = Some(Needs::Nothing);
        for item in items {
            all = all.zip(self.element(item)?).map(|(one, other)| one.max(other));
        }
        Ok(all)
    }

    /// What iText writes into a page that lacks it, when it adds a field: a number in the structure that leads nowhere, and in which order a key goes
    /// from field to field. Neither is seen or read aloud.
    pub(super) fn is_tagging(&self, key: &[u8], old: &Dictionary, new: &Dictionary) -> Result<bool, PdfProblem> {
        match (key, old.get(key), new.get(key)) {
            (b"Tabs", None, Some(Object::Name(order))) => {
                Ok([b"S".as_slice(), b"R", b"C", b"W", b"A"].contains(&order.as_slice()))
            }
            (b"StructParents", None, Some(Object::Integer(number))) => {
                let Object::Dictionary(root) = self.new.value(&self.new.catalog()?, b"StructTreeRoot")? else { return Ok(false) };
                let tree = root.get(b"ParentTree").map(|tree| numbers(self.new, tree)).transpose()?.flatten();
                Ok(tree.is_some_and(|tree| !tree.contains_key(number)))
            }
            _ => Ok(false),
        }
    }

    /// The same numbers lead to the same, and new ones to new elements.
    fn grown_tree(&self, old: Option<&Object>, new: &Object) -> Result<Option<Needs>, PdfProblem> {
        let (Some(before), Some(after)) = (old.map_or(Ok(None), |old| numbers(self.old, old))?, numbers(self.new, new)?) else {
            return Ok(None);
        };
        for (number, value) in &before {
            let Some(later) = after.get(number) else { return Ok(None) };
            if later != value && self.old.resolve(value)? != self.new.resolve(later)? {
                return Ok(None);
            }
        }
        self.elements(after.iter().filter(|(number, _)| !before.contains_key(number)).map(|(_, item)| item))
    }

    /// A new element that holds one new signature field and says nothing.
    fn element(&self, item: &Object) -> Result<Option<Needs>, PdfProblem> {
        let Some(reference) = item.as_reference() else { return Ok(None) };
        let (Object::Null, Object::Dictionary(element)) = (self.before(reference)?, self.new.object(reference)?) else {
            return Ok(None);
        };
        let says_nothing = element.iter().all(|(key, _)| KEYS_OF_ELEMENT.contains(&key));
        if !says_nothing || element.name(b"S") != Some(b"Form") {
            return Ok(None);
        }
        let Some(field) = self.only_annotation(&element)? else { return Ok(None) };
        let needs = self.added_signature(field)?;
        Ok((needs != Needs::MoreThanCanBeGiven).then_some(needs))
    }

    fn only_annotation(&self, element: &Dictionary) -> Result<Option<Reference>, PdfProblem> {
        let kid = match self.new.value(element, b"K")? {
            Object::Array(kids) => match kids.as_slice() {
                [kid] => self.new.resolve(kid)?,
                _ => return Ok(None),
            },
            kid => kid,
        };
        Ok(kid.as_dictionary().filter(|kid| kid.is_of_type(b"OBJR")).and_then(|kid| kid.reference(b"Obj")))
    }
}

fn keeps_lower_limit(old: Option<&Object>, new: &Object) -> bool {
    match (old.and_then(Object::as_array), new.as_array()) {
        (Some([from, Object::Integer(to)]), Some([same, Object::Integer(further)])) => from == same && to <= further,
        _ => false,
    }
}

fn pairs_of(array: &Object) -> Option<Vec<(i64, &Object)>> {
    match array {
        Object::Null => Some(Vec::new()),
        array => pairs_in(array.as_array()?),
    }
}

fn pairs_in(items: &[Object]) -> Option<Vec<(i64, &Object)>> {
    let mut pairs = Vec::new();
    for pair in items.chunks(2) {
        let [Object::Integer(number), element] = pair else { return None };
        pairs.push((*number, element));
    }
    Some(pairs)
}

/// What a number tree says; None if it is none that people make.
fn numbers(view: View<'_>, tree: &Object) -> Result<Option<BTreeMap<i64, Object>>, PdfProblem> {
    let (mut all, mut nodes, mut seen) = (BTreeMap::new(), vec![view.resolve(tree)?], 0);
    while let Some(node) = nodes.pop() {
        seen += 1;
        let Object::Dictionary(node) = node else { return Ok(None) };
        if let Object::Array(pairs) = view.value(&node, b"Nums")? {
            let Some(pairs) = pairs_in(&pairs) else { return Ok(None) };
            for (number, value) in pairs {
                if all.insert(number, value.clone()).is_some() {
                    return Ok(None);
                }
            }
        }
        if let Object::Array(kids) = view.value(&node, b"Kids")? {
            if nodes.len() + kids.len() + seen > MOST_NODES {
                return Ok(None);
            }
            for kid in &kids {
                nodes.push(view.resolve(kid)?);
            }
        }
    }
    Ok(Some(all))
}

/// ISO 32000-2, table 355, without what is read aloud.
const KEYS_OF_ELEMENT: [&[u8]; 6] = [b"Type", b"S", b"P", b"K", b"Pg", b"ID"];
/// Ends loops too.
const MOST_NODES: usize = 4_096;
