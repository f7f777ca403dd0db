use std::collections::BTreeMap;

use super::changes::ChangeKind;
use super::layout::Layout;
use super::references::References;
use super::store::Stores;
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
///
/// What permits changes is only found below what is nothing else: a dictionary that is a form for one reader may be the
/// resources of a page for another.
pub(super) struct Roles {
    all: BTreeMap<u32, Role>,
    /// From an appearance to its field.
    fields: BTreeMap<u32, u32>,
    /// How often the document security store names an object.
    kept: BTreeMap<u32, u32>,
}

impl Roles {
    pub(super) fn of(
        view: View<'_>,
        layout: &Layout,
        references: &References<'_>,
        stores: &mut Stores,
    ) -> Result<Self, PdfProblem> {
        let mut roles = Self { all: BTreeMap::new(), fields: BTreeMap::new(), kept: BTreeMap::new() };
        let root = view.catalog_reference()?;
        let catalog = match references.is_only_pointed_at(root.number) {
            true => view.catalog()?,
            false => Dictionary::default(),
        };
        roles.note(Some(root), Role::Catalog);
        layout.note_content(view, &mut |number, role| roles.note_page(number, role))?;
        roles.note_form(view, &catalog, references)?;
        layout.note_annotations(view, &mut |number, role| roles.note_page(number, role))?;
        roles.note(view.information().and_then(Object::as_reference), Role::Information);
        roles.note(catalog.reference(b"Metadata"), Role::Metadata);
        roles.note(catalog.reference(b"Extensions"), Role::Extensions);
        roles.kept = stores.kept(view, &catalog, references)?;
        for number in roles.kept.keys() {
            roles.all.entry(*number).or_insert(Role::ValidationData);
        }
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

    fn note_form(&mut self, view: View<'_>, catalog: &Dictionary, references: &References<'_>) -> Result<(), PdfProblem> {
        self.note(catalog.reference(b"AcroForm"), Role::Form);
        if let Object::Dictionary(form) = own(view, catalog.get(b"AcroForm"), references)? {
            self.note(form.reference(b"Fields"), Role::FormFields);
            self.note_fields((view, references), &form, b"Fields", MAX_FIELD_DEPTH)?;
            self.note(form.reference(b"DR"), Role::FormResources);
            if let Object::Dictionary(resources) = own(view, form.get(b"DR"), references)? {
                self.note(resources.reference(b"Font"), Role::FormFonts);
            }
        }
        Ok(())
    }

    fn note_fields(
        &mut self,
        (view, references): (View<'_>, &References<'_>),
        holder: &Dictionary,
        key: &[u8],
        depth: u8,
    ) -> Result<(), PdfProblem> {
        let Some(deeper) = depth.checked_sub(1) else {
            return Err(PdfProblem::TooMany { of: Counted::FormFields, limit: MAX_FIELD_DEPTH.into() });
        };
        let Object::Array(fields) = view.value(holder, key)? else {
            return Ok(());
        };
        for field in fields.iter().filter_map(Object::as_reference) {
            let is_new = !self.all.contains_key(&field.number);
            self.note(Some(field), Role::FormField);
            if is_new
                && references.is_only_pointed_at(field.number)
                && let Object::Dictionary(entries) = view.object(field)?
            {
                self.note_appearances((view, references), field.number, &entries)?;
                self.note_fields((view, references), &entries, b"Kids", deeper)?;
            }
        }
        Ok(())
    }

    /// /AP, what it holds, and the states of a button. ISO 32000-2, section 12.5.5.
    fn note_appearances(
        &mut self,
        (view, references): (View<'_>, &References<'_>),
        field: u32,
        entries: &Dictionary,
    ) -> Result<(), PdfProblem> {
        let Object::Dictionary(appearances) = own(view, entries.get(b"AP"), references)? else { return Ok(()) };
        self.note_appearance(field, entries.reference(b"AP"));
        for appearance in [b"N", b"R", b"D"].iter().filter_map(|key| appearances.get(*key)) {
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
}

/// A value that stands in its place, or in an object that nothing else names; null if it is another's too.
fn own(view: View<'_>, value: Option<&Object>, references: &References<'_>) -> Result<Object, PdfProblem> {
    match value {
        Some(Object::Reference(reference)) if references.times(reference.number) == 1 => view.object(*reference),
        Some(Object::Reference(_)) | None => Ok(Object::Null),
        Some(direct) => Ok(direct.clone()),
    }
}

/// Deeper than any form.
const MAX_FIELD_DEPTH: u8 = 32;
