use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::changes::{Change, ChangeKind, Needs, Touch};
use super::layout::Layout;
use super::references::References;
use super::roles::{Role, Roles};
use super::rules::{Comparison, Finding, differing_keys, forbidden};
use super::store::Stores;
use super::structure_parts::{Part, Parts};
use crate::digest::same_bytes;
use crate::pdf::{Dictionary, Document, Object, Reference, View};
use crate::problem::PdfProblem;

/// Compares revisions one after another, and remembers what the next comparison needs.
pub(super) struct Comparer<'d> {
    document: &'d Document<'d>,
    references: References,
    stores: Stores,
    wanted: BTreeSet<u32>,
    layout: Option<Layout>,
    reads_before: u64,
}

impl<'d> Comparer<'d> {
    /// Begins with the first revision after `first`.
    pub(super) fn after(document: &'d Document<'d>, first: usize) -> Result<Self, PdfProblem> {
        let later = document.revisions().iter().skip(first.saturating_add(1));
        let wanted: BTreeSet<u32> = later.flat_map(|revision| revision.listed()).collect();
        let references = References::count(document.as_of(first))?;
        let stores = Stores::until(document, first)?;
        Ok(Self { document, references, stores, wanted, layout: None, reads_before: document.objects_read() })
    }

    /// What one revision changed in the document as the one before it left it.
    pub(super) fn step(&mut self, revision: usize) -> Result<Vec<Touch>, PdfProblem> {
        let document = self.document;
        let (old, new) = (document.as_of(revision.saturating_sub(1)), document.as_of(revision));
        let step = Step { revision, old, new, structure: OnceCell::new() };
        let changed = step.changed_objects(document)?;
        let mut touches = step.trailer()?;
        if !changed.is_empty() {
            let layout = match self.layout.take() {
                Some(layout) => layout,
                None => Layout::of(step.old, &self.wanted)?,
            };
            let roles = Roles::of(step.old, &layout, &self.references, &mut self.stores)?;
            for object in &changed {
                let findings = step.judge(object, &roles, &self.references)?;
                touches.extend(findings.into_iter().map(|(what, needs)| {
                    let is_field = matches!(what, ChangeKind::FormField | ChangeKind::Signature);
                    let field = roles.field_of(object.number).filter(|_| is_field);
                    Touch { change: Change { revision, object: object.number, what }, needs, field }
                }));
            }
            let new = changed.iter().map(|changed| (changed.number, changed.new.as_ref()));
            let same_root = step.old.catalog_reference() == step.new.catalog_reference();
            self.layout = (same_root && layout.holds_after(new)).then_some(layout);
        }
        self.references.replace_trailer(step.old, step.new)?;
        for object in &changed {
            self.references.replace(object.old.as_ref(), object.new.as_ref());
        }
        Ok(touches)
    }

    /// More work than honest revisions ever make.
    pub(super) fn is_exhausted(&self) -> bool {
        self.document.objects_read() - self.reads_before > MOST_READS
    }
}

struct Step<'d> {
    revision: usize,
    old: View<'d>,
    new: View<'d>,
    /// Looked at once, and only if something without another role changed.
    structure: OnceCell<Parts>,
}

/// An object that is not what it was; None where it is free.
struct Changed {
    number: u32,
    old: Option<Object>,
    new: Option<Object>,
}

impl Step<'_> {
    fn changed_objects(&self, document: &Document<'_>) -> Result<Vec<Changed>, PdfProblem> {
        let Some(found) = document.revisions().get(self.revision) else {
            return Ok(Vec::new());
        };
        let mut changed = Vec::new();
        for number in found.listed() {
            if self.old.place(number) == self.new.place(number) {
                continue;
            }
            let (old, new) = (present(self.old, number)?, present(self.new, number)?);
            if !same(document, old.as_ref(), new.as_ref())? {
                changed.push(Changed { number, old, new });
            }
        }
        Ok(changed)
    }

    /// Everything in the trailer that describes the document, not the section.
    fn trailer(&self) -> Result<Vec<Touch>, PdfProblem> {
        let (old, new) = (self.old.trailer()?, self.new.trailer()?);
        let mut what = None;
        for key in differing_keys(old, new) {
            what = what.or(match key.as_slice() {
                key if KEYS_OF_ONE_SECTION.contains(&key) => None,
                b"Info" => self.information()?,
                key if is_private_matter(key, new) => None,
                _ => Some(ChangeKind::Trailer),
            });
        }
        let change = |what| Change { revision: self.revision, object: 0, what };
        let touch = |what| Touch { change: change(what), needs: Needs::MoreThanCanBeGiven, field: None };
        Ok(what.map(touch).into_iter().collect())
    }

    /// Some writers begin a new object for it.
    fn information(&self) -> Result<Option<ChangeKind>, PdfProblem> {
        let comparison = Comparison { old: self.old, new: self.new };
        let (old, new) = (self.old.trailer()?, self.new.trailer()?);
        let findings = comparison.information(&self.old.value(old, b"Info")?, &self.new.value(new, b"Info")?)?;
        Ok(findings.first().map(|(what, _)| *what))
    }

    fn judge(&self, changed: &Changed, roles: &Roles, references: &References) -> Result<Vec<Finding>, PdfProblem> {
        let times_named = references.times(changed.number);
        let role = roles.of_number(changed.number);
        let (old, new) = match (&changed.old, &changed.new) {
            (_, Some(Object::Stream(_))) if references.is_opened_instead(changed.number) => {
                return Ok(forbidden(ChangeKind::HiddenObject));
            }
            (None, _) if times_named == 0 => return Ok(Vec::new()),
            (None, _) => return Ok(forbidden(ChangeKind::HiddenObject)),
            // Nobody misses it, or only those who knew of it for its validation data.
            (Some(_), None) if times_named == roles.times_kept(changed.number) => return Ok(Vec::new()),
            (Some(_), None) => return Ok(forbidden(ChangeKind::Freed)),
            (Some(old), Some(new)) if times_named == 0 && are_sections(old, new) => return Ok(Vec::new()),
            (Some(old), Some(new)) => (old, new),
        };
        // Nothing here has a type that readers look at: what two places name
        // could be one thing here and another there.
        let is_apart = match role {
            Role::ValidationData => times_named == roles.times_kept(changed.number),
            Role::Catalog | Role::Information | Role::FormField => references.is_only_pointed_at(changed.number),
            Role::Form | Role::Metadata | Role::Extensions | Role::Appearance | Role::FormResources | Role::FormFonts => {
                times_named == 1
            }
            Role::Other if old.as_array().is_none() => references.is_only_pointed_at(changed.number),
            _ => old.as_array().is_none() || times_named == 1,
        };
        match is_apart {
            true => self.compare((changed.number, role), roles, old, new),
            false => Ok(forbidden(role.kind())),
        }
    }

    fn compare(
        &self,
        (number, role): (u32, Role),
        roles: &Roles,
        old: &Object,
        new: &Object,
    ) -> Result<Vec<Finding>, PdfProblem> {
        let comparison = Comparison { old: self.old, new: self.new };
        match role {
            Role::Catalog => comparison.catalog(old, new),
            Role::Information => comparison.information(old, new),
            Role::Form => comparison.form(Some(old), new),
            Role::FormFields => comparison.form_fields(Some(old), new),
            Role::Page => comparison.page(old, new),
            Role::PageAnnotations => comparison.annotations(Some(old), new),
            Role::FormField => comparison.field(old, new),
            Role::ValidationData => Ok(vec![(ChangeKind::ValidationData, Needs::Nothing)]),
            Role::Extensions => comparison.extensions(old, new),
            Role::Appearance => comparison.appearance(roles.field_of(number).unwrap_or_default(), old, new),
            Role::Metadata if comparison.says_the_same(old, new)? => Ok(Vec::new()),
            Role::Metadata => Ok(forbidden(ChangeKind::Metadata)),
            Role::FormResources => comparison.form_resources(old, new),
            Role::FormFonts => comparison.form_fonts(old, new),
            Role::Other => {
                let part = self.part_of_structure(number)?;
                let grown = part.map(|part| comparison.structure(part, old, new)).transpose()?.flatten();
                Ok(grown.map_or_else(|| forbidden(role.kind()), |finding| vec![finding]))
            }
            Role::PageTree | Role::PageContent | Role::Annotation => Ok(forbidden(role.kind())),
        }
    }

    fn part_of_structure(&self, number: u32) -> Result<Option<Part>, PdfProblem> {
        if let Some(parts) = self.structure.get() {
            return Ok(parts.of_number(number));
        }
        let parts = Parts::of(self.old)?;
        Ok(self.structure.get_or_init(|| parts).of_number(number))
    }
}

pub(super) fn present(view: View<'_>, number: u32) -> Result<Option<Object>, PdfProblem> {
    let place = view.entry(number).and_then(|entry| entry.place(number));
    let reference: Option<Reference> = place.map(|(_, reference)| reference);
    reference.map(|reference| view.object(reference)).transpose()
}

/// Of two updates, which some programs give one and the same number.
fn are_sections(old: &Object, new: &Object) -> bool {
    let is_section = |object: &Object| matches!(object, Object::Stream(stream) if stream.dictionary.is_of_type(b"XRef"));
    is_section(old) && is_section(new)
}

/// Streams are the same if their dictionaries and their stored bytes are.
fn same(document: &Document<'_>, old: Option<&Object>, new: Option<&Object>) -> Result<bool, PdfProblem> {
    match (old, new) {
        (Some(Object::Stream(old)), Some(Object::Stream(new))) => {
            Ok(old.dictionary == new.dictionary && same_bytes(document.source(), &old.data, &new.data)?)
        }
        (old, new) => Ok(old == new),
    }
}

/// What only one program looks at: some leave it out when they write on. What LibreOffice opens in place of the pages counts
/// only beside its checksum.
fn is_private_matter(key: &[u8], new: &Dictionary) -> bool {
    match key {
        b"Root" | b"Info" | b"Encrypt" => false,
        b"AdditionalStreams" => !new.contains(b"DocChecksum"),
        _ => !new.contains(key),
    }
}

/// Differ from section to section without meaning anything for the document.
const KEYS_OF_ONE_SECTION: [&[u8]; 12] =
    [b"ID", b"Size", b"Prev", b"XRefStm", b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms", b"DL", b"F"];

/// Objects read while comparing: a second's work, and several times what nine signatures on the largest contract need.
pub(super) const MOST_READS: u64 = 1_000_000;
