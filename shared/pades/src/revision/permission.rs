use super::signatures::signatures;
use crate::pdf::{Dictionary, Document, Object, View};
use crate::problem::PdfProblem;

/// What a certifying signature lets later revisions do.
/// ISO 32000-2, table 257.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permission {
    Nothing,
    FormFillingAndSigning,
    AnnotationsToo,
}

impl Permission {
    /// A document that nobody certified is treated as P = 2.
    pub(crate) fn of(view: View<'_>) -> Result<Self, PdfProblem> {
        let catalog = view.catalog()?;
        let Object::Dictionary(permissions) = view.value(&catalog, b"Perms")? else {
            return Ok(Self::FormFillingAndSigning);
        };
        match view.value(&permissions, b"DocMDP")? {
            Object::Null => Ok(Self::FormFillingAndSigning),
            Object::Dictionary(signature) => Self::stated(view, &signature),
            _ => Ok(Self::Nothing),
        }
    }

    /// What cannot be understood permits nothing.
    fn stated(view: View<'_>, signature: &Dictionary) -> Result<Self, PdfProblem> {
        let Object::Array(references) = view.value(signature, b"Reference")? else {
            return Ok(Self::Nothing);
        };
        for reference in &references {
            let Object::Dictionary(reference) = view.resolve(reference)? else {
                return Ok(Self::Nothing);
            };
            if reference.name(b"TransformMethod") == Some(b"DocMDP") {
                return Self::in_parameters(view, &reference);
            }
        }
        Ok(Self::Nothing)
    }

    fn in_parameters(view: View<'_>, reference: &Dictionary) -> Result<Self, PdfProblem> {
        let Object::Dictionary(parameters) = view.value(reference, b"TransformParams")? else {
            return Ok(Self::FormFillingAndSigning);
        };
        Ok(match view.value(&parameters, b"P")? {
            Object::Null | Object::Integer(2) => Self::FormFillingAndSigning,
            Object::Integer(3) => Self::AnnotationsToo,
            _ => Self::Nothing,
        })
    }
}

/// Whether any signature made up to this revision locks form fields.
/// ISO 32000-2, sections 12.7.5.5 and 12.8.2.4.
///
/// Which fields a lock names is not looked at: one lock locks them all.
pub(super) fn locks_fields(document: &Document<'_>, revision: usize) -> Result<bool, PdfProblem> {
    let view = document.as_of(revision);
    let made = signatures(document)?;
    for signature in made.iter().filter(|made| made.revision_index <= revision) {
        if let Some(field) = signature.field
            && let Object::Dictionary(field) = view.object(field)?
            && (field.contains(b"Lock") || transforms_fields(view, &field)?)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn transforms_fields(view: View<'_>, field: &Dictionary) -> Result<bool, PdfProblem> {
    let Object::Dictionary(signature) = view.value(field, b"V")? else {
        return Ok(false);
    };
    let Object::Array(references) = view.value(&signature, b"Reference")? else {
        return Ok(false);
    };
    for reference in &references {
        if let Object::Dictionary(reference) = view.resolve(reference)?
            && reference.name(b"TransformMethod") == Some(b"FieldMDP")
        {
            return Ok(true);
        }
    }
    Ok(false)
}
