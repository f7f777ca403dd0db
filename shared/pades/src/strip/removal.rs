use crate::pdf::{Dictionary, Object, Reference, Stream, View};
use crate::problem::PdfProblem;
use crate::revision::{SignatureField, inherited, is_signature_field};

/// Takes out of one object what belongs to signing; references stay as they are.
pub(super) struct Removal<'d> {
    view: View<'d>,
    catalog: Reference,
    /// Fields that held a signature in any revision: one that was emptied may still look like its stamp.
    once_signed: Vec<Reference>,
    /// Whether every field of the form goes: then its fonts were those of stamps.
    is_form_emptied: bool,
}

impl<'d> Removal<'d> {
    pub(super) fn of(view: View<'d>, signatures: &[SignatureField]) -> Result<Self, PdfProblem> {
        let mut once_signed: Vec<Reference> = signatures.iter().filter_map(|signature| signature.field).collect();
        once_signed.sort_unstable();
        let mut removal = Self { view, catalog: view.catalog_reference()?, once_signed, is_form_emptied: false };
        if let Object::Dictionary(form) = view.value(&view.catalog()?, b"AcroForm")? {
            removal.is_form_emptied = removal.are_signed(&view.value(&form, b"Fields")?, DEEPEST_FORM)?;
        }
        Ok(removal)
    }

    pub(super) fn view(&self) -> View<'d> {
        self.view
    }

    pub(super) fn is_catalog(&self, reference: Reference) -> bool {
        reference == self.catalog
    }

    /// Null if nothing of the object may stay.
    pub(super) fn kept_of_object(&self, reference: Reference, object: Object) -> Result<Object, PdfProblem> {
        match object {
            Object::Stream(stream) if is_container(&stream) => Ok(Object::Null),
            Object::Stream(Stream { mut dictionary, data }) => {
                // It is known from where the data stand, and may be an object of its own.
                dictionary.remove(b"Length");
                Ok(Object::Stream(Stream { dictionary: self.kept_of_entries(dictionary)?, data }))
            }
            Object::Dictionary(catalog) if self.is_catalog(reference) => {
                let mut catalog = self.kept_of_entries(catalog)?;
                KEYS_OF_A_SIGNED_CATALOG.iter().for_each(|key| catalog.remove(key));
                catalog.remove(NOTES_OF_PROGRAMS);
                Ok(Object::Dictionary(catalog))
            }
            Object::Dictionary(field) if self.was_signed(reference, &field) => Ok(Object::Null),
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
        let keys = self.keys_left_out(&dictionary)?;
        dictionary.changed(|key, value| if keys.contains(&key) { Ok(Object::Null) } else { self.kept_of_value(value) })
    }

    fn keys_left_out(&self, dictionary: &Dictionary) -> Result<Vec<&'static [u8]>, PdfProblem> {
        let mut keys: Vec<&[u8]> = vec![b"SigFlags"];
        if self.may_be_a_field(dictionary) && is_signature_field(self.view, dictionary)? {
            keys.extend(KEYS_OF_A_DEMANDING_FIELD);
        }
        if self.is_form_emptied && dictionary.contains(b"Fields") {
            keys.extend(KEYS_OF_LOOKS_OF_FIELDS);
        }
        if dictionary.is_of_type(b"Page") || dictionary.name(b"Subtype") == Some(b"Form") {
            keys.extend([b"Thumb", NOTES_OF_PROGRAMS]);
        }
        Ok(keys)
    }

    /// A signature, a field or widget that shows one, or validation data.
    fn is_for_signing(&self, dictionary: &Dictionary) -> Result<bool, PdfProblem> {
        Ok(is_signature_or_its_data(dictionary) || self.is_signed_field(dictionary)?)
    }

    pub(super) fn is_signed_field(&self, dictionary: &Dictionary) -> Result<bool, PdfProblem> {
        let is_signed = self.may_be_a_field(dictionary)
            && is_signature_field(self.view, dictionary)?
            && inherited(self.view, dictionary, b"V")? != Object::Null;
        Ok(is_signed || self.holds_a_signature(dictionary)?)
    }

    /// Whatever kind of field it claims to be.
    fn holds_a_signature(&self, dictionary: &Dictionary) -> Result<bool, PdfProblem> {
        let may_hold = matches!(dictionary.get(b"V"), Some(Object::Reference(_) | Object::Dictionary(_)));
        let value = if may_hold && is_field_or_widget(dictionary) { self.view.value(dictionary, b"V")? } else { Object::Null };
        Ok(value.as_dictionary().is_some_and(is_signature_or_its_data))
    }

    /// In any revision, under this number.
    pub(super) fn was_signed(&self, reference: Reference, dictionary: &Dictionary) -> bool {
        self.once_signed.binary_search(&reference).is_ok() && is_field_or_widget(dictionary)
    }

    /// Whether each of these fields, or each below it, is signed or was.
    fn are_signed(&self, fields: &Object, depth: usize) -> Result<bool, PdfProblem> {
        for field in fields.as_array().unwrap_or_default() {
            let Object::Dictionary(entries) = self.view.resolve(field)? else { continue };
            let was_signed = field.as_reference().is_some_and(|reference| self.was_signed(reference, &entries));
            let has_kids = depth > 0 && entries.contains(b"Kids") && !entries.contains(b"FT");
            let is_signed = was_signed || self.is_signed_field(&entries)?;
            let are_below = || self.are_signed(&self.view.value(&entries, b"Kids")?, depth - 1);
            if !(is_signed || has_kids && are_below()?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Spares the pages a walk up their tree.
    fn may_be_a_field(&self, dictionary: &Dictionary) -> bool {
        dictionary.contains(b"FT") || (dictionary.contains(b"Parent") && !is_of_page_tree(dictionary))
    }
}

/// Whether something that stays may have named it: a list its field or widget, an element another one.
pub(super) fn may_be_missed(object: &Object) -> bool {
    match object {
        Object::Null => true,
        Object::Dictionary(entries) => match entries.name(b"Type") {
            Some(kind) => KINDS_FOR_SIGNING.contains(&kind) || KINDS_OF_WHAT_NAMES_IT.contains(&kind),
            None => {
                let is_data = KEYS_OF_DATA.iter().any(|key| entries.contains(key));
                is_data || is_signature_or_its_data(entries) || is_field_or_widget(entries) || entries.contains(b"S")
            }
        },
        _ => false,
    }
}

pub(super) fn is_of_page_tree(dictionary: &Dictionary) -> bool {
    dictionary.is_of_type(b"Page") || dictionary.is_of_type(b"Pages")
}

fn is_field_or_widget(dictionary: &Dictionary) -> bool {
    [b"FT".as_slice(), b"T"].iter().any(|key| dictionary.contains(key)) || dictionary.name(b"Subtype") == Some(b"Widget")
}

fn is_signature_or_its_data(dictionary: &Dictionary) -> bool {
    KINDS_FOR_SIGNING.iter().any(|kind| dictionary.is_of_type(kind)) || dictionary.contains(b"ByteRange")
}

/// The containers of the file as it was hold earlier versions of its objects.
fn is_container(stream: &Stream) -> bool {
    stream.dictionary.is_of_type(b"ObjStm") || stream.dictionary.is_of_type(b"XRef")
}

/// /Type of signatures (ISO 32000-2, table 255) and of validation data (EN 319 142-1, section 5.4.2).
const KINDS_FOR_SIGNING: [&[u8]; 5] = [b"Sig", b"DocTimeStamp", b"SigRef", b"DSS", b"VRI"];
/// /Type of widgets, and of what the structure says of them. ISO 32000-2, tables 166, 355 and 358.
const KINDS_OF_WHAT_NAMES_IT: [&[u8]; 3] = [b"Annot", b"StructElem", b"OBJR"];
/// Of validation data and permissions, which need no /Type. EN 319 142-1, table 1; ISO 32000-2, table 263.
const KEYS_OF_DATA: [&[u8]; 6] = [b"VRI", b"Certs", b"OCSPs", b"CRLs", b"DocMDP", b"UR3"];
/// What a certified or validated document's catalogue says of it. ISO 32000-2, table 29; EN 319 142-1, section 5.4.
pub(super) const KEYS_OF_A_SIGNED_CATALOG: [&[u8]; 3] = [b"Perms", b"DSS", b"Legal"];
/// Seed values may name certificates. ISO 32000-2, table 235.
const KEYS_OF_A_DEMANDING_FIELD: [&[u8]; 2] = [b"SV", b"Lock"];
/// What fields are written with. ISO 32000-2, table 224.
const KEYS_OF_LOOKS_OF_FIELDS: [&[u8]; 2] = [b"DR", b"DA"];
/// No other program knows what stands in them, and they show nothing. ISO 32000-2, section 14.5.
const NOTES_OF_PROGRAMS: &[u8] = b"PieceInfo";
/// Several times the depth of any form.
const DEEPEST_FORM: usize = 32;
