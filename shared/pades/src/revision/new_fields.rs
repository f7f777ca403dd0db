//! Signature fields that a revision adds or signs: allowed for the signature that it makes in them, and for nothing else.

use super::candidates::{MAX_PARENTS, inherited, is_signature_field};
use super::changes::Needs;
use super::form_rules::FieldKind;
use super::rules::{Comparison, number};
use crate::pdf::{Dictionary, Object, Reference};
use crate::problem::PdfProblem;

impl Comparison<'_> {
    /// A signature field or its widget that did not exist before, or was nowhere and not signed, is signed here, and does
    /// nothing else.
    pub(super) fn added_signature(&self, reference: Reference) -> Result<Needs, PdfProblem> {
        let Object::Dictionary(field) = self.new.object(reference)? else {
            return Ok(Needs::MoreThanCanBeGiven);
        };
        if let Some(owner) = self.new_field_above(reference, &field)? {
            return self.added_signature(owner);
        }
        let below = match self.before(reference)? {
            Object::Null if self.has_new_parents(&field)? => self.added_kids(reference, &field)?,
            Object::Dictionary(before) => match self.kind_of_field(&before)? {
                FieldKind::Signature if field.contains(b"V") && self.is_signed_here(&before, &field)? => Some(Vec::new()),
                _ => None,
            },
            _ => None,
        };
        match (below, self.signature_made(&field)?) {
            (Some(kids), Some(signature)) if is_signature_field(self.new, &field)? && does_nothing_else(&field) => {
                let widgets = std::iter::once(&field).chain(&kids);
                widgets.map(|widget| self.needs_of(widget, &signature)).try_fold(Needs::Nothing, |all, one| Ok(all.max(one?)))
            }
            _ => Ok(Needs::MoreThanCanBeGiven),
        }
    }

    /// The new field that names a widget as its own, if the widget does not say whose it is, as those of pyHanko.
    fn new_field_above(&self, reference: Reference, widget: &Dictionary) -> Result<Option<Reference>, PdfProblem> {
        if [b"Parent".as_slice(), b"FT", b"T", b"V", b"Kids"].iter().any(|key| widget.contains(key)) {
            return Ok(None);
        }
        let Object::Dictionary(form) = self.new.value(&self.new.catalog()?, b"AcroForm")? else { return Ok(None) };
        let Object::Array(fields) = self.new.value(&form, b"Fields")? else { return Ok(None) };
        for field in fields.iter().rev().filter_map(Object::as_reference) {
            if self.before(field)? != Object::Null {
                continue;
            }
            if let Object::Dictionary(entries) = self.new.object(field)? {
                let kids = self.new.value(&entries, b"Kids")?;
                if kids.as_array().is_some_and(|kids| kids.contains(&Object::Reference(reference))) {
                    return Ok(Some(field));
                }
            }
        }
        Ok(None)
    }

    /// Whether a field that nobody had signed is signed in the later state.
    pub(super) fn is_signed_here(&self, old: &Dictionary, new: &Dictionary) -> Result<bool, PdfProblem> {
        let was_signed = old.contains(b"V") || inherited(self.old, old, b"V")? != Object::Null;
        Ok(!was_signed && self.signature_made(new)?.is_some())
    }

    /// The signature of a field, or of the field that a widget stands apart from. It is a new object, and its holder is one
    /// that signatures are looked for in: so it is judged itself.
    fn signature_made(&self, field: &Dictionary) -> Result<Option<Dictionary>, PdfProblem> {
        let mut holder = field.clone();
        for _ in 0..MAX_PARENTS {
            match holder.get(b"V") {
                Some(_) if !is_signature_field(self.new, &holder)? => return Ok(None),
                Some(Object::Dictionary(signature)) => return Ok(Some(signature.clone())),
                Some(Object::Reference(signature)) if self.before(*signature)? == Object::Null => {
                    return Ok(self.new.object(*signature)?.as_dictionary().cloned());
                }
                Some(_) => return Ok(None),
                None => {}
            }
            match self.new.value(&holder, b"Parent")? {
                Object::Dictionary(parent) => holder = parent,
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// What a new field inherits is new too, and runs no action either.
    fn has_new_parents(&self, field: &Dictionary) -> Result<bool, PdfProblem> {
        let mut field = field.clone();
        for _ in 0..MAX_PARENTS {
            let Some(parent) = field.get(b"Parent") else { return Ok(true) };
            let Some(parent) = parent.as_reference() else { return Ok(false) };
            match (self.before(parent)?, self.new.object(parent)?) {
                (Object::Null, Object::Dictionary(parent)) if has_only_known_keys(&parent) => field = parent,
                _ => return Ok(false),
            }
        }
        Ok(false)
    }

    /// The widgets of a new field that stand apart from it; None if anything else is below it.
    fn added_kids(&self, field: Reference, entries: &Dictionary) -> Result<Option<Vec<Dictionary>>, PdfProblem> {
        let mut added = Vec::new();
        let kids = match self.new.value(entries, b"Kids")? {
            Object::Null => return Ok(Some(added)),
            Object::Array(kids) if kids.len() <= MOST_WIDGETS => kids,
            _ => return Ok(None),
        };
        for kid in &kids {
            let Some(kid) = kid.as_reference() else { return Ok(None) };
            match (self.before(kid)?, self.new.object(kid)?) {
                (Object::Null, Object::Dictionary(kid)) if is_mere_widget(&kid, field) => added.push(kid),
                _ => return Ok(None),
            }
        }
        Ok(Some(added))
    }

    /// A time stamp that shows nothing is allowed even where nothing else is. One that shows something is never: anybody is
    /// given one by any authority, so nobody answers for what it shows.
    fn needs_of(&self, widget: &Dictionary, signature: &Dictionary) -> Result<Needs, PdfProblem> {
        if !self.stays_in_its_place(widget)? {
            return Ok(Needs::MoreThanCanBeGiven);
        }
        Ok(match (self.is_seen(widget)?, is_time_stamp(signature)) {
            (true, true) => Needs::MoreThanCanBeGiven,
            (true, false) => Needs::SigningInSight,
            (false, true) => Needs::Nothing,
            (false, false) => Needs::Signing,
        })
    }

    /// Whether a field that is signed here with a time stamp shows something that it did not show.
    pub(super) fn is_stamped_in_sight(&self, old: &Dictionary, new: &Dictionary) -> Result<bool, PdfProblem> {
        let stays = old.get(b"AP") == new.get(b"AP") && old.get(b"F") == new.get(b"F");
        Ok(!stays && self.is_seen(new)? && self.is_time_stamped(new)?)
    }

    pub(super) fn is_time_stamped(&self, field: &Dictionary) -> Result<bool, PdfProblem> {
        Ok(self.signature_made(field)?.is_some_and(|signature| is_time_stamp(&signature)))
    }

    /// Unless it has no area or nothing to show in it.
    fn is_seen(&self, field: &Dictionary) -> Result<bool, PdfProblem> {
        if !field.contains(b"AP") && !field.contains(b"MK") {
            return Ok(false);
        }
        Ok(match self.new.value(field, b"Rect")? {
            Object::Null => false,
            Object::Array(corners) => match corners.as_slice() {
                [left, bottom, right, top] => {
                    number(left).zip(number(right)).is_none_or(|(one, other)| one != other)
                        && number(bottom).zip(number(top)).is_none_or(|(one, other)| one != other)
                }
                _ => true,
            },
            _ => true,
        })
    }
}

fn is_time_stamp(signature: &Dictionary) -> bool {
    signature.name(b"SubFilter") == Some(b"ETSI.RFC3161")
}

fn does_nothing_else(field: &Dictionary) -> bool {
    has_only_known_keys(field) && (!field.contains(b"Subtype") || field.name(b"Subtype") == Some(b"Widget"))
}

/// Nothing but a place of the field, which its name and its value are in. Some programs leave out whose it is.
fn is_mere_widget(kid: &Dictionary, field: Reference) -> bool {
    let is_field = [b"T".as_slice(), b"V", b"Kids"].iter().any(|key| kid.contains(key));
    let is_signature = !kid.contains(b"FT") || kid.name(b"FT") == Some(b"Sig");
    let is_its_own = !kid.contains(b"Parent") || kid.reference(b"Parent") == Some(field);
    !is_field && is_signature && does_nothing_else(kid) && is_its_own
}

/// Entries of a signature field and of a widget that run no action. LibreOffice names the signature as the default too.
fn has_only_known_keys(field: &Dictionary) -> bool {
    let is_known = |key: &[u8]| KNOWN_KEYS.contains(&key) || (key == b"DV" && field.get(b"DV") == field.get(b"V"));
    field.iter().all(|(key, _)| is_known(key))
}

/// ISO 32000-2, tables 166, 191, 226 and 234, without actions. Fonts for text that no signature field has come from some.
const KNOWN_KEYS: [&[u8]; 26] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"V",
    b"Rect",
    b"P",
    b"F",
    b"Ff",
    b"AP",
    b"AS",
    b"MK",
    b"DA",
    b"DR",
    b"M",
    b"NM",
    b"Parent",
    b"Kids",
    b"Border",
    b"BS",
    b"H",
    b"Lock",
    b"SV",
    b"StructParent",
];
/// Several times the pages of a contract that is signed on each.
const MOST_WIDGETS: usize = 4_096;
