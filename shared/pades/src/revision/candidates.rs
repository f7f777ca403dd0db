use std::collections::{BTreeMap, BTreeSet};

use super::dictionary::essence;
use super::signatures::MOST_SIGNATURES;
use crate::pdf::{Dictionary, Document, Object, Reference, View, is_signature};
use crate::problem::{Counted, PdfProblem};
use crate::source::wide;

/// A signature dictionary and the form fields whose value it is.
pub(super) struct Candidate {
    pub(super) revision: usize,
    /// None if it stands directly in its field.
    pub(super) reference: Option<Reference>,
    /// None if the field's value is something else.
    pub(super) dictionary: Option<Dictionary>,
    pub(super) fields: BTreeSet<Reference>,
}

/// Looks at every version of every object, so that nothing depends on how a
/// reader would reach it.
pub(super) fn candidates(document: &Document<'_>) -> Result<Vec<Candidate>, PdfProblem> {
    let mut found = Found::default();
    for (revision, number) in document.telling() {
        let view = document.as_of(revision);
        let place = view.entry(number).and_then(|entry| entry.place(number));
        if let Some((_, reference)) = place
            && let Object::Dictionary(dictionary) = view.object(reference)?
        {
            found.note(view, revision, reference, dictionary)?;
            found.refuse_heaps()?;
        }
    }
    found.add_values_in_disguise(document)?;
    found.forget_usage_rights(document)?;
    Ok(found.into_candidates())
}

#[derive(Default)]
struct Found {
    /// By the number of the dictionary, each version.
    dictionaries: BTreeMap<(Reference, usize), Option<Dictionary>>,
    /// From the dictionary to the fields that name it.
    holders: BTreeMap<Reference, Holders>,
    inside_fields: Vec<Candidate>,
    /// Whether what lies below a parent is a signature field unless it says otherwise itself, by revision.
    parents: BTreeMap<(usize, Reference), bool>,
    /// What is kept of the dictionaries.
    bytes: u64,
}

struct Holders {
    fields: BTreeSet<Reference>,
    /// Before this revision nobody named it: what had its number then is something else.
    since: usize,
}

impl Found {
    fn note(&mut self, view: View<'_>, revision: usize, reference: Reference, dictionary: Dictionary) -> Result<(), PdfProblem> {
        if self.is_field(view, revision, &dictionary)? {
            self.note_value(revision, reference, dictionary.get(b"V"))?;
        }
        if is_signature(&dictionary) {
            let kept = self.kept(&dictionary)?;
            self.dictionaries.insert((reference, revision), Some(kept));
        }
        Ok(())
    }

    fn kept(&mut self, dictionary: &Dictionary) -> Result<Dictionary, PdfProblem> {
        let (kept, bytes) = essence(dictionary);
        self.bytes = self.bytes.saturating_add(bytes);
        match self.bytes > MOST_BYTES {
            true => Err(PdfProblem::TooMany { of: Counted::SignatureBytes, limit: MOST_BYTES }),
            false => Ok(kept),
        }
    }

    /// What is a signature is known only at the end; a million of what may be one is too many to keep.
    fn refuse_heaps(&self) -> Result<(), PdfProblem> {
        let kept = [self.dictionaries.len(), self.holders.len(), self.inside_fields.len(), self.parents.len() / PARENTS];
        match kept.iter().any(|count| *count > MOST_SIGNATURES * 4) {
            true => Err(PdfProblem::TooMany { of: Counted::Signatures, limit: wide(MOST_SIGNATURES) }),
            false => Ok(()),
        }
    }

    /// A page and its tree look like fields below others: so each parent is asked once, not by each of its children.
    fn is_field(&mut self, view: View<'_>, revision: usize, dictionary: &Dictionary) -> Result<bool, PdfProblem> {
        let (None, Some(parent)) = (dictionary.get(b"FT"), dictionary.reference(b"Parent")) else {
            return is_signature_field(view, dictionary);
        };
        if let Some(known) = self.parents.get(&(revision, parent)) {
            return Ok(*known);
        }
        let is_field = is_signature_field(view, dictionary)?;
        self.parents.insert((revision, parent), is_field);
        Ok(is_field)
    }

    fn note_value(&mut self, revision: usize, field: Reference, value: Option<&Object>) -> Result<(), PdfProblem> {
        match value {
            None => {}
            Some(Object::Reference(value)) => {
                let holders = self.holders.entry(*value).or_insert(Holders { fields: BTreeSet::new(), since: revision });
                holders.fields.insert(field);
            }
            Some(direct) => {
                let dictionary = direct.as_dictionary().map(|dictionary| self.kept(dictionary)).transpose()?;
                let fields = BTreeSet::from([field]);
                self.inside_fields.push(Candidate { revision, reference: None, dictionary, fields });
            }
        }
        Ok(())
    }

    /// What a signature field names is a signature, whatever it looks like.
    fn add_values_in_disguise(&mut self, document: &Document<'_>) -> Result<(), PdfProblem> {
        let holders: Vec<(Reference, usize)> = self.holders.iter().map(|(value, holders)| (*value, holders.since)).collect();
        for (value, since) in holders {
            let mut versions = versions(document, value);
            let first = versions.iter().rposition(|version| *version <= since).unwrap_or_default();
            versions.drain(..first);
            if versions.is_empty() {
                versions.push(document.revisions().len().saturating_sub(1));
            }
            for revision in versions {
                if self.dictionaries.contains_key(&(value, revision)) {
                    continue;
                }
                let object = document.as_of(revision).object(value)?;
                let dictionary = object.as_dictionary().map(|dictionary| self.kept(dictionary)).transpose()?;
                self.dictionaries.insert((value, revision), dictionary);
                self.refuse_heaps()?;
            }
        }
        Ok(())
    }

    /// Usage rights are signed by the maker of a reader, not by a signer.
    /// ISO 32000-2, section 12.8.2.3.
    fn forget_usage_rights(&mut self, document: &Document<'_>) -> Result<(), PdfProblem> {
        for revision in 0..document.revisions().len() {
            let view = document.as_of(revision);
            let catalog = view.catalog()?;
            let Object::Dictionary(permissions) = view.value(&catalog, b"Perms")? else {
                continue;
            };
            for key in [b"UR".as_slice(), b"UR3"] {
                if let Some(rights) = permissions.reference(key)
                    && !self.holders.contains_key(&rights)
                {
                    self.dictionaries.retain(|(reference, _), _| *reference != rights);
                }
            }
        }
        Ok(())
    }

    fn into_candidates(self) -> Vec<Candidate> {
        let holders = self.holders;
        let mut candidates = self.inside_fields;
        candidates.extend(self.dictionaries.into_iter().map(|((reference, revision), dictionary)| Candidate {
            revision,
            reference: Some(reference),
            dictionary,
            fields: holders.get(&reference).map(|holders| holders.fields.clone()).unwrap_or_default(),
        }));
        candidates
    }
}

/// Not where an update only lists again what stands where it stood.
fn versions(document: &Document<'_>, reference: Reference) -> Vec<usize> {
    let place = |index: usize| document.as_of(index).place(reference.number);
    let revisions = document.revisions().iter().enumerate();
    let changed = revisions.filter(|(index, revision)| {
        let is_new = || index.checked_sub(1).is_none_or(|before| place(before) != place(*index));
        revision.entry(reference.number).is_some() && is_new()
    });
    changed.map(|(index, _)| index).collect()
}

/// /FT may be inherited. ISO 32000-2, section 12.7.4.1.
pub(crate) fn is_signature_field(view: View<'_>, dictionary: &Dictionary) -> Result<bool, PdfProblem> {
    Ok(inherited(view, dictionary, b"FT")? == Object::Name(b"Sig".to_vec()))
}

/// The field's own value of a key, or that of the nearest parent that has one; null if none has.
pub(crate) fn inherited(view: View<'_>, dictionary: &Dictionary, key: &[u8]) -> Result<Object, PdfProblem> {
    let mut field = dictionary.clone();
    for _ in 0..MAX_PARENTS {
        if field.contains(key) {
            return view.value(&field, key);
        }
        match view.value(&field, b"Parent")? {
            Object::Dictionary(parent) => field = parent,
            _ => return Ok(Object::Null),
        }
    }
    Ok(Object::Null)
}

/// Of all signatures: five hundred usual ones, or nine that carry long lists of revoked certificates.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// Parents of widgets are no signatures, and many; each is kept in a few bytes.
const PARENTS: usize = 100;
/// Deeper than any form; ends loops.
pub(super) const MAX_PARENTS: usize = 32;
