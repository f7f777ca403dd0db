use super::catalog::Catalog;
use super::update::Update;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;

/// The interactive form as it grows; in the catalogue or in an object of its own.
pub(super) struct Form {
    pub(super) entries: Dictionary,
    own_object: Option<Reference>,
}

impl Form {
    /// An empty one where there is none.
    pub(super) fn of(view: View<'_>, catalog: &Dictionary) -> Result<Self, PdfProblem> {
        let own_object = catalog.reference(b"AcroForm");
        match view.value(catalog, b"AcroForm")? {
            Object::Dictionary(entries) => Ok(Self { entries, own_object }),
            Object::Null => Ok(Self { entries: Dictionary::default(), own_object: None }),
            _ => Err(not_a_form(own_object)),
        }
    }

    /// Says that signatures exist, so that programs append; false if it said so before.
    pub(super) fn announce_signatures(&mut self) -> bool {
        let flags = self.entries.integer(b"SigFlags").unwrap_or(0);
        let raised = flags | SIGNED_AND_APPEND_ONLY;
        self.entries.insert(b"SigFlags", Object::Integer(raised));
        raised != flags
    }

    pub(super) fn put(self, update: &mut Update<'_>, catalog: &mut Catalog) -> Result<(), PdfProblem> {
        let form = Object::Dictionary(self.entries);
        match self.own_object {
            Some(reference) => update.put(reference, &form),
            None => {
                catalog.set(b"AcroForm", form);
                Ok(())
            }
        }
    }
}

#[derive(PartialEq, Eq)]
pub(super) enum Holder {
    Changed,
    Unchanged,
}

/// Appends to an array where it stands: in the dictionary that holds it or in
/// an object of its own.
pub(super) fn append(
    view: View<'_>,
    update: &mut Update<'_>,
    holder: &mut Dictionary,
    key: &[u8],
    item: Reference,
) -> Result<Holder, PdfProblem> {
    let own_object = holder.reference(key);
    let (mut items, own_object) = match view.value(holder, key)? {
        Object::Array(items) => (items, own_object),
        Object::Null => (Vec::new(), None),
        _ => return Err(not_a_form(own_object)),
    };
    items.push(Object::Reference(item));
    match own_object {
        Some(reference) => {
            update.put(reference, &Object::Array(items))?;
            Ok(Holder::Unchanged)
        }
        None => {
            holder.insert(key, Object::Array(items));
            Ok(Holder::Changed)
        }
    }
}

fn not_a_form(reference: Option<Reference>) -> PdfProblem {
    PdfProblem::WrongObject {
        object: reference.map_or(0, |reference| reference.number),
        what: "a form, its fields or a page's annotations were expected",
    }
}

/// SignaturesExist and AppendOnly. ISO 32000-2, table 225.
const SIGNED_AND_APPEND_ONLY: i64 = 3;
