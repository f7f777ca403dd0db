use super::candidates::inherited;
use super::changes::{ChangeKind, Needs};
use super::rules::{Comparison, Finding, differing_keys, forbidden, joined};
use crate::pdf::{Dictionary, Object};
use crate::problem::PdfProblem;

impl Comparison<'_> {
    /// Fields may be added and SigFlags raised. Of defaults only those may join that no field uses which was there.
    pub(super) fn form(&self, old: Option<&Object>, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let old = match old {
            None | Some(Object::Null) => &Dictionary::default(),
            Some(Object::Dictionary(old)) => old,
            Some(_) => return Ok(forbidden(ChangeKind::Form)),
        };
        let Object::Dictionary(new) = new else {
            return Ok(forbidden(ChangeKind::Form));
        };
        let fields_before = self.old.value(old, b"Fields")?;
        let had_fields = fields_before.as_array().is_some_and(|fields| !fields.is_empty());
        let mut findings = Vec::new();
        for key in differing_keys(old, new) {
            match key.as_slice() {
                b"Fields" => {
                    let after = self.new.value(new, b"Fields")?;
                    findings.extend(self.form_fields(Some(&fields_before), &after)?);
                }
                b"DA" if !had_fields && !old.contains(&key) => {}
                key if self.keeps_default(key, old, new)? => {}
                _ => findings.extend(forbidden(ChangeKind::Form)),
            }
        }
        Ok(findings)
    }

    pub(super) fn form_fields(&self, old: Option<&Object>, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        self.added_signatures(old, new, ChangeKind::Form)
    }

    pub(super) fn annotations(&self, old: Option<&Object>, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        self.added_signatures(old, new, ChangeKind::Annotation)
    }

    /// A field's value may be filled in once it exists; a signature only where none was.
    pub(super) fn field(&self, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let (Object::Dictionary(old), Object::Dictionary(new)) = (old, new) else {
            return Ok(forbidden(ChangeKind::FormField));
        };
        let mut keys = differing_keys(old, new);
        if self.is_same_box(b"Rect", old, new)? {
            keys.retain(|key| key != b"Rect");
        }
        // Programs lock for their users the fields that a signature locks; PDFBox gives each field the type of a widget.
        if keys.iter().all(|key| is_locked_or_typed(key, old, new)) {
            return Ok(vec![(ChangeKind::Form, Needs::Signing)]);
        }
        let (kind, needs, is_allowed): (_, _, Allowed) = match self.kind_of_field(old)? {
            FieldKind::Other => return Ok(forbidden(ChangeKind::FormField)),
            FieldKind::Signature if !self.is_signed_here(old, new)? || self.is_stamped_in_sight(old, new)? => {
                return Ok(forbidden(ChangeKind::Signature));
            }
            FieldKind::Signature => (ChangeKind::Signature, Needs::Signing, is_changed_by_signing),
            FieldKind::Filled => (ChangeKind::FormField, Needs::FormFilling, is_changed_by_filling),
        };
        let keeps_types = !new.contains(b"AS") || new.name(b"AS").is_some();
        Ok(match keeps_types && keys.iter().all(|key| is_allowed(key, old, new)) && self.stays_in_its_place(new)? {
            true => vec![(kind, needs)],
            false => forbidden(kind),
        })
    }

    /// What is listed as a field and is none, such as another annotation, is not filled in.
    pub(super) fn kind_of_field(&self, field: &Dictionary) -> Result<FieldKind, PdfProblem> {
        if field.contains(b"Subtype") && field.name(b"Subtype") != Some(b"Widget") {
            return Ok(FieldKind::Other);
        }
        Ok(match inherited(self.old, field, b"FT")? {
            Object::Name(kind) => match kind.as_slice() {
                b"Sig" => FieldKind::Signature,
                b"Tx" | b"Ch" => FieldKind::Filled,
                b"Btn" if !self.is_pressed(field)? => FieldKind::Filled,
                _ => FieldKind::Other,
            },
            _ => FieldKind::Other,
        })
    }

    /// A button to press has no value: what it shows is drawn by who made the form.
    fn is_pressed(&self, field: &Dictionary) -> Result<bool, PdfProblem> {
        let flags = inherited(self.old, field, b"Ff")?;
        Ok(!matches!(flags, Object::Null | Object::Integer(_))
            || matches!(flags, Object::Integer(flags) if flags & PUSH_BUTTON != 0))
    }

    /// What a field shows, drawn anew where it stood: as much as an appearance that takes its place.
    pub(super) fn appearance(&self, field: u32, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let place = self.old.entry(field).and_then(|entry| entry.place(field));
        let Some((_, reference)) = place else { return Ok(forbidden(ChangeKind::FormField)) };
        let (Object::Dictionary(owner), Object::Dictionary(later)) = (self.old.object(reference)?, self.new.object(reference)?)
        else {
            return Ok(forbidden(ChangeKind::FormField));
        };
        let is_form = |object: &Object| match object {
            Object::Stream(stream) => stream.dictionary.name(b"Subtype") == Some(b"Form"),
            Object::Dictionary(_) => true,
            _ => false,
        };
        let is_same_kind =
            matches!((old, new), (Object::Stream(_), Object::Stream(_)) | (Object::Dictionary(_), Object::Dictionary(_)));
        Ok(match self.kind_of_field(&owner)? {
            _ if !is_same_kind || !is_form(new) || !self.stays_in_its_place(&later)? => forbidden(ChangeKind::FormField),
            FieldKind::Filled => vec![(ChangeKind::FormField, Needs::FormFilling)],
            FieldKind::Signature if self.is_signed_here(&owner, &later)? && !self.is_time_stamped(&later)? => {
                vec![(ChangeKind::Signature, Needs::Signing)]
            }
            _ => forbidden(ChangeKind::Signature),
        })
    }

    fn added_signatures(&self, old: Option<&Object>, new: &Object, kind: ChangeKind) -> Result<Vec<Finding>, PdfProblem> {
        let Some(added) = joined(old, new) else {
            return Ok(forbidden(kind));
        };
        let mut findings = Vec::new();
        for item in added {
            let needs = match item.as_reference() {
                Some(field) => self.added_signature(field)?,
                None => Needs::MoreThanCanBeGiven,
            };
            findings.push((if needs == Needs::MoreThanCanBeGiven { kind } else { ChangeKind::Signature }, needs));
        }
        Ok(findings)
    }
}

/// Whether a key may change so.
type Allowed = fn(&[u8], &Dictionary, &Dictionary) -> bool;

pub(super) enum FieldKind {
    Signature,
    Filled,
    Other,
}

fn is_locked_or_typed(key: &[u8], old: &Dictionary, new: &Dictionary) -> bool {
    match key {
        b"Type" => says_that_it_is_one(old, new),
        b"F" => raises(old, new, key, LOCKED),
        b"Ff" => raises(old, new, key, READ_ONLY_FIELD),
        _ => false,
    }
}

fn is_changed_by_signing(key: &[u8], old: &Dictionary, new: &Dictionary) -> bool {
    match key {
        b"V" | b"AP" | b"M" => true,
        b"F" => raises_print_or_lock(old, new),
        // iText locks the field that it signs if that locks fields.
        b"Ff" => raises(old, new, key, READ_ONLY_FIELD),
        b"Type" => says_that_it_is_one(old, new),
        b"P" | b"DR" => !old.contains(key),
        _ => false,
    }
}

fn is_changed_by_filling(key: &[u8], old: &Dictionary, new: &Dictionary) -> bool {
    match key {
        b"V" | b"RV" | b"AP" | b"AS" | b"I" | b"M" | b"DA" | b"Q" => true,
        b"F" => raises_print_or_lock(old, new),
        b"Ff" => raises(old, new, b"Ff", READ_ONLY_FIELD),
        b"Type" => says_that_it_is_one(old, new),
        _ => false,
    }
}

/// What no screen shows must not come to light on paper.
fn raises_print_or_lock(old: &Dictionary, new: &Dictionary) -> bool {
    let is_off_screen = old.integer(b"F").is_some_and(|flags| flags & NO_VIEW != 0);
    raises(old, new, b"F", if is_off_screen { LOCKED } else { PRINTED | LOCKED })
}

/// Another type would make of it what it was not: what can be hidden, for instance.
fn says_that_it_is_one(old: &Dictionary, new: &Dictionary) -> bool {
    !old.contains(b"Type") && new.is_of_type(b"Annot")
}

/// Whether nothing but some of these flags joined those that were set.
fn raises(old: &Dictionary, new: &Dictionary, key: &[u8], flags: i64) -> bool {
    let before = old.integer(key).unwrap_or(0);
    let is_number = !old.contains(key) || old.integer(key).is_some();
    is_number && new.integer(key).is_some_and(|after| after & before == before && after & !before & !flags == 0)
}

/// Flags of annotations: read only, locked, locked contents; print; shown on no screen. ISO 32000-2, table 167.
const LOCKED: i64 = 64 | 128 | 512;
const PRINTED: i64 = 4;
const NO_VIEW: i64 = 32;
/// ISO 32000-2, table 229.
const PUSH_BUTTON: i64 = 1 << 16;
/// ISO 32000-2, table 227.
const READ_ONLY_FIELD: i64 = 1;
