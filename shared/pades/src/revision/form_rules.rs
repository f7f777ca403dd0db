use super::candidates::is_signature_field;
use super::changes::{ChangeKind, Needs};
use super::rules::{Comparison, Finding, appended, differing_keys, forbidden};
use crate::pdf::{Dictionary, Object, Reference};
use crate::problem::PdfProblem;

impl Comparison<'_> {
    /// Fields may be added and SigFlags raised. Defaults come only with a
    /// form that had no fields to which they could apply.
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
                b"SigFlags" if raises_flags(old, new) => {}
                b"DR" | b"DA" if !had_fields && !old.contains(&key) => {}
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
        let (kind, allowed, needs): (_, &[&[u8]], _) = match is_signature_field(self.old, old)? {
            true if old.contains(b"V") => return Ok(forbidden(ChangeKind::Signature)),
            true => (ChangeKind::Signature, &[b"V", b"AP", b"M"], Needs::Signing),
            false => (ChangeKind::FormField, &[b"V", b"AP", b"AS", b"I", b"M"], Needs::FormFilling),
        };
        let keys = differing_keys(old, new);
        let keeps_types = !new.contains(b"AS") || new.name(b"AS").is_some();
        Ok(match keeps_types && keys.iter().all(|key| allowed.contains(&key.as_slice())) {
            true => vec![(kind, needs)],
            false => forbidden(kind),
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
            findings.push((kind, needs));
        }
        Ok(findings)
    }

    /// A signature field or its widget that did not exist before, is signed
    /// and does nothing else.
    fn added_signature(&self, field: Reference) -> Result<Needs, PdfProblem> {
        let existed = self.old.object(field)? != Object::Null;
        let Object::Dictionary(field) = self.new.object(field)? else {
            return Ok(Needs::MoreThanCanBeGiven);
        };
        if existed || !is_signature_field(self.new, &field)? || !has_only_known_keys(&field) {
            return Ok(Needs::MoreThanCanBeGiven);
        }
        match self.value_of_field(&field)? {
            Object::Dictionary(signature) => Ok(needs_of(&field, &signature)),
            _ => Ok(Needs::MoreThanCanBeGiven),
        }
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

/// A time stamp that shows nothing is allowed even where nothing else is.
fn needs_of(field: &Dictionary, signature: &Dictionary) -> Needs {
    let is_time_stamp = signature.name(b"SubFilter") == Some(b"ETSI.RFC3161");
    match is_time_stamp && !field.contains(b"AP") {
        true => Needs::Nothing,
        false => Needs::Signing,
    }
}

/// Entries of a signature field and of a widget that run no action.
fn has_only_known_keys(field: &Dictionary) -> bool {
    field.iter().all(|(key, _)| KNOWN_KEYS.contains(&key))
}

fn raises_flags(old: &Dictionary, new: &Dictionary) -> bool {
    let before = old.integer(b"SigFlags").unwrap_or(0);
    new.integer(b"SigFlags").is_some_and(|after| after & before == before)
}

/// ISO 32000-2, tables 166, 191, 226 and 234, without actions.
const KNOWN_KEYS: [&[u8]; 24] = [
    b"Type", b"Subtype", b"FT", b"T", b"TU", b"TM", b"V", b"Rect", b"P", b"F", b"Ff", b"AP", b"AS", b"MK", b"DA", b"M", b"NM",
    b"Parent", b"Kids", b"Border", b"BS", b"H", b"Lock", b"SV",
];
