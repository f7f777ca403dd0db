use super::changes::{ChangeKind, Needs};
use super::naming::by_key;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::problem::PdfProblem;

/// A change inside one object, and what a signer must have permitted for it.
pub(super) type Finding = (ChangeKind, Needs);

/// Two states of a document beside each other.
pub(super) struct Comparison<'d> {
    pub(super) old: View<'d>,
    pub(super) new: View<'d>,
}

impl Comparison<'_> {
    /// Only the form may change, and validation data be added.
    pub(super) fn catalog(&self, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let (Object::Dictionary(old), Object::Dictionary(new)) = (old, new) else {
            return Ok(forbidden(ChangeKind::Catalog));
        };
        let mut findings = Vec::new();
        for key in differing_keys(old, new) {
            match key.as_slice() {
                b"AcroForm" => {
                    let before = self.old.value(old, b"AcroForm")?;
                    let after = self.new.value(new, b"AcroForm")?;
                    findings.extend(self.form(Some(&before), &after)?);
                }
                b"DSS" if self.new.value(new, b"DSS")?.as_dictionary().is_some() => {
                    findings.push((ChangeKind::ValidationData, Needs::Nothing))
                }
                key if self.is_same_value(key, old, new)? => {}
                b"Extensions" if self.adds_known_extensions(old, new)? => {}
                b"Version" if raises_version(old, new) || is_among_alike(old, new) => {}
                key if self.is_private_note(key, new)? => findings.push((ChangeKind::Metadata, Needs::Nothing)),
                b"Metadata" => {
                    let (before, after) = (self.old.value(old, b"Metadata")?, self.new.value(new, b"Metadata")?);
                    findings.extend(self.metadata(&before, &after)?);
                }
                b"Pages" => findings.extend(forbidden(ChangeKind::PageTree)),
                other => findings.extend(forbidden(by_key(other).unwrap_or(ChangeKind::Catalog))),
            }
        }
        Ok(findings)
    }

    /// What a number stood for; nothing if it was that of an update alone, which PDFBox and DSS give no place in /Size: whoever
    /// writes next takes it.
    pub(super) fn before(&self, reference: Reference) -> Result<Object, PdfProblem> {
        let object = self.old.object(reference)?;
        Ok(if is_section(&object) { Object::Null } else { object })
    }

    /// Only annotations may be added.
    pub(super) fn page(&self, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let (Object::Dictionary(old), Object::Dictionary(new)) = (old, new) else {
            return Ok(forbidden(ChangeKind::Page));
        };
        let mut findings = Vec::new();
        let lists_others = self.old.value(old, b"Annots")? != self.new.value(new, b"Annots")?;
        for key in differing_keys(old, new) {
            if key == b"Annots" {
                let before = self.old.value(old, b"Annots")?;
                let after = self.new.value(new, b"Annots")?;
                findings.extend(self.annotations(Some(&before), &after)?);
            } else if self.is_private_note(&key, new)? {
                findings.push((ChangeKind::Metadata, Needs::Nothing));
            } else if lists_others && self.is_tagging(&key, old, new)? {
                findings.push((ChangeKind::Structure, Needs::Signing));
            } else if !self.is_same_box(&key, old, new)? && !self.is_same_value(&key, old, new)? {
                findings.extend(forbidden(by_key(&key).unwrap_or(ChangeKind::Page)));
            }
        }
        Ok(findings)
    }

    /// What a program keeps for itself, and when it did: no reader shows it. ISO 32000-2, section 14.5.
    fn is_private_note(&self, key: &[u8], new: &Dictionary) -> Result<bool, PdfProblem> {
        Ok(match key {
            b"PieceInfo" => matches!(self.new.value(new, key)?, Object::Dictionary(_) | Object::Null),
            b"LastModified" => matches!(self.new.value(new, key)?, Object::String(_) | Object::Null),
            _ => false,
        })
    }

    /// Some write a value as an object of its own that stood in its place before, or the other way round. What it names in
    /// turn is looked at where it stands.
    pub(super) fn is_same_value(&self, key: &[u8], old: &Dictionary, new: &Dictionary) -> Result<bool, PdfProblem> {
        let (before, after) = (self.old.value(old, key)?, self.new.value(new, key)?);
        Ok(!matches!(before, Object::Null | Object::Stream(_)) && before == after)
    }

    /// Some programs write all numbers of an object anew: poppler, which signs for Okular, writes 595.0 as 595 and no more than
    /// ten decimals.
    pub(super) fn is_same_box(&self, key: &[u8], old: &Dictionary, new: &Dictionary) -> Result<bool, PdfProblem> {
        if !BOXES.contains(&key) {
            return Ok(false);
        }
        let corners = |value: Object| value.as_array().map(|corners| corners.iter().map(number).collect::<Option<Vec<_>>>());
        let (before, after) = (corners(self.old.value(old, key)?).flatten(), corners(self.new.value(new, key)?).flatten());
        Ok(match (before.as_deref(), after.as_deref()) {
            (Some([left, bottom, right, top]), Some(after @ [_, _, _, _])) => {
                // Where a whole page is less than a point, the eleventh decimal could be seen.
                let is_large = (right - left).abs() >= 1.0 && (top - bottom).abs() >= 1.0;
                let is_near = |(one, other): (&f64, &f64)| (one - other).abs() <= 1e-10;
                is_large && [left, bottom, right, top].into_iter().zip(after).all(is_near)
            }
            _ => false,
        })
    }

    fn adds_known_extensions(&self, old: &Dictionary, new: &Dictionary) -> Result<bool, PdfProblem> {
        let (before, after) = (self.old.value(old, b"Extensions")?, self.new.value(new, b"Extensions")?);
        Ok(self.extensions(&before, &after)?.is_empty())
    }

    /// The extensions that programs declare when they sign (EN 319 142-1, ISO 32000-2, Adobe), which only ever rise.
    pub(super) fn extensions(&self, old: &Object, new: &Object) -> Result<Vec<Finding>, PdfProblem> {
        let Object::Dictionary(new) = new else { return Ok(forbidden(ChangeKind::Catalog)) };
        let old = old.as_dictionary().cloned().unwrap_or_default();
        for key in differing_keys(&old, new) {
            let is_known = [b"Type".as_slice(), b"ESIC", b"ISO_", b"ADBE"].contains(&key.as_slice());
            let is_raised = match (self.old.value(&old, &key)?, self.new.value(new, &key)?) {
                (Object::Null, _) => true,
                (Object::Dictionary(before), Object::Dictionary(after)) => raises_level(&before, &after),
                (before, after) => before == after,
            };
            if !is_known || !is_raised {
                return Ok(forbidden(ChangeKind::Catalog));
            }
        }
        Ok(Vec::new())
    }
}

fn raises_level(old: &Dictionary, new: &Dictionary) -> bool {
    let level = |extension: &Dictionary| extension.integer(b"ExtensionLevel");
    let rises = level(old).zip(level(new)).is_some_and(|(before, after)| before <= after);
    rises && old.get(b"BaseVersion") == new.get(b"BaseVersion")
}

/// Programs that sign in a newer form say so. ISO 32000-2, section 7.7.2.
fn raises_version(old: &Dictionary, new: &Dictionary) -> bool {
    let rank = |dictionary: &Dictionary| match dictionary.get(b"Version") {
        None => Some(0),
        Some(_) => VERSIONS.iter().position(|version| dictionary.name(b"Version") == Some(version)).map(|place| place + 1),
    };
    rank(old).zip(rank(new)).is_some_and(|(before, after)| before < after)
}

/// Readers make no difference between these, and some programs write the one that they know.
fn is_among_alike(old: &Dictionary, new: &Dictionary) -> bool {
    [old, new].iter().all(|dictionary| dictionary.name(b"Version").is_some_and(|version| ALIKE.contains(&version)))
}

pub(super) fn number(value: &Object) -> Option<f64> {
    match value {
        Object::Integer(integer) => Some(f64::from(i32::try_from(*integer).ok()?)),
        Object::Real(digits) => std::str::from_utf8(digits).ok()?.parse().ok(),
        _ => None,
    }
}

/// In points, and where nothing else is: of pages, and of fields. ISO 32000-2, tables 31 and 166.
const BOXES: [&[u8]; 6] = [b"MediaBox", b"CropBox", b"BleedBox", b"TrimBox", b"ArtBox", b"Rect"];
/// In the order in which they came.
const VERSIONS: [&[u8]; 5] = [b"1.4", b"1.5", b"1.6", b"1.7", b"2.0"];

const ALIKE: [&[u8]; 4] = [b"1.4", b"1.5", b"1.6", b"1.7"];

/// A cross-reference stream.
pub(super) fn is_section(object: &Object) -> bool {
    matches!(object, Object::Stream(stream) if stream.dictionary.is_of_type(b"XRef"))
}

pub(super) fn forbidden(what: ChangeKind) -> Vec<Finding> {
    vec![(what, Needs::MoreThanCanBeGiven)]
}

/// The keys that only one has, or whose values differ.
pub(super) fn differing_keys(old: &Dictionary, new: &Dictionary) -> Vec<Vec<u8>> {
    let changed_or_gone = old.iter().filter(|(key, value)| new.get(key) != Some(value));
    let added = new.iter().filter(|(key, _)| !old.contains(key));
    changed_or_gone.chain(added).map(|(key, _)| key.to_vec()).collect()
}

/// What was appended to an array; None if anything else happened to it.
pub(super) fn appended<'a>(old: Option<&Object>, new: &'a Object) -> Option<&'a [Object]> {
    let before = match old {
        None | Some(Object::Null) => &[],
        Some(old) => old.as_array()?,
    };
    new.as_array()?.strip_prefix(before)
}

/// What joined an array in which everything else stays in its order; None if anything else happened to it. Some programs put
/// the newest first.
pub(super) fn joined<'a>(old: Option<&Object>, new: &'a Object) -> Option<Vec<&'a Object>> {
    let before = match old {
        None | Some(Object::Null) => &[],
        Some(old) => old.as_array()?,
    };
    let mut left = before.iter().peekable();
    let added = new.as_array()?.iter().filter(|item| left.next_if(|next| next == item).is_none()).collect();
    left.peek().is_none().then_some(added)
}
