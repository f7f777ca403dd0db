use crate::pdf::{Dictionary, Object, View};
use crate::problem::PdfProblem;

/// What a signer lets later revisions do.
/// ISO 32000-2, table 257.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// P = 1: nothing but time stamps and validation data.
    Nothing,
    /// P = 2.
    FormFillingAndSigning,
    /// P = 3; annotations are changes to our verifier even so.
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

    /// Whether anybody certified the document.
    pub(crate) fn is_stated(view: View<'_>) -> Result<bool, PdfProblem> {
        let Object::Dictionary(permissions) = view.value(&view.catalog()?, b"Perms")? else {
            return Ok(false);
        };
        Ok(permissions.contains(b"DocMDP"))
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
            if view.value(&reference, b"TransformMethod")? == Object::Name(b"DocMDP".to_vec()) {
                return Self::in_parameters(view, &reference);
            }
        }
        Ok(Self::Nothing)
    }

    pub(super) fn in_parameters(view: View<'_>, reference: &Dictionary) -> Result<Self, PdfProblem> {
        let Object::Dictionary(parameters) = view.value(reference, b"TransformParams")? else {
            return Ok(Self::FormFillingAndSigning);
        };
        Ok(match view.value(&parameters, b"P")? {
            Object::Null => Self::FormFillingAndSigning,
            number => Self::of_number(&number),
        })
    }

    pub(super) fn of_number(number: &Object) -> Self {
        match number {
            Object::Integer(2) => Self::FormFillingAndSigning,
            Object::Integer(3) => Self::AnnotationsToo,
            _ => Self::Nothing,
        }
    }
}
