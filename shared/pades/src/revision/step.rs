use std::cell::OnceCell;

use super::changes::{Change, ChangeKind, Needs, Touch};
use super::references::References;
use super::roles::{Role, Roles};
use super::rules::{Comparison, Finding, differing_keys, forbidden, is_section};
use super::structure_parts::{Part, Parts};
use crate::digest::same_bytes;
use crate::pdf::{Dictionary, Document, Entry, Object, Revision, View};
use crate::problem::PdfProblem;

/// Two revisions beside each other.
pub(super) struct Step<'d> {
    document: &'d Document<'d>,
    pub(super) revision: usize,
    pub(super) old: View<'d>,
    pub(super) new: View<'d>,
    /// Looked at once, and only if something without another role changed.
    structure: OnceCell<Parts>,
}

/// An object that is not what it was; None where it is free.
pub(super) struct Changed {
    pub(super) number: u32,
    pub(super) old: Option<Object>,
    pub(super) new: Option<Object>,
}

impl<'d> Step<'d> {
    /// A revision after the first.
    pub(super) fn of(document: &'d Document<'d>, revision: usize) -> Self {
        let (old, new) = (document.as_of(revision.saturating_sub(1)), document.as_of(revision));
        Self { document, revision, old, new, structure: OnceCell::new() }
    }

    /// One after the other: a revision may change half a million.
    pub(super) fn changed_objects(&self) -> impl Iterator<Item = Result<Changed, PdfProblem>> + use<'_, 'd> {
        let listed = self.document.revisions().get(self.revision).into_iter().flat_map(Revision::listed);
        let places = listed.map(|number| (number, self.old.place(number), self.new.place(number)));
        let moved = places.filter(|(_, old, new)| old != new);
        moved.filter_map(|(number, (old, _), (new, _))| self.changed(number, old, new).transpose())
    }

    fn changed(&self, number: u32, old: Option<Entry>, new: Option<Entry>) -> Result<Option<Changed>, PdfProblem> {
        let (old, new) = (self.old.object_at(number, old)?, self.new.object_at(number, new)?);
        let is_same = same(self.document, old.as_ref(), new.as_ref())?;
        Ok((!is_same).then_some(Changed { number, old, new }))
    }

    pub(super) fn touches(
        &self,
        changed: &Changed,
        roles: &Roles,
        references: &References<'_>,
    ) -> Result<impl Iterator<Item = Touch> + use<'d>, PdfProblem> {
        let findings = self.judge(changed, roles, references)?;
        let (revision, object, field) = (self.revision, changed.number, roles.field_of(changed.number));
        Ok(findings.into_iter().map(move |(what, needs)| {
            let is_field = matches!(what, ChangeKind::FormField | ChangeKind::Signature);
            Touch { change: Change { revision, object, what }, needs, field: field.filter(|_| is_field) }
        }))
    }

    /// Everything in the trailer that describes the document, not the section.
    pub(super) fn trailer(&self, references: &References<'_>) -> Result<Vec<Touch>, PdfProblem> {
        let (old, new) = (self.old.trailer()?, self.new.trailer()?);
        let mut findings = Vec::new();
        for key in differing_keys(old, new) {
            match key.as_slice() {
                key if KEYS_OF_ONE_SECTION.contains(&key) => {}
                b"Info" => findings.extend(self.information(new)?),
                b"Root" => findings.extend(self.moved_catalog(references)?),
                key if is_private_matter(key, new) || self.comes_back(key, new) => {}
                _ => findings.extend(forbidden(ChangeKind::Trailer)),
            }
        }
        let worst = findings.into_iter().max_by_key(|(_, needs)| *needs);
        let change = |what| Change { revision: self.revision, object: 0, what };
        Ok(worst.map(|(what, needs)| Touch { change: change(what), needs, field: None }).into_iter().collect())
    }

    /// Some write the catalogue under another number when they sign (pdfsign for Go), and leave the one that was there to nobody.
    /// Where nobody signs there is no reason to.
    fn moved_catalog(&self, references: &References<'_>) -> Result<Vec<Finding>, PdfProblem> {
        let (before, after) = (self.old.catalog_reference()?.number, self.new.catalog_reference()?.number);
        let is_new = references.times(after) == 0 && self.old.numbered(after)?.is_none();
        let is_left = references.is_only_pointed_at(before) && self.old.place(before) == self.new.place(before);
        let (old, new) = (Object::Dictionary(self.old.catalog()?), Object::Dictionary(self.new.catalog()?));
        let findings = Comparison { old: self.old, new: self.new }.catalog(&old, &new)?;
        let is_signed = findings.iter().any(|(what, _)| *what == ChangeKind::Signature);
        Ok(if is_new && is_left && is_signed { findings } else { forbidden(ChangeKind::Trailer) })
    }

    /// Some writers begin a new object for it, some leave it out. Who begins one where it was left out need not take up all of it.
    fn information(&self, new: &Dictionary) -> Result<Vec<Finding>, PdfProblem> {
        if !new.contains(b"Info") {
            return Ok(vec![(ChangeKind::Information, Needs::Nothing)]);
        }
        let mut before = self.old.information().map_or(Ok(Object::Null), |known| self.old.resolve(known))?;
        let after = self.new.value(new, b"Info")?;
        if let (false, Some(known), Some(taken_up)) =
            (self.old.trailer()?.contains(b"Info"), before.as_dictionary(), after.as_dictionary())
        {
            let mut left = known.clone();
            known.iter().filter(|(key, _)| !taken_up.contains(key)).for_each(|(key, _)| left.remove(key));
            before = Object::Dictionary(left);
        }
        Comparison { old: self.old, new: self.new }.information(&before, &after)
    }

    /// Some leave out what others of an older revision wrote for themselves, and the next takes it up again.
    fn comes_back(&self, key: &[u8], new: &Dictionary) -> bool {
        let value = new.get(key).filter(|value| matches!(value, Object::Name(_) | Object::String(_)));
        let older = self.new.document().revisions().iter().take(self.revision);
        let is_known = value.is_some() && older.filter_map(Revision::trailer).any(|trailer| trailer.get(key) == value);
        is_known && !new.contains(b"AdditionalStreams")
    }

    fn judge(&self, changed: &Changed, roles: &Roles, references: &References<'_>) -> Result<Vec<Finding>, PdfProblem> {
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
            // An update had the number, and nothing else.
            (Some(old), Some(_)) if times_named == 0 && is_section(old) => return Ok(Vec::new()),
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
            Role::Metadata => comparison.metadata(old, new),
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

/// Streams are the same if their dictionaries and their stored bytes are.
fn same(document: &Document<'_>, old: Option<&Object>, new: Option<&Object>) -> Result<bool, PdfProblem> {
    match (old, new) {
        (Some(Object::Stream(old)), Some(Object::Stream(new))) => {
            Ok(old.dictionary == new.dictionary && same_bytes(document.reader(), &old.data, &new.data)?)
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
