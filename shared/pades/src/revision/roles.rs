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
    /// What fields find their fonts in.
    FormResources,
    FormFonts,
    FormField,
    PageTree,
    Page,
    PageContent,
    PageAnnotations,
    Annotation,
    /// What a field shows, drawn in an object of its own.
    Appearance,
    ValidationData,
    Metadata,
    Extensions,
    Other,
}

impl Role {
    pub(super) fn kind(self) -> ChangeKind {
        match self {
            Self::Catalog | Self::Extensions => ChangeKind::Catalog,
            Self::Information => ChangeKind::Information,
            Self::Form | Self::FormFields | Self::FormResources | Self::FormFonts => ChangeKind::Form,
            Self::FormField | Self::Appearance => ChangeKind::FormField,
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
pub(super) struct Roles {
    all: BTreeMap<u32, Role>,
    /// From an appearance to its field.
    fields: BTreeMap<u32, u32>,
    /// How often the document security store names an object.
    kept: BTreeMap<u32, u32>,
}

impl Roles {
    pub(super) fn of(view: View<'_>, layout: &Layout) -> Result<Self, PdfProblem> {
        let mut roles = Self { all: BTreeMap::new(), fields: BTreeMap::new(), kept: BTreeMap::new() };
        let catalog = view.catalog()?;
        roles.note(view.catalog_reference().ok(), Role::Catalog);
        layout.note_content(view, &mut |number, role| roles.note_page(number, role))?;
        roles.note_form(view, &catalog)?;
        layout.note_annotations(view, &mut |number, role| roles.note_page(number, role))?;
        roles.note(view.trailer()?.reference(b"Info"), Role::Information);
        roles.note(catalog.reference(b"Metadata"), Role::Metadata);
        roles.note(catalog.reference(b"Extensions"), Role::Extensions);
        roles.note_validation_data(view, &catalog)?;
        Ok(roles)
    }

    pub(super) fn of_number(&self, number: u32) -> Role {
        self.all.get(&number).copied().unwrap_or(Role::Other)
    }

    /// The field whose value or appearance the object is.
    pub(super) fn field_of(&self, number: u32) -> Option<u32> {
        match self.of_number(number) {
            Role::FormField => Some(number),
            Role::Appearance => self.fields.get(&number).copied(),
            _ => None,
        }
    }

    /// How often validation data alone name the object.
    pub(super) fn times_kept(&self, number: u32) -> u32 {
        self.kept.get(&number).copied().unwrap_or(0)
    }

    fn note(&mut self, reference: Option<Reference>, role: Role) {
        if let Some(reference) = reference {
            self.all.entry(reference.number).or_insert(role);
        }
    }

    /// A node of the page tree is nothing else.
    fn note_page(&mut self, number: u32, role: Role) {
        if role == Role::PageTree {
            self.all.insert(number, role);
        } else {
            self.all.entry(number).or_insert(role);
        }
    }

    fn note_form(&mut self, view: View<'_>, catalog: &Dictionary) -> Result<(), PdfProblem> {
        self.note(catalog.reference(b"AcroForm"), Role::Form);
        if let Object::Dictionary(form) = view.value(catalog, b"AcroForm")? {
            self.note(form.reference(b"Fields"), Role::FormFields);
            self.note_fields(view, &form, b"Fields", MAX_FIELD_DEPTH)?;
            self.note(form.reference(b"DR"), Role::FormResources);
            if let Object::Dictionary(resources) = view.value(&form, b"DR")? {
                self.note(resources.reference(b"Font"), Role::FormFonts);
            }
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
            let is_new = self.all.insert(field.number, Role::FormField) != Some(Role::FormField);
            if let (true, Object::Dictionary(entries)) = (is_new, view.object(field)?) {
                self.note_appearances(view, field.number, &entries)?;
                self.note_fields(view, &entries, b"Kids", deeper)?;
            }
        }
        Ok(())
    }

    /// /AP, what it holds, and the states of a button. ISO 32000-2, section 12.5.5.
    fn note_appearances(&mut self, view: View<'_>, field: u32, entries: &Dictionary) -> Result<(), PdfProblem> {
        self.note_appearance(field, entries.reference(b"AP"));
        let Object::Dictionary(appearances) = view.value(entries, b"AP")? else { return Ok(()) };
        for (_, appearance) in appearances.iter() {
            self.note_appearance(field, appearance.as_reference());
            if let Object::Dictionary(states) = appearance {
                states.iter().for_each(|(_, state)| self.note_appearance(field, state.as_reference()));
            }
        }
        Ok(())
    }

    fn note_appearance(&mut self, field: u32, appearance: Option<Reference>) {
        if let Some(appearance) = appearance.filter(|appearance| !self.all.contains_key(&appearance.number)) {
            self.note(Some(appearance), Role::Appearance);
            self.fields.insert(appearance.number, field);
        }
    }

    /// The document security store, and how often it names what it lists.
    /// EN 319 142-1, section 5.4.2.
    fn note_validation_data(&mut self, view: View<'_>, catalog: &Dictionary) -> Result<(), PdfProblem> {
        self.keep(catalog.get(b"DSS"));
        let Object::Dictionary(store) = view.value(catalog, b"DSS")? else {
            return Ok(());
        };
        self.note_kept(view, &store)?;
        if let Object::Dictionary(by_signature) = view.value(&store, b"VRI")? {
            for (_, one) in by_signature.iter() {
                self.keep(Some(one));
                if let Object::Dictionary(one) = view.resolve(one)? {
                    self.note_kept(view, &one)?;
                }
            }
        }
        Ok(())
    }

    fn note_kept(&mut self, view: View<'_>, holder: &Dictionary) -> Result<(), PdfProblem> {
        for (_, value) in holder.iter() {
            self.keep(Some(value));
            if let Object::Array(items) = view.resolve(value)? {
                items.iter().for_each(|item| self.keep(Some(item)));
            }
        }
        Ok(())
    }

    fn keep(&mut self, value: Option<&Object>) {
        if let Some(reference) = value.and_then(Object::as_reference) {
            self.note(Some(reference), Role::ValidationData);
            let times = self.kept.entry(reference.number).or_default();
            *times = times.saturating_add(1);
        }
    }
}

/// Deeper than any form.
const MAX_FIELD_DEPTH: u8 = 32;
