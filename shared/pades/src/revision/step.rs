use std::collections::BTreeSet;

use super::changes::{Change, ChangeKind, Needs, Touch};
use super::layout::Layout;
use super::references::References;
use super::roles::{Role, Roles};
use super::rules::{Comparison, Finding, forbidden};
use crate::digest::same_bytes;
use crate::pdf::{Dictionary, Document, Entry, Object, Reference, View};
use crate::problem::PdfProblem;

/// Compares revisions one after another, and remembers what the next comparison needs.
pub(super) struct Comparer<'d> {
    document: &'d Document<'d>,
    references: References,
    wanted: BTreeSet<u32>,
    layout: Option<Layout>,
    reads_before: u64,
}

impl<'d> Comparer<'d> {
    /// Begins with the first revision after `first`.
    pub(super) fn after(document: &'d Document<'d>, first: usize) -> Result<Self, PdfProblem> {
        let later = document.revisions().iter().skip(first.saturating_add(1));
        let wanted: BTreeSet<u32> = later.flat_map(|revision| revision.listed()).collect();
        let references = References::count(document.as_of(first), wanted.clone())?;
        Ok(Self { document, references, wanted, layout: None, reads_before: document.objects_read() })
    }

    /// What one revision changed in the document as the one before it left it.
    pub(super) fn step(&mut self, revision: usize) -> Result<Vec<Touch>, PdfProblem> {
        let document = self.document;
        let step = Step { revision, old: document.as_of(revision.saturating_sub(1)), new: document.as_of(revision) };
        let changed = step.changed_objects(document)?;
        let mut touches = step.trailer()?;
        if !changed.is_empty() {
            let layout = match self.layout.take() {
                Some(layout) => layout,
                None => Layout::of(step.old, &self.wanted)?,
            };
            let roles = Roles::of(step.old, &layout)?;
            for object in &changed {
                let findings = step.judge(object, &roles, &self.references)?;
                touches.extend(
                    findings
                        .into_iter()
                        .map(|(what, needs)| Touch { change: Change { revision, object: object.number, what }, needs }),
                );
            }
            let new = changed.iter().map(|changed| (changed.number, changed.new.as_ref()));
            let same_root = step.old.catalog_reference() == step.new.catalog_reference();
            self.layout = (same_root && layout.holds_after(new)).then_some(layout);
        }
        self.references.replace_trailer(step.old.trailer()?, step.new.trailer()?);
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
            let (old, new) = (self.old.entry(number), self.new.entry(number));
            if old == new {
                continue;
            }
            let old = present(self.old, number, old)?;
            let new = present(self.new, number, new)?;
            if !same(document, old.as_ref(), new.as_ref())? {
                changed.push(Changed { number, old, new });
            }
        }
        Ok(changed)
    }

    /// Everything in the trailer that describes the document, not the section.
    fn trailer(&self) -> Result<Vec<Touch>, PdfProblem> {
        let mut old = self.old.trailer()?.clone();
        let mut new = self.new.trailer()?.clone();
        // It names the file and is shown nowhere: a writer may leave it out or be the first to give one.
        let same_identifier = match (first_identifier(&old), first_identifier(&new)) {
            (Some(old), Some(new)) => old == new,
            _ => true,
        };
        for key in KEYS_OF_ONE_SECTION {
            old.remove(key);
            new.remove(key);
        }
        let touch = Touch {
            change: Change { revision: self.revision, object: 0, what: ChangeKind::Trailer },
            needs: Needs::MoreThanCanBeGiven,
        };
        Ok(match old == new && same_identifier {
            true => Vec::new(),
            false => vec![touch],
        })
    }

    fn judge(&self, changed: &Changed, roles: &Roles, references: &References) -> Result<Vec<Finding>, PdfProblem> {
        let times_named = references.times(changed.number);
        let role = roles.of_number(changed.number);
        let (old, new) = match (&changed.old, &changed.new) {
            (None, _) if times_named == 0 => return Ok(Vec::new()),
            (None, _) => return Ok(forbidden(ChangeKind::HiddenObject)),
            (Some(_), None) => return Ok(forbidden(ChangeKind::Freed)),
            (Some(old), Some(new)) => (old, new),
        };
        // Nothing here has a type that readers look at: what two places name
        // could be one thing here and another there.
        let is_untyped = old.as_array().is_some() || matches!(role, Role::ValidationData | Role::Metadata);
        if is_untyped && times_named != 1 {
            return Ok(forbidden(role.kind()));
        }
        self.compare(role, old, new)
    }

    fn compare(&self, role: Role, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let comparison = Comparison { old: self.old, new: self.new };
        match role {
            Role::Catalog => comparison.catalog(old, new),
            Role::Information => Ok(comparison.information(old, new)),
            Role::Form => comparison.form(Some(old), new),
            Role::FormFields => comparison.form_fields(Some(old), new),
            Role::Page => comparison.page(old, new),
            Role::PageAnnotations => comparison.annotations(Some(old), new),
            Role::FormField => comparison.field(old, new),
            Role::ValidationData => Ok(Vec::new()),
            Role::Metadata if comparison.says_the_same(old, new)? => Ok(Vec::new()),
            Role::Metadata => Ok(forbidden(ChangeKind::Metadata)),
            Role::PageTree | Role::PageContent | Role::Annotation | Role::Other => Ok(forbidden(role.kind())),
        }
    }
}

fn present(view: View<'_>, number: u32, entry: Option<Entry>) -> Result<Option<Object>, PdfProblem> {
    let place = entry.and_then(|entry| entry.place(number));
    let reference: Option<Reference> = place.map(|(_, reference)| reference);
    reference.map(|reference| view.object(reference)).transpose()
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

fn first_identifier(trailer: &Dictionary) -> Option<&Object> {
    trailer.get(b"ID")?.as_array()?.first()
}

/// Differ from section to section without meaning anything for the document.
const KEYS_OF_ONE_SECTION: [&[u8]; 12] =
    [b"ID", b"Size", b"Prev", b"XRefStm", b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms", b"DL", b"F"];

/// Objects read while comparing: a second's work, and several times what nine signatures on the largest contract need.
pub(super) const MOST_READS: u64 = 1_000_000;
