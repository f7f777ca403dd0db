use super::candidates::{inherited, is_signature_field};
use super::changes::{ChangeKind, Needs};
use super::rules::{Comparison, Finding, appended, differing_keys, forbidden};
use crate::pdf::{Dictionary, Object, Reference};
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
        let keys = differing_keys(old, new);
        // Programs lock for their users the fields that a signature locks.
        if keys.iter().all(|key| is_locked_for_users(key, old, new)) {
            return Ok(vec![(ChangeKind::Form, Needs::Signing)]);
        }
        let (kind, needs, is_allowed): (_, _, Allowed) = match self.kind_of_field(old)? {
            FieldKind::Other => return Ok(forbidden(ChangeKind::FormField)),
            FieldKind::Signature if old.contains(b"V") || !self.is_signed(new)? => return Ok(forbidden(ChangeKind::Signature)),
            FieldKind::Signature => (ChangeKind::Signature, Needs::Signing, is_changed_by_signing),
            FieldKind::Filled => (ChangeKind::FormField, Needs::FormFilling, is_changed_by_filling),
        };
        let keeps_types = !new.contains(b"AS") || new.name(b"AS").is_some();
        Ok(match keeps_types && keys.iter().all(|key| is_allowed(key, old, new)) {
            true => vec![(kind, needs)],
            false => forbidden(kind),
        })
    }

    /// What is listed as a field and is none, such as another annotation, is not filled in.
    fn kind_of_field(&self, field: &Dictionary) -> Result<FieldKind, PdfProblem> {
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

    fn is_signed(&self, field: &Dictionary) -> Result<bool, PdfProblem> {
        Ok(self.value_of_field(field)?.as_dictionary().is_some())
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
            _ if !is_same_kind || !is_form(new) => forbidden(ChangeKind::FormField),
            FieldKind::Filled => vec![(ChangeKind::FormField, Needs::FormFilling)],
            FieldKind::Signature if !owner.contains(b"V") && self.is_signed(&later)? => {
                vec![(ChangeKind::Signature, Needs::Signing)]
            }
            _ => forbidden(ChangeKind::Signature),
        })
    }

    fn added_signatures(&self, old: Option<&Object>, new: &Object, kind: ChangeKind) -> Result<Vec<Finding>, PdfProblem> {
        let Some(added) = appended(old, new) else {
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

    /// A signature field or its widget that did not exist before, or was nowhere and not signed, is signed, and does nothing
    /// else.
    pub(super) fn added_signature(&self, reference: Reference) -> Result<Needs, PdfProblem> {
        let Object::Dictionary(field) = self.new.object(reference)? else {
            return Ok(Needs::MoreThanCanBeGiven);
        };
        let was_waiting = match self.old.object(reference)? {
            Object::Null => true,
            Object::Dictionary(before) => {
                matches!(self.kind_of_field(&before)?, FieldKind::Signature) && !before.contains(b"V") && field.contains(b"V")
            }
            _ => false,
        };
        if !was_waiting || !is_signature_field(self.new, &field)? || !has_only_known_keys(&field) {
            return Ok(Needs::MoreThanCanBeGiven);
        }
        match self.value_of_field(&field)? {
            Object::Dictionary(signature) => self.needs_of(&field, &signature),
            _ => Ok(Needs::MoreThanCanBeGiven),
        }
    }

    /// A time stamp that shows nothing is allowed even where nothing else is.
    fn needs_of(&self, field: &Dictionary, signature: &Dictionary) -> Result<Needs, PdfProblem> {
        let is_time_stamp = signature.name(b"SubFilter") == Some(b"ETSI.RFC3161");
        Ok(match self.is_seen(field)? {
            true => Needs::SigningInSight,
            false if is_time_stamp => Needs::Nothing,
            false => Needs::Signing,
        })
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

    /// A widget apart from its field has its value in the field.
    fn value_of_field(&self, field: &Dictionary) -> Result<Object, PdfProblem> {
        match self.new.value(field, b"V")? {
            Object::Null => match self.new.value(field, b"Parent")? {
                Object::Dictionary(parent) => self.new.value(&parent, b"V"),
                _ => Ok(Object::Null),
            },
            value => Ok(value),
        }
    }
}

/// Whether a key may change so.
type Allowed = fn(&[u8], &Dictionary, &Dictionary) -> bool;

enum FieldKind {
    Signature,
    Filled,
    Other,
}

fn is_locked_for_users(key: &[u8], old: &Dictionary, new: &Dictionary) -> bool {
    match key {
        b"F" => raises(old, new, key, PRINTED_AND_LOCKED & !PRINTED),
        b"Ff" => raises(old, new, key, READ_ONLY_FIELD),
        _ => false,
    }
}

fn is_changed_by_signing(key: &[u8], old: &Dictionary, new: &Dictionary) -> bool {
    match key {
        b"V" | b"AP" | b"M" => true,
        b"F" => raises(old, new, b"F", PRINTED_AND_LOCKED),
        b"Type" => says_that_it_is_one(old, new),
        b"P" | b"DR" => !old.contains(key),
        _ => false,
    }
}

fn is_changed_by_filling(key: &[u8], old: &Dictionary, new: &Dictionary) -> bool {
    match key {
        b"V" | b"RV" | b"AP" | b"AS" | b"I" | b"M" | b"DA" | b"Q" => true,
        b"F" => raises(old, new, b"F", PRINTED_AND_LOCKED),
        b"Ff" => raises(old, new, b"Ff", READ_ONLY_FIELD),
        b"Type" => says_that_it_is_one(old, new),
        _ => false,
    }
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

fn number(value: &Object) -> Option<f64> {
    match value {
        Object::Integer(integer) => Some(f64::from(i32::try_from(*integer).ok()?)),
        Object::Real(digits) => std::str::from_utf8(digits).ok()?.parse().ok(),
        _ => None,
    }
}

/// Entries of a signature field and of a widget that run no action.
fn has_only_known_keys(field: &Dictionary) -> bool {
    field.iter().all(|(key, _)| KNOWN_KEYS.contains(&key))
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
/// Flags of annotations: print, read only, locked, locked contents. ISO 32000-2, table 167.
const PRINTED_AND_LOCKED: i64 = PRINTED | 64 | 128 | 512;
const PRINTED: i64 = 4;
/// ISO 32000-2, table 229.
const PUSH_BUTTON: i64 = 1 << 16;
/// ISO 32000-2, table 227.
const READ_ONLY_FIELD: i64 = 1;
