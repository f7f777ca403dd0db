use super::update::Update;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;

/// The catalogue as it grows; written once, if anything changed.
pub(super) struct Catalog {
    reference: Reference,
    entries: Dictionary,
    is_changed: bool,
}

impl Catalog {
    pub(super) fn of(view: View<'_>) -> Result<Self, PdfProblem> {
        Ok(Self { reference: view.catalog_reference()?, entries: view.catalog()?, is_changed: false })
    }

    pub(super) fn entries(&self) -> &Dictionary {
        &self.entries
    }

    pub(super) fn set(&mut self, key: &[u8], value: Object) {
        self.entries.insert(key, value);
        self.is_changed = true;
    }

    /// /Perms, beside whatever else it says. ISO 32000-2, section 12.8.6.
    pub(super) fn certify(&mut self, view: View<'_>, signature: Reference) -> Result<(), PdfProblem> {
        let mut permissions = match view.value(&self.entries, b"Perms")? {
            Object::Dictionary(permissions) => permissions,
            _ => Dictionary::default(),
        };
        if permissions.contains(b"DocMDP") {
            return Err(PdfProblem::CertificationNotFirst);
        }
        permissions.insert(b"DocMDP", Object::Reference(signature));
        self.set(b"Perms", Object::Dictionary(permissions));
        Ok(())
    }

    pub(super) fn put(self, update: &mut Update<'_>) -> Result<(), PdfProblem> {
        match self.is_changed {
            true => update.put(self.reference, &Object::Dictionary(self.entries)),
            false => Ok(()),
        }
    }
}
