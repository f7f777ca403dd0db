use super::catalog::Catalog;
use super::form::Form;
use super::update::Update;
use super::visible::Visible;
use crate::pdf::{Dictionary, Document, Object, Reference, View};
use crate::problem::{Counted, PdfProblem};
use crate::revision::{SignatureField, inherited, is_locked, is_signature_field};

/// A signature field that somebody laid out and nobody has signed.
pub(super) struct EmptyField {
    reference: Reference,
    pub(super) entries: Dictionary,
}

impl EmptyField {
    /// `name` is the full name, parents joined with dots.
    pub(super) fn find(document: &Document<'_>, made: &[SignatureField], name: &str) -> Result<Self, PdfProblem> {
        let view = document.latest();
        let form = Form::of(view, &view.catalog()?)?;
        let reference = descend(view, &form.entries, b"Fields", name, MAX_DEPTH)?.ok_or(PdfProblem::NoSuchField)?;
        let Object::Dictionary(entries) = view.object(reference)? else {
            return Err(PdfProblem::NoSuchField);
        };
        if !is_signature_field(view, &entries)? {
            return Err(PdfProblem::NoSuchField);
        }
        if inherited(view, &entries, b"V")? != Object::Null {
            return Err(PdfProblem::FieldTaken);
        }
        match is_locked(document, made, name)? {
            true => Err(PdfProblem::FieldLocked),
            false => Ok(Self { reference, entries }),
        }
    }

    /// Nothing but its value, and what it shows, changes: so earlier signatures see a field that was signed.
    pub(super) fn sign(
        mut self,
        view: View<'_>,
        update: &mut Update<'_>,
        catalog: &mut Catalog,
        signature: Reference,
        visible: Option<&Visible>,
    ) -> Result<(), PdfProblem> {
        if let Some(visible) = visible {
            self.show(view, update, visible)?;
        }
        self.entries.insert(b"V", Object::Reference(signature));
        let mut form = Form::of(view, catalog.entries())?;
        if form.announce_signatures() {
            form.put(update, catalog)?;
        }
        update.put(self.reference, &Object::Dictionary(self.entries))
    }

    /// In its own rectangle, or in that of its only widget.
    fn show(&mut self, view: View<'_>, update: &mut Update<'_>, visible: &Visible) -> Result<(), PdfProblem> {
        if self.entries.contains(b"Rect") {
            let sight = visible.put_into(view, update, &self.entries)?;
            self.entries.insert(b"AP", sight.appearances);
            return Ok(());
        }
        let kids = view.value(&self.entries, b"Kids")?;
        let [Object::Reference(reference)] = kids.as_array().unwrap_or_default() else {
            return Err(PdfProblem::FieldShowsNothing);
        };
        let Object::Dictionary(mut widget) = view.object(*reference)? else {
            return Err(PdfProblem::FieldShowsNothing);
        };
        let sight = visible.put_into(view, update, &widget)?;
        widget.insert(b"AP", sight.appearances);
        update.put(*reference, &Object::Dictionary(widget))
    }
}

/// The field that is called so, below the array that `holder` has at `key`.
fn descend(view: View<'_>, holder: &Dictionary, key: &[u8], name: &str, depth: u8) -> Result<Option<Reference>, PdfProblem> {
    let deeper = depth.checked_sub(1).ok_or(PdfProblem::TooMany { of: Counted::FormFields, limit: MAX_DEPTH.into() })?;
    let Object::Array(fields) = view.value(holder, key)? else {
        return Ok(None);
    };
    for reference in fields.iter().filter_map(Object::as_reference) {
        let Object::Dictionary(field) = view.object(reference)? else {
            continue;
        };
        let Object::String(own) = view.value(&field, b"T")? else {
            continue;
        };
        let found = match name.strip_prefix(own.to_display().as_str()) {
            Some("") => Some(reference),
            Some(rest) => match rest.strip_prefix('.') {
                Some(below) => descend(view, &field, b"Kids", below, deeper)?,
                None => None,
            },
            None => None,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Deeper than any form; ends loops.
const MAX_DEPTH: u8 = 32;
