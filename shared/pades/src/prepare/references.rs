use super::existing::EmptyField;
use super::options::{PrepareOptions, Target};
use crate::pdf::{Dictionary, Object, View};
use crate::problem::PdfProblem;
use crate::revision::Permission;

/// What the signature says of later changes: /Reference, ISO 32000-2, section 12.8.1.
///
/// Refuses a field whose seed value demands what this signature will not have.
pub(super) fn of(view: View<'_>, field: Option<&EmptyField>, options: &PrepareOptions) -> Result<Vec<Object>, PdfProblem> {
    let mut references = Vec::new();
    if let Some(permission) = options.certification {
        let mut parameters = parameters();
        parameters.insert(b"P", Object::Integer(number(permission)));
        references.push(reference(b"DocMDP", parameters));
    }
    if let Some(field) = field {
        refuse_unmet_demands(view, &field.entries, options)?;
        references.extend(lock(view, &field.entries)?);
    }
    Ok(references)
}

/// The field's /Lock becomes part of what is signed. ISO 32000-2, section 12.7.5.5.
fn lock(view: View<'_>, field: &Dictionary) -> Result<Option<Object>, PdfProblem> {
    let Object::Dictionary(lock) = view.value(field, b"Lock")? else {
        return Ok(None);
    };
    let mut parameters = parameters();
    for key in [b"Action".as_slice(), b"Fields", b"P"] {
        match view.value(&lock, key)? {
            Object::Null => {}
            value => parameters.insert(key, value),
        }
    }
    let mut locked = reference_entries(b"FieldMDP", parameters);
    locked.insert(b"Data", Object::Reference(view.catalog_reference()?));
    Ok(Some(Object::Dictionary(locked)))
}

/// ISO 32000-2, table 237: a set bit makes an entry a demand.
fn refuse_unmet_demands(view: View<'_>, field: &Dictionary, options: &PrepareOptions) -> Result<(), PdfProblem> {
    let Object::Dictionary(seed) = view.value(field, b"SV")? else {
        return Ok(());
    };
    let demands = seed.integer(b"Ff").unwrap_or(0);
    let is_demanded = |bit: i64| demands & bit != 0;
    let offers = |key: &[u8], own: &[u8]| -> Result<bool, PdfProblem> {
        Ok(match view.value(&seed, key)? {
            Object::Null => true,
            Object::Name(name) => name == own,
            Object::Array(names) => names.contains(&Object::Name(own.to_vec())),
            _ => false,
        })
    };
    let unmet = |what| Err(PdfProblem::FieldDemands { what });
    if is_demanded(FILTER) && !offers(b"Filter", b"Adobe.PPKLite")? {
        return unmet("another /Filter");
    }
    if is_demanded(SUB_FILTER) && !offers(b"SubFilter", options.target.sub_filter().as_bytes())? {
        return unmet("another /SubFilter");
    }
    if demands & !(FILTER | SUB_FILTER) != 0 {
        return unmet("a reason, a digest, a legal attestation or validation data");
    }
    let certifies = options.certification.map_or(0, number);
    match view.value(&seed, b"MDP")? {
        Object::Dictionary(wanted) if wanted.integer(b"P").unwrap_or(0) != certifies => unmet("another certification"),
        _ if options.target == Target::DocumentTimeStamp => unmet("a signature, not a time stamp"),
        _ => Ok(()),
    }
}

fn reference(method: &[u8], parameters: Dictionary) -> Object {
    Object::Dictionary(reference_entries(method, parameters))
}

fn reference_entries(method: &[u8], parameters: Dictionary) -> Dictionary {
    let mut reference = Dictionary::default();
    reference.insert(b"Type", Object::Name(b"SigRef".to_vec()));
    reference.insert(b"TransformMethod", Object::Name(method.to_vec()));
    reference.insert(b"TransformParams", Object::Dictionary(parameters));
    reference
}

fn parameters() -> Dictionary {
    let mut parameters = Dictionary::default();
    parameters.insert(b"Type", Object::Name(b"TransformParams".to_vec()));
    parameters.insert(b"V", Object::Name(b"1.2".to_vec()));
    parameters
}

fn number(permission: Permission) -> i64 {
    match permission {
        Permission::Nothing => 1,
        Permission::FormFillingAndSigning => 2,
        Permission::AnnotationsToo => 3,
    }
}

const FILTER: i64 = 1;
const SUB_FILTER: i64 = 2;
