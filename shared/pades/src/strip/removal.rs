use crate::pdf::{Dictionary, Object, Stream, View};
use crate::problem::PdfProblem;
use crate::revision::{inherited, is_signature_field};

/// Takes out of one object what belongs to signing; references stay as they are.
#[derive(Clone, Copy)]
pub(super) struct Removal<'d> {
    view: View<'d>,
    /// The number of the catalogue.
    catalog: u32,
}

impl<'d> Removal<'d> {
    pub(super) fn of(view: View<'d>) -> Result<Self, PdfProblem> {
        Ok(Self { view, catalog: view.catalog_reference()?.number })
    }

    /// Null if nothing of the object may stay.
    pub(super) fn kept_of_object(&self, number: u32, object: Object) -> Result<Object, PdfProblem> {
        match object {
            Object::Stream(stream) if is_container(&stream) => Ok(Object::Null),
            Object::Stream(Stream { mut dictionary, data }) => {
                // It is known from where the data stand, and may be an object of its own.
                dictionary.remove(b"Length");
                Ok(Object::Stream(Stream { dictionary: self.kept_of_entries(dictionary)?, data }))
            }
            Object::Dictionary(catalog) if number == self.catalog => {
                let mut catalog = self.kept_of_entries(catalog)?;
                KEYS_OF_A_SIGNED_CATALOG.iter().for_each(|key| catalog.remove(key));
                Ok(Object::Dictionary(catalog))
            }
            other => self.kept_of_value(other),
        }
    }

    fn kept_of_value(&self, value: Object) -> Result<Object, PdfProblem> {
        match value {
            Object::Array(items) => {
                let items = items.into_iter().map(|item| self.kept_of_value(item));
                Ok(Object::Array(items.collect::<Result<_, _>>()?))
            }
            Object::Dictionary(dictionary) if self.is_for_signing(&dictionary)? => Ok(Object::Null),
            Object::Dictionary(dictionary) => Ok(Object::Dictionary(self.kept_of_entries(dictionary)?)),
            other => Ok(other),
        }
    }

    fn kept_of_entries(&self, dictionary: Dictionary) -> Result<Dictionary, PdfProblem> {
        let asks_for_a_signature = self.may_be_a_field(&dictionary) && is_signature_field(self.view, &dictionary)?;
        dictionary.changed(|key, value| {
            let is_demand = asks_for_a_signature && KEYS_OF_A_DEMANDING_FIELD.contains(&key);
            if is_demand || key == b"SigFlags" { Ok(Object::Null) } else { self.kept_of_value(value) }
        })
    }

    /// A signature, a field or widget that shows one, or validation data.
    fn is_for_signing(&self, dictionary: &Dictionary) -> Result<bool, PdfProblem> {
        let is_named_so = KINDS_FOR_SIGNING.iter().any(|kind| dictionary.is_of_type(kind));
        Ok(is_named_so || dictionary.contains(b"ByteRange") || self.is_signed_field(dictionary)?)
    }

    pub(super) fn is_signed_field(&self, dictionary: &Dictionary) -> Result<bool, PdfProblem> {
        Ok(self.may_be_a_field(dictionary)
            && is_signature_field(self.view, dictionary)?
            && inherited(self.view, dictionary, b"V")? != Object::Null)
    }

    /// Spares the pages a walk up their tree.
    fn may_be_a_field(&self, dictionary: &Dictionary) -> bool {
        let is_of_page_tree = dictionary.is_of_type(b"Page") || dictionary.is_of_type(b"Pages");
        dictionary.contains(b"FT") || (dictionary.contains(b"Parent") && !is_of_page_tree)
    }
}

/// The containers of the file as it was hold earlier versions of its objects.
fn is_container(stream: &Stream) -> bool {
    stream.dictionary.is_of_type(b"ObjStm") || stream.dictionary.is_of_type(b"XRef")
}

/// /Type of signatures (ISO 32000-2, table 255) and of validation data (EN 319 142-1, section 5.4.2).
const KINDS_FOR_SIGNING: [&[u8]; 5] = [b"Sig", b"DocTimeStamp", b"SigRef", b"DSS", b"VRI"];
/// What a certified or validated document's catalogue says of it. ISO 32000-2, table 29; EN 319 142-1, section 5.4.
const KEYS_OF_A_SIGNED_CATALOG: [&[u8]; 3] = [b"Perms", b"DSS", b"Legal"];
/// Seed values may name certificates. ISO 32000-2, table 235.
const KEYS_OF_A_DEMANDING_FIELD: [&[u8]; 2] = [b"SV", b"Lock"];
