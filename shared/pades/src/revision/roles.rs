use std::collections::BTreeMap;

use super::changes::ChangeKind;
use super::layout::Layout;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::{Counted, PdfProblem};

/// What an object of a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Catalog,
    Information,
    Form,
    FormFields,
    FormField,
    PageTree,
    Page,
    PageContent,
    PageAnnotations,
    Annotation,
    ValidationData,
    Metadata,
    Other,
}

impl Role {
    pub(super) fn kind(self) -> ChangeKind {
        match self {
            Self::Catalog => ChangeKind::Catalog,
            Self::Information => ChangeKind::Information,
            Self::Form | Self::FormFields => ChangeKind::Form,
            Self::FormField => ChangeKind::FormField,
            Self::PageTree => ChangeKind::PageTree,
            Self::Page => ChangeKind::Page,
            Self::PageContent => ChangeKind::PageContent,
            Self::PageAnnotations | Self::Annotation => ChangeKind::Annotation,
            Self::ValidationData => ChangeKind::ValidationData,
            Self::Metadata => ChangeKind::Metadata,
            Self::Other => ChangeKind::Other,
        }
    }
}

/// The roles of every object that has one. The first role found holds, and
/// the strictest are looked for first.
pub(super) struct Roles(BTreeMap<u32, Role>);

impl Roles {
    pub(super) fn of(view: View<'_>, layout: &Layout) -> Result<Self, PdfProblem> {
        let mut roles = Self(BTreeMap::new());
        let catalog = view.catalog()?;
        roles.note(view.catalog_reference().ok(), Role::Catalog);
        layout.note_content(view, &mut |number, role| roles.note_page(number, role))?;
        roles.note_form(view, &catalog)?;
        layout.note_annotations(view, &mut |number, role| roles.note_page(number, role))?;
        roles.note(view.trailer()?.reference(b"Info"), Role::Information);
        roles.note(catalog.reference(b"Metadata"), Role::Metadata);
        roles.note_validation_data(view, &catalog)?;
        Ok(roles)
    }

    pub(super) fn of_number(&self, number: u32) -> Role {
        self.0.get(&number).copied().unwrap_or(Role::Other)
    }

    fn note(&mut self, reference: Option<Reference>, role: Role) {
        if let Some(reference) = reference {
            self.0.entry(reference.number).or_insert(role);
        }
    }

    /// A node of the page tree is nothing else.
    fn note_page(&mut self, number: u32, role: Role) {
        if role == Role::PageTree {
            self.0.insert(number, role);
        } else {
            self.0.entry(number).or_insert(role);
        }
    }

    fn note_form(&mut self, view: View<'_>, catalog: &Dictionary) -> Result<(), PdfProblem> {
        self.note(catalog.reference(b"AcroForm"), Role::Form);
        if let Object::Dictionary(form) = view.value(catalog, b"AcroForm")? {
            self.note(form.reference(b"Fields"), Role::FormFields);
            self.note_fields(view, &form, b"Fields", MAX_FIELD_DEPTH)?;
        }
        Ok(())
    }

    fn note_fields(&mut self, view: View<'_>, holder: &Dictionary, key: &[u8], depth: u8) -> Result<(), PdfProblem> {
        let Some(deeper) = depth.checked_sub(1) else {
            return Err(PdfProblem::TooMany { of: Counted::FormFields, limit: MAX_FIELD_DEPTH.into() });
        };
        let Object::Array(fields) = view.value(holder, key)? else {
            return Ok(());
        };
        for field in fields.iter().filter_map(Object::as_reference) {
            let is_new = self.0.insert(field.number, Role::FormField) != Some(Role::FormField);
            if let (true, Object::Dictionary(field)) = (is_new, view.object(field)?) {
                self.note_fields(view, &field, b"Kids", deeper)?;
            }
        }
        Ok(())
    }

    /// The lists of the document security store, not what they list.
    /// EN 319 142-1, section 5.4.2.
    fn note_validation_data(&mut self, view: View<'_>, catalog: &Dictionary) -> Result<(), PdfProblem> {
        let role = Role::ValidationData;
        self.note(catalog.reference(b"DSS"), role);
        let Object::Dictionary(store) = view.value(catalog, b"DSS")? else {
            return Ok(());
        };
        for key in [b"Certs".as_slice(), b"CRLs", b"OCSPs", b"VRI"] {
            self.note(store.reference(key), role);
        }
        Ok(())
    }
}

/// Deeper than any form.
const MAX_FIELD_DEPTH: u8 = 32;
