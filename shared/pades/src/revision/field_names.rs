use std::collections::{BTreeMap, BTreeSet};

use super::candidates::MAX_PARENTS;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;
use crate::source::wide;

/// Which fields of a form are listed below which.
pub(super) struct FieldNames<'d> {
    view: View<'d>,
    listed: BTreeSet<u32>,
    listed_by: BTreeMap<u32, BTreeSet<u32>>,
}

impl<'d> FieldNames<'d> {
    pub(super) fn of(view: View<'d>) -> Result<Self, PdfProblem> {
        let mut names = Self { view, listed: BTreeSet::new(), listed_by: BTreeMap::new() };
        let Object::Dictionary(form) = view.value(&view.catalog()?, b"AcroForm")? else {
            return Ok(names);
        };
        let mut ahead = references(&view.value(&form, b"Fields")?);
        names.listed.extend(ahead.iter().map(|field| field.number));
        let mut seen = BTreeSet::new();
        while let Some(field) = ahead.pop() {
            if seen.insert(field.number)
                && let Object::Dictionary(entries) = view.object(field)?
            {
                let kids = references(&view.value(&entries, b"Kids")?);
                for kid in &kids {
                    names.listed_by.entry(kid.number).or_default().insert(field.number);
                }
                ahead.extend(kids);
            }
        }
        Ok(names)
    }

    /// Every name that a reader could give to a field: some go by what lists it, some by what it says that it belongs to.
    /// None if they are more, or longer, than anybody needs. ISO 32000-2, section 12.7.4.2.
    pub(super) fn names_of(&self, field: u32) -> Result<Option<BTreeSet<String>>, PdfProblem> {
        let mut names = BTreeSet::new();
        let mut ahead = vec![(field, Vec::new())];
        for _ in 0..MOST_STEPS {
            let Some((number, mut below)) = ahead.pop() else { return Ok(Some(names)) };
            let entries = self.entries(number)?;
            if let Object::String(name) = self.view.value(&entries, b"T")? {
                below.push(name.to_display());
            }
            let mut above = self.listed_by.get(&number).cloned().unwrap_or_default();
            above.extend(entries.reference(b"Parent").map(|parent| parent.number));
            let letters = below.iter().map(String::len).sum::<usize>();
            if letters > LONGEST_NAME {
                return Ok(None);
            }
            self.view.document().work().passed(wide(letters))?;
            if above.is_empty() || self.listed.contains(&number) {
                names.insert(below.iter().rev().map(String::as_str).collect::<Vec<_>>().join("."));
            }
            if ahead.len() + above.len() > MOST_STEPS {
                return Ok(None);
            }
            ahead.extend(above.into_iter().map(|parent| (parent, below.clone())));
        }
        Ok(None)
    }

    fn entries(&self, number: u32) -> Result<Dictionary, PdfProblem> {
        Ok(match self.view.numbered(number)? {
            Some(Object::Dictionary(entries)) => entries,
            _ => Dictionary::default(),
        })
    }
}

fn references(array: &Object) -> Vec<Reference> {
    array.as_array().map(|items| items.iter().filter_map(Object::as_reference).collect()).unwrap_or_default()
}

/// Several times the depth of any form; ends loops.
const MOST_STEPS: usize = 4 * MAX_PARENTS;
/// In bytes.
const LONGEST_NAME: usize = 16 * 1024;
